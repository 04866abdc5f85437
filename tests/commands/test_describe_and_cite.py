"""`describe` and `cite` from the command line."""

import json
import subprocess
import sys

import pytest
from click.testing import CliRunner

from sim.commands.about import cite, describe


def run(command, *arguments):
    found = CliRunner().invoke(command, arguments, catch_exceptions=False)
    return found.exit_code, found.stdout


def test_a_section_alone():
    status, out = run(describe, "--section", "purpose")
    assert status == 0
    assert out.startswith("# Cartelitos: model description\n\n## 1. Purpose and patterns\n")
    assert "## 2." not in out


def test_into_a_file(tmp_path):
    status, out = run(describe, "--section", "concepts", "--out", str(tmp_path / "odd.md"))
    assert (status, out) == (0, "")
    assert "### Emergence" in (tmp_path / "odd.md").read_text(encoding="utf-8")


def test_as_data():
    document = json.loads(run(describe, "--section", "purpose", "--json")[1])
    assert document["schema"] == 1
    assert [section["name"] for section in document["sections"]] == ["purpose"]


def test_an_unknown_section_is_a_usage_error():
    found = CliRunner().invoke(describe, ["--section", "purpos"])
    assert found.exit_code == 2
    assert "submodels" in found.stderr


@pytest.mark.parametrize("option", ["--json", "--bibtex"])
def test_citations_of_the_library(option):
    status, out = run(cite, "baseline", "demand-side", option)
    assert status == 0
    if option == "--json":
        rows = json.loads(out)["rows"]
        assert {"key", "authors", "year", "title", "venue", "doi_or_url", "status", "reasons"} == rows[0].keys()
        assert any("lever treatment" in row["reasons"] for row in rows)
    else:
        assert out.startswith("@misc{cartelitos,")


@pytest.mark.journey
def test_describing_compiles_nothing():
    check = "import sys; from sim.show.description.odd import describe; describe(); print('numba' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, check=True).stdout == "False\n"

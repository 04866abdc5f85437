"""`why` on a model that takes no time: every channel moves homicides by a known amount."""

import json
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import fakes
import numpy as np
import pytest

from sim.catalogue.parameters import PARAMETERS
from sim.catalogue.switches import CHANNELS, off

HEAD = 'question = "?"\n[world]\nname = "grid"\nstart = "2006-12"\nyears = 0.5\n[run]\nreplicates = 3\n'
SCENARIOS = {
    "baseline": 'title = "Usual"\n' + HEAD,
    "force": 'extends = "baseline"\ntitle = "Force"\n[policy.military_deployment]\nintensity = 1.0\n',
    "later": 'extends = "baseline"\ntitle = "Later"\n[world]\nstart = "2007-12"\n',
}


def simulate(scenario, seed):
    """Under a policy, channel number i adds i a month while it answers, and the first two add 100 together."""
    outcome = fakes.simulate(scenario, seed)
    on = [not off([name]).items() <= scenario.parameters.items() for name in CHANNELS]
    extra = float(np.dot(on, np.arange(len(on)))) + 100.0 * (on[0] and on[1])
    homicides = outcome.series["homicides"] + (extra + seed % 3) * bool(scenario.policy)
    return SimpleNamespace(**{**vars(outcome), "series": {"homicides": homicides}})


@pytest.fixture
def why(stand_in):
    """Call `cartelitos why` in this process: exit status, stdout, stderr."""
    return partial(stand_in(SCENARIOS, simulate), "why", "--engine", "serial")


def test_contributions_are_what_was_put_in(why):
    assert PARAMETERS.keys() >= off(CHANNELS).keys()
    found = why("force", "--json")
    assert found.status == 0, found.err
    document = json.loads(found.out)
    contributions = {row["part"]: row["contribution"] for row in document["rows"]}
    months, names = 6, list(CHANNELS)
    assert [contributions[name] for name in names] == pytest.approx([months * (i + 100 * (i < 2)) for i in range(len(names))])
    assert contributions["interaction"] == pytest.approx(-100.0 * months)
    assert sum(contributions.values()) == pytest.approx(document["difference"], abs=1e-9)
    assert (document["schema"], document["n"], document["scenario"], document["baseline"]) == (1, 3, "force", "baseline")


def test_the_figure_and_the_numbers_lie_in_the_folder(why, page_of, drawn):
    assert why("force").status == 0
    folder = Path("results/why-baseline-force")
    assert (folder / "figures" / "why-homicides.png").stat().st_size > 10_000
    assert json.loads((folder / "figures" / "why-homicides.json").read_text())["metric"] == "homicides"
    page = page_of(folder)
    assert "<title>Cartelitos: baseline, force</title>" in page
    assert "Homicides: parts of the difference, deaths" in page
    assert '<h2 id="why">' in page


def test_a_window_and_another_language_reuse_the_runs(why):
    assert why("force").status == 0
    found = why("force", "--window", "2007-01:2007-02", "--language", "es")
    assert found.status == 0, found.err
    assert "Homicidios, 2007-01 a 2007-02: force difiere de baseline" in found.out
    assert "156 reused" in found.err


def test_two_files_of_one_name_are_told_apart(why, tmp_path):
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "force.toml").write_text('extends = "baseline"\n[policy.military_deployment]\nintensity = 2.0\n', encoding="utf-8")
    found = why("force", str(tmp_path / "own" / "force.toml"), "--json")
    assert found.status == 0, found.err
    assert (json.loads(found.out)["baseline"], json.loads(found.out)["scenario"]) == ("force", "force (2)")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("baseline", "force", "later"), "unexpected extra argument (later)"),
        (("force", "--metric", "homicide"), "did you mean 'homicides'"),
        (("force", "--metric", "members"), "was not recorded"),
        (("force", "--window", "2007"), "write it as 2008-01:2012-12"),
        (("force", "--window", "2030-01:2031-01"), "is not within the simulated months"),
        (("later",), "more than the policy would differ"),
        (("baseline",), "so nothing differs"),
        (("force", "--language", "fr"), "fr"),
    ],
)
def test_what_cannot_be_asked(why, arguments, said):
    found = why(*arguments)
    assert (found.status, found.out) == (2, "")
    assert said in found.err

"""The numbers of the shipped scenarios change with a reason on record, or not at all."""

import re

import golden
import pytest

from sim.scenario import library
from sim.scenario.read import shipped_folder

NAMES = list(library(shipped_folder()))
RENEW = 'if that is meant: python tests/model/golden.py "why the numbers had to change"'


@pytest.mark.parametrize("name", NAMES)
def test_a_scenario_gives_what_it_gave(name):
    kept = [row for row in golden.read().rows if row[0] == name]
    moved = [f"{new[2]}, replicate {new[1]}: {new[3]} now" for new in golden.summaries(name) if new not in kept]
    assert not moved, f"{name}: {'; '.join(moved[:4])} ... {RENEW}"


def test_every_scenario_is_kept():
    assert list(dict.fromkeys(row[0] for row in golden.read().rows)) == NAMES, RENEW


def test_the_last_reason_is_that_of_the_numbers():
    *_, last = golden.read().reasons
    _, digest, reason = re.fullmatch(r"(\d{4}-\d\d-\d\d) ([0-9a-f]{16}): (.+)", last).groups()
    assert digest == golden.digest(golden.read().rows), RENEW
    assert len(reason) > 20


def test_scenarios_that_differ_have_other_numbers():
    rows = golden.read().rows
    told = {name: tuple(row[1:] for row in rows if row[0] == name) for name in NAMES}
    assert len(set(told.values())) == len(NAMES)


@pytest.mark.parametrize("reason", ["", "  ", "two\nlines"])
def test_no_reason_no_numbers(tmp_path, reason):
    with pytest.raises(ValueError, match="give a reason"):
        golden.write(reason, golden.read().rows, tmp_path / "golden.csv")
    assert not list(tmp_path.iterdir())


def test_reasons_add_up(tmp_path):
    file, rows = tmp_path / "golden.csv", golden.read().rows
    golden.write("a mechanism was added", rows[:3], file)
    golden.write("and taken back", rows, file)
    assert golden.read(file).rows == rows
    assert [line.partition(": ")[2] for line in golden.read(file).reasons] == ["a mechanism was added", "and taken back"]

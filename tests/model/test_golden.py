"""The numbers of the shipped scenarios change with a reason on record, or not at all."""

import golden
import pytest

from sim.scenario import library
from sim.scenario.read import shipped_folder

NAMES = list(library(shipped_folder()))
RENEW = 'if that is meant: python tests/model/golden.py "what changed, and why the numbers had to"'


@pytest.mark.parametrize("name", NAMES)
def test_a_scenario_gives_what_it_gave(name):
    kept = [row for row in golden.read() if row[0] == name]
    moved = [f"{new[2]}, replicate {new[1]}: {new[3]} now" for new in golden.summaries(name) if new not in kept]
    assert not moved, f"{name}: {'; '.join(moved[:4])} ... {RENEW}"


def test_every_scenario_is_kept():
    assert list(dict.fromkeys(row[0] for row in golden.read())) == NAMES, RENEW


def test_the_last_reason_is_that_of_the_numbers():
    (digest, reason), *_ = golden.reasons(golden.CHANGES.read_text(encoding="utf-8"))
    assert digest == golden.digest(golden.read()), RENEW
    assert len(reason) > 20


def test_scenarios_that_differ_have_other_numbers():
    told = {name: tuple(row[1:] for row in golden.read() if row[0] == name) for name in NAMES}
    assert len(set(told.values())) == len(NAMES)


@pytest.mark.parametrize("reason", ["", "  ", "changed", "two\nlines of reasons"])
def test_no_reason_no_numbers(reason):
    with pytest.raises(ValueError, match="give a reason"):
        golden.recorded("### Numbers change\n\n", reason, golden.read())


def test_the_newest_reason_stands_first():
    rows = golden.read()
    changes = golden.recorded("# Changes\n\n### Numbers change\n\n- a line\n", "a mechanism was added", rows[:3])
    changes = golden.recorded(changes, "and taken back again", rows)
    assert [reason for _, reason in golden.reasons(changes)] == ["and taken back again", "a mechanism was added"]
    assert changes.endswith("- a line\n")

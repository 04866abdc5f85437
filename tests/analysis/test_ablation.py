"""Mechanisms whose use is known: needed by evidence, moving outcomes only, doing nothing."""

import numpy as np
import pyarrow as pa
import pytest
from pairs import run, series

from sim.analysis.ablation import EARNS, MOVES, NOTHING, PRESSED, changed, findings, to_csv, to_json, uses
from sim.analysis.csv_text import csv_rows
from sim.analysis.ensemble import PairingError, gather
from sim.catalogue.evidence import Evidence
from sim.experiment.switching import arm, without

NAMES = ("cells", "rout", "grudges")
ROW = Evidence("X1", "Homicides", "homicides", "level", ("2007-01", "2007-12"), 1200, 1100, 1300, "deaths", (), "seen", "calibrate")
REMOVALS = Evidence("X2", "Removals", "homicides", "twins", ("2007-01", "2007-12"), 0.3, 0.1, 0.5, "share", (), "seen", "calibrate")
LATER = Evidence("X3", "Later", "homicides", "level", ("2020-01", "2020-12"), 1, 0, 2, "deaths", (), "seen", "hold out")
LINEAGE = pa.table({"scenario": [""], "replicate": [0], "root": [""], "born": pa.nulls(1, pa.date32()), "died": pa.nulls(1, pa.date32())})


def experiment(replicates=12):
    """100 homicides a month give or take 3; without cells 60; without rout as many, but other members; grudges do nothing."""
    runs = []
    for r in range(replicates):
        homicides, members = 100.0 + (r % 7) - 3, 1000.0 + r
        for name, kills, people in ((None, homicides, members), ("cells", 0.6 * homicides, members), ("rout", homicides, 1.1 * members),
                                    ("grudges", homicides, members)):  # fmt: skip
            label = "usual" if name is None else arm("usual", without(name))
            runs.append(run(label, r, homicides=kills, members=people))
    return gather(series(*runs))


@pytest.fixture(scope="module")
def found():
    return uses(experiment(), LINEAGE, [ROW, REMOVALS, LATER], names=NAMES)


def test_each_use_is_told_from_the_others(found):
    assert [use.shows_in for use in found] == [EARNS, MOVES, NOTHING]
    assert found[0].worse == ("X1",)
    assert [str(move) for move in found[0].moves] == ["homicides -40.0 %"]
    assert [str(move) for move in found[1].moves] == ["members +10.0 %"]


def test_a_row_that_gets_better_without_a_mechanism_is_told_too():
    switched = experiment()
    reverse = Evidence(**{**vars(ROW), "low": 600, "high": 800})
    cells = uses(switched, LINEAGE, [reverse], names=("cells",))[0]
    assert (cells.worse, cells.better, cells.shows_in) == ((), ("X1",), MOVES)


def test_what_a_policy_does_is_looked_at_too():
    """Without grudges the policy saves half as much: the usual course of things does not show it."""
    runs = []
    for r in range(6):
        for label, saved in (("usual", 0), ("force", 10), (arm("usual", without("grudges")), 0), (arm("force", without("grudges")), 5)):
            runs.append(run(label, r, homicides=100.0 + r - saved))
    use = uses(gather(series(*runs)), LINEAGE, [ROW], ["force"], ("grudges",))[0]
    assert use.shows_in == PRESSED
    assert str(use.effects[0]).startswith("force: homicides +4.9 %")


def test_luck_is_no_change():
    before = np.array([1200.0] * 19 + [1400.0])
    after = np.array([1200.0] * 18 + [1400.0] * 2)
    assert changed(ROW, before, after) == 0
    assert changed(ROW, before, np.full(20, np.nan)) == 0


def test_a_fall_from_near_to_fail_counts_although_no_history_was_in_the_band():
    near = np.r_[np.full(10, 900.0), np.full(10, 1500.0)]
    assert changed(ROW, near, np.full(20, 2000.0)) == -1
    assert changed(ROW, np.full(20, 2000.0), near) == 1


def test_a_missing_arm_is_named():
    with pytest.raises(PairingError, match="exhaustion"):
        uses(experiment(), LINEAGE, [ROW], names=("exhaustion",))


def test_the_table_can_be_read_back(found):
    provenance, rows = csv_rows(to_csv(found, ["Made by hand", "12 worlds"]))
    assert provenance == ["Made by hand", "12 worlds"]
    assert [row["mechanism"] for row in rows] == [*NAMES]
    assert rows[0] | {"worse": "X1", "off": "cell_minimum=1e+09", "submodel": "leadership"} == rows[0]
    assert "beyond luck: grudges." in findings(rows)
    assert to_json(found)[1]["outcomes"][0]["metric"] == "members"

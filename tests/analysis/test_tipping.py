"""Moves: how far they are, which of them are tried on, and which are believed."""

import numpy as np
import pytest
from pairs import run, series

from sim.analysis.ensemble import gather
from sim.analysis.robustness.tipping import Contest, Path, candidates, ends, gaps, judge, to_json, together
from sim.experiment.switching import Axis, arm, axes, everywhere, label
from sim.scenario import load

ROUT = Axis("rout", 0.2, 0.0, 1.0)
LETHAL = Axis("lethality", 1e-6, 1e-7, 1e-5)
HELP = Axis("help_national", 0.0, 0.0, 1.0)
CONTEST = Contest("homicides", "care", "force")


def test_a_way_is_walked_in_steps_or_in_factors():
    assert ROUT.at(1.0, 0.5) == pytest.approx(0.6)
    assert ROUT.size(0.6) == pytest.approx(0.4)
    assert LETHAL.at(1e-5, 0.5) == pytest.approx(1e-6 * 10**0.5)
    assert LETHAL.size(1e-5) == pytest.approx(0.5)
    assert all(axis.at(end, 1.0) == end for axis in (ROUT, LETHAL, HELP) for end in axis.ends)


def test_a_switch_has_no_middle():
    assert HELP.at(1.0, 0.25) == 1.0
    assert HELP.ends == [1.0]


def test_what_can_be_moved_is_what_the_world_does_not_know():
    found = {axis.name: axis for axis in axes(load("baseline"))}
    assert {"lethality", "rout", "help_national", "demand_elasticity"} <= found.keys()
    assert not {"sentence", "wage"} & found.keys()
    assert all(axis.low <= axis.central <= axis.high and axis.low < axis.high for axis in found.values())
    assert "rout" not in {axis.name for axis in axes(load("baseline", ["parameters.rout=0.5"]))}


def test_arms_are_moved_from_the_central_fit():
    arms = everywhere([load("baseline")], [{}, {"rout": 1.0}, {"rout": 1.0}])
    assert [scenario.name for scenario in arms] == ["baseline [central]", "baseline [rout=1]"]
    assert {scenario.worlds for scenario in arms} == {"fitted"}
    assert arms[1].parameters["rout"] == 1.0


def test_the_first_tried_is_where_a_line_meets_zero_first():
    paths = ends([ROUT, LETHAL])
    assert len(paths) == 4
    found = candidates(paths, [-1.0, 5.0, -30.0, None], 10.0)
    assert found == [paths[2], paths[0]]  # after 0.5 x 10 / 40 and 0.2 x 10 / 11 of a range


def test_the_strongest_move_together():
    paths = ends([ROUT, LETHAL, HELP])
    joint = together(paths, [8.0, 9.0, 4.0, 30.0, 9.5], 10.0)
    assert [{axis.name for axis, _ in path.legs} for path in joint] == [{"rout", "lethality"}, {"rout", "lethality", "help_national"}]
    assert joint[0].move(1.0) == {"rout": 0.0, "lethality": 1e-7}


def ensemble(gap):
    """Under every move, "force" has gap(move) more homicides a month than "care"; the luck of the four worlds adds -3 to 3."""
    moves = [{}, {"rout": 0.6}, {"rout": 1.0}]
    runs = []
    for move in moves:
        for r in range(4):
            runs.append(run(arm("care", label(move)), r, homicides=100.0 + r))
            runs.append(run(arm("force", label(move)), r, homicides=100.0 + r + gap(move.get("rout", 0.2)) + (-3, -1, 1, 3)[r]))
    return gather(series(*runs))


def test_only_what_fresh_worlds_bear_out_is_a_flip():
    path = Path(((ROUT, 1.0),))
    ways = [(path, 0.5), (path, 1.0)]
    moves = [path.move(way) for way in (0.0, 0.5, 1.0)]
    found = gaps(ensemble(lambda rout: 10.0 - 20.0 * (rout > 0.5) - 10.0 * (rout > 0.9)), CONTEST, moves)
    central, flips, refuted = judge(CONTEST, found, ways)
    assert central.mean == pytest.approx(240.0)
    assert [(flip.way, refuted) for flip in flips] == [(0.5, 0)]
    assert flips[0].path.size(flips[0].way) == pytest.approx(0.4)
    weak = gaps(ensemble(lambda rout: 10.0 - 10.5 * (rout > 0.5)), CONTEST, moves)
    assert judge(CONTEST, weak, ways)[1:] == ((), 1)


def test_more_of_what_is_good_is_turned_round():
    pairs = [(name, value, r) for r in range(2) for name, value in (("care", 3.0), ("force", 1.0))]
    good = gather(series(*(run(arm(name, "central"), r, desertions=value) for name, value, r in pairs)))
    assert gaps(good, Contest("desertions", "care", "force"), [{}])["central"].tolist() == [48.0, 48.0]


def test_a_move_that_no_run_survived_is_left_out():
    assert gaps(ensemble(lambda rout: 1.0), CONTEST, [{}, {"rout": 0.77}]).keys() == {"central"}
    assert np.isfinite(gaps(ensemble(lambda rout: 1.0), CONTEST, [{}])["central"]).all()


def test_the_document_says_from_where_to_where():
    from sim.analysis.robustness.tipping import Change, Flip
    from sim.analysis.why import estimate

    path = Path(((ROUT, 1.0),))
    flip = Flip(path, 0.5, estimate(np.array([-3.0, -2.0, -4.0])))
    document = to_json(Change(CONTEST, estimate(np.array([3.0, 4.0])), (flip,), 0, 1, {}, 3.5))
    assert document["flips"][0]["assumptions"][0] == {
        "name": "rout", "from": 0.2, "to": pytest.approx(0.6), "low": 0.0, "high": 1.0, "share_of_range": pytest.approx(0.4),
    }  # fmt: skip
    assert flip.confirmed

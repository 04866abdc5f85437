"""A lesson's runs boiled down: bands, paired changes, and the same again from the file."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

import sim
from sim.analysis.ensemble import gather
from sim.analysis.lesson import findings, from_json, to_json
from sim.scenario import load
from sim.scenario.lesson import arm_id, load_lesson

LIBRARY = Path(sim.__file__).parents[1] / "scenarios" / "lessons"
WORLDS = 24


@pytest.fixture(scope="module")
def lesson():
    return load_lesson(LIBRARY / "one-head.toml")


@pytest.fixture(scope="module")
def found(lesson):
    """Arm k, world r: homicides are 10 (r + 1) a month, twice that where leaders are hunted twice as hard; other metrics are 1."""
    months = np.arange("2007-01", "2009-01", dtype="datetime64[M]")
    days = (months + np.timedelta64(1, "M")).astype("datetime64[D]") - months.astype("datetime64[D]")
    rows = []
    for arm in map(arm_id, lesson.arms):
        for world in range(WORLDS):
            for month, length in zip(months, days.astype(float), strict=True):
                row = dict.fromkeys(lesson.metrics, 1.0) | {"homicides": 10.0 * (world + 1) * (2.0 if arm == "double" else 1.0)}
                rows.append({"run_id": f"{arm}{world}", "scenario": arm, "point": 0, "replicate": world, "days": length} | row)
                rows[-1]["month"] = month.astype("datetime64[D]").astype(object)
    return findings(lesson, gather(pa.Table.from_pylist(rows)), "v1", load("baseline", folder=LIBRARY.parent), 7)


def test_pairs_and_bands(found):
    assert found.years.tolist() == [2007, 2008]
    assert found.pairs == WORLDS
    assert found.change("double", "homicides").percent == pytest.approx(100.0, abs=0.01)
    assert found.each("double", "homicides") == pytest.approx(np.full(WORLDS, 100.0), abs=0.01)
    assert found.verdict("double", "homicides") == "up"
    assert found.verdict("none", "homicides") == "unclear"
    assert found.bands["double"]["homicides"][1] == pytest.approx([100.0, 100.0], abs=0.01)  # the middle of 24 worlds, 1 to 24 times 10
    low, _, high = found.bands["double"]["homicides"][:, 0]
    assert (low, high) == pytest.approx((100.0 * (1 + 0.05 * 23) / 12.5, 100.0 * (24 - 0.05 * 23) / 12.5), rel=1e-3)
    assert "removals" not in found.bands["double"]  # a link of the chain is not drawn by year
    assert found.bands["usual"] == {}
    assert found.paths["double"] == pytest.approx(2.0 * found.paths["usual"], rel=1e-4)
    assert found.paths["usual"][:, 0] == pytest.approx(10.0 * np.arange(1, WORLDS + 1) * 12.0, rel=1e-2)


def test_a_share_moves_in_points(found):
    odd = found._replace(worlds={arm: dict(own) for arm, own in found.worlds.items()})
    odd.worlds["usual"]["seized_share"], odd.worlds["double"]["seized_share"] = np.full(WORLDS, 0.1), np.full(WORLDS, 0.12)
    assert odd.change("double", "seized_share").percent == pytest.approx(20.0)
    assert odd.moved("double", "seized_share")[0] == pytest.approx(2.0)
    assert odd.each("double", "seized_share") == pytest.approx(np.full(WORLDS, 2.0))


def test_the_file_gives_it_back(found, lesson):
    text = to_json(found, lesson)
    again = from_json(text, lesson)
    assert to_json(again, lesson) == text
    assert again.change("double", "homicides") == found.change("double", "homicides")
    assert (again.model_version, again.world, again.seed) == ("v1", "mexico-2006", 7)
    assert again.digest == load("baseline", folder=LIBRARY.parent).digest()


def test_undefined_values_survive(found, lesson):
    odd = found._replace(worlds={arm: dict(own) for arm, own in found.worlds.items()})
    odd.worlds["double"]["members"] = np.r_[np.nan, np.ones(WORLDS - 1)]
    odd.worlds["usual"]["splits"] = np.zeros(WORLDS)
    again = from_json(to_json(odd, lesson), lesson)
    assert np.isnan(again.worlds["double"]["members"][0])
    assert again.change("double", "members").n == WORLDS - 1
    assert np.isnan(again.each("double", "splits")).all()
    assert again.each("usual", "splits").tolist() == [0.0] * WORLDS

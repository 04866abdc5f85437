"""Effects of removals from tables whose truth is known."""

import numpy as np
import pyarrow as pa
import pytest

from sim.analysis.removals import twins
from sim.analysis.removals.twins import COUNTRY, WHERE, Pairs, effects, gather, impulse, situations
from sim.studies.finding import Part, printed
from sim.studies.twins import Findings, matrices

QUANTITIES = ("homicides", "organised", "taken_usd", "groups", "members")
KINDS = [  # rank, mode, contested, side, members
    ("kingpin", "capture", 80, "weak", 2000),
    ("kingpin", "killing", 10, "strong", 100),
    ("lieutenant", "capture", None, "peace", 500),
    ("captive", "extradition", None, "weak", 900),
]


def tables(worlds: int = 3, rise: float = 1.5, where: tuple[str, ...] = WHERE) -> tuple[pa.Table, pa.Table]:
    """Every world has four removals; at the place of a kingpin's there are `rise` times the deaths of the twin, elsewhere as many."""
    about, months = [], []
    for world in range(worlds):
        for number, (rank, mode, contested, side, members) in enumerate(KINDS):
            label = {"scenario": "baseline", "replicate": world, "removal": number}
            about.append(label | {"rank": rank, "mode": mode, "contested": contested, "side": side, "members": members})
            for place in where:
                for month in range(-11, 37):
                    spared = 10.0 * (1 + world)
                    hit = rank == "kingpin" and place == "place" and month > 0
                    row = label | {"where": place, "month": month}
                    for name in QUANTITIES:
                        truth = spared * (rise if hit and name in ("homicides", "organised") else 1.0)
                        row |= {name: truth * (2.0 if name == "homicides" else 1.0)}
                        row |= {f"{name}_spared": spared * (2.0 if name == "homicides" else 1.0)}
                    months.append(row)
    return pa.Table.from_pylist(about), pa.Table.from_pylist(months)


@pytest.fixture(scope="module")
def pairs() -> Pairs:
    return gather(*tables())["baseline"]


def test_the_effect_is_found_where_it_is(pairs):
    found = {(row.situation, row.where, row.metric, row.months): row for row in effects({"baseline": pairs})}
    hit = found["kingpins", "place", "organised_homicides", "1-6"]
    assert hit.n == 6
    assert hit.relative == pytest.approx(0.5)
    assert hit.low == pytest.approx(0.5)
    assert hit.high == pytest.approx(0.5)
    assert (hit.share_up, hit.share_down) == (1.0, 0.0)
    assert hit.difference == pytest.approx(0.5 * 6 * 20)  # a mean of 20 deaths a month in the twins
    assert hit.median == pytest.approx(0.5)
    assert found["lieutenants", "place", "organised_homicides", "1-6"].relative == 0.0
    assert found["kingpins", "neighbours", "organised_homicides", "13-36"].relative == 0.0
    assert found["kingpins", COUNTRY, "organised_homicides", "7-12"].relative == pytest.approx(0.125)
    assert found["kingpins", "place", "members", "7-12"].difference == 0.0
    assert found["capture", "place", "organised_homicides", "1-6"].n == 3
    assert ("extradition", "place", "organised_homicides", "1-6") not in found


def test_situations_split_the_kingpins(pairs):
    groups = {name: set(np.flatnonzero(chosen)) for name, chosen in situations(pairs).items()}
    for parts in (("capture", "killing", "extradition", "surrender"), ("large cartel", "small cartel")):
        assert set.union(*(groups[part] for part in parts)) == groups["kingpins"]
    for parts in (("weak side of its wars", "strong side of its wars", "not at war"),):
        assert set.union(*(groups[part] for part in parts)) == groups["kingpins"]
    assert groups["contested succession"] | groups["clear succession"] == groups["kingpins"]
    assert not groups["contested succession"] & groups["clear succession"]


def test_a_place_that_is_not_there_is_left_out():
    found = gather(*tables(where=("place", "elsewhere")))
    rows = effects(found)
    assert {row.where for row in rows} == {"place", "elsewhere", COUNTRY}
    assert next(row for row in rows if row.where == COUNTRY).n == 6


def test_the_interval_counts_worlds_not_removals(pairs):
    rng = np.arange(6) % 3  # two removals in each of three worlds, alike within a world
    truth = np.array([11.0, 12.0, 16.0])[rng]
    _, low, high = twins.ratio(truth, np.full(6, 10.0), rng.astype(float))
    _, low_one, high_one = twins.ratio(truth[:3], np.full(3, 10.0), np.arange(3.0))
    assert (low, high) == pytest.approx((low_one, high_one))


def test_the_response_is_nothing_before_the_removal(pairs):
    month, response = impulse(pairs, situations(pairs)["kingpins"], "place")
    assert month.tolist()[:5] == [-10.5, -7.5, -4.5, -1.5, 1.5]
    assert np.all(response[:, month < 0] == 0.0)
    assert response[0, month > 0] == pytest.approx(0.5)


def test_the_table_says_it_in_percent(pairs):
    found = matrices("baseline", Findings({"baseline": pairs}, effects({"baseline": pairs}), []))
    text = printed([Part("", found)])
    assert "+50.0 (+50 +50) 100:0" in text
    assert max(map(len, text.splitlines())) <= 114

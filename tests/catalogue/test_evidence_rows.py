"""Evidence rows: complete, sourced, and every target of the design's list is among those calibrated on."""

from types import SimpleNamespace

import numpy as np
import pytest

from sim.catalogue.evidence import EVIDENCE, FORMS, STATUSES, USES, Evidence
from sim.catalogue.metrics import METRICS
from sim.catalogue.sources import SOURCES
from sim.catalogue.statistics import covered, trough, value
from sim.experiment.trial import ROWS

every_row = pytest.mark.parametrize("row", EVIDENCE.values(), ids=lambda row: row.id)

DESIGN = {  # what the model's design calibrates on: band, unit's meaning
    "H1": (2.4, 3.6),  # homicides 2007->2011
    "F1": (4, 16),  # groups 2007->2011
    "F3": (120, 260),  # groups 2019-21
    "K1": (0.15, 0.60),  # homicides in the six months after a removal
    "PC4": (330, 440),  # recruits a week in 2022
    "PC5": (95, 125),  # arrests a week
    "PC6": (105, 140),  # member deaths a week, 2021-22
    "H7": (0.30, 0.70),  # organised share of homicides
    "D8": (80, 220),  # extortion per 1,000 firms
    "D5": (3, 4),  # kidnapping 2007->2013
}
HELD = {"H2", "H3", "H4", "H5", "F2", "D1a", "D5a", "D7", "K5", "K6", "A9"}  # never tuned on


class OneRun(SimpleNamespace):
    """Months of one run from a table of yearly values."""

    def __init__(self, first, **yearly):
        count = len(next(iter(yearly.values())))
        self.months = np.arange(f"{first}-01", f"{first + count}-01", dtype="datetime64[M]")
        first_days = np.arange(f"{first}-01", f"{first + count}-02", dtype="datetime64[M]").astype("datetime64[D]")
        self.days = np.diff(first_days).astype(float)
        self.table = {
            name: np.repeat(np.asarray(values, float), 12) * (self.days / 365.25 if METRICS[name].kind == "flow" else 1.0)
            for name, values in yearly.items()
        }

    def __getitem__(self, metric):
        return self.table[metric]


@pytest.mark.parametrize(("key", "band"), DESIGN.items())
def test_every_target_of_the_design_is_calibrated_on_with_its_band(key, band):
    assert EVIDENCE[key].use == "calibrate"
    assert (EVIDENCE[key].low, EVIDENCE[key].high) == band


def test_taps_grow_from_the_published_counts():
    taps = EVIDENCE["D1"]
    assert taps.use == "calibrate"
    assert taps.observed == pytest.approx(6873 / 2614, abs=0.01)
    assert (taps.base, taps.window) == (("2013-01", "2013-12"), ("2016-01", "2016-12"))


def test_what_is_held_out_is_not_tuned_on():
    assert {key for key in HELD if EVIDENCE[key].use != "hold out"} == set()


@every_row
def test_a_row_is_complete(row):
    assert row.form in FORMS
    assert row.use in USES
    assert row.status in STATUSES
    assert row.title
    assert row.unit
    assert row.low < row.high
    assert row.observed is None or row.low <= row.observed <= row.high
    assert row.source
    assert set(row.source) <= set(SOURCES)
    assert (row.form in ("ratio", "change")) == (row.base is not None)
    assert (row.form == "trough") == (row.peaks is not None)
    assert (row.form == "twins") == bool(row.where and row.months)
    assert row.form == "twins" or set(row.metrics) <= set(METRICS)
    if row.recorded:
        assert 0.0 < row.recorded[0] <= row.recorded[1] <= row.recorded[2] <= 1.0


def test_ids_are_unique():
    from sim.catalogue import evidence

    rows = (*evidence._VIOLENCE, *evidence._GROUPS, *evidence._MEMBERS, *evidence._PREDATION, *evidence._DRUGS, *evidence._REMOVALS)
    assert len(rows) == len(EVIDENCE) >= 38


def test_the_record_of_mexico_passes_its_own_rows():
    """Registered homicides, 2007-2022, put where a run's would be."""
    inegi = [8867, 14006, 19803, 25757, 27213, 25967, 23063, 20010, 20762, 24559, 32082, 36687, 36662, 36773, 35625, 33287]
    mexico = OneRun(2007, homicides=inegi)
    rows = [row for row in EVIDENCE.values() if row.metric == "homicides" and row.over is None and row.form != "twins" and row.id != "S4"]
    assert {row.form for row in rows} == {"level", "ratio", "spread", "trough"}
    for row in rows:
        assert row.low <= value(row, mexico) <= row.high, row.id
        assert value(row, mexico) == pytest.approx(row.observed, rel=0.02, abs=0.002), row.id


def test_weekly_flows_shares_and_changes():
    run = OneRun(2012, recruits=[521.775] * 11, members=list(range(100, 111)), overdose_deaths=[10.0] * 11, heavy_users=[5.0] * 11)
    assert value(EVIDENCE["PC4"], run) == pytest.approx(10.0)
    assert value(EVIDENCE["PC3"], run) == pytest.approx(10.0)
    assert value(EVIDENCE["U2"], run) == pytest.approx(1.0)


def test_a_trough_lies_between_its_peaks_and_beyond_noise():
    four, five = np.array([1.0, 4.0]), np.array([5.0])
    assert trough(np.array([3.0, 2.0]), four, five, 0.13) == pytest.approx(0.5)
    assert trough(np.array([[3.5], [3.4]]), four, five, 0.13).tolist() == [0.0, pytest.approx(0.15)]
    assert trough(np.array([6.0]), four, five, 0.0) == 0.0


def test_the_years_of_the_trough_are_named():
    """A dip elsewhere in the record is not the one that happened."""
    early = [9, 20, 10, 27, 27, 27, 27, 27, 27, 27, 27, 27, 27, 27]
    late = [9, 20, 25, 27, 27, 27, 27, 20, 27, 27, 27, 27, 27, 27]
    assert [float(value(EVIDENCE["H5"], OneRun(2007, homicides=path))) for path in (early, late)] == [0.0, pytest.approx(7 / 27)]


def test_a_flat_noisy_history_has_no_trough():
    """The noise is what the flat years of the record make of H5's years in one history of twenty; few such histories meet its band."""
    flat = np.log([10_737, 10_285, 10_088, 10_087, 9_329, 9_921, 10_452])  # registered, 2000-06
    years = np.exp(np.random.default_rng(1).normal(0.0, flat.std(ddof=1), (20_000, 11)))  # 2010-20
    parts = years[:, 3:7], years[:, :3], years[:, 7:]
    assert np.quantile(trough(*parts, 0.0), 0.95) == pytest.approx(EVIDENCE["H5"].noise, abs=0.005)
    assert np.mean(trough(*parts, EVIDENCE["H5"].noise) >= EVIDENCE["H5"].low) < 0.06


def test_what_inputs_decide_is_given_and_not_tuned_on():
    assert {row.id for row in EVIDENCE.values() if row.use == "given"} == {"U1", "U1a", "U2", "M2"}
    assert not {row.id for row in ROWS if row.use == "given"}


def test_a_row_outside_the_run_is_not_covered():
    run = OneRun(2007, homicides=[1.0, 1.0])
    assert not covered(EVIDENCE["H1"], run.months)
    assert covered(EVIDENCE["H1a"], run.months)


def test_a_ratio_over_nothing_is_undefined():
    row = Evidence(
        "x",
        "x",
        "homicides",
        "ratio",
        ("2008-01", "2008-12"),
        None,
        1,
        2,
        "x",
        ("envipe",),
        "seen",
        "hold out",
        base=("2007-01", "2007-12"),
    )
    assert np.isnan(value(row, OneRun(2007, homicides=[0.0, 1.0])))

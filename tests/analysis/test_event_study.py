"""The event study finds what was put into a panel, and nothing where nothing was."""

from datetime import date

import numpy as np
import pyarrow as pa
import pytest
from test_twins_effects import tables

from sim.analysis.removals.event_study import BEFORE, PERIODS, estimates, fit, histories, quarters
from sim.analysis.removals.twins import gather

MONTHS = np.arange("2007-01", "2019-01", dtype="datetime64[M]")
K = 40


def dated(every: int = 29) -> np.ndarray:
    """Kingpins and lieutenants fall here and there, on a fixed pattern."""
    events = np.zeros((2, K, MONTHS.size))
    for number, start in ((0, 5), (1, 17)):
        for event in range(K * MONTHS.size // (every * 12)):
            at = (start + event * every * 7 + event**2) % (K * MONTHS.size)
            events[number].flat[at] += 1
    return events


def response(events: np.ndarray, sizes: dict[int, float]) -> np.ndarray:
    """Deaths that follow `sizes` by month since the event."""
    out = np.zeros(events.shape)
    for lag, size in sizes.items():
        out[:, lag:] += size * events[:, : events.shape[1] - lag]
    return out


def calm() -> np.ndarray:
    return 20.0 + np.arange(K)[:, None] * 0.5 + 3.0 * np.sin(np.arange(MONTHS.size) / 5.0)


def test_coefficients_are_the_response():
    events = dated()
    sizes = {lag: 8.0 if lag <= 6 else 3.0 for lag in range(1, 37)}
    found = fit(calm() + response(events[0], sizes), events, "deaths")
    means = {name: found.coefficient[:, list(period)].mean(axis=1) for name, period in PERIODS.items()}
    assert means["1-6"] == pytest.approx([8.0, 0.0], abs=1e-8)
    assert means["7-12"] == pytest.approx([3.0, 0.0], abs=1e-8)
    assert means["13-36"] == pytest.approx([3.0, 0.0], abs=1e-8)
    assert means[BEFORE] == pytest.approx([0.0, 0.0], abs=1e-8)


def test_quarters_are_where_the_periods_say():
    spans = quarters()
    assert [spans[i] for i in PERIODS[BEFORE]] == [(-12, -10), (-9, -7)]
    assert [spans[i] for i in PERIODS["1-6"]] == [(1, 3), (4, 6)]
    assert [spans[i] for i in PERIODS["7-12"]] == [(7, 9), (10, 12)]
    assert (spans[PERIODS["13-36"][0]][0], spans[PERIODS["13-36"][-1]][1]) == (13, 36)


def test_places_where_leaders_fall_because_it_is_violent_do_not_fool_fixed_effects():
    events = dated()
    outcome = calm() + 50.0 * (events[0].sum(axis=1, keepdims=True) > 1)
    assert np.abs(fit(outcome, events, "deaths").coefficient).max() < 1e-8


def tabled(outcome: np.ndarray, events: np.ndarray, worlds: int) -> tuple[pa.Table, pa.Table]:
    panel, log = [], []
    days = MONTHS.astype("datetime64[D]").astype(object)
    for world in range(worlds):
        label = {"scenario": "baseline", "replicate": world}
        for k in range(K):
            panel += [label | {"territory": f"P{k:02}", "month": day, "organised": x} for day, x in zip(days, outcome[k], strict=True)]
        for number, k, m in zip(*np.nonzero(events), strict=True):
            row = label | {"kind": "removal", "date": days[m], "territory": f"P{k:02}", "cause": ("", "lieutenant ")[number] + "capture"}
            log += [row] * int(events[number, k, m])
        log.append(label | {"kind": "split", "date": date(2010, 1, 1), "territory": "P00", "cause": ""})
    return pa.Table.from_pylist(panel), pa.Table.from_pylist(log)


def test_estimates_stand_beside_the_truth():
    events = dated()
    base = np.full((K, MONTHS.size), 20.0)
    outcome = base + response(events[0], dict.fromkeys(range(1, 37), 10.0))
    panel, log = tabled(outcome, events, worlds=2)
    ((deaths, marked), _) = histories(panel, log)
    assert np.array_equal(deaths, outcome)
    assert np.array_equal(marked, events)
    found = {(row.event, row.form, row.months): row for row in estimates(panel, log, gather(*tables()))}
    row = found["kingpins", "deaths", "1-6"]
    assert row.worlds == 2
    assert row.truth == pytest.approx(0.5)
    assert row.relative == pytest.approx(0.5)
    assert row.found_up == 1.0
    assert found["kingpins", "deaths", BEFORE].truth == 0.0
    assert found["lieutenants", "log deaths", "1-6"].truth == 0.0
    logs = found["kingpins", "log deaths", "1-6"]
    spared = 10.0 * np.arange(1, 4)
    assert logs.truth == pytest.approx(np.expm1((np.log1p(1.5 * spared) - np.log1p(spared)).mean()))

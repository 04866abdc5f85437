"""Forecasts of homicides, scored against what was observed: by nation and by state, free-running and one year ahead.

*Free*: the model runs from its first day and is told nothing; naive forecasts know the past up to that day. *One year ahead*: at the
start of every year both know all years before it, and forecast the year's periods. What the fit has seen is said on every line: the
periods that lie in windows of calibration rows about homicides.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from sim.analysis.csv_text import plain_rows
from sim.analysis.forecasts.draws import NAIVE, YEAR, Draws, told, widened
from sim.catalogue.evidence import EVIDENCE
from sim.catalogue.statistics import Array
from sim.scenario.evidence_file import Truth, period_name, read_truth
from sim.scenario.problems import Problem, ScenarioError
from sim.scenario.read import scenario_folder
from sim.scenario.worlds import NATION

BINS = (0.0, 0.5, 2.5, 5.5, 10.5, 25.5, 50.5, 100.5, 250.5, 500.5, 1000.5)  # deaths a month: lower ends, of the VIEWS challenge
PRIOR = 1.0 / 3.0  # Tukey's constant: what is counted of a bin that no draw meets
COVERED = 0.9  # of the central interval
BACKEND = "numpy"
OBSERVED = Path("observed") / "homicides.csv"  # in the library: what the fit may know
MODEL, WIDER = "model", "model with discrepancy"
FEWEST = 8  # places from which a discrepancy can be learned
FREE, AHEAD = "free-running", "one year ahead"
PERIODS = {12: ("year", "years"), 1: ("month", "months")}
Chosen = NDArray[np.bool_]


class Scores(NamedTuple):
    """Scores by place and period, (K, T) each."""

    crps: Array  # continuous ranked probability score, deaths in the period
    log_crps: Array  # the same of log(1 + deaths): errors of small places count as much as those of large ones
    ignorance: Array  # bits, -log2 of the smoothed share of draws in the bin of the truth
    interval: Array  # interval score at 90 %: width, and 20 times what the truth lies outside; deaths in the period
    inside: Array  # 1.0 where the central 90 % hold the truth


def scores(draws: Array, truth: Array, step: int) -> Scores:
    """All scores of a forecast, (N, K, T), of deaths in periods of `step` months, bins as many times wider, against the truth, (K, T)."""
    import scoringrules  # noqa: PLC0415  which compiles for seconds

    last = np.moveaxis(draws, 0, -1)
    low, high = np.quantile(draws, [0.5 - COVERED / 2, 0.5 + COVERED / 2], axis=0)
    found = (
        scoringrules.crps_ensemble(truth, last, backend=BACKEND),
        scoringrules.crps_ensemble(np.log1p(truth), np.log1p(last), backend=BACKEND),
        ignorance(draws, truth, np.array(BINS) * step),
        scoringrules.interval_score(truth, low, high, 1.0 - COVERED, backend=BACKEND),
        (truth >= low) & (truth <= high),
    )
    return Scores(*(np.asarray(part, np.float64).reshape(truth.shape) for part in found))  # of one place the library drops the axis


def ignorance(draws: Array, truth: Array, edges: Array) -> Array:
    """-log2 of (c + 1 - a)/(n + 1 - a), where c of n draws, (N, K, T), lie in the bin of the truth, (K, T); edges are lower ends."""
    binned, bin_of_truth = np.digitize(draws, edges), np.digitize(truth, edges)
    hits = (binned == bin_of_truth).sum(axis=0)
    return np.asarray(-np.log2((hits + 1.0 - PRIOR) / (len(draws) + 1.0 - PRIOR)))


def skill(own: Array, other: Array) -> tuple[float, float, float]:
    """1 - mean score, (K, T), over that of another forecast, (K, T), and its central 95 % interval; nan where there are too few units.

    Units are places, whose periods hang together; of a single place, periods, as if they did not. The interval is that of a ratio of
    means (delta method, Student's t).
    """
    along = 1 if own.shape[0] > 1 else 0
    a, b = own.mean(axis=along), other.mean(axis=along)
    ratio = float(a.mean() / b.mean()) if b.mean() > 0.0 else float("nan")
    if a.size < 3 or not np.isfinite(ratio):
        return 1.0 - ratio, float("nan"), float("nan")
    error = float(np.std(a - ratio * b, ddof=1) / np.sqrt(a.size) / b.mean())
    away = float(stats.t.ppf(0.975, a.size - 1)) * error
    return 1.0 - ratio, 1.0 - ratio - away, 1.0 - ratio + away


class Row(NamedTuple):
    """Scores of one forecaster over some periods, means over places and periods."""

    level: str  # "nation" or "state"
    told: str  # what the model knows, FREE or AHEAD
    forecaster: str  # MODEL; WIDER, the same with a discrepancy by place, learned on other places until 2011; or one of NAIVE
    periods: str  # the periods, "2007-2011"
    n: int  # places times periods
    crps: float
    log_crps: float
    ignorance: float
    interval: float
    inside: float
    skill: float  # 1 - CRPS of the model over that of this forecaster; nan for the model
    skill_low: float
    skill_high: float
    seen: str  # periods of these that the fit has seen, and by which evidence rows; never empty


class Grid(NamedTuple):
    """Deaths of one level on a regular grid of periods; nan where nothing is known."""

    level: str
    places: tuple[str, ...]
    step: int
    asked: int  # the first month to score; what is known before only helps to forecast
    learned: Chosen  # periods that the library's own table knows: a discrepancy by place is learned on these alone, (P,)
    months: NDArray[np.int64]  # first month of every period, counted from January of year 0, (P,)
    known: Array  # observed, (K, P)
    simulated: Array  # (R, K, P)


@dataclass(frozen=True)
class ScoreFinding:
    """Scores of a forecast; `.json` says the same."""

    draws: Draws  # what was scored
    truth: str  # file of what was observed
    step: int  # months in a period
    rows: tuple[Row, ...]  # all periods together, then the model's and the best naive forecast's period by period

    @property
    def json(self) -> dict[str, Any]:
        """The `--json` document; what is undefined is null."""
        head = {"schema": 1, "truth": self.truth, "period": PERIODS[self.step][0], "forecast": self.draws.json}
        return head | {"rows": plain_rows(self.rows)}


def score_draws(draws: Draws, truth: Path | None = None) -> ScoreFinding:
    """Score a forecast against a file, or the table to 2011. Raises ScenarioError: what is wrong with it, or it shares no period."""
    own = read_truth(scenario_folder() / OBSERVED)
    asked = read_truth(truth or scenario_folder() / OBSERVED, draws.places)
    rows = tuple(row for grid in grids(draws, asked, own) for row in _level(grid))
    if not rows:
        first, last = period_name(int(draws.months[0]), 1), period_name(int(draws.months[-1]), 1)
        message = f"holds no period that the forecast covers, which goes from {first} to {last}"
        raise ScenarioError([Problem(asked.file, None, "period", message, "give whole years, or months")])
    return ScoreFinding(draws, asked.file, asked.step, rows)


def last_month(truth: Path, places: Collection[str]) -> str:
    """The last month of a file of what was observed, which a forecast should reach. Raises ScenarioError: what is wrong with it."""
    read = read_truth(truth, places)
    return period_name(max(map(max, read.deaths.values())) + read.step - 1, 1)


def seen_by_fit(month: int, step: int) -> tuple[str, ...]:
    """Ids of calibration rows about all homicides whose windows overlap a period."""
    first, last = period_name(month, 1), period_name(month + step - 1, 1)
    rows = (row for row in EVIDENCE.values() if row.use == "calibrate" and "homicides" in row.metrics)
    return tuple(row.id for row in rows if any(begin <= last and first <= end for begin, end in row.windows))


def grids(draws: Draws, asked: Truth, own: Truth) -> Iterator[Grid]:
    """What is known and simulated of the nation and of the states, on the periods of the file that was asked for."""
    deaths = dict(asked.deaths)
    every = all(place in deaths for place in draws.places)
    if NATION not in deaths and every:
        deaths[NATION] = _summed([deaths[place] for place in draws.places])
    earlier = dict(own.deaths) | {NATION: _summed(list(own.deaths.values()))}
    for level, places in (("nation", [NATION]), ("state", [place for place in draws.places if place in deaths])):
        if places and places[0] in deaths:
            known = [_longer(deaths[place], asked.step, earlier.get(place, {}), own.step) for place in places]
            span = min(deaths[places[0]]), max(map(max, own.deaths.values())) + own.step
            yield _grid(level, places, asked.step, span, known, draws)


def _summed(parts: Sequence[Mapping[int, float]]) -> dict[int, float]:
    return {month: sum(part[month] for part in parts) for month in parts[0]} if parts else {}


def _longer(deaths: Mapping[int, float], step: int, earlier: Mapping[int, float], earlier_step: int) -> dict[int, float]:
    """Deaths by period, and before the first of them what the library knows, in the same unit."""
    before: dict[int, float] = {}
    for month, value in earlier.items():
        parts = earlier_step // step
        before |= {month + part * step: value / parts for part in range(parts)}
    first = min(deaths)
    return {month: value for month, value in before.items() if month + step <= first} | dict(deaths)


def _grid(level: str, places: Sequence[str], step: int, span: tuple[int, int], known: Sequence[Mapping[int, float]], draws: Draws) -> Grid:
    asked, unknown = span
    first, last = min(map(min, known)), max(map(max, known))
    months = np.arange(first, last + step, step, dtype=np.int64)
    values = np.array([[deaths.get(int(month), np.nan) for month in months] for deaths in known])
    drawn = draws.values.astype(np.float64)
    whole = drawn.sum(axis=1, keepdims=True) if level == "nation" else drawn[:, [draws.places.index(place) for place in places]]
    simulated = np.full((len(whole), len(places), months.size), np.nan)
    for at, month in enumerate(months):
        inside = (draws.months >= month) & (draws.months < month + step)
        if inside.sum() == step:
            simulated[:, :, at] = whole[:, :, inside].sum(axis=2)
    learned = (months < unknown) & np.isfinite(values).all(axis=0) & np.isfinite(simulated).all(axis=(0, 1))
    return Grid(level, tuple(places), step, asked, learned, months, values, simulated)


def _level(grid: Grid) -> Iterator[Row]:
    """Rows of one level: free-running, then one year ahead."""
    both: Chosen = np.asarray(np.isfinite(grid.known).all(axis=0) & np.isfinite(grid.simulated).all(axis=(0, 1)))
    wanted = both & (grid.months >= grid.asked)
    if wanted.any():
        yield from _rows(grid, FREE, np.flatnonzero(wanted), _free(grid, np.flatnonzero(wanted)))
    ahead = list(_ahead(grid, both, wanted))
    if ahead:
        joined = {name: np.concatenate([forecasts[name] for _, forecasts in ahead], axis=2) for name in (MODEL, *NAIVE)}
        yield from _rows(grid, AHEAD, np.concatenate([targets for targets, _ in ahead]), joined)


def _free(grid: Grid, targets: NDArray[np.int64]) -> dict[str, Array]:
    """Forecasts of all periods from the run's first day on."""
    begun = int(np.flatnonzero(np.isfinite(grid.simulated).all(axis=(0, 1)))[0])
    past = _known(grid, begun)
    forecasts = {MODEL: grid.simulated[:, :, targets]}
    if len(grid.places) >= FEWEST and grid.learned.any() and len(grid.simulated) > 1:
        forecasts[WIDER] = widened(grid.simulated, grid.known, grid.learned, grid.step)[:, :, targets]
    if past.shape[1] > 1:
        steps = (targets - begun + 1).astype(np.float64)
        forecasts |= {name: forecast(past, steps, grid.step) for name, forecast in NAIVE.items()}
    return forecasts


def _ahead(grid: Grid, both: Chosen, wanted: Chosen) -> Iterator[tuple[NDArray[np.int64], dict[str, Array]]]:
    """Forecasts of every year whose year before is known and simulated."""
    year = YEAR // grid.step
    for at in map(int, np.flatnonzero(grid.months % YEAR == 0)):
        targets = at + np.flatnonzero(wanted[at : at + year])
        if at < year or not targets.size or not both[at - year : at].all():
            continue
        since = slice(at - _unbroken(both[:at]), at)
        past, steps = _known(grid, at), (targets - at + 1).astype(np.float64)
        model = told(grid.simulated[:, :, since], grid.known[:, since], grid.simulated[:, :, targets], grid.step)
        yield targets, {MODEL: model} | {name: forecast(past, steps, grid.step) for name, forecast in NAIVE.items()}


def _unbroken(both: Chosen) -> int:
    """How many of the last periods are known and simulated without a gap."""
    return int(np.argmin(both[::-1])) if not both.all() else both.size


def _known(grid: Grid, end: int) -> Array:
    """The known periods without a gap before a period, (K, P)."""
    known: Chosen = np.asarray(np.isfinite(grid.known[:, :end]).all(axis=0))
    return np.asarray(grid.known[:, end - _unbroken(known) : end])


def _rows(grid: Grid, kind: str, targets: NDArray[np.int64], forecasts: Mapping[str, Array]) -> Iterator[Row]:
    """All periods of every forecaster, then each period of the model and of the best of the others."""
    truth = grid.known[:, targets]
    found = {name: scores(draws, truth, grid.step) for name, draws in forecasts.items()}
    months = [int(month) for month in grid.months[targets]]
    for name in found:
        yield _row(grid, kind, name, months, found, slice(None))
    best = min((name for name in found if name in NAIVE), key=lambda name: found[name].crps.mean(), default=None)
    for at, month in enumerate(months):
        for name in filter(None, (MODEL, best)):
            yield _row(grid, kind, name, [month], found, slice(at, at + 1))


def _row(grid: Grid, kind: str, name: str, months: Sequence[int], found: Mapping[str, Scores], chosen: slice) -> Row:
    own, model = (Scores(*(part[:, chosen] for part in found[each])) for each in (name, MODEL))
    crps, log_crps, ignorance, interval, inside = (float(part.mean()) for part in own)
    gain, low, high = (float("nan"),) * 3 if name == MODEL else skill(model.crps, own.crps)
    first, last = period_name(months[0], grid.step), period_name(months[-1], grid.step)
    span = first if len(months) == 1 else f"{first} to {last}"
    seen = _seen(months, grid.step)
    return Row(grid.level, kind, name, span, own.crps.size, crps, log_crps, ignorance, interval, inside, gain, low, high, seen)


def _seen(months: Sequence[int], step: int) -> str:
    """Which of the periods the fit has seen."""
    rows = {month: seen_by_fit(month, step) for month in months}
    count = sum(map(bool, rows.values()))
    if not count:
        return "not seen by the fit"
    ids = " ".join(dict.fromkeys(key for found in rows.values() for key in found))
    some = "" if len(months) == 1 else f"{count} of {len(months)} "
    return f"{some}seen by the fit ({ids})"

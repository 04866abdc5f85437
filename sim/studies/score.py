"""Score forecasts of homicides, beside forecasts that need no model."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from math import isnan
from pathlib import Path
from typing import Unpack

from matplotlib.figure import Figure

from sim.analysis.forecasts.draws import hubverse, read_draws, unseal
from sim.analysis.forecasts.draws import seal as sealed
from sim.analysis.forecasts.draws import views as as_views
from sim.analysis.forecasts.score import AHEAD, MODEL, PERIODS, Row, ScoreFinding, last_month, score_draws
from sim.experiment.errors import PlanError
from sim.experiment.store import attach
from sim.model.worlds import load_world
from sim.scenario.read import WORLDS, scenario_folder
from sim.show.charts.changes import Dot, dots
from sim.studies.evidence import usual
from sim.studies.finding import Finding, Part, Table
from sim.studies.how import AnyScenario, How, Month, Setup, study
from sim.studies.running import Run, carry_out, load_all
from sim.words import texts

REPLICATES = 100
MOST_LINES = 48  # periods, of the model and of the best naive forecast, that are listed one by one; --json has all
HEADS = ("periods", "forecaster", "CRPS", "log CRPS", "ignorance", "interval", "in 90 %", "model's skill over it")  # the fit beside periods


@study
def score(
    scenario: AnyScenario | None = None,
    *,
    truth: Path | None = None,
    forecast: Path | None = None,
    until: Month | None = None,
    seal: Path | None = None,
    views: Path | None = None,
    hub: Path | None = None,
    **how: Unpack[How],
) -> Finding[ScoreFinding]:
    """Score forecasts of homicides against what was observed, beside forecasts that need no model.

    Runs a scenario (by default what happened), or reads a sealed forecast. By nation and by state: free-running from the first day, and
    one year ahead with the past known. Every line says which of its periods the fit has seen.

    Args:
        scenario: what forecasts; by default what happened.
        truth: observed deaths: CSV with place,period,homicides in years or months; by default INEGI to 2011.
        forecast: score this sealed forecast, or a results folder with a panel, instead of running a scenario.
        until: last month of the forecast.
        seal: write the forecast with a digest of its draws, to be scored later by anybody.
        views: write the forecast as VIEWS takes it (Parquet).
        hub: write the forecast as hubverse takes it (CSV of samples).
        how: how runs are carried out, see `sim.studies.how.How`.

    Raises:
        ScenarioError: everything that is wrong with the scenario or a file.
        PlanError: a sealed forecast and what to run.
    """
    if forecast and (scenario or until):
        raise PlanError("--forecast scores what is sealed", hint="it takes no scenario and no --until")
    run: Run | None = None
    if forecast:
        draws = unseal(Path(forecast)) if Path(forecast).is_file() else read_draws(Path(forecast))
    else:
        run = _run(scenario, Path(truth) if truth else None, until, Setup(**how))
        draws = read_draws(run.folder)
    found = score_draws(draws, Path(truth) if truth else None)
    notes = []
    for path, write in ((seal, sealed), (views, as_views), (hub, hubverse)):
        if path:
            attach(Path(path).parent, Path(path).name, partial(write, draws))
            notes.append(f"{path}: {len(draws.values)} draws, digest {draws.digest}")
    return finding(run or Path(str(forecast)), found, notes)


def _run(scenario: AnyScenario | None, truth: Path | None, until: str | None, setup: Setup) -> Run:
    """Run what is not stored yet."""
    (loaded,) = load_all([scenario or usual()], setup.overrides)
    states = dict.fromkeys(load_world(loaded.world, loaded.world_options, scenario_folder() / WORLDS).states)
    last = until or (last_month(truth, list(states)) if truth else None)
    if last:
        months = 12 * (int(last[:4]) - loaded.start.year) + int(last[5:]) - loaded.start.month + 1
        loaded = replace(loaded, years=max(loaded.years, (months + 0.5) / 12))
    loaded = replace(loaded, replicates=setup.replicates or REPLICATES)
    return carry_out("score" + (f"-{last}" if last else ""), [loaded], replace(setup, panel=True))


def finding(run: Run | Path, found: ScoreFinding, notes: Sequence[str] = ()) -> Finding[ScoreFinding]:
    """A table for each level and for what the model knows, then period by period; on every line what the fit has seen."""
    about, words, (period, plural) = found.draws.json, texts("score", "en"), PERIODS[found.step]
    body: list[str | Table] = [
        f"{about['scenario']}: {about['draws']} histories, world {about['world']}, model {about['model_version'][:8]}, "
        f"draws {found.draws.digest[:16]}; against {found.truth}, in {plural}"
    ]
    for level, told in dict.fromkeys((row.level, row.told) for row in found.rows):
        rows = [row for row in found.rows if (row.level, row.told) == (level, told)]
        whole = [row for row in rows if row.periods == rows[0].periods]
        shown = rows if len(rows) - len(whole) <= MOST_LINES else whole
        body.append(Table(f"Homicides by {level} and {period}: {words[told]}", HEADS, [*map(_cells, shown)], "numbers"))
    shows = "Dots: by how much smaller the model's error is than that of forecasts that need no model, with intervals."
    parts = [Part("How well it is known", [*body, words["reading"].format(period=period)], {"score": shows})]
    leaves = not isinstance(run, Path)  # a sealed forecast stays alone
    return Finding(run, "score", found, found.json, parts, draw=lambda: _draw(found), leaves=leaves, notes=notes)


def _draw(found: ScoreFinding) -> Iterator[tuple[str, Figure]]:
    """The model's skill over every other forecaster, all periods together."""
    about, whole = found.draws.json, {(row.level, row.told): row.periods for row in reversed(found.rows)}
    rows = [
        Dot(f"{row.level}, {'a year ahead' if row.told == AHEAD else 'free'}: {row.forecaster}",
            100 * row.skill, 100 * row.skill_low, 100 * row.skill_high)
        for row in found.rows
        if row.periods == whole[row.level, row.told] and not isnan(row.skill)
    ]  # fmt: skip
    if rows:
        said = f"{about['scenario']}: how much smaller the model's CRPS is than each other forecaster's, and the 95 % interval."
        foot = f"Model {about['model_version'][:8]}, world {about['world']}, {about['draws']} histories, against {found.truth}."
        yield "score", dots(rows, "Does the model forecast better than none?", said, "skill of the model, %", foot)


def _cells(row: Row) -> tuple[str, ...]:
    ends = "" if isnan(row.skill_low) else f" ({100 * row.skill_low:+.0f} to {100 * row.skill_high:+.0f})"
    gain = "" if row.forecaster == MODEL or isnan(row.skill) else f"{100 * row.skill:+.0f} %{ends}"
    numbers = f"{row.crps:,.0f}", f"{row.log_crps:.2f}", f"{row.ignorance:.2f}", f"{row.interval:,.0f}", f"{100 * row.inside:.0f} %"
    return f"{row.periods}, {row.seen}", row.forecaster, *numbers, gain

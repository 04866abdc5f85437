"""Reports of results that are no comparison of scenarios: a sweep, a sensitivity analysis, twins, a calibration."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

from sim.analysis import sweep
from sim.analysis.ensemble import gather, paired_only
from sim.analysis.sensitivity import CLOSING as CHANCE
from sim.analysis.sweep import Levels, PointRow, compare_points, read_levels
from sim.analysis.table import CLOSING, opening
from sim.analysis.twins_table import Findings, findings, matrices
from sim.analysis.twins_table import opening as of_twins
from sim.experiment.reading import PLAN, read_arms, read_plan, read_runs, read_series
from sim.experiment.specs import Arm
from sim.experiment.store import attach
from sim.show import passages, remains
from sim.show.figures import FOLDER, source
from sim.show.impulse import publish as impulse_figures
from sim.show.markup import LEFT, NAME, document, paragraphs, pictures_of, table
from sim.show.sweep import publish as sweep_figures

CAMPAIGN = ("set", "truth", "wave-1", "recovery-wave-1", "screen")  # folders of a calibration, the one that says most first
ABSENT = {
    "What decides": "no table is here yet: `cartelitos sensitivity` writes it when its runs are done",
    "What a removal changes": "there was no removal to spare: they count if a year lies before them and three after",
    "What was learned": "the calibration is not finished; the same command goes on",
    "How well it is known": "`cartelitos evidence` scores the model, `cartelitos sensitivity` says which assumptions decide",
}


def publisher(folder: Path) -> Callable[[Path], Path] | None:
    """What writes the page of a folder; None = it is a comparison of scenarios.

    Raises:
        FolderError: not a results folder, or not readable.
    """
    if not (folder / PLAN).exists() and campaign(folder):
        return publish_calibration
    plan = read_plan(folder)
    if plan.get("sweep"):
        return publish_sweep if plan["sweep"].get("usual") else publish_sensitivity
    return publish_twins if plan.get("twins") else None


def campaign(folder: Path) -> list[Path]:
    """The results folders that a calibration has left, the one that says most first."""
    return [folder / name for name in CAMPAIGN if (folder / name / PLAN).exists()]


def publish_sweep(folder: Path) -> Path:
    """Compare the points of a sweep, write comparison.csv, the figures and the page.

    Raises:
        PairingError: no runs to compare.
        FolderError: the plan is damaged.
    """
    plan = read_plan(folder)
    pairs, levels = passages.pairs(folder, plan), read_levels(folder)
    rows = compare_points(levels, pairs)
    attach(folder, "comparison.csv", sweep.to_csv(rows, plan["sweep"]["fields"]))
    return tell_sweep(rows, levels, pairs, folder)


def tell_sweep(rows: Sequence[PointRow], levels: Levels, pairs: Sequence[tuple[Arm, Arm]], folder: Path) -> Path:
    """Draw the figures of points that were compared before, and write their page.

    Args:
        rows: of the comparison, at least one.
        levels: of all runs.
        pairs: design points and their business as usual.
        folder: of the results.
    """
    plan = read_plan(folder)
    fields = plan["sweep"]["fields"]
    drawn = {path.stem: path for path in sweep_figures(rows, levels, pairs, fields, folder) if path.suffix == ".svg"}
    first, *_, last = rows
    parts = {
        "Question": [_points(plan, len(pairs)), *passages.questions(_as_stored(pairs[0]))],
        "What changes": [
            *paragraphs(opening(last.row)[:2]),
            *passages.points(rows, fields, first.row.baseline),
            *paragraphs([CLOSING]),
            *pictures_of(drawn, "sweep"),
        ],
        "How well it is known": [*pictures_of(left(folder), "sensitivity")],
        **_ending(plan, folder, [pair[0].scenario.parameters for pair in pairs]),
    }
    return attach(folder, NAME, document(f"Cartelitos: sweep of {last.row.scenario}", parts, absent=ABSENT))


def publish_sensitivity(folder: Path) -> Path:
    """Write the page of what `sensitivity` left: its tables and figures, by method."""
    plan = read_plan(folder)
    arms = list(read_arms(folder, plan))
    tables = remains.factors(folder)
    parts = {
        "Question": [_points(plan, len(arms)), *passages.questions(_as_stored(arms[:1]))],
        "What decides": [*tables, *paragraphs([CHANCE] if tables else []), *pictures_of(left(folder), "sensitivity")],
        **_ending(plan, folder, [arms[0].scenario.parameters]),
    }
    return attach(folder, NAME, document(f"Cartelitos: what decides in {arms[0].scenario.name}", parts, absent=ABSENT))


def publish_twins(folder: Path) -> Path:
    """Write the page of twins, and draw their figures."""
    plan, found = read_plan(folder), findings(folder)
    arms = list(read_arms(folder, plan))
    if found.pairs:
        series, dropped = paired_only(read_series(folder))
        impulse_figures(found, source(plan, gather(series), dropped), folder)
    parts = {
        "Question": [*paragraphs(["What does the fall of a leader change?"]), *passages.questions(_as_stored(arms))],
        "What a removal changes": [*_removals(found), *pictures_of(left(folder), "twins-")],
        "How well it is known": [*remains.scores(folder)],
        **_ending(plan, folder, [arm.scenario.parameters for arm in arms]),
    }
    return attach(folder, NAME, document(f"Cartelitos: twins of {', '.join(found.pairs) or arms[0].scenario.name}", parts, absent=ABSENT))


def publish_calibration(folder: Path) -> Path:
    """Write the page of a calibration, of its plausible set if it came to one."""
    wave, *_ = campaign(folder)
    plan = read_plan(wave)
    first = next(read_arms(wave, plan))
    posterior = {path.stem: path for path in folder.glob("posterior.svg")}
    asked = "Which values of the fitted parameters agree with the calibration rows? Rows held out were not looked at."
    parts = {
        "Question": [*paragraphs([asked]), *passages.questions(_as_stored([first]))],
        "What was learned": [*remains.plausible(folder), *pictures_of(posterior, "posterior")],
        "How well it is known": [*remains.scores(folder)],
        **_ending(plan, wave, []),
    }
    return attach(folder, NAME, document(f"Cartelitos: calibration of {first.scenario.name}", parts, absent=ABSENT))


def left(folder: Path) -> dict[str, Path]:
    """Figures that other commands than `report` left in the folder, by name."""
    return {path.stem: path for path in sorted((folder / FOLDER).glob("*.svg")) if path.stem.startswith(tuple(LEFT))}


def _ending(plan: Mapping[str, Any], folder: Path, fixed: list[Mapping[str, float]]) -> dict[str, list[str]]:
    """What every page ends with."""
    return {"Limits": [*passages.limits(fixed, read_runs(folder))], "Provenance": [*passages.provenance(plan)]}


def _as_stored(arms: list[Arm] | tuple[Arm, ...]) -> dict[str, dict[str, Any]]:
    return {arm.scenario.name: passages.as_stored(arm) for arm in arms}


def _points(plan: Mapping[str, Any], count: int) -> str:
    swept = plan["sweep"]
    return f"<p>{count:,} design points of {escape(swept['scenario'])}: {escape(', '.join(swept['fields']))} ({swept['method']}).</p>"


def _removals(found: Findings) -> list[str]:
    """The tables of the twins, scenario by scenario."""
    parts: list[str] = []
    for name in found.pairs:
        parts += paragraphs(of_twins(name, found).splitlines())
        parts += [table(matrix.title, matrix.heads, matrix.lines, "numbers") for matrix in matrices(name, found)]
    return parts

"""Score the model against what was observed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Unpack

from matplotlib.figure import Figure

from sim.analysis.csv_text import plain_rows
from sim.analysis.ensemble import gather
from sim.analysis.evidence import (
    WITHOUT,
    Histories,
    Scorecard,
    hindcasts,
    owed,
    read_effects,
    render,
    render_parts,
    scorecard,
    to_csv,
    to_json,
)
from sim.catalogue.evidence import EVIDENCE, Evidence
from sim.experiment.reading import read_genealogy, read_plan, read_runs, read_series
from sim.experiment.switching import switched, without
from sim.scenario import Problem, Scenario, ScenarioError, library
from sim.scenario.evidence_file import read_rows
from sim.scenario.read import shown, text_of
from sim.show.charts.evidence import draw_calibration, draw_scorecard, figure_of
from sim.show.style import simulated
from sim.studies.finding import Finding, Part, Table
from sim.studies.how import AnyScenario, How, Setup, study
from sim.studies.running import Run, carry_out, load_all, pairing

USUAL = ("historical", "baseline")  # what happened; the first that the library has
REPLICATES = 100


@study
def evidence(
    scenario: AnyScenario | None = None,
    *,
    blind: Path | None = None,
    twins: Path | None = None,
    told: AnyScenario | None = None,
    **how: Unpack[How],
) -> Finding[Scorecard]:
    """Score the model against what was observed: pass, near or fail, failures first.

    Runs a scenario (by default what happened) over the plausible set, to the end of the last row. Rows that may be tuned on and
    rows that never were are kept apart. A row passes if the observation, with its stated error, lies in the central 90 % of the
    simulated histories, and these are not wider than the band; it is near if they meet the band. PIT is the share of them below it.
    With a hindcast told of history's removals the same worlds are run once more, and which part of the fall to 2014 and of the rise to
    2018 each explains is said.

    Args:
        scenario: what is scored; by default what happened.
        blind: score the rows of this CSV or TOML file instead of the catalogue's.
        twins: document of `twins --json`: scores the rows about removals.
        told: also a hindcast told of history's removals, judged apart, e.g. history-removals.
        how: how runs are carried out, see `sim.studies.how.How`; 100 worlds if it does not say.

    Raises:
        ScenarioError: everything that is wrong with a scenario, with `blind` or with `twins`.
        PlanError: a metric that a row needs was not recorded.
    """
    setup, known = Setup(**how), list(EVIDENCE.values())
    rows = read_rows(Path(blind)) if blind else known
    effects = _effects(twins) if twins else []
    loaded = load_all([name for name in (scenario or usual(), told) if name], setup.overrides)
    enough, years = reach(loaded[0], known), reach(loaded[0], [*known, *rows])
    loaded = [replace(each, years=years, replicates=setup.replicates or REPLICATES) for each in loaded]
    begin = f"{loaded[0].start:%Y-%m}"
    constants = dict.fromkeys(row.where.removeprefix(WITHOUT) for row in rows if row.where.startswith(WITHOUT) and begin <= row.first)
    loaded += [switched(loaded[0], without(name), {name: 0.0}) for name in constants]
    run = carry_out("evidence" if years == enough else f"evidence-{years:.0f}-years", loaded, setup)
    paired = [row for row in rows if row.where.removeprefix(WITHOUT) in constants]
    metrics = sorted({name for row in rows if row.form not in ("twins", "offspring") or row in paired for name in row.metrics})
    with pairing(run):
        ensemble = gather(read_series(run.folder, metrics))
    every = [Histories(ensemble, number, read_genealogy(run.folder)) for number in range(len(ensemble.arms))]
    histories, off = every[: len(every) - len(constants)], dict(zip(constants, every[len(every) - len(constants) :], strict=True))
    effects = [*effects, *(owed(row, histories[0], off[row.where.removeprefix(WITHOUT)]) for row in paired)]
    card, *apart = (scorecard(rows, own, effects) for own in histories)
    names, count, key = ensemble.arms, ensemble.replicates.size, "evidence-blind" if blind else "evidence"
    ran = read_runs(run.folder).select(["scenario", "family"]).to_pylist()
    families = dict(sorted(Counter(row["family"] for row in ran if row["scenario"] == names[0]).items()))
    document = to_json(card) | {"scenario": names[0], "histories": count, "families": families}
    spread = ", ".join(f"{own} {family or 'failed'}" for family, own in families.items())
    text = f"{names[0]}: {count} histories ({spread} worlds)\n\n{render(card)}"
    for other in apart:
        explained = hindcasts(*histories)
        document["told"] = to_json(other) | {"scenario": names[1], "parts": plain_rows(explained)}
        text += f"\n{names[1]}, told of history's removals and judged apart\n\n{render(other)}\n{render_parts(explained)}"
    shows = "Scorecard: observed and simulated, with tolerance, a line per row of evidence."
    pictures = {key: shows, f"{key}-calibration": shows}
    return Finding(
        run, "evidence", card, document, [Part("How well it is known", [_table(key, document["rows"])], pictures)], text,
        key=key, draw=lambda: _draw(key, card, run, names[0], count), files={f"{key}.csv": to_csv(card)},
    )  # fmt: skip


def _table(key: str, rows: Sequence[Mapping[str, Any]]) -> Table:
    """A line per row of evidence."""
    counts = Counter(row["verdict"] for row in rows)
    caption = f"The model beside what was observed ({key}): {', '.join(f'{n} {verdict}' for verdict, n in counts.items())}"
    lines = [
        [row["title"], row["use"], *("-" if row[name] is None else figure_of(row[name]) for name in ("observed", "simulated")),
         row["verdict"], row["source"]]
        for row in rows
    ]  # fmt: skip
    return Table(caption, ("Row", "use", "observed", "simulated", "verdict", "source"), lines)


def _draw(key: str, card: Scorecard, run: Run, name: str, count: int) -> Iterator[tuple[str, Figure]]:
    """The scorecard, and whether what happened is an ordinary draw."""
    source = simulated(read_plan(run.folder), f"scenario {name}, n = {count} histories")
    yield key, draw_scorecard(card, "What does the model get right?", source)
    yield f"{key}-calibration", draw_calibration(card, "Is what happened an ordinary draw?", source)


def reach(scenario: Scenario, rows: Sequence[Evidence]) -> float:
    """Years that a run must last, to the end of the last row's window; never less than the scenario says, nor beyond 2030."""
    last = max((row.last for row in rows if row.form != "twins"), default="0000-01")
    year, month = int(min(last, "2030-12")[:4]), int(min(last, "2030-12")[5:])
    months = 12 * (year - scenario.start.year) + month - scenario.start.month + 1
    return max(scenario.years, (months + 0.5) / 12)


def usual() -> str:
    """The library scenario that says what happened."""
    return next(name for name in USUAL if name in library())


def _effects(path: Path) -> list[dict[str, Any]]:
    try:
        return read_effects(text_of(Path(path), shown(path)))
    except (ValueError, RecursionError) as error:
        raise ScenarioError([Problem(shown(path), None, "", str(error), "cartelitos twins --json > twins.json")]) from None

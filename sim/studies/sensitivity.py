"""Say how much each parameter and lever decides, and how much of that is noise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, Literal, Unpack

from sim.analysis import country
from sim.analysis.csv_text import csv_text, document
from sim.analysis.sensitivity import CLOSING, SHOWN, Index, beside, indices
from sim.analysis.sweep import read_levels
from sim.catalogue.metrics import METRICS
from sim.experiment.design import sample
from sim.scenario.given import Between
from sim.scenario.sweep import factor_bounds
from sim.show.charts.changes import sensitivity as drawing
from sim.show.charts.evidence import figure_of
from sim.show.charts.sweep import source
from sim.studies.finding import Finding, Part, Table, write_page
from sim.studies.how import How, Metric, Named, Setup, study
from sim.studies.running import load_all, pairing, perform
from sim.studies.sweep import loader

REPLICATES = 4  # a mean over which every point is taken, if nobody says how many
SIZE = {"morris": 10, "sobol": 64}


@study
def sensitivity(
    scenario: Named = "baseline",
    *,
    vary: Sequence[str] = (),
    method: Literal["morris", "sobol"] = "morris",
    size: Annotated[int, Between(2, 1_000_000)] | None = None,
    metrics: Sequence[Metric] = (),
    **how: Unpack[How],
) -> Finding[Sequence[Index]]:
    """Say how much each parameter and lever decides, and how much of that is noise.

    Every design point is the mean of several replicates (4 if not said otherwise). A dummy that changes only which worlds and luck
    the replicates get shows what chance does. Needs (factors + 2) points per trajectory, (factors + 3) per base sample. The same call
    resumes; other methods and sizes use the runs that are there. Leaves sensitivity-<method>.csv, a figure and report.html.

    Args:
        scenario: a name of the library or a path.
        vary: a parameter or a lever, NAME or NAME=LOW:HIGH; bounds from the catalogue if none are given, by default every parameter that
            is sampled.
        method: screening, or shares.
        size: trajectories of Morris, base samples of Sobol; by default 10 and 64.
        metrics: what is explained; by default five headline metrics.
        how: how runs are carried out, see `sim.studies.how.How`.

    Raises:
        ScenarioError: everything that is wrong with the scenario or what is varied.
        PairingError: fewer than two whole trajectories or base samples have succeeded.
    """
    setup = Setup(**how)
    (written,) = load_all([scenario], setup.overrides)
    seed = written.seed if setup.seed is None else setup.seed
    drawn = sample(method, factor_bounds(vary), size or SIZE[method], seed, loader(scenario, setup.overrides))
    plan = drawn.plan(setup.replicates or REPLICATES, seed, written)
    note = f"{len(drawn.bounds)} factors, {len(drawn.rows):,} points, {len(plan.arms):,} of them distinct"
    run = perform(plan, setup.home(f"sensitivity-{written.name}"), setup, notes=[note])
    numbered = {arm.digest: arm for arm in run.plan.arms}
    drawn = replace(drawn, arms=[numbered[arm.digest] for arm in drawn.arms])
    told = metrics or SHOWN
    with pairing(run):
        found = indices(drawn, read_levels(run.folder, told), told, run.plan.seed % 2**32)
    tables = [_table([row for row in found if row.metric == metric]) for metric in dict.fromkeys(row.metric for row in found)]
    shows = "Bars: how much of an outcome's spread each parameter explains, with the noise floor."
    key = f"sensitivity-{method}"
    said = [Part("What decides", [*tables, *([CLOSING] if tables else [])], {key: shows})]
    return Finding(
        run, "sensitivity", found, document(found), said, key=key, files={f"{key}.csv": csv_text(Index._fields, found)},
        draw=lambda: [(key, drawing(found, source(run.folder, run.plan.arms)))] if found else (),
        page=lambda: write_page(run.folder, run.folder),
    )  # fmt: skip


def _table(rows: Sequence[Index]) -> Table:
    """One metric, the strongest factor first."""
    metric, morris = METRICS[rows[0].metric], rows[0].method == "morris"
    unit = country.in_currency(metric.unit) + " a year" * metric.yearly
    heads = (f"mu*, {unit}", "+-", "sigma", "% of level") if morris else ("total index", "+-", "first order")
    lines = []
    for row in sorted(rows, key=lambda row: -row.value):
        cells = (row.value, row.half, row.second, row.percent)[: len(heads)]
        said = beside(row.factor, row.above, row.needed)
        lines.append([row.factor, *("-" if cell is None else figure_of(cell) for cell in cells), said])
    caption = f"{country.title(rows[0].metric)}: {rows[0].n} {'trajectories' if morris else 'base samples'}"
    return Table(caption, ("Factor", *heads, "beside chance"), lines, "numbers")

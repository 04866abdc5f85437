"""All figures of a results folder, as PNG and SVG."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from matplotlib import rc_context
from matplotlib.figure import Figure

from sim.analysis.ensemble import Ensemble, Window, first_arm, gather, on_one_calendar, paired_only
from sim.analysis.paired import Row, compare
from sim.analysis.worlds import Worlds, worlds
from sim.experiment.reading import read_events, read_genealogy, read_plan, read_runs, read_series
from sim.experiment.store import attach
from sim.experiment.switching import switched_names
from sim.show.causes import CAUSES, causes
from sim.show.forest import forest
from sim.show.genealogy import genealogy
from sim.show.outcomes import outcomes
from sim.show.plane import plane
from sim.show.shares import shares
from sim.show.style import RC, replicates

FOLDER = "figures"
DPI = 150
OPTIONS: dict[str, dict[str, Any]] = {
    "png": {"metadata": {"Software": None}, "pil_kwargs": {"compress_level": 3}},
    "svg": {"metadata": {"Date": None}},
}
MOST_ARMS = 12  # beyond, figures that show every arm cannot be read


class Results(NamedTuple):
    """What a results folder says, read once.

    Attributes:
        plan: `plan.json`.
        usual: the arm that is business as usual.
        ensemble: runs of the replicates that every arm has.
        rows: the paired comparison.
        dropped: replicates left out because some arm lacks them.
        events: of all runs.
        genealogy: of all runs.
        runs: a row per run.
        worlds: in how many worlds each policy does better.
        apart: arms whose months are others than those of business as usual, so that no pair can be made, one by one.
    """

    plan: dict[str, Any]
    usual: str
    ensemble: Ensemble
    rows: list[Row]
    dropped: tuple[int, ...]
    events: pa.Table
    genealogy: pa.Table
    runs: pa.Table
    worlds: list[Worlds]
    apart: Sequence[Ensemble] = ()

    @property
    def source(self) -> str:
        """The line under every figure: program, world, months, replicates."""
        return source(self.plan, self.ensemble, self.dropped)


def source(plan: dict[str, Any], ensemble: Ensemble, dropped: Sequence[int] = (), count: int | None = None) -> str:
    """What a figure rests on: program, world, months, replicates (`count`, if other than the ensemble's), those that were left out."""
    worlds = ", ".join(dict.fromkeys(arm["world"] for arm in plan["arms"] if "like" not in arm))
    first, last = ensemble.months[[0, -1]]
    out = f" ({len(dropped)} incomplete left out)" if dropped else ""
    return (
        f"Simulated with cartelitos {plan['versions']['sim']}, model {plan['model_version'][:8]}, "
        f"world {worlds}, {first} to {last}, n = {replicates(count or ensemble.replicates.size)} per scenario{out}."
    )


def read(folder: Path, usual: str | None = None, window: Window | None = None) -> Results:
    """Read a results folder and compare its scenarios.

    Args:
        folder: of the results.
        usual: business as usual; None = the plan's first scenario. Arms with other months are set apart, those in which some
            response of the model is switched off are left out.
        window: of the comparison; None = the whole run.

    Raises:
        PairingError: nothing that can be compared.
        FolderError: not a results folder.
    """
    plan = read_plan(folder)
    series = read_series(folder)
    off = switched_names(series.column("scenario").unique().to_pylist())
    series = series.filter(pc.invert(pc.is_in(series.column("scenario"), pa.array(off, pa.string()))))
    usual = usual or first_arm(plan, series)
    series, apart = on_one_calendar(series, usual)
    series, dropped = paired_only(series)
    runs, ensemble = read_runs(folder), gather(series)
    rows = compare(series, usual, window=window, runs=runs)
    counted = list(worlds(ensemble, usual, window))
    return Results(plan, usual, ensemble, rows, dropped, read_events(folder), read_genealogy(folder), runs, counted, apart)


def write(results: Results, folder: Path) -> list[Path]:
    """Draw the figures of results that were read before."""
    return [path for name, figure in draw(results) for path in save(folder, name, figure)]


def save(folder: Path, name: str, figure: Figure) -> list[Path]:
    """Keep one figure in a results folder, as PNG and SVG."""
    return [attach(folder, f"{FOLDER}/{name}.{kind}", encode(figure, kind)) for kind in ("png", "svg")]


def draw(results: Results) -> Iterator[tuple[str, Figure]]:
    """Names and figures; what lacks a table, a policy to compare, or room for a big sweep is left out."""
    ensemble, usual, source = results.ensemble, results.usual, results.source
    if len(ensemble.arms) <= MOST_ARMS:
        yield "outcomes", outcomes(ensemble, usual, source)
        if any(name in ensemble.metrics for name, *_ in CAUSES):
            yield "causes", causes(ensemble, usual, source)
    if 1 < len(ensemble.arms) <= MOST_ARMS:
        yield "trade_off", plane(results.rows, usual, source)
        yield "differences", forest(results.rows, usual, source)
        if results.worlds:
            yield "worlds", shares(results.worlds, usual, source)
    if results.genealogy.num_rows:
        run = ensemble.run_id(ensemble.arm(usual), 0)
        lineage, events = (_of_run(table, run) for table in (results.genealogy, results.events))
        caption = f"{usual}, replicate {ensemble.replicates[0]}"
        end = (ensemble.months[-1] + np.timedelta64(1, "M")).astype("datetime64[D]")
        yield "genealogy", genealogy(lineage, events, end, caption, source)


def encode(figure: Figure, kind: str) -> bytes:
    """A figure as "png" or "svg"; the same figure gives the same bytes."""
    buffer = BytesIO()
    with rc_context(RC):
        figure.savefig(buffer, format=kind, dpi=DPI, **OPTIONS[kind])
    return buffer.getvalue()


def _of_run(table: pa.Table, run: str) -> pa.Table:
    """The rows of one run; none if the table is empty."""
    return table.filter(pc.equal(table.column("run_id"), run)) if table.num_rows else table

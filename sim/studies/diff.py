"""Set two results folders beside each other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from matplotlib.figure import Figure

from sim.analysis import country
from sim.analysis.diff import Difference, differences
from sim.catalogue.metrics import HEADLINE
from sim.experiment.reading import read_plan
from sim.show.charts.changes import Dot, dots
from sim.studies.finding import Finding, Part, Table
from sim.studies.how import Metric, Window, study


@study
def diff(first: Path, second: Path, *, metrics: Sequence[Metric] = (), window: Window | None = None) -> Finding[Difference]:
    """Set two results folders beside each other: another version of the model, another set of worlds, another assumption.

    Scenarios of the same name are compared; where replicates share their seeds, in the same worlds with the same luck.

    Args:
        first: a results folder.
        second: another.
        metrics: an outcome to compare; by default the headline ones.
        window: first and last month that count; by default the whole run.

    Raises:
        FolderError: one of them is not a results folder.
        PairingError: they have no scenario in common, or other months.
    """
    country.tell_of(read_plan(Path(second)))
    found = differences(Path(first), Path(second), metrics or HEADLINE, window)
    heads = ("Scenario and outcome", "first", "second", "difference, %", "effect: first", "second")
    table = Table("Means, flows as rates a year; effects against business as usual in %", heads, [*found.lines()], "numbers")
    shows = "Dots: by how much every outcome of every scenario differs in the second folder, with its interval."
    said = [Part("What differs", [*found.opening(), table], {"diff": shows})]
    return Finding(Path(second), "diff", found, found.json, said, draw=lambda: _draw(found), leaves=False)


def _draw(found: Difference) -> Iterator[tuple[str, Figure]]:
    """A row per scenario and outcome that can be told in percent."""
    first, second = found.folders
    rows = [
        Dot(f"{gap.scenario}: {country.title(gap.metric)}", gap.percent, *(
            None if end is None or not gap.first else 100 * end / abs(gap.first) for end in (gap.low, gap.high)
        ))
        for gap in found.gaps
        if gap.percent is not None
    ]  # fmt: skip
    if rows:
        said = f"{second} against {first}: change of the mean, and its 95 % interval."
        foot = f"Simulated with cartelitos: {first}, {second}."
        yield "diff", dots(rows, "What differs between two results?", said, "difference, %", foot)

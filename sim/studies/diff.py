"""Set two results folders beside each other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import isfinite, nan, sqrt
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow.compute as pc
from matplotlib.figure import Figure
from scipy.special import stdtrit

from sim.analysis import country
from sim.analysis.ensemble import Ensemble, PairingError, gather, own_arms, paired_only
from sim.analysis.paired import Array, contrast
from sim.analysis.table import MISSING, quantity, signed
from sim.catalogue.metrics import HEADLINE, METRICS
from sim.experiment.reading import read_plan, read_runs, read_series
from sim.show.charts.changes import Dot, dots
from sim.studies.finding import Finding, Part, Table
from sim.studies.how import Metric, Window, study

SAME = ("model_version", "seed", "replicates")  # of a plan, that is said where it differs


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


class Gap(NamedTuple):
    """One scenario and metric in two folders: flows as rates a year, stocks as means over the window."""

    scenario: str
    metric: str
    first: float
    second: float
    difference: float
    low: float | None  # 95 % interval; None where it is unknown
    high: float | None
    percent: float | None
    effect_first: float | None  # change against business as usual in percent, in each folder
    effect_second: float | None


class Difference(NamedTuple):
    """What differs between two results folders."""

    folders: tuple[str, str]  # their paths
    setting: tuple[str, ...]  # what differs in how they came about, one sentence each
    paired: bool  # whether replicates share their seeds, so that worlds and luck are the same
    gaps: tuple[Gap, ...]  # by scenario that both have, and metric

    @property
    def json(self) -> dict[str, Any]:
        """The `--json` document."""
        head = {"schema": 1, "folders": list(self.folders), "setting": list(self.setting), "paired": self.paired}
        return head | {"rows": [gap._asdict() for gap in self.gaps]}

    def opening(self) -> Iterator[str]:
        """What differs, in sentences."""
        clear = [gap for gap in self.gaps if gap.low is not None and gap.high is not None and (gap.low > 0 or gap.high < 0)]
        first, second = self.folders
        exact = all(gap.difference == 0 for gap in self.gaps)
        if exact:
            yield f"{second} says exactly what {first} says: no headline outcome differs of any scenario that both have."
        elif clear:
            largest = max(clear, key=lambda gap: abs(gap.percent or 0.0))
            change = MISSING if largest.percent is None else f"{signed(largest.percent)} %"
            most = f"{country.title(largest.metric).lower()} under {largest.scenario}: {change}"
            yield f"{len(clear)} of {len(self.gaps)} outcomes differ by more than chance; most, {most}."
        else:
            yield "No outcome differs by more than chance would make it."
        flips = [gap for gap in self.gaps if gap.effect_first and gap.effect_second and gap.effect_first * gap.effect_second < 0]
        if flips:
            named = ", ".join(f"{gap.scenario}: {country.title(gap.metric)}" for gap in flips)
            yield f"The sign of a policy's effect is another one for {named}."
        yield from self.setting
        yield "Replicates share worlds and luck: differences are paired." if self.paired else "Seeds differ: worlds are not the same ones."

    def lines(self) -> Iterator[list[str]]:
        """A row of texts per scenario and metric: name, both levels, difference in percent with its interval, both effects in percent."""
        for gap in self.gaps:
            span = ""
            if gap.low is not None and gap.high is not None and gap.first:
                span = f" ({signed(100 * gap.low / abs(gap.first))} to {signed(100 * gap.high / abs(gap.first))})"
            change, *effects = (MISSING if each is None else signed(each) for each in (gap.percent, gap.effect_first, gap.effect_second))
            levels = (quantity(level, METRICS[gap.metric].unit) for level in (gap.first, gap.second))
            yield [f"{gap.scenario}: {country.title(gap.metric)}", *levels, change + span, *effects]


def differences(first: Path, second: Path, metrics: Sequence[str] = HEADLINE, window: Window | None = None) -> Difference:
    """Set two results folders beside each other; metrics that one of them lacks are left out. No window = the whole run.

    Raises FolderError: one of them is not a results folder; PairingError: they have no scenario in common, or other months.
    """
    plans = [read_plan(folder) for folder in (first, second)]
    found = [gather(paired_only(own_arms(read_series(folder)))[0]) for folder in (first, second)]
    shared = [name for name in found[0].arms if name in found[1].arms]
    if not shared:
        raise PairingError(f"no scenario in common: {', '.join(found[0].arms)} here, {', '.join(found[1].arms)} there")
    if not np.array_equal(found[0].months, found[1].months) and window is None:
        raise PairingError("other months; --window says which of them to compare")
    seeds = [_seeds(folder) for folder in (first, second)]
    both = sorted(seeds[0].keys() & seeds[1].keys())
    paired = bool(both) and all(seeds[0][each] == seeds[1][each] for each in both)
    told = [metric for metric in metrics if all(metric in each.metrics for each in found)]
    gaps = [gap for metric in told for gap in _gaps(found, shared, metric, window, paired=paired)]
    alone = [(folder, [name for name in each.arms if name not in shared]) for folder, each in zip((first, second), found, strict=True)]
    left_out = [f"Only {folder} has {', '.join(names)}: left out." for folder, names in alone if names]
    order = sorted(gaps, key=lambda gap: shared.index(gap.scenario))
    return Difference((str(first), str(second)), (*left_out, *_setting(plans, shared)), paired, tuple(order))


def _gaps(found: Sequence[Ensemble], shared: Sequence[str], metric: str, window: Window | None, *, paired: bool) -> Iterator[Gap]:
    levels = [each.level(metric, each.within(window), yearly=True) for each in found]
    for name in shared:
        own = [level[each.arm(name)] for each, level in zip(found, levels, strict=True)]
        usual = [level[each.arm(shared[0])] for each, level in zip(found, levels, strict=True)]
        if not all(np.isfinite(values).any() for values in own):
            continue
        first, second = (float(np.nanmean(values)) for values in own)
        base = [float(np.nanmean(values)) for values in usual]
        effects = [None if name == shared[0] else _percent(*pair) for pair in zip((first, second), base, strict=True)]
        gap, half = _difference(found, own, paired=paired)
        low, high = (gap - half, gap + half) if isfinite(half) else (None, None)
        yield Gap(name, metric, first, second, gap, low, high, _percent(first + gap, first), effects[0], effects[1])


def _difference(found: Sequence[Ensemble], own: Sequence[Array], *, paired: bool) -> tuple[float, float]:
    """The second mean less the first, of replicates that both have if they are paired; and half its 95 % interval."""
    if not paired:
        return float(np.nanmean(own[1]) - np.nanmean(own[0])), _apart(*own)
    both = np.intersect1d(found[0].replicates, found[1].replicates)
    first, second = (values[np.searchsorted(each.replicates, both)] for each, values in zip(found, own, strict=True))
    said = contrast(second, first, "neither")
    return float(np.nanmean(second - first)), nan if said is None else said.high - said.difference


def _apart(first: Array, second: Array) -> float:
    """Half the 95 % interval of a difference of means of different worlds (Welch)."""
    parts = [(values.var(ddof=1) / values.size, values.size) for values in (first, second) if values.size > 1]
    if len(parts) < 2 or not (error := sum(part for part, _ in parts)):
        return nan
    freedom = error**2 / sum(part**2 / (size - 1) for part, size in parts)
    return float(stdtrit(freedom, 0.975) * sqrt(error))


def _percent(value: float, reference: float) -> float | None:
    return 100 * (value - reference) / abs(reference) if reference else None


def _seeds(folder: Path) -> dict[int, int]:
    runs = read_runs(folder)
    own = runs.filter(pc.equal(runs.column("status"), "ok"))
    return dict(zip(own.column("replicate").to_pylist(), own.column("seed").to_pylist(), strict=True))


def _setting(plans: Sequence[dict[str, Any]], shared: Sequence[str]) -> Iterator[str]:
    first, second = plans
    for key in SAME:
        if first[key] != second[key]:
            yield f"{key.replace('_', ' ')}: {first[key]} and {second[key]}."
    arms = [{arm["name"]: arm for arm in reversed(plan["arms"])} for plan in plans]
    other = [name for name in shared if name in arms[0] and name in arms[1] and arms[0][name]["digest"] != arms[1][name]["digest"]]
    if other:
        yield f"What they ask differs too: {', '.join(other)}."

"""What removals do, read from twin worlds: the difference between a world and its twin in which that one leader lives.

Effects are relative to the twin: (sum over removals of what happened) / (sum of what would have happened) - 1, with the error of a
ratio estimator over worlds, because removals in one world are not independent.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import isnan
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa

from sim.analysis.paired import Array, contrast

WHERE = ("place", "same cartel", "neighbours", "elsewhere")
COUNTRY = "country"
FIRST_MONTH, LAST_MONTH = -11, 36
WINDOWS: Mapping[str, slice] = {"1-6": slice(12, 18), "7-12": slice(18, 24), "13-36": slice(24, 48)}  # months since the removal
CONTESTED = 50  # percent of the favourite's chance that the runner-up has in a contested succession (ASSUMED)
LARGE = 1000  # members of a large cartel (ASSUMED)
METRICS: Mapping[str, str] = {
    "organised_homicides": "homicides of organised crime", "other_homicides": "other homicides", "homicides": "all homicides",
    "predation_revenue_usd": "predation", "groups_present": "groups present", "members": "members",
}  # fmt: skip

STOCKS = ("groups_present", "members")
RANKS = ("kingpins", "lieutenants", "extraditions of captives")
EVERYWHERE = (*WHERE, COUNTRY)

Mask = np.ndarray[Any, np.dtype[np.bool_]]


class Effect(NamedTuple):
    """Removals of one kind, one place and window; shares and relative effects as fractions, None = undefined."""

    scenario: str
    situation: str
    where: str
    months: str
    metric: str
    n: int  # removals
    relative: float | None  # of sums
    low: float | None  # its 95 % interval
    high: float | None
    share_up: float  # of removals after which there was more than in the twin
    share_down: float
    difference: float  # mean per removal; a flow summed over the window, a stock averaged
    median: float | None  # of the single removals' relative effects; 80 % of them lie between the next two
    tenth: float | None
    ninetieth: float | None


@dataclass(frozen=True)
class Pairs:
    """Spared removals of one scenario: N of them, 48 months from FIRST_MONTH to LAST_MONTH."""

    world: Array  # replicate of each, (N,)
    about: Mapping[str, Any]  # columns of the removals table, (N,) each
    truth: Mapping[str, Array]  # metric -> what happened, (N, 4, 48) by WHERE and month; nan where there is no such place
    spared: Mapping[str, Array]  # the same in the twins

    def __len__(self) -> int:
        return int(self.world.size)

    def series(self, metric: str, where: str) -> tuple[Array, Array]:
        """What happened and what happened in the twins at one of WHERE or in the whole COUNTRY, (N, 48) each."""
        if where == COUNTRY:
            return np.nansum(self.truth[metric], axis=1), np.nansum(self.spared[metric], axis=1)
        at = WHERE.index(where)
        return self.truth[metric][:, at], self.spared[metric][:, at]


def gather(removals: pa.Table, twins: pa.Table) -> dict[str, Pairs]:
    """Arrange the tables of an experiment by scenario; scenarios without a removal are left out."""
    found = {}
    for scenario in removals.column("scenario").unique().to_pylist():
        rows, months = (table.filter(pa.compute.equal(table.column("scenario"), scenario)) for table in (removals, twins))
        about = {name: rows.column(name).to_numpy(zero_copy_only=False) for name in rows.column_names}
        keys = {key: i for i, key in enumerate(zip(about["replicate"], about["removal"], strict=True))}
        replicate, removal = (months.column(name).to_numpy() for name in ("replicate", "removal"))
        at = (
            np.array([keys[key] for key in zip(replicate, removal, strict=True)], np.int64),
            np.array([WHERE.index(where) for where in months.column("where").to_pylist()], np.int64),
            months.column("month").to_numpy() - FIRST_MONTH,
        )

        def cube(name: str, at: Any = at, months: pa.Table = months, size: int = len(rows)) -> Array:  # noqa: ANN401
            values = np.full((size, len(WHERE), LAST_MONTH - FIRST_MONTH + 1), np.nan)
            values[at] = months.column(name).to_numpy()
            return values

        found[scenario] = Pairs(about["replicate"], about, _metrics(cube, ""), _metrics(cube, "_spared"))
    return found


def _metrics(cube: Callable[[str], Array], suffix: str) -> dict[str, Array]:
    homicides, organised = cube(f"homicides{suffix}"), cube(f"organised{suffix}")
    return {
        "organised_homicides": organised, "other_homicides": homicides - organised, "homicides": homicides,
        "predation_revenue_usd": cube(f"taken_usd{suffix}"), "groups_present": cube(f"groups{suffix}"), "members": cube(f"members{suffix}"),
    }  # fmt: skip


def situations(pairs: Pairs) -> dict[str, Mask]:
    """Which removals belong to each situation: by rank, and those of kingpins by mode, succession, war and size."""
    rank, mode, side = (pairs.about[name] for name in ("rank", "mode", "side"))
    members, contested = pairs.about["members"], np.asarray(pairs.about["contested"], np.float64)
    kingpin = rank == "kingpin"
    return {
        "kingpins": kingpin,
        "lieutenants": rank == "lieutenant",
        "extraditions of captives": rank == "captive",
        "capture": kingpin & (mode == "capture"),
        "killing": kingpin & (mode == "killing"),
        "extradition": kingpin & (mode == "extradition"),
        "surrender": kingpin & (mode == "surrender"),
        "contested succession": kingpin & (contested >= CONTESTED),
        "clear succession": kingpin & (contested > 0) & (contested < CONTESTED),
        "no rival lieutenant": kingpin & (contested == 0),
        "weak side of its wars": kingpin & (side == "weak"),
        "strong side of its wars": kingpin & (side == "strong"),
        "not at war": kingpin & (side == "peace"),
        "large cartel": kingpin & (members >= LARGE),
        "small cartel": kingpin & (members < LARGE),
    }


def effects(found: Mapping[str, Pairs]) -> list[Effect]:
    """All effects: kingpins, lieutenants and captives everywhere, the other situations at the place of removal."""
    return [
        row
        for scenario, pairs in found.items()
        for situation, chosen in situations(pairs).items()
        for where in (EVERYWHERE if situation in RANKS else WHERE[:1])
        for metric in METRICS
        if where != COUNTRY or metric not in STOCKS
        for months in WINDOWS
        if (row := effect(pairs, (scenario, situation, where, months, metric), chosen)) is not None
    ]


def effect(pairs: Pairs, names: tuple[str, str, str, str, str], chosen: Mask) -> Effect | None:
    """One effect, named by its first five fields, from chosen removals, (N,); None without a removal that has such a place."""
    _, _, where, months, metric = names
    window = WINDOWS[months]
    truth, spared = (series[chosen, window].sum(axis=1) for series in pairs.series(metric, where))
    defined = np.isfinite(truth)
    truth, spared, world = truth[defined], spared[defined], pairs.world[chosen][defined]
    if not truth.size:
        return None
    single = truth[spared > 0.0] / spared[spared > 0.0] - 1.0
    spread = [float(value) for value in np.percentile(single, (50, 10, 90))] if single.size else [None] * 3
    per = window.stop - window.start if metric in STOCKS else 1
    shares = float((truth > spared).mean()), float((truth < spared).mean())
    return Effect(*names, truth.size, *ratio(truth, spared, world), *shares, float((truth - spared).mean()) / per, *spread)


def ratio(truth: Array, spared: Array, world: Array) -> tuple[float | None, float | None, float | None]:
    """Ratio of sums less one and its 95 % interval, from the sums of every world."""
    _, number = np.unique(world, return_inverse=True)
    happened, would = (np.asarray(np.bincount(number, values), np.float64) for values in (truth, spared))
    found = contrast(happened, would, "less")
    assert found is not None
    values = (found.percent, found.percent_low, found.percent_high)
    relative, low, high = (None if isnan(value) else value / 100.0 for value in values)
    return relative, low, high


def impulse(pairs: Pairs, chosen: Mask, where: str, step: int = 3, metric: str = "organised_homicides") -> tuple[Array, Array]:
    """Middle of every `step` months since the removal, (T,), and relative effect, low, high of a metric, (3, T); nan where undefined."""
    truth, spared = (series[chosen].reshape(chosen.sum(), -1, step).sum(axis=2) for series in pairs.series(metric, where))
    defined = np.isfinite(truth[:, 0])
    world = pairs.world[chosen][defined]
    found = [ratio(a, b, world) if world.size else (None,) * 3 for a, b in zip(truth[defined].T, spared[defined].T, strict=True)]
    middle = FIRST_MONTH - 1 + step * (np.arange(len(found)) + 0.5)
    values = np.array([[np.nan if value is None else value for value in row] for row in found], np.float64)
    return np.asarray(middle, np.float64), values.T

"""What a lesson's runs say, small enough to lie beside the lesson: changes by year, and one number per world for the paired comparison.

Of the curve that pupils draw every world's years are kept as well.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from math import isfinite
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.analysis.ensemble import Ensemble, paths
from sim.analysis.paired import Array, Contrast, contrast
from sim.catalogue.metrics import METRICS
from sim.scenario import Scenario
from sim.scenario.lesson import COST, DRAWN, Lesson, Verdict, arm_id

SCHEMA = 2
LEVELS = (5.0, 50.0, 95.0)  # percent of worlds
DIGITS = 5  # significant, of every number that is kept
SHARE = "share"  # the unit whose change is told in points: "20 % more" of a share can be heard in two ways


class Findings(NamedTuple):
    """The results of a lesson."""

    model_version: str  # that made them
    world: str  # that was simulated
    digest: str  # of business as usual, its world's tables included
    seed: int  # of the experiment
    years: NDArray[np.int64]  # (Y,)
    # arm -> metric -> LEVELS over worlds of its change by year, (3, Y), in percent of what business as usual is on average in that year; of
    # a share in points. Business as usual has none
    bands: Mapping[str, Mapping[str, Array]]
    worlds: Mapping[str, Mapping[str, Array]]  # arm -> metric -> yearly mean (of a stock: mean) of every world, (R,)
    paths: Mapping[str, Array]  # arm -> yearly values of DRAWN in every world, (R, Y)
    usual: Mapping[str, str]  # arm -> business as usual under its assumptions
    # mixes that were searched: `change` in percent by metric, `levers`: how much more from which day, `best`: none is better
    front: Sequence[Mapping[str, Any]] = ()

    @property
    def pairs(self) -> int:
        """Worlds, each with and without."""
        return next(iter(next(iter(self.worlds.values())).values())).size

    def change(self, arm: str, metric: str) -> Contrast:
        """An arm against business as usual under its assumptions, over the whole run."""
        found = contrast(self.worlds[arm][metric], self.worlds[self.usual[arm]][metric], METRICS[metric].better)
        assert found is not None, f"{metric} is defined in no world"
        return found

    def moved(self, arm: str, metric: str) -> tuple[float, float, float]:
        """Mean change and its 95 % interval: in percent of business as usual, of a share in points."""
        found = self.change(arm, metric)
        if METRICS[metric].unit == SHARE:
            return 100.0 * found.difference, 100.0 * found.low, 100.0 * found.high
        return found.percent, found.percent_low, found.percent_high

    def each(self, arm: str, metric: str) -> Array:
        """The same change in every world, (R,); nan where business as usual is zero."""
        own, base = self.worlds[arm][metric], self.worlds[self.usual[arm]][metric]
        if METRICS[metric].unit == SHARE:
            return np.asarray(100.0 * (own - base))
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.asarray(np.where(base == 0.0, np.where(own == 0.0, 0.0, np.nan), 100.0 * (own - base) / np.abs(base)))

    def verdict(self, arm: str, metric: str) -> Verdict:
        """Which way the mean goes, as far as the 95 % interval tells."""
        found = self.change(arm, metric)
        return "up" if found.low > 0.0 else "down" if found.high < 0.0 else "unclear"

    def cost(self, arm: str) -> float:
        """Extra cost, US$ a year at mid prices."""
        return self.change(arm, COST).difference


def findings(lesson: Lesson, ensemble: Ensemble, model_version: str, usual: Scenario, seed: int) -> Findings:
    """Boil the runs of a lesson down, every arm under its id, rounded as `to_json` keeps it. Raises PairingError: an arm has no runs."""
    whole, years = ensemble.within(None), np.array([], np.int64)
    bands: dict[str, dict[str, Array]] = {}
    worlds: dict[str, dict[str, Array]] = {}
    drawn: dict[str, Array] = {}
    usual_of = _usual(lesson)
    rows = {arm_id(arm): ensemble.arm(arm_id(arm)) for arm in lesson.arms}
    for metric in lesson.metrics:
        times, values = paths(ensemble, metric, "year")
        levels = ensemble.level(metric, whole, yearly=True)
        years = times.astype("datetime64[Y]").astype(np.int64) + 1970
        for arm, row in rows.items():
            bands.setdefault(arm, {})
            if metric in lesson.outline.outcomes and usual_of[arm] != arm:
                bands[arm][metric] = _rounded(_quantiles(_by_year(values[row], values[rows[usual_of[arm]]], metric)))
            if metric == DRAWN:
                drawn[arm] = _rounded(values[row])
            worlds.setdefault(arm, {})[metric] = _rounded(levels[row])
    return Findings(model_version, usual.world, usual.digest(), seed, years, bands, worlds, drawn, usual_of)


def to_json(found: Findings, lesson: Lesson) -> str:
    """The text of the results file, a line per arm and metric."""
    head: dict[str, Any] = {"schema": SCHEMA, "lesson": lesson.name, "model_version": found.model_version, "world": found.world}
    head |= {"digest": found.digest, "seed": found.seed, "pairs": found.pairs, "years": found.years.tolist()}
    head |= {"front": [*found.front]} if found.front else {}
    lines = [f" {json.dumps(key)}: {json.dumps(value)}," for key, value in head.items()]
    own = {arm: ",\n".join(_metrics(found, arm)) for arm in found.worlds}
    arms = ",\n".join(f"  {json.dumps(arm)}: {{\n{rows}\n  }}" for arm, rows in own.items())
    return "\n".join(["{", *lines, ' "arms": {', arms, " }", "}"]) + "\n"


def from_json(text: str, lesson: Lesson) -> Findings:
    """What `to_json` wrote. Raises ValueError: it is of another layout or shape, or of other arms or metrics than the lesson has now."""
    try:
        said = json.loads(text)
        if said["schema"] != SCHEMA:
            raise ValueError(f"layout {said['schema']}; this version reads layout {SCHEMA}")
        arms: Mapping[str, Any] = said["arms"]
        wanted = {arm_id(arm): set(lesson.metrics) for arm in lesson.arms}
        if {arm: set(metrics) for arm, metrics in arms.items()} != wanted or said["pairs"] != lesson.outline.pairs:
            raise ValueError("other arms, metrics or pairs than the lesson has now")
        bands = {arm: {m: np.array(row["bands"], float) for m, row in own.items() if "bands" in row} for arm, own in arms.items()}
        worlds = {arm: {m: np.array(row["worlds"], float) for m, row in own.items()} for arm, own in arms.items()}
        drawn = {arm: np.array(own[DRAWN]["years"], float) for arm, own in arms.items()}
        years = np.array(said["years"], np.int64)
        shapes = {found.shape for own in bands.values() for found in own.values()}
        sizes = {found.shape for own in worlds.values() for found in own.values()}
        if years.ndim != 1 or not years.size or shapes != {(len(LEVELS), years.size)} or sizes != {(said["pairs"],)}:
            raise ValueError("its numbers are not one for each year and world")
        about = (said["model_version"], said["world"], said["digest"], said["seed"], years)
        return Findings(*about, bands, worlds, drawn, _usual(lesson), said.get("front", ()))
    except (KeyError, TypeError, AttributeError, OverflowError, RecursionError) as error:
        raise ValueError(f"not the results of a lesson ({error})") from None


def _metrics(found: Findings, arm: str) -> Iterator[str]:
    for metric, worlds in found.worlds[arm].items():
        row: dict[str, Any] = {"worlds": _plain(worlds)}
        if metric in found.bands[arm]:
            row["bands"] = [_plain(line) for line in found.bands[arm][metric]]
        if metric == DRAWN:
            row["years"] = [_plain(line) for line in found.paths[arm]]
        yield f"   {json.dumps(metric)}: {json.dumps(row)}"


def _usual(lesson: Lesson) -> dict[str, str]:
    return {arm_id(arm): lesson.usual(arm) for arm in lesson.arms}


def _quantiles(values: Array) -> Array:
    """LEVELS over worlds, (3, Y) of (R, Y); worlds in which a year is undefined do not count."""
    found = np.full((len(LEVELS), values.shape[1]), np.nan)
    for year, column in enumerate(values.T):
        defined = column[np.isfinite(column)]
        if defined.size:
            found[:, year] = np.percentile(defined, LEVELS)
    return found


def _by_year(own: Array, base: Array, metric: str) -> Array:
    """Change in every world and year, (R, Y): in percent of the mean of business as usual, of a share in points."""
    if METRICS[metric].unit == SHARE:
        return 100.0 * (own - base)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(100.0 * (own - base) / np.abs(np.nanmean(base, axis=0)))


def _rounded(values: Array) -> Array:
    return np.array([float(f"{value:.{DIGITS}g}") for value in values.ravel()], np.float64).reshape(values.shape)


def _plain(values: Array) -> list[float | int | None]:
    """Numbers as JSON has them: whole ones without a point, undefined ones null."""
    return [None if not isfinite(v) else int(v) if v == int(v) else v for v in values.tolist()]

"""What a lesson's runs say, small enough to lie beside the lesson: bands by year, and one number per world for the paired comparison."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from math import isfinite
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.analysis.bands import paths
from sim.analysis.contrast import Contrast, contrast
from sim.analysis.ensemble import Ensemble
from sim.catalogue.metrics import METRICS
from sim.scenario import Scenario
from sim.scenario.lesson import COST, Lesson, Verdict, arm_id

SCHEMA = 1
LEVELS = (5.0, 50.0, 95.0)  # percent of worlds
DIGITS = 5  # significant, of every number that is kept

Array = NDArray[np.float64]


class Findings(NamedTuple):
    """The results of a lesson.

    Attributes:
        model_version: that made them.
        world: that was simulated.
        digest: of business as usual, its world's tables included.
        seed: of the experiment.
        years: (Y,).
        bands: arm -> metric -> LEVELS of its yearly values over worlds, (3, Y).
        worlds: arm -> metric -> yearly mean (of a stock: mean) of every world, (R,).
        usual: arm -> business as usual under its assumptions.
    """

    model_version: str
    world: str
    digest: str
    seed: int
    years: NDArray[np.int64]
    bands: Mapping[str, Mapping[str, Array]]
    worlds: Mapping[str, Mapping[str, Array]]
    usual: Mapping[str, str]

    @property
    def pairs(self) -> int:
        """Worlds, each with and without."""
        return next(iter(next(iter(self.worlds.values())).values())).size

    def change(self, arm: str, metric: str) -> Contrast:
        """An arm against business as usual under its assumptions, over the whole run."""
        found = contrast(self.worlds[arm][metric], self.worlds[self.usual[arm]][metric], METRICS[metric].better)
        assert found is not None, f"{metric} is defined in no world"
        return found

    def percent(self, arm: str, metric: str) -> Array:
        """Change of every world in percent, (R,); nan where business as usual is zero."""
        own, base = self.worlds[arm][metric], self.worlds[self.usual[arm]][metric]
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
    """Boil the runs of a lesson down; every number is rounded as `to_json` keeps it.

    Args:
        lesson: whose arms.
        ensemble: their runs, every arm under its id.
        model_version: of the runs.
        usual: business as usual.
        seed: of the runs.

    Raises:
        PairingError: an arm has no runs.
    """
    whole, years = ensemble.within(None), np.array([], np.int64)
    bands: dict[str, dict[str, Array]] = {}
    worlds: dict[str, dict[str, Array]] = {}
    rows = {arm_id(arm): ensemble.arm(arm_id(arm)) for arm in lesson.arms}
    for metric in lesson.metrics:
        times, values = paths(ensemble, metric, "year")
        levels = ensemble.level(metric, whole, yearly=True)
        years = times.astype("datetime64[Y]").astype(np.int64) + 1970
        for arm, row in rows.items():
            if metric in lesson.outline.outcomes:
                bands.setdefault(arm, {})[metric] = _rounded(_quantiles(values[row]))
            worlds.setdefault(arm, {})[metric] = _rounded(levels[row])
    return Findings(model_version, usual.world, usual.digest(), seed, years, bands, worlds, _usual(lesson))


def to_json(found: Findings, lesson: Lesson) -> str:
    """The text of the results file, a line per arm and metric."""
    head: dict[str, Any] = {"schema": SCHEMA, "lesson": lesson.name, "model_version": found.model_version, "world": found.world}
    head |= {"digest": found.digest}
    head |= {"seed": found.seed, "pairs": found.pairs, "years": found.years.tolist()}
    lines = [f" {json.dumps(key)}: {json.dumps(value)}," for key, value in head.items()]
    own = {arm: ",\n".join(_metrics(found, arm)) for arm in found.worlds}
    arms = ",\n".join(f"  {json.dumps(arm)}: {{\n{rows}\n  }}" for arm, rows in own.items())
    return "\n".join(["{", *lines, ' "arms": {', arms, " }", "}"]) + "\n"


def from_json(text: str, lesson: Lesson) -> Findings:
    """What `to_json` wrote.

    Raises:
        ValueError: it is of another layout, or of other arms or metrics than the lesson has now.
    """
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
        return Findings(
            said["model_version"], said["world"], said["digest"], said["seed"], np.array(said["years"]), bands, worlds, _usual(lesson)
        )
    except (KeyError, TypeError) as error:
        raise ValueError(f"not the results of a lesson ({error})") from None


def _metrics(found: Findings, arm: str) -> Iterator[str]:
    for metric, worlds in found.worlds[arm].items():
        row: dict[str, Any] = {"worlds": _plain(worlds)}
        if metric in found.bands[arm]:
            row["bands"] = [_plain(line) for line in found.bands[arm][metric]]
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


def _rounded(values: Array) -> Array:
    return np.array([float(f"{value:.{DIGITS}g}") for value in values.ravel()], np.float64).reshape(values.shape)


def _plain(values: Array) -> list[float | int | None]:
    """Numbers as JSON has them: whole ones without a point, undefined ones null."""
    return [None if not isfinite(v) else int(v) if v == int(v) else v for v in values.tolist()]

"""Calibration in waves: which vectors to run next, what their runs say, and the plausible set that comes out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa

from sim.analysis.calibration import calibrate
from sim.analysis.calibration.calibrate import Emulator, Pinned, Posterior, Target, identifiability, posterior, scaled, transform
from sim.analysis.csv_text import aligned, csv_text
from sim.analysis.forecasts.draws import systematic
from sim.analysis.table import plain
from sim.catalogue.evidence import Evidence
from sim.catalogue.priors import BAND, PRIORS
from sim.catalogue.statistics import Array

SCREEN_UNTIL = "2011-12"  # the first wave's runs are short: they rule out most of the prior
WIDTHS = (2.0, 1.5, 1.2)  # factor on standard deviations by which each next design is wider than the posterior so far
TRUTH = 100_003  # the point of the even sequence that recovery takes for the truth: no design comes that far
LEAST = 3  # runs per coefficient of the emulator, below which it is not to be trusted
FAMILIES = {"split": -1.0, "entry": 1.0}  # sign of log(entrants / splinters)
AXES = (*PRIORS, BAND)


class Wave(NamedTuple):
    """Finished runs of one design."""

    points: Array  # in the unit cube, (N, D)
    values: Array  # of the rows, (N, K)
    family: Array  # log of entrants over splinters, (N,)

    def and_also(self, other: Wave) -> Wave:
        """The runs of this wave and of another one together."""
        return Wave(*(np.concatenate(pair) for pair in zip(self, other, strict=True)))


def read_wave(runs: pa.Table, rows: Sequence[Evidence], wanted: set[str]) -> Wave:
    """The wanted ones of a table of runs, by id; runs that failed, or in which a row is undefined, are left out."""
    table = runs.to_pydict()
    chosen = [i for i, run in enumerate(table["run_id"]) if run in wanted and table["status"][i] == "ok"]
    vectors = np.array([[table[f"parameter.{axis.name}"][i] for axis in AXES] for i in chosen], dtype=np.float64).reshape(-1, len(AXES))
    values = np.array([[table[f"total.{row.id}"][i] for row in rows] for i in chosen], dtype=np.float64).reshape(-1, len(rows))
    family = np.array([table["total.family"][i] for i in chosen], dtype=np.float64)
    defined = np.isfinite(values).all(axis=1)
    return Wave(unscaled(vectors)[defined], values[defined], family[defined])


def unscaled(vectors: Array) -> Array:
    """Points in the unit cube of parameter values, (N, D): the inverse of `scaled`."""
    columns = [
        np.log(values / axis.low) / np.log(axis.high / axis.low) if axis.log else (values - axis.low) / (axis.high - axis.low)
        for axis, values in zip(AXES, vectors.T, strict=True)
    ]
    return np.column_stack(columns)


def vectors(points: Array) -> list[dict[str, float]]:
    """Parameter values by name of points in the unit cube, the last axes may be missing; four digits, as they are written to the file."""
    axes = AXES[: points.shape[1]]
    names = [axis.name for axis in axes]
    return [{name: float(f"{value:.4g}") for name, value in zip(names, row, strict=True)} for row in scaled(axes, points)]


def emulate(wave: Wave, rows: Sequence[Evidence]) -> Emulator:
    """The emulator of a wave: one column per evidence row, and a last one for the family of worlds (split or entry)."""
    return Emulator.fit(wave.points, np.column_stack([transform(rows, wave.values), wave.family]))


def next_design(wave: Wave, target: Target, turn: int, count: int) -> Array:
    """Points where the truth may still be, (at most count, D), of both families as far as they are possible."""
    emulator, width = emulate(wave, target.rows), WIDTHS[min(turn, len(WIDTHS) - 1)]
    halves = [posterior(emulator, target, width, sign).sample(count // 2) for sign in FAMILIES.values()]
    return np.concatenate(halves)


class Fit(NamedTuple):
    """The end of a calibration; without an emulator it weighed vectors that another world was fitted to."""

    target: Target
    emulator: Emulator | None
    found: Posterior
    pinned: list[Pinned]


def conclude(wave: Wave, target: Target) -> Fit:
    """What all full runs together say."""
    emulator = emulate(wave, target.rows)
    found = posterior(emulator, target)
    return Fit(target, emulator, found, identifiability(emulator, target, found, AXES))


def reweighed(wave: Wave, target: Target) -> tuple[Fit, Wave]:
    """Vectors fitted to another world, weighed by the rows that can be judged in this one; they are drawn again as often as they weigh.

    Synthetic likelihood (Wood 2010): means over each vector's histories, and one covariance of all vectors' luck. What lies between
    vectors is not looked at, so nothing is found that the other world's set does not hold. The wave holds some histories of every vector;
    vectors differ in all but the last coordinate, the members.

    Gives the fit, whose priors are the other world's set, and one history of every vector drawn.
    """
    points, first, which, count = np.unique(wave.points[:, :-1], axis=0, return_index=True, return_inverse=True, return_counts=True)
    values = transform(target.rows, wave.values)
    means = np.stack([np.bincount(which, column) / count for column in values.T], axis=1)
    away = values - means[which]
    luck = away.T @ away / (len(values) - len(points)) * (1.0 + len(points) / len(values))  # means are uncertain as well
    plain = np.sqrt(np.diag(luck) + np.square(target.doubt))
    discrepancy = np.abs(means - target.middle).max(axis=0)
    for _ in range(calibrate.REWEIGHTINGS):
        gap = means - target.middle
        noise = luck + np.diag(np.square(target.doubt) + np.square(discrepancy))
        score = -0.5 * np.einsum("nk,kl,nl->n", gap, np.linalg.inv(noise), gap)
        weights = np.exp(score - score.max())
        weights /= weights.sum()
        discrepancy = np.sqrt(np.maximum(np.square(weights @ gap / calibrate.STRANGE) - np.square(plain), 0.0))
    found = Posterior(points, weights, discrepancy, weights @ gap / plain)
    before = Posterior(points, np.full(len(points), 1.0 / len(points)), discrepancy, found.off)
    drawn = first[systematic(weights)]
    return Fit(target, None, found, _moved(before, found)), Wave(wave.points[drawn][:, :-1], wave.values[drawn], wave.family[drawn])


def _moved(before: Posterior, found: Posterior) -> list[Pinned]:
    """Every parameter in another world's set, and after weighing."""
    (low, _, high), ends = (np.array([scaled(PRIORS, own.quantile(share)[None])[0] for share in calibrate.ENDS]) for own in (before, found))
    width = found.spread() / before.spread()
    return [
        Pinned(p.name, (low[d], high[d]), float(ends[0, d]), float(ends[1, d]), float(ends[2, d]), float(width[d]), ())
        for d, p in enumerate(PRIORS)
    ]


def plausible_points(fit: Fit, count: int) -> Array:
    """Vectors of the plausible set, up to `count` of each family, (N, D)."""
    assert fit.emulator is not None
    halves = [posterior(fit.emulator, fit.target, 1.0, sign).sample(count) for sign in FAMILIES.values()]
    return np.concatenate(halves)


def families(wave: Wave) -> list[str]:
    """Each run's family: whether more groups came by themselves or out of others."""
    return ["entry" if value > 0.0 else "split" for value in wave.family]


def central_first(fit: Fit, wave: Wave) -> Array:
    """Order of the vectors, (N,): the one nearest to the posterior's mean first, the others as they are."""
    away = np.square((wave.points - fit.found.mean) / np.maximum(fit.found.spread(), 1e-3)).sum(axis=1)
    nearest = int(np.argmin(away))
    return np.array([nearest, *(i for i in range(len(away)) if i != nearest)], dtype=np.int64)


def plausible_csv(fit: Fit, wave: Wave, provenance: Sequence[str]) -> str:
    """The plausible set as the model reads it: comments, a heading, the central vector first."""
    order, kinds, rows = central_first(fit, wave), families(wave), vectors(wave.points)
    cells = ([kinds[i], *(f"{value:.4g}" for value in rows[i].values())] for i in order)
    return csv_text(["family", *rows[0]], cells, provenance)


def as_json(fit: Fit) -> dict[str, Any]:
    """Parameters and rows of a fit, for the `--json` document."""
    return {
        "parameters": [
            {
                "name": p.name, "prior_low": p.prior[0], "prior_high": p.prior[1], "low": p.low, "median": p.median, "high": p.high,
                "width": p.width, "only_prior": p.only_prior, "pinned_by": dict(p.rows),
            }
            for p in fit.pinned
        ],
        "misfit": [
            {"id": row.id, "standard_deviations": float(fit.found.off[k]), "discrepancy": float(fit.found.discrepancy[k])}
            for k, row in enumerate(fit.target.rows)
        ],
        "explained": {row.id: float(fit.emulator.explained[k]) for k, row in enumerate(fit.target.rows)} if fit.emulator else {},
    }  # fmt: skip


def render(fit: Fit, known: Mapping[str, float] | None = None) -> str:
    """Prior beside posterior, and what holds each parameter; with a known truth, whether it was found."""
    head = ["parameter", "prior", "posterior, central 90 %", "median", "width", "held by (interval wider without)"]
    head += ["truth", ""] if known else []
    lines = [head]
    for p in fit.pinned:
        pins = ", ".join(f"{key} {100 * growth:.0f} %" for key, growth in p.rows) or "all together"
        held = "only the prior speaks" if p.only_prior else pins
        spans = f"{plain(p.prior[0], 3)} to {plain(p.prior[1], 3)}", f"{plain(p.low, 3)} to {plain(p.high, 3)}"
        line = [p.name, *spans, f"{plain(p.median, 3)}", f"{100 * p.width:.0f} %", held]
        if known:
            line += [f"{plain(known[p.name], 3)}", "found" if p.low <= known[p.name] <= p.high else "MISSED"]
        lines.append(line)
    text = aligned(lines)
    strange = [
        f"{row.id} {row.title}: {fit.found.off[k]:+.1f} standard deviations from what was observed"
        for k, row in enumerate(fit.target.rows)
        if fit.found.discrepancy[k] > 0.0
    ]
    if strange and known is None:
        text += "\n\nNo vector meets these together with the others; their weight was lowered:\n" + "\n".join(strange)
    return text

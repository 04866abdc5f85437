"""The posterior of `calibrate` against ABC-SMC by pyabc: another method, fresh simulations, the same rows, doubts and discrepancies.

    pip install -e '.[crosscheck]'
    cartelitos calibrate baseline -n 600 --out results/fit
    python tests/crosscheck.py results/fit              # some thousand runs; keeps `scenarios/findings/posterior.csv`; resumes

What calibration assumes, a quadratic emulator and normal luck, is not assumed here. Eleven summaries, one per parameter, are linear
predictors learned on the waves of the fit (Fearnhead and Prangle 2012); the last generation is adjusted by local-linear regression
(Beaumont et al. 2002), since the distance at which it stops is not zero.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from guide_numbers import FINDINGS

from sim.analysis.calibration.calibrate import Target, scaled, transform
from sim.analysis.calibration.waves import AXES, Wave, conclude, read_wave, vectors
from sim.analysis.csv_text import csv_text
from sim.experiment.reading import read_plan, read_runs
from sim.experiment.trial import ROWS, at, trial
from sim.studies.evidence import reach, usual
from sim.studies.running import load_all

PARTICLES, GENERATIONS = 500, 2
WIDER = 3.0  # factor on the kernel that moves particles: in eleven dimensions pyabc's own leaves a handful of them all the weight
FEWEST = 100.0  # particles that must count, below which nothing is said
SEED = 1
BINS = np.linspace(-0.5, 1.5, 41)  # of the overlap, in the unit cube; adjusted particles may leave it
HEADS = ("name", "median", "spread", "other_median", "other_spread", "shift", "overlap")


def waves(folder: Path) -> Wave:
    """All full runs of a fit."""
    found: Wave | None = None
    for home in sorted(folder.glob("wave-*")):
        runs = read_runs(home)
        wave = read_wave(runs, ROWS, set(runs.column("run_id").to_pylist()))
        found = found.and_also(wave) if found else wave
    assert found is not None, f"{folder} holds no waves of a fit"
    return found


def adjusted(points: np.ndarray, away: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Particles where their summaries would be the observed ones: local-linear regression, nearer particles count more."""
    distance = np.sqrt(np.square(away).sum(axis=1))
    kernel = weights * np.maximum(1.0 - np.square(distance / (1.001 * distance.max())), 0.0)
    design = np.column_stack([np.ones(len(away)), away])
    gram = design.T @ (design * kernel[:, None])
    slopes = np.linalg.solve(gram + 1e-8 * np.trace(gram) * np.eye(len(gram)), design.T @ (points * kernel[:, None]))
    return points - away @ slopes[1:]


def quantile(values: np.ndarray, weights: np.ndarray, share: float) -> float:
    """Of one coordinate."""
    order = np.argsort(values)
    return float(values[order][np.argmax(np.cumsum(weights[order]) >= share * weights.sum())])


def compare(own: tuple[np.ndarray, np.ndarray], other: tuple[np.ndarray, np.ndarray]) -> list[list[object]]:
    """A row per parameter: medians in its own units, spreads in parts of the prior's, shift of medians in spreads of ours, overlap."""
    found: list[list[object]] = []
    for d, axis in enumerate(AXES):
        middles, spreads, shapes = [], [], []
        for points, weights in (own, other):
            column, part = points[:, d], weights / weights.sum()
            middles.append(quantile(column, part, 0.5))
            spreads.append(float(np.sqrt(part @ np.square(column - part @ column))))
            shapes.append(np.histogram(column, BINS, weights=part)[0])
        units = [float(scaled([axis], np.array([[middle]]))[0, 0]) for middle in middles]
        prior = 12.0**-0.5
        shift, overlap = (middles[1] - middles[0]) / spreads[0], float(np.minimum(*shapes).sum())
        found.append([axis.name, units[0], spreads[0] / prior, units[1], spreads[1] / prior, shift, overlap])
    return found


def main(folder: Path) -> None:
    """Fit by ABC-SMC, compare, and keep what came out."""
    import pyabc

    (scenario,) = load_all([usual()], ())
    target, pilot = Target.of(ROWS), waves(folder)
    fit, years = conclude(pilot, target), reach(scenario, ROWS)
    doubt = np.sqrt(np.square(target.doubt) + np.square(fit.found.discrepancy))
    luck = np.random.default_rng(SEED)
    seen = transform(ROWS, pilot.values)
    design = np.column_stack([np.ones(len(seen)), seen + doubt * luck.normal(size=seen.shape)])
    learned = np.linalg.lstsq(design, pilot.points, rcond=None)[0][1:]
    scale = np.std((seen + doubt * luck.normal(size=seen.shape)) @ learned, axis=0)
    observed = {f"s{d}": value for d, value in enumerate(target.middle @ learned / scale)}

    def model(parameters: dict[str, float]) -> dict[str, float]:
        point = np.array([[parameters[axis.name] for axis in AXES]])
        run = trial(at(scenario, vectors(point)[0], years), SEED)
        values = transform(ROWS, np.array([[run.totals[row.id] for row in ROWS]]))[0]
        summary = np.nan_to_num(values + doubt * np.random.normal(size=doubt.size), nan=1e6) @ learned / scale  # noqa: NPY002  pyabc's own
        return {f"s{d}": value for d, value in enumerate(summary)} | {f"p{d}": value for d, value in enumerate(point[0])}

    def distance(x: dict[str, float], y: dict[str, float]) -> float:
        return float(np.sqrt(sum((x[f"s{d}"] - y[f"s{d}"]) ** 2 for d in range(len(AXES)))))

    np.random.seed(SEED)  # noqa: NPY002  pyabc's own
    prior = pyabc.Distribution(**{axis.name: pyabc.RV("uniform", 0, 1) for axis in AXES})
    sampler = pyabc.sampler.SingleCoreSampler()
    kernel = pyabc.MultivariateNormalTransition(scaling=WIDER)
    search = pyabc.ABCSMC(
        model, prior, distance, population_size=PARTICLES, sampler=sampler, eps=pyabc.MedianEpsilon(), transitions=kernel
    )
    base = (folder / "abc-smc.db").absolute()
    if base.is_file():
        search.load(f"sqlite:///{base}")
    else:
        search.new(f"sqlite:///{base}", observed)
    history = search.run(max_nr_populations=GENERATIONS)
    weights, stats = history.get_weighted_sum_stats(history.max_t)
    weights = np.asarray(weights, float)
    count = weights.sum() ** 2 / np.square(weights).sum()
    if count < FEWEST:
        sys.exit(f"{count:.0f} particles count: too few to compare")
    points, summaries = (np.array([[one[f"{letter}{d}"] for d in range(len(AXES))] for one in stats], float) for letter in "ps")
    other = adjusted(points, summaries - np.array(list(observed.values())), weights), weights
    plan = read_plan(folder / "wave-1")
    made = (
        f"`python tests/crosscheck.py`: pyabc {pyabc.__version__}, {history.total_nr_simulations} runs, {history.max_t + 1} generations "
        f"of {PARTICLES} ({count:.0f} count), against {len(pilot.points)} runs of `cartelitos calibrate {usual()}`, "
        f"model {plan['model_version']}, seed {SEED}"
    )
    rows = compare((fit.found.points, fit.found.weights), other)
    (FINDINGS / "posterior.csv").write_text(csv_text(HEADS, rows, [made]), encoding="utf-8")
    print(made)
    for name, *numbers in rows:
        print(f"{name:20s}", *(f"{number:12.4g}" for number in numbers))


if __name__ == "__main__":
    main(Path(sys.argv[1]))

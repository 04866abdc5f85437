"""The model as a plain function of numbers, for whatever searches, samples or optimizes: SALib, Optuna, EMA, scikit-learn."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.analysis.ensemble import summarise
from sim.catalogue.metrics import METRICS
from sim.experiment.plan import replicate_seed, short
from sim.model.run import Outcome
from sim.model.run import simulate as run
from sim.scenario import Scenario, load
from sim.scenario.given import Between, checked
from sim.scenario.problems import Problem, ScenarioError, suggest
from sim.scenario.sweep import factor_bounds, spelt

Seed = Annotated[int, Between(0, 2**64 - 1)]


@checked
def simulate(scenario: Scenario | str | Path, seed: Seed = 1) -> Outcome:
    """One run: the same scenario and seed, the same numbers, bit for bit.

    Args:
        scenario: what `load` gave, a name of the library, a path, or a question such as "kingpin_targeting*2 from 2012".
        seed: of the world and its luck, a whole number below 2**64.

    Returns:
        `.series` (metric -> (months,)), `.months`, `.events`, `.genealogy`, `.parameters`, `.totals`.

    Raises:
        ScenarioError: with everything that is wrong with the scenario.
    """
    return run(scenario if isinstance(scenario, Scenario) else load(scenario), seed)


class Function:
    """The model as a function of some of its factors.

    Call it with one number per factor, in their order or by name: it gives a number per outcome, a flow as a rate a year and a
    stock as its mean over the run. Call it with an array (N, factors): it gives (N,), or (N, outcomes) if there are several.

    Attributes:
        factors: what is varied, as in `--vary`.
        bounds: least and greatest value of each.
        outcomes: metrics.
        problem: the same for SALib: names, bounds, number.
    """

    def __init__(
        self, scenario: str | Path, factors: Sequence[str], outcomes: Sequence[str], replicates: int, seed: int, overrides: Sequence[str]
    ) -> None:
        found = factor_bounds(factors)
        self._fields, self.bounds = [*found], [*found.values()]
        self.factors = [short(field) for field in self._fields]
        self.outcomes, self._scenario, self._overrides = [*outcomes], scenario, [*overrides]
        self._seeds = [replicate_seed(seed, replicate) for replicate in range(replicates)]
        unknown = [name for name in self.outcomes if name not in METRICS]
        if unknown:
            raise ScenarioError([Problem(name, None, "", "there is no such metric", suggest(name, METRICS)) for name in unknown])
        load(scenario, overrides)

    @property
    def problem(self) -> dict[str, Any]:
        """What SALib's samplers and analysers ask for."""
        return {"num_vars": len(self.factors), "names": self.factors, "bounds": [list(ends) for ends in self.bounds]}

    def __call__(self, *values: ArrayLike, **named: float) -> Any:  # noqa: ANN401
        """The outcomes at one point (a number, or a mapping by outcome), or at many (an array).

        Raises:
            TypeError: other than one value per factor.
            ScenarioError: a value that a factor cannot have.
        """
        if named:
            if values or {*named} != {*self.factors}:
                raise TypeError(f"needs a value for each of {', '.join(self.factors)}")
            point = self._at([named[name] for name in self.factors])
            return float(point[0]) if len(self.outcomes) == 1 else dict(zip(self.outcomes, point.tolist(), strict=True))
        given = np.asarray(values[0] if len(values) == 1 else values)
        if given.dtype.kind not in "iuf":
            raise TypeError(f"needs numbers, one for each of {', '.join(self.factors)}, not {values[0]!r:.40}")
        if given.ndim == 0:
            given = given.reshape(1)
        if given.shape[-1] != len(self.factors) or given.ndim > 2:
            raise TypeError(f"needs {len(self.factors)} values ({', '.join(self.factors)}), or rows of as many")
        found = np.array([self._at(row.tolist()) for row in np.atleast_2d(given)])
        found = found[:, 0] if len(self.outcomes) == 1 else found
        return found if given.ndim == 2 else float(found[0]) if found.ndim == 1 else found[0]

    def _at(self, values: Sequence[float]) -> NDArray[np.float64]:
        """The outcomes at one point, mean over replicates, (outcomes,)."""
        scenario = load(self._scenario, [*self._overrides, *map(spelt, self._fields, values)])
        runs, kinds = [run(scenario, seed) for seed in self._seeds], [(name, METRICS[name].kind) for name in self.outcomes]
        levels = [[summarise(each.series[name], each.days, kind, yearly=True) for name, kind in kinds] for each in runs]
        return np.asarray(np.mean(levels, axis=0))

    def __repr__(self) -> str:
        return f"Function of {', '.join(self.factors)} -> {', '.join(self.outcomes)}: {self._scenario}, {len(self._seeds)} worlds"


@checked
def as_function(
    scenario: str | Path = "baseline",
    factors: Sequence[str] = (),
    outcomes: str | Sequence[str] = "homicides",
    *,
    replicates: Annotated[int, Between(1, 1_000_000)] = 1,
    seed: int = 1,
    overrides: Sequence[str] = (),
) -> Function:
    """The model as a function of numbers; every call plays the same worlds with the same luck.

    Args:
        scenario: what is varied: a name, a path or a question.
        factors: levers, parameters or dotted fields, each alone or with bounds, "treatment" or "treatment=0:2"; none = every
            parameter that worlds draw.
        outcomes: one metric or several.
        replicates: worlds that are averaged.
        seed: of the experiment, which decides the worlds.
        overrides: "dotted.field=value" or a change, as after `--set`.

    Raises:
        ScenarioError: everything that is wrong with these.
    """
    return Function(scenario, factors, [outcomes] if isinstance(outcomes, str) else outcomes, replicates, seed, overrides)

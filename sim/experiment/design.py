"""Design points as the arms of a plan: those of a sweep, and those that a sensitivity analysis needs.

A sensitivity analysis has a dummy, which changes no factor, only the seeds of the replicates, and so their luck and (unless the central
fit is used) the worlds they draw. What it seems to do is what chance does to a mean of so many replicates. Factors are compared under
the same seeds, so that one below the dummy may still have an effect, only a smaller one than chance has.
"""

from __future__ import annotations

import gc
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import product
from math import exp, log, prod
from pathlib import Path
from typing import Any, Literal

from sim.catalogue.installed import pip_install
from sim.experiment.errors import PlanError
from sim.experiment.plan import PARAMETER, At, Load, Plan, points, refuse_too_many, short
from sim.experiment.specs import Arm, arm_digest
from sim.model.compile.version import model_version
from sim.scenario.scenario import Axis, Scenario, Sweep
from sim.scenario.sweep import DRAWN, read_points

WORLD = ("world.", PARAMETER)  # fields that are assumptions, not policy: business as usual has them too
DIGITS = 12  # significant digits of a coordinate: 0.3, not 0.30000000000000004, so that a finer grid meets a coarser one
Method = Literal["morris", "sobol"]
DUMMY = "dummy"
LEVELS = 4  # of the Morris grid; Saltelli et al. 2008, Global Sensitivity Analysis, sec. 3.3
LUCKS = 1 << 20  # how finely the dummy is told apart


@dataclass(frozen=True)
class Design:
    """The arms of a sweep and how they belong together."""

    fields: tuple[str, ...]  # what is varied
    points: tuple[Arm, ...]  # arm of each distinct design point, in order
    usual: tuple[Arm, ...]  # for each of them, the arm of business as usual in the same world
    asked: int  # design points that were asked for, those that repeat others included

    @property
    def arms(self) -> tuple[Arm, ...]:
        """Every arm once: business as usual first."""
        return tuple({(arm.scenario.name, arm.digest): arm for arm in (*self.usual, *self.points)}.values())

    def plan(self, replicates: int, seed: int, sweep: Sweep, swept: Arm) -> Plan:
        """The plan of the sweep; `swept` is the scenario as written, point 0."""
        about: dict[str, Any] = {"scenario": swept.scenario.name, "digest": swept.digest, "method": sweep.method}
        about["fields"] = list(self.fields)
        about["usual"] = {arm.digest: [base.scenario.name, base.digest] for arm, base in zip(self.points, self.usual, strict=True)}
        return Plan(self.arms, replicates, seed, model_version(), sweep=about)


def design(sweep: Sweep, seed: int, load: Load, usual: Load, replicates: int = 1) -> Design:
    """Lay out a sweep; points whose replicates would make too many runs are refused before.

    `usual` loads business as usual at those coordinates that are assumptions about the world.
    """
    refuse_too_many(size(sweep), replicates)
    fields, rows = coordinates(sweep, seed)
    with no_cycles():
        wanted = [dict(zip(fields, row, strict=True)) for row in dict.fromkeys(rows)]
        arms: dict[str, Arm] = {}
        for at, (scenario, digest) in zip(wanted, points(load, wanted), strict=True):
            arms.setdefault(digest, Arm(scenario, len(arms) + 1, digest, at))
        base = _usual(usual, [arm.at for arm in arms.values()])
    return Design(fields, tuple(arms.values()), tuple(base), len(rows))


def coordinates(sweep: Sweep, seed: int) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
    """The varied fields, and one value per field for each design point, in order."""
    if sweep.method == "csv":
        try:
            names, rows = read_points(Path(str(sweep.file)))
        except (ValueError, OSError) as error:
            raise PlanError(f"cannot be used: {error}", file=Path(str(sweep.file))) from error
        return tuple(names), [values for _, values in rows]
    fields = tuple(axis.field for axis in sweep.axes)
    if not fields:
        raise PlanError("varies nothing", field="sweep", hint="give --vary FIELD=0:2:9, or a field in [sweep]")
    if sweep.method in DRAWN:
        shares = unit_square(sweep.method, len(fields), sweep.samples or 0, seed)
        return fields, [tuple(map(between, sweep.axes, row)) for row in shares]
    values = [
        tuple(map(_hashable, axis.values)) or tuple(between(axis, step / max(1, n - 1)) for step in range(n))
        for axis, n in ((axis, axis.points or 0) for axis in sweep.axes)
    ]
    return fields, list(product(*values) if sweep.method == "grid" else zip(*values, strict=True))


def size(sweep: Sweep) -> int:
    """How many design points a sweep asks for; of a table, which is read anyway, none."""
    counts = [len(axis.values) or axis.points or 0 for axis in sweep.axes]
    return {"grid": prod(counts), "zip": max(counts, default=0)}.get(sweep.method, sweep.samples or 0)


def between(axis: Axis, share: float) -> float:
    """The value at a share of the way from the low to the high end; whole ones as such."""
    low, high = float(axis.low or 0.0), float(axis.high or 0.0)
    value = exp(log(low) + share * (log(high) - log(low))) if axis.scale == "log" else low + share * (high - low)
    value = min(max(float(f"{value:.{DIGITS}g}"), low), high)
    return int(value) if value.is_integer() else value


def unit_square(method: str, dimensions: int, samples: int, seed: int) -> list[list[float]]:
    """Points of a Latin hypercube ("lhs") or a scrambled Sobol' sequence ("sobol") in the unit cube.

    More samples of a Sobol' sequence begin with the same points; a larger Latin hypercube is another one.
    """
    from scipy.stats import qmc  # noqa: PLC0415  takes a second to import

    kind: Callable[..., Any] = qmc.LatinHypercube if method == "lhs" else qmc.Sobol
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # a number of points that is not a power of two; the command says so
        drawn: list[list[float]] = kind(d=dimensions, rng=seed).random(samples).tolist()
    return drawn


def _hashable(value: Any) -> Any:  # noqa: ANN401 (a value of a file)
    return tuple(map(_hashable, value)) if isinstance(value, list) else value


def _usual(usual: Load, wanted: Sequence[At]) -> list[Arm]:
    """Business as usual for each point, one arm per world; it is point 0 if there is one world, else numbered after the points."""
    shared = [{field: value for field, value in at.items() if field.startswith(WORLD)} for at in wanted]
    worlds: dict[tuple[Any, ...], Arm] = {}
    keys = [tuple(at.values()) for at in shared]
    distinct = dict(zip(keys, shared, strict=True))
    found = points(usual, distinct.values())
    for number, (key, (scenario, digest)) in enumerate(zip(distinct, found, strict=True), 1):
        worlds[key] = Arm(scenario, len(wanted) + number if key else 0, digest, distinct[key])
    return [worlds[key] for key in keys]


@contextmanager
def no_cycles() -> Iterator[None]:
    """Make many objects that all stay; to look for garbage among them, now or later, would take longer than to make them."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if was:
            gc.enable()


@dataclass(frozen=True)
class Sample:
    """The design points of a sensitivity analysis."""

    method: Method  # "morris" (trajectories) or "sobol" (Saltelli's scheme without second order)
    bounds: Mapping[str, tuple[float, float]]  # field -> (least, greatest)
    rows: Sequence[Sequence[float]]  # factors and at last the dummy, in their own units, (n, factors + 1)
    arms: Sequence[Arm]  # one per row; rows that are equal share an arm

    @property
    def problem(self) -> dict[str, Any]:
        """Factors, and at last the dummy, as SALib wants them."""
        ends = [*map(list, self.bounds.values()), [0.0, 1.0]]
        return {"num_vars": len(ends), "names": [*map(short, self.bounds), DUMMY], "bounds": ends}

    @property
    def block(self) -> int:
        """Rows that belong together: a trajectory, or a base sample with all that is exchanged in it."""
        return len(self.bounds) + (2 if self.method == "morris" else 3)

    def plan(self, replicates: int, seed: int, swept: Scenario) -> Plan:
        """The runs: every distinct point."""
        about = {"scenario": swept.name, "digest": swept.digest(), "method": self.method, "fields": list(self.bounds)}
        arms = {arm.digest: arm for arm in self.arms}
        return Plan(tuple(arms.values()), replicates, seed, model_version(), sweep=about)


def sample(method: Method, bounds: Mapping[str, tuple[float, float]], size: int, seed: int, load: Load) -> Sample:
    """Draw design points: `size` trajectories of Morris or base samples of Sobol, of which more begin with the same ones.

    Raises:
        PlanError: SALib is not installed, there are too many points, or a lever cannot be varied.
        ScenarioError: a field cannot have such a value.
    """
    try:
        from SALib.sample import morris, sobol  # noqa: PLC0415  half a second, and an extra
    except ImportError as error:
        raise PlanError("needs SALib", field="sensitivity", hint=pip_install("sensitivity")) from error
    refuse_too_many(size * (len(bounds) + 3))
    asked = Sample(method, bounds, (), ()).problem
    drawn = (
        morris.sample(asked, size, num_levels=LEVELS, seed=seed)
        if method == "morris"
        else sobol.sample(asked, size, calc_second_order=False, seed=seed)
    )
    rows = [[float(f"{value:.{DIGITS}g}") for value in row] for row in drawn.tolist()]
    where = [dict(zip(bounds, row, strict=False)) for row in rows]
    arms: dict[str, Arm] = {}
    placed = []
    with no_cycles():
        for at, row, (scenario, digest) in zip(where, rows, points(load, where), strict=True):
            luck = round(row[-1] * LUCKS)
            own = arm_digest(digest, luck)
            placed.append(arms.setdefault(own, Arm(scenario, len(arms) + 1, own, at, luck)))
    return Sample(method, bounds, rows, placed)

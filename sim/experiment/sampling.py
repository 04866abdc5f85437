"""Which runs a sensitivity analysis needs: design points that vary many factors, and a dummy that does nothing.

The dummy changes no factor, only the seeds of the replicates, and so their luck and (unless the central fit is used) the
worlds they draw. What it seems to do is what chance does to a mean of so many replicates. Factors are compared under the
same seeds, so that one below the dummy may still have an effect, only a smaller one than chance has.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sim.catalogue.installed import pip_install
from sim.experiment.design import DIGITS, no_cycles
from sim.experiment.errors import PlanError
from sim.experiment.plan import Plan, refuse_too_many
from sim.experiment.points import Load, points, short
from sim.experiment.specs import Arm, arm_digest
from sim.model.compile.version import model_version
from sim.scenario.scenario import Scenario

Method = Literal["morris", "sobol"]

DUMMY = "dummy"
LEVELS = 4  # of the Morris grid; Saltelli et al. 2008, Global Sensitivity Analysis, sec. 3.3
LUCKS = 1 << 20  # how finely the dummy is told apart


@dataclass(frozen=True)
class Sample:
    """The design points of a sensitivity analysis."""

    method: Method  # "morris" (trajectories) or "sobol" (Saltelli's scheme without second order)
    bounds: Mapping[str, tuple[float, float]]  # field -> (least, greatest)
    rows: Sequence[Sequence[float]]  # factors and at last the dummy, in their own units, (n, factors + 1)
    arms: Sequence[Arm]  # one per row; rows that are equal share an arm

    @property
    def problem(self) -> dict[str, Any]:
        """The factors as SALib wants them."""
        return problem(self.bounds)

    @property
    def block(self) -> int:
        """Rows that belong together: a trajectory, or a base sample with all that is exchanged in it."""
        return len(self.bounds) + (2 if self.method == "morris" else 3)

    def plan(self, replicates: int, seed: int, swept: Scenario) -> Plan:
        """The runs: every distinct point."""
        about = {"scenario": swept.name, "digest": swept.digest(), "method": self.method, "fields": list(self.bounds)}
        arms = {arm.digest: arm for arm in self.arms}
        return Plan(tuple(arms.values()), replicates, seed, model_version(), sweep=about)


def problem(bounds: Mapping[str, tuple[float, float]]) -> dict[str, Any]:
    """Factors, and at last the dummy, as SALib wants them."""
    ends = [*map(list, bounds.values()), [0.0, 1.0]]
    return {"num_vars": len(ends), "names": [*map(short, bounds), DUMMY], "bounds": ends}


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
    asked = problem(bounds)
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

"""What a replicate does not know: parameters and effect sizes, drawn once per replicate and so paired across policies."""

from __future__ import annotations

import csv
import math
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import numpy as np

from sim.catalogue.levers import LEVERS
from sim.catalogue.parameters import PARAMETERS, Parameters
from sim.elementary import exp, log
from sim.model.chance import Chance, name_key
from sim.model.worlds import World
from sim.scenario.scenario import Scenario, Spread

UNFITTED = "default"  # family of parameters that nothing was fitted to
PLAUSIBLE = "plausible-{territories}.csv"  # one per resolution: parameters of states do not carry over to smaller places
ENDS = {"low": 0, "middle": 1, "high": 2}  # where in its range a lever's effect is, if it is not drawn


def triangular(low: float, mid: float, high: float, u: float) -> float:
    """The quantile of a triangular distribution."""
    if high <= low:
        return mid
    turn = (mid - low) / (high - low)
    if u < turn:
        return low + math.sqrt(u * (high - low) * (mid - low))
    return high - math.sqrt((1.0 - u) * (high - low) * (high - mid))


def balanced(low: float, mid: float, high: float, u: float) -> float:
    """The quantile of the distribution of effects: on [low, high], with mean `mid`, however lopsided the range.

    Two triangles back to back, both with their peak at `mid`: one down to `low`, one up to `high`. Each weighs as much as the
    *other* side is wide, so that what the wide side pulls the mean away is what the narrow side pulls back. A range that ends at
    its middle is the middle alone: nothing else has that mean.
    """
    if low >= mid or mid >= high:
        return mid
    below, above = (high - mid) / (high - low), (mid - low) / (high - low)
    if u < below:
        return min(mid, low + (mid - low) * math.sqrt(u / below))
    return max(mid, high - (high - mid) * math.sqrt((1.0 - u) / above))


@cache
def plausible_set(folder: Path, territories: int) -> tuple[Mapping[str, float | str], ...]:
    """The world's plausible parameter vectors at a resolution; empty if it has none yet.

    Columns: `family` and parameters by name. The first row is the central fit.
    """
    path = folder / PLAUSIBLE.format(territories=territories)
    if not path.is_file():
        return ()
    with path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(line for line in file if not line.startswith("#")))
    return tuple({name: value if name == "family" else float(value) for name, value in row.items()} for row in rows)


def draw(scenario: Scenario, world: World, folder: Path, seed: int) -> tuple[Parameters, float, dict[str, float], str]:
    """Parameters, members at the start, effect sizes and the name of the world's family for one replicate.

    Values written in the scenario always win. With `worlds = "fitted"` everything is at its central value, except effects that the
    scenario wants elsewhere. Policies share each draw, also those that are business as usual.
    """
    fitted = scenario.worlds == "fitted"
    what = ("vector", "members", *(f"effect {name}" for name in LEVERS), *(f"range {name}" for name in scenario.spreads))
    luck = dict(zip(what, Chance(seed).uniforms("uncertainty", 0, np.array([name_key(name) for name in what])), strict=True))
    rows = plausible_set(folder / scenario.world, len(world.ids))
    values: dict[str, float] = {}
    family = UNFITTED
    if rows:
        row = rows[0] if fitted else rows[int(luck["vector"] * len(rows))]
        family = str(row["family"])
        values = {name: float(value) for name, value in row.items() if name in PARAMETERS}
    band = world.members
    members = float(row["members"]) if rows and "members" in row else (
        band.mid if fitted else triangular(band.low, band.mid, band.high, luck["members"])
    )  # fmt: skip
    end = ENDS.get(scenario.lever_effects)
    effects = {
        name: balanced(*lever.effect, luck[f"effect {name}"]) if end is None else lever.effect[end] for name, lever in LEVERS.items()
    }
    written = dict(scenario.parameters)
    members = written.pop("members", members)  # calibration sets it; scenario files cannot
    written |= {name: within(spread, 0.5 if fitted else luck[f"range {name}"]) for name, spread in scenario.spreads.items()}
    written |= {name: value for name, steps in scenario.dated.items() for day, value in steps if day <= scenario.start}
    return Parameters(**(values | written)), members, effects, family


def within(spread: Spread, u: float) -> float:
    """The quantile of a range of the scenario's own."""
    if spread.mid is not None:
        return triangular(spread.low, spread.mid, spread.high, u)
    if spread.scale == "log":
        return exp(log(spread.low) + u * (log(spread.high) - log(spread.low)))
    return spread.low + u * (spread.high - spread.low)

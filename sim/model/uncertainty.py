"""What a replicate does not know: parameters and effect sizes, drawn once per replicate and so paired across policies."""

from __future__ import annotations

import csv
import math
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from sim.catalogue.levers import LEVERS
from sim.catalogue.parameters import PARAMETERS, Parameters
from sim.model.chance import Chance, name_key
from sim.model.worlds import World
from sim.scenario.scenario import Scenario

UNFITTED = "default"  # family of parameters that nothing was fitted to
PLAUSIBLE = "plausible-{territories}.csv"  # one per resolution: parameters of states do not carry over to smaller places


def triangular(low: float, mid: float, high: float, u: float) -> float:
    """The quantile of a triangular distribution."""
    if high <= low:
        return mid
    turn = (mid - low) / (high - low)
    if u < turn:
        return low + math.sqrt(u * (high - low) * (mid - low))
    return high - math.sqrt((1.0 - u) * (high - low) * (high - mid))


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

    Values written in the scenario always win. With `worlds = "fitted"` everything is at its central value.
    """
    chance, fitted = Chance(seed), scenario.worlds == "fitted"

    def luck(what: str) -> float:
        return chance.uniform("uncertainty", 0, name_key(what))

    rows = plausible_set(folder / scenario.world, len(world.ids))
    values: dict[str, float] = {}
    family = UNFITTED
    if rows:
        row = rows[0] if fitted else rows[int(luck("vector") * len(rows))]
        family = str(row["family"])
        values = {name: float(value) for name, value in row.items() if name in PARAMETERS}
    band = world.members
    members = float(row["members"]) if rows and "members" in row else (
        band.mid if fitted else triangular(band.low, band.mid, band.high, luck("members"))
    )  # fmt: skip
    effects = {name: lever.effect[1] if fitted else triangular(*lever.effect, luck(f"effect {name}")) for name, lever in LEVERS.items()}
    written = dict(scenario.parameters)
    members = written.pop("members", members)  # calibration sets it; scenario files cannot
    return Parameters(**(values | written)), members, effects, family

"""Policy levers: each turns an intensity into a push on named handles, and does nothing else.

Importing a family registers its levers; `LEVERS` holds families in order and the levers of a family as written.
"""

from __future__ import annotations

from typing import get_args

from sim.catalogue.levers import cross, demand, militarized, roots, supply  # noqa: F401
from sim.catalogue.levers.definition import REGISTRY, Family, Lever, cost_usd, deliver, lagged, lever

_FAMILIES: tuple[Family, ...] = get_args(Family)

LEVERS: dict[str, Lever] = dict(sorted(REGISTRY.items(), key=lambda entry: _FAMILIES.index(entry[1].family)))

__all__ = ["LEVERS", "Lever", "cost_usd", "deliver", "lagged", "lever"]

"""Policy levers: each turns an intensity into a push on named handles, and does nothing else.

Importing a family registers its levers; `LEVERS` holds families in order and the levers of a family as written.
"""

from __future__ import annotations

from typing import get_args

from sim.catalogue import installed
from sim.catalogue.levers import cross, demand, militarized, roots, supply  # noqa: F401
from sim.catalogue.levers.definition import REGISTRY, Family, Lever, cost_usd, deliver, lagged, lever

_FAMILIES: tuple[Family, ...] = get_args(Family)

_OURS = {*REGISTRY}
for _ in installed.loaded("levers"):
    pass
OUTSIDE = {name: installed.digest(entry.press) for name, entry in REGISTRY.items() if name not in _OURS}
"""Levers of installed packages, and the digests of their files, which scenarios that use them carry."""

LEVERS: dict[str, Lever] = dict(sorted(REGISTRY.items(), key=lambda entry: _FAMILIES.index(entry[1].family)))

__all__ = ["LEVERS", "OUTSIDE", "Lever", "cost_usd", "deliver", "lagged", "lever"]

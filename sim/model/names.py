"""What groups are called: founders by their id, splinters after their parent, gangs that enter after their place and time."""

from __future__ import annotations

from collections import Counter

from sim.model.clock import Calendar
from sim.model.columns import Country
from sim.model.worlds import World


def group_names(country: Country, world: World, calendar: Calendar) -> list[str]:
    """Names of all groups that ever were, by row."""
    names, children = [seed.id for seed in world.cartels], Counter[int]()
    born = country.cartel[len(names) : country.count.cartels]
    for parent, home, week in zip(born.parent.tolist(), born.home.tolist(), born.born.tolist(), strict=True):
        if parent >= 0:
            children[parent] += 1
            names.append(f"{names[parent]}.{children[parent]}")
        else:
            names.append(f"{world.ids[home].lower()}-{calendar.day(week).year}-w{week}")
    return names

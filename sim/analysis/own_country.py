"""Doubts about a country of one's own: what its tables say, and what the model makes of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

from sim.analysis import country
from sim.catalogue.parameters import PARAMETERS
from sim.scenario import Problem, Scenario
from sim.scenario.read import WORLDS, scenario_folder, shown
from sim.scenario.worlds import HEADER, TERRITORIES, header, table_files, table_rows, world_tables, worlds

SEEDS = range(1, 5)  # worlds that are asked how the first year goes
APART = 1.5  # times as many homicides as in the table, from which on that is said; worlds differ by less
USUAL_DENSITY = 80  # members per 100,000 residents, in Mexico of 2006
STRANGE = 10  # times as many or as few, from which on that is said
SCALED = {"homicides_background": "background_rate", "homicides_predation": "predation_lethality"}  # by what each cause can be moved


def doubts(scenario: Scenario) -> Iterator[Problem]:
    """What somebody should look at before believing a country of their own; nothing of Mexico's worlds and of the grid.

    Args:
        scenario: business as usual there.
    """
    library = scenario_folder() / WORLDS
    home = world_tables(scenario.world, library)
    if home is None or scenario.world in country.MEXICO:
        return
    said, rows = header(home / HEADER), table_rows(scenario.world, library, TERRITORIES)
    copied = [name for name, other in worlds(library).items() if other != home and header(other / HEADER).get("title") == said.get("title")]
    if copied and {row["id"] for row in rows} != {row["id"] for row in table_rows(copied[0], library, TERRITORIES)}:
        hint = "give it a title of its own, and look at [tables.names], reliability and [members] too"
        yield Problem(shown(home / HEADER), None, "title", f"is still that of {copied[0]}, {said['title']!r}, which has other places", hint)
    residents = sum(float(row["population"]) for row in rows)
    density = 1e5 * said.get("members", {}).get("mid", 0) / residents if residents else 0
    if density and not 1 / STRANGE < density / USUAL_DENSITY < STRANGE:
        message = f"{density:,.0f} members of armed groups per 100,000 residents; in Mexico they were about {USUAL_DENSITY}"
        yield Problem(shown(home / HEADER), None, "members", message, "are members and population counted in the same unit?")
    table = table_files(home, library)[TERRITORIES]
    yield from _level(scenario, sum(float(row["homicides"]) for row in rows), table)


def _level(scenario: Scenario, counted: float, table: Path) -> Iterator[Problem]:
    """Whether the model begins with about as many homicides as the table counts, of which it takes only how they are spread."""
    from sim.model.run import simulate  # noqa: PLC0415  Mesa and SciPy, which every command would wait for

    runs = [simulate(replace(scenario, years=min(1.0, scenario.years), events=(), sweep=None), seed) for seed in SEEDS]
    years = runs[0].days.sum() / 365.2425
    causes = {name: float(np.mean([run.series[name].sum() for run in runs])) / years for name in ("homicides", *SCALED)}
    begins = causes.pop("homicides")
    if counted <= 0 or 1 / APART <= begins / counted <= APART:
        return
    factor = max(0.0, counted - begins + sum(causes.values())) / max(1.0, sum(causes.values()))
    now = {name: float(np.mean([run.parameters[name] for run in runs])) for name in SCALED.values()}
    bounded = {name: np.clip(value * factor, PARAMETERS[name].low, PARAMETERS[name].high) for name, value in now.items()}
    told = " and ".join(f"{name} = {value:.2g} (now {now[name]:.2g})" for name, value in bounded.items())
    parts = ", ".join(f"{value:,.0f} {name.removeprefix('homicides_')}" for name, value in causes.items())
    message = f"{counted:,.0f} a year in the table, but the model begins with about {begins:,.0f} (of these {parts})"
    hint = f"the table only says how they are spread over places; to come nearer, try [parameters] {told}, or read changes in percent only"
    yield Problem(shown(table), None, "homicides", message, hint)

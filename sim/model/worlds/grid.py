"""A synthetic country of any size: equal places in a rectangle, equal cartels spread evenly over it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sim.model.worlds.header import ASSUMED, Band, Header, Levels, Revenue, ValueRule
from sim.model.worlds.tables import BorderRow, CartelRow, ClockRow, PresenceRow, Tables, TerritoryRow
from sim.scenario.problems import Problem, ScenarioError

YEARS = range(2006, 2031)

_EVERYWHERE = {
    "population": 3_400_000,  # a mean Mexican state of 2006
    "young_men": 450_000,
    "crossing": 0.0,
    "port": 0.0,
    "poppy": 0.0,
    "pipeline": 1.0,
    "economy": 1.0,
    "homicides": 310.0,
}
_ROW: dict[str, Any] = {"source": ASSUMED, "status": "assumed"}


def grid_tables(rows: int, columns: int, cartels: int) -> Tables:
    """Write the tables of a grid, from north to south and west to east; every place is worth the same and touches the four beside it.

    A cartel dominates its base and is present around it; the base and what lies around it answer to different factions.
    Raises ScenarioError: more cartels than places.
    """
    places = rows * columns
    if cartels > places:
        message = f"{cartels} cartels need as many places; {rows} x {columns} are {places}"
        raise ScenarioError([Problem("", None, "world.cartels", message)])
    bases = [(2 * i + 1) * places // (2 * cartels) for i in range(cartels)]
    return Tables(
        header=_header(rows, columns),
        territories=[_place(k, *divmod(k, columns)) for k in range(places)],
        borders=[BorderRow(a=f"P{k}", b=f"P{j}", km=1, **_ROW) for k in range(places) for j in _beside(k, rows, columns) if k < j],
        cartels=[_cartel(i, base) for i, base in enumerate(bases)],
        presence=[plaza for i, base in enumerate(bases) for plaza in _plazas(i, base, _beside(base, rows, columns))],
        ties=[],
        clocks=[_year(year) for year in YEARS],
    )


def _header(rows: int, columns: int) -> Header:
    places = rows * columns
    return Header(
        title=f"Grid of {rows} x {columns} places",
        year=YEARS[0],
        description="Synthetic.",
        reliability="Stands for no country.",
        members=Band(low=2000 * places, mid=2700 * places, high=4000 * places, **_ROW),
        value=ValueRule(crossing=0, port=0, poppy=0, residents=1),
        levels=Levels(dominant=3, contested=2, present=1, base=1),
        revenue=Revenue(columns=["constant"]),
    )


def _beside(place: int, rows: int, columns: int) -> Iterator[int]:
    row, column = divmod(place, columns)
    for y, x in ((row - 1, column), (row, column - 1), (row, column + 1), (row + 1, column)):
        if 0 <= y < rows and 0 <= x < columns:
            yield y * columns + x


def _place(k: int, row: int, column: int) -> TerritoryRow:
    spot = {"tile_x": column, "tile_y": row, "lon": column / 100, "lat": -row / 100}
    return TerritoryRow.model_validate({"id": f"P{k}", "name": f"Place {k}", **_EVERYWHERE, **spot, **_ROW})


def _cartel(i: int, base: int) -> CartelRow:
    name, home = f"Cartel {i}", f"P{base}"
    return CartelRow(id=f"c{i}", name=name, base=home, strength=1, suppliers=2, financiers=2, dealers=2, **_ROW)


def _plazas(i: int, base: int, beside: Iterator[int]) -> Iterator[PresenceRow]:
    yield PresenceRow(cartel=f"c{i}", state=f"P{base}", level="dominant", faction=f"c{i}-core", **_ROW)
    for place in beside:
        yield PresenceRow(cartel=f"c{i}", state=f"P{place}", level="present", faction=f"c{i}-wing", **_ROW)


def _year(year: int) -> ClockRow:
    still: dict[str, Any] = {"synthetic_share": 0, "population_growth": 0, "background_trend": 1, "constant": 1}
    return ClockRow(year=year, **still, **_ROW)

"""The tables of a country as people write them: what stands in world.toml and in each CSV file beside it."""

from __future__ import annotations

from collections.abc import Hashable
from typing import ClassVar, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, NonNegativeFloat, PositiveFloat, PositiveInt

Status = Literal["seen", "recalled", "derived", "assumed"]
ASSUMED = "ASSUMED"  # stands in a row's source where there is none
HEADER = "world.toml"


class Row(BaseModel):
    """One line of a CSV file; every line names its sources (keys of world.toml, separated by spaces) and its status."""

    model_config = ConfigDict(frozen=True, allow_inf_nan=False)
    file: ClassVar[str]

    line: int = 0
    source: str = Field(pattern=r"\S")
    status: Status

    def identity(self) -> Hashable:
        """What no other row of the table may share."""
        return self.line


class TerritoryRow(Row):
    """A place before it is split: a state, or a cell of a grid."""

    file = "territories.csv"
    id: str = Field(pattern=r"^[A-Za-z0-9_.]+$")
    name: str = Field(min_length=1)
    population: PositiveInt
    young_men: PositiveInt
    crossing: NonNegativeFloat
    port: NonNegativeFloat
    poppy: NonNegativeFloat
    pipeline: NonNegativeFloat
    economy: NonNegativeFloat
    homicides: NonNegativeFloat
    lon: float = Field(ge=-180, le=180)
    lat: float = Field(ge=-90, le=90)
    tile_x: int
    tile_y: int

    def identity(self) -> Hashable:
        """Its id."""
        return self.id


class PairRow(Row):
    """Two names, in any order."""

    a: str
    b: str

    def identity(self) -> Hashable:
        """The pair, in any order."""
        return frozenset((self.a, self.b))


class BorderRow(PairRow):
    """Two territories that touch."""

    file = "borders.csv"
    km: NonNegativeFloat


class CartelRow(Row):
    """An organisation at the start."""

    file = "cartels.csv"
    id: str = Field(pattern=r"^[a-z0-9-]+$")
    name: str = Field(min_length=1)
    base: str
    strength: PositiveFloat
    suppliers: int = Field(ge=0)
    financiers: int = Field(ge=0)
    dealers: int = Field(ge=0)

    def identity(self) -> Hashable:
        """Its id."""
        return self.id


class PresenceRow(Row):
    """One cartel in one state: how strongly, and whose lieutenant runs it."""

    file = "presence.csv"
    cartel: str
    state: str
    level: Literal["dominant", "contested", "present"]
    faction: str = Field(min_length=1)

    def identity(self) -> Hashable:
        """One plaza for each cartel and state."""
        return self.cartel, self.state


class TieRow(PairRow):
    """A relation between two cartels."""

    file = "ties.csv"
    kind: Literal["alliance", "rivalry"]
    since: int


class ClockRow(Row):
    """One year of the outside series; further columns hold further series."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, float] = Field(init=False)
    file = "clocks.csv"
    year: int
    synthetic_share: float = Field(ge=0, le=1)
    population_growth: float = Field(gt=-1, lt=1)
    background_trend: NonNegativeFloat

    def series(self) -> dict[str, float]:
        """Every series' value of this year."""
        own = ("synthetic_share", "population_growth", "background_trend")
        return {name: getattr(self, name) for name in own} | self.__pydantic_extra__


class Band(BaseModel):
    """Plausible members of all cartels together, people."""

    low: PositiveFloat
    mid: PositiveFloat
    high: PositiveFloat
    source: str
    status: Status


class ValueRule(BaseModel):
    """Relative weights of what makes a place worth holding for trafficking."""

    crossing: NonNegativeFloat
    port: NonNegativeFloat
    poppy: NonNegativeFloat
    residents: PositiveFloat


class Levels(BaseModel):
    """Members of a cartel in a state by level, relative to its other states; `base` multiplies the home state."""

    dominant: PositiveFloat
    contested: PositiveFloat
    present: PositiveFloat
    base: PositiveFloat


class Revenue(BaseModel):
    """Columns of the clocks whose sum, relative to the first year, is the revenue clock."""

    columns: list[str] = Field(min_length=1)


class Reference(BaseModel):
    """A source in full."""

    title: str
    publisher: str
    year: int
    status: Status


class Header(BaseModel):
    """What world.toml says about the country as a whole."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)
    title: str
    year: int
    description: str
    reliability: str
    members: Band
    value: ValueRule
    levels: Levels
    revenue: Revenue
    tables: dict[str, dict[str, str]] = {}
    sources: dict[str, Reference] = {}


class Tables(NamedTuple):
    """A country on paper."""

    header: Header
    territories: list[TerritoryRow]
    borders: list[BorderRow]
    cartels: list[CartelRow]
    presence: list[PresenceRow]
    ties: list[TieRow]
    clocks: list[ClockRow]

"""The tables of a country as people write them: what stands in each CSV file beside world.toml."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from datetime import date
from typing import ClassVar, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, NonNegativeFloat, NonNegativeInt, PositiveFloat, PositiveInt

from sim.model.worlds.header import Header, Status
from sim.scenario.worlds import EDGES, GOVERNMENTS, GROUPS, MOST_MUNICIPALITIES, MUNICIPALITIES, NODES


class Line(BaseModel):
    """One line of a CSV file. Columns with a default may be left out."""

    model_config = ConfigDict(frozen=True, allow_inf_nan=False)
    file: ClassVar[str]

    line: int = 0
    named_by: ClassVar[str] = ""  # the field at which a repeated row is told

    def identity(self) -> Hashable:
        """What no other row of the table may share."""
        return self.line


class Row(Line):
    """A line of a world's table: it names its sources (keys of world.toml, separated by spaces) and its status."""

    source: str = Field(pattern=r"\S")
    status: Status


class TerritoryRow(Row):
    """A place before it is split: a state, or a cell of a grid."""

    file = "territories.csv"
    named_by = "id"
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


class PairRow(Line):
    """Two names, in any order."""

    named_by = "a"

    a: str
    b: str

    def identity(self) -> Hashable:
        """The pair, in any order."""
        return frozenset((self.a, self.b))


class BorderRow(PairRow, Row):
    """Two territories that touch."""

    file = "borders.csv"
    km: NonNegativeFloat


class CartelRow(Row):
    """An organisation at the start."""

    file = "cartels.csv"
    named_by = "id"
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
    named_by = "cartel"
    cartel: str
    state: str
    level: Literal["dominant", "contested", "present"]
    faction: str = Field(min_length=1)

    def identity(self) -> Hashable:
        """One plaza for each cartel and state."""
        return self.cartel, self.state


class TieRow(PairRow, Row):
    """A relation between two cartels; `weight` is in how many states it holds."""

    file = "ties.csv"
    kind: Literal["alliance", "rivalry"]
    since: int
    weight: PositiveFloat = 1.0


class ClockRow(Row):
    """One year of the outside series; further columns hold further series."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, float] = Field(init=False)
    file = "clocks.csv"
    year: int
    synthetic_share: float = Field(ge=0, le=1)
    population_growth: float = Field(gt=-1, lt=1)
    background_trend: NonNegativeFloat
    custody: NonNegativeFloat = 1.0

    def series(self) -> dict[str, float]:
        """Every series' value of this year."""
        own = ("synthetic_share", "population_growth", "background_trend", "custody")
        return {name: getattr(self, name) for name in own} | self.__pydantic_extra__


class MunicipalityRow(Row):
    """Into how many places a state is split."""

    file = MUNICIPALITIES
    named_by = "state"
    state: str
    municipalities: PositiveInt = Field(le=MOST_MUNICIPALITIES)

    def identity(self) -> Hashable:
        """Its state."""
        return self.state


class GovernmentRow(Row):
    """Who governs a state, or the nation, from a day on."""

    file = GOVERNMENTS
    named_by = "state"
    state: str
    since: date
    party: str = Field(min_length=1)

    def identity(self) -> Hashable:
        """One government begins on a day."""
        return self.state, self.since


class TotalRow(Row):
    """How many groups stand in a state."""

    file = "totals.csv"
    named_by = "state"
    state: str
    groups: NonNegativeInt

    def identity(self) -> Hashable:
        """Its state."""
        return self.state


class GroupRow(Row):
    """A group known by name: its number, its home, in how many states it stands, and which of these are known."""

    file = GROUPS
    named_by = "number"
    number: PositiveInt
    id: str = Field(pattern=r"^[a-z0-9-]+$")
    name: str = Field(min_length=1)
    base: str
    states: PositiveInt
    known: str
    suppliers: int = Field(ge=0)
    financiers: int = Field(ge=0)
    dealers: int = Field(ge=0)

    def identity(self) -> Hashable:
        """Its number."""
        return self.number

    def fixed(self) -> list[str]:
        """The states it is known to stand in, its home first."""
        return list(dict.fromkeys([self.base, *self.known.split()]))


class NodeRow(Line):
    """A group of the published network; its other columns are left aside."""

    model_config = ConfigDict(extra="allow")
    file = NODES
    named_by = "node"
    node: str = Field(pattern=r"^N10\d{3}$")
    group: str = Field(min_length=1)
    n_states_2020: PositiveInt

    def identity(self) -> Hashable:
        """Its number."""
        return self.node

    def number(self) -> int:
        """Its place in the published list."""
        return int(self.node.removeprefix("N10"))


class EdgeRow(PairRow):
    """A tie of the published network; `weight` is in how many states it holds. Two groups may be both."""

    model_config = ConfigDict(extra="allow")
    file = EDGES
    kind: Literal["alliance", "rivalry"]
    weight: PositiveFloat

    def identity(self) -> Hashable:
        """The kind, and the pair in any order."""
        return self.kind, super().identity()


class Tables(NamedTuple):
    """A country on paper."""

    header: Header
    territories: list[TerritoryRow]
    borders: list[BorderRow]
    cartels: list[CartelRow]
    presence: list[PresenceRow]
    ties: list[TieRow]
    clocks: list[ClockRow]
    municipalities: Sequence[MunicipalityRow] = ()
    governments: Sequence[GovernmentRow] = ()


class Sheets(NamedTuple):
    """What the CSV files of one world hold: cartels one by one, or groups by rule."""

    territories: list[TerritoryRow]
    borders: list[BorderRow]
    cartels: list[CartelRow]
    presence: list[PresenceRow]
    ties: list[TieRow]
    clocks: list[ClockRow]
    municipalities: list[MunicipalityRow]
    governments: list[GovernmentRow]
    groups: list[GroupRow]
    totals: list[TotalRow]
    nodes: list[NodeRow]
    edges: list[EdgeRow]

    def tables(self, header: Header) -> Tables:
        """The country with its cartels as listed."""
        return Tables(
            header,
            self.territories,
            self.borders,
            self.cartels,
            self.presence,
            self.ties,
            self.clocks,
            self.municipalities,
            self.governments,
        )

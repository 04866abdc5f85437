"""What world.toml says about a country as a whole."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, NonNegativeFloat, PositiveFloat, PositiveInt, model_validator

from sim.scenario.worlds import MOST_GROUPS

Status = Literal["seen", "recalled", "derived", "assumed"]
ASSUMED = "ASSUMED"  # stands in a row's source where there is none


class Part(BaseModel):
    """What a table of world.toml has in common with the others: known fields only, of their own type, and no infinity."""

    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)


class Band(Part):
    """Plausible members of all cartels together, people."""

    low: PositiveFloat
    mid: PositiveFloat
    high: PositiveFloat
    source: str
    status: Status


class ValueRule(Part):
    """Relative weights of what makes a place worth holding for trafficking."""

    crossing: NonNegativeFloat
    port: NonNegativeFloat
    poppy: NonNegativeFloat
    residents: PositiveFloat


class Levels(Part):
    """Members of a cartel in a state by level, relative to its other states; `base` multiplies the home state."""

    dominant: PositiveFloat
    contested: PositiveFloat
    present: PositiveFloat
    base: PositiveFloat


class Revenue(Part):
    """Columns of the clocks: the sum of `columns`, relative to the first year, is the revenue clock; `output` is what the source makes."""

    columns: list[str] = Field(min_length=1)
    output: str | None = None


class TieRule(Part):
    """Size of a synthetic network of one kind of tie.

    Dyads are tied pairs, strength the sum of their weights; the hub is the group of most states. `skew` makes ties fall
    to groups of more states: a pair's weight in the draw is the product of both ranks to the power of -skew.
    """

    dyads: PositiveInt
    strength: PositiveInt
    hub_dyads: PositiveInt
    hub_strength: PositiveInt
    skew: NonNegativeFloat

    @model_validator(mode="after")
    def _no_more_than_all(self) -> TieRule:
        if not self.hub_dyads <= self.dyads <= self.strength:
            raise ValueError("should have hub_dyads <= dyads <= strength")
        if not self.hub_dyads <= self.hub_strength <= self.strength - (self.dyads - self.hub_dyads):
            raise ValueError("should leave each dyad, with and without the hub, a strength of 1 at least")
        return self


class NetworkRule(Part):
    """How many groups there are, and the size of the network between them where no other is given."""

    groups: int = Field(ge=2, le=MOST_GROUPS)
    alliance: TieRule
    rivalry: TieRule
    source: str
    status: Status


class Reference(Part):
    """A source in full."""

    title: str
    publisher: str
    year: int
    status: Status


class Header(Part):
    """All of it; `base` is the shipped world whose tables and whose header fill what is missing."""

    title: str
    year: int
    description: str
    reliability: str
    members: Band
    value: ValueRule
    levels: Levels
    revenue: Revenue
    base: str = ""
    network: NetworkRule | None = None
    tables: dict[str, dict[str, str]] = {}
    sources: dict[str, Reference] = {}

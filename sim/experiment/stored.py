"""What `plan.json` must hold, so that a plan that was cut, edited or is another program's is named as such before it is used."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import fields
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from sim.scenario.problems import brief
from sim.scenario.scenario import Event, LeverPlan, Scenario, Sweep

LATER = {"panel"}  # fields of a scenario that plans of this layout may lack

STRICT = ConfigDict(strict=True, allow_inf_nan=False)
Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{16}$")]
Count = Annotated[int, Field(ge=0)]
Many = Annotated[int, Field(ge=1)]


class ArmEntry(BaseModel):
    """What is said of an arm beside its scenario; a design point has no scenario of its own, but an arm that it is like."""

    model_config = STRICT
    name: str
    point: Count
    digest: Digest
    like: Count | None = None
    at: dict[str, Any] = {}
    luck: int = 0


class Arm(BaseModel):
    """What an arm runs."""

    model_config = STRICT
    arm: Scenario


class SweepEntry(BaseModel):
    """What is swept; `usual` is each point's business as usual, by digest: name and digest. A sensitivity analysis has none."""

    model_config = STRICT
    scenario: str
    digest: Digest
    method: str
    fields: list[str]
    usual: dict[Digest, tuple[str, Digest]] = {}


class Factor(BaseModel):
    """What a scenario's difference from business as usual is multiplied by."""

    model_config = STRICT
    factor: float
    status: str


class Share(Factor):
    """What equal cost asks of one scenario."""

    scenario: str
    usd: float
    usd_as_written: float
    solutions: dict[str, Factor]


class EqualCost(BaseModel):
    """How the scenarios were scaled to one cost."""

    model_config = STRICT
    baseline: str
    prices: Literal["low", "mid", "high"]
    budget_usd: float
    budget_usd_per_year: float
    budget_usd_at_prices: dict[str, float]
    years: float
    basis: str
    scenarios: list[Share]


class Versions(BaseModel):
    """Of this package, and of whatever else made the numbers."""

    model_config = STRICT | {"extra": "allow"}
    __pydantic_extra__: dict[str, str] = Field(init=False)
    sim: str


class Code(BaseModel):
    """The source that made the runs."""

    model_config = STRICT
    revision: str | None
    dirty: bool | None


class StoredPlan(BaseModel):
    """`plan.json`; entries that nothing reads are not listed."""

    model_config = STRICT
    model_version: Digest
    earlier_model_versions: list[Digest] = []
    seed: int
    replicates: Many
    arms: list[ArmEntry] = Field(min_length=1)
    seeds: list[Count]
    runs: list[Digest]
    panel: bool = False
    equal_cost: EqualCost | None = None
    twins: dict[str, Any] | None = None
    sweep: SweepEntry | None = None
    created: str
    command: list[str]
    code: Code
    versions: Versions


def findings(text: str, plan: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What is wrong with a plan.

    Args:
        text: of the file.
        plan: the same, parsed.

    Yields:
        Dotted field, and what is wrong with it; entries of one kind only, the first kind that has any.
    """
    found = list(_misshapen(StoredPlan, text)) or list(_miscounted(plan))
    yield from found
    for number, arm in enumerate(plan["arms"] if not found else ()):
        if arm.get("like") is None:
            place = f"arms.{number}"
            wrong = list(_misshapen(Arm, json.dumps({"arm": arm}))) or [(f"arm.{name}", "is missing") for name in _absent(arm)]
            yield from ((place + name.removeprefix("arm"), message) for name, message in wrong)


def _misshapen(shape: type[BaseModel], text: str) -> Iterator[tuple[str, str]]:
    """What is missing, or of another type."""
    try:
        shape.model_validate_json(text)
    except ValidationError as error:
        for found in error.errors(include_url=False):
            message = "is missing" if found["type"] == "missing" else f"{found['msg'].lower()}, not {brief(found['input'])}"
            yield ".".join(map(str, found["loc"])), message


def _miscounted(plan: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Lists that do not have an entry for each run, or for each replicate."""
    for name, expected in (("runs", plan["replicates"] * len(plan["arms"])), ("seeds", plan["replicates"])):
        if len(plan[name]) != expected:
            yield name, f"has {len(plan[name]):,} entries, not {expected:,}"


def _absent(arm: Mapping[str, Any]) -> Iterator[str]:
    """Fields of a scenario that are left out, where a default would be taken for what was run."""
    parts = [("", Scenario, arm), *((f"policy.{n}.", LeverPlan, plan) for n, plan in enumerate(arm.get("policy", ())))]
    parts += [(f"events.{n}.", Event, event) for n, event in enumerate(arm.get("events", ()))]
    parts += [("sweep.", Sweep, arm["sweep"])] if arm.get("sweep") else []
    for place, kind, found in parts:
        yield from (place + each.name for each in fields(kind) if each.name not in found and each.name not in LATER)

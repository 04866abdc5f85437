"""The handles a policy may press, and how presses combine.

A lever turns an intensity into a `Push`; pushes of all levers are combined here and nowhere else: *add* handles are summed
(neutral 0), *factor* handles are multiplied (neutral 1). A handle's scope says what may be aimed at: the nation as a whole,
single territories (a lever's `where`), or single cartels (a lever's `target`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Scope = Literal["nation", "territory", "cartel"]


class Handle(NamedTuple):
    """One grip on the mechanisms: its name, how presses combine, what it may be aimed at, and its unit."""

    name: str
    combine: Literal["add", "factor"]
    scope: Scope
    unit: str
    meaning: str

    @property
    def neutral(self) -> float:
        """The value that leaves the model untouched, bit for bit."""
        return 0.0 if self.combine == "add" else 1.0


def _add(scope: Scope, unit: str, meaning: str) -> Any:  # noqa: ANN401
    return field(default=0.0, metadata={"combine": "add", "scope": scope, "unit": unit, "meaning": meaning})


def _factor(scope: Scope, meaning: str) -> Any:  # noqa: ANN401
    return field(default=1.0, metadata={"combine": "factor", "scope": scope, "unit": "factor", "meaning": meaning})


@dataclass(frozen=True)
class Push:
    """What levers press, week by week: every field is a number or an array over weeks, neutral unless set."""

    # leaders
    kingpin_attempts: float | Array = _add("cartel", "1 = effort of 2007-12", "attempts against kingpins")
    lieutenant_attempts: float | Array = _add("cartel", "1 = effort of 2007-12", "attempts against lieutenants")
    attempt_reach: float | Array = _factor("territory", "odds that an attempt succeeds against local force")
    betrayal_rate: float | Array = _add("cartel", "1/year", "leaders given up by their own people")
    extradition_rate: float | Array = _add("cartel", "1/year", "captured leaders extradited, which ends command from prison")
    # force
    troops: float | Array = _add("territory", "per 10,000 residents", "soldiers and marines on public-security duty")
    arrest_effort: float | Array = _add("territory", "1 = effort of 2012", "capacity to arrest members")
    discrimination: float | Array = _factor("territory", "harm to bystanders per confrontation")
    confrontation: float | Array = _factor("territory", "readiness of deployed force to engage")
    # trade
    interdiction: float | Array = _add("nation", "share", "additional share of the flow seized before routes adapt")
    synthetic_supply: float | Array = _factor("nation", "synthetic share of use")
    crop_value: float | Array = _factor("nation", "trafficking value that rests on poppy")
    # money and links
    broker_loss_rate: float | Array = _add("cartel", "1/year", "live brokers cut off, all kinds, at home or abroad")
    kingpin_link_loss: float | Array = _add("cartel", "1/year", "live brokers cut off who deal with the kingpin")
    financier_loss_rate: float | Array = _add("cartel", "1/year", "live financiers cut off")
    cash_seizure: float | Array = _add("cartel", "1/year", "share of cash frozen or seized")
    gun_inflow: float | Array = _factor("nation", "southbound arms reaching cartels")
    gun_leakage: float | Array = _add("nation", "guns per member and year", "official equipment that ends in wrong hands")
    # demand
    treatment_slots: float | Array = _add("nation", "share of heavy users per year", "heavy users entering effective treatment")
    initiation: float | Array = _factor("nation", "people who start using")
    overdose_survival: float | Array = _add("nation", "share", "overdoses survived thanks to naloxone")
    # roots
    recruit_appeal: float | Array = _factor("territory", "odds of joining among those approached")
    legal_pay: float | Array = _factor("territory", "pay of the best legal alternative")
    exit_rate: float | Array = _add("territory", "1/year", "members who leave through exit programmes")
    conviction: float | Array = _add("territory", "share", "additional share of arrests that end in a sentence")
    integrity_repair: float | Array = _add("territory", "1/year", "recovery of police integrity")
    retaliation: float | Array = _factor("territory", "how far organised violence raises other killings")
    restraint: float | Array = _add("territory", "share", "part of what fighting wins that force takes, as it answers violence")


def _handles() -> Iterator[Handle]:
    for f in fields(Push):
        yield Handle(f.name, f.metadata["combine"], f.metadata["scope"], f.metadata["unit"], f.metadata["meaning"])


HANDLES: tuple[Handle, ...] = tuple(_handles())

"""Runs' beginnings as bytes: all that whoever runs a kernel without Python needs to play them.

`country.js` beside this file plays them. Bytes are tables as they lie in memory, one after the other; a header, plain JSON, says which
they are. Nothing here knows a table by name but those that policy fills: what a country holds is looked up in its class.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

import numpy as np

from sim.catalogue.levers import LEVERS
from sim.catalogue.metrics import METRICS
from sim.catalogue.push import HANDLES
from sim.model import opening
from sim.model.capacity import GROUPS, GROWING
from sim.model.columns import CAUSE, KIND, Flow, Stock
from sim.model.compile.named import Numbers, Stack, Table
from sim.model.compile.version import digests
from sim.model.log import CAUSES
from sim.model.model import Cartelitos
from sim.model.policy import AID_LAG_WEEKS, AID_STAGES, AMERICAN, FIRST_ACT
from sim.model.policy import RANKS as UNPRESSED
from sim.model.record import CAUSES as KILLINGS
from sim.model.record import STARTS_AT_ONE
from sim.model.state import ODD, TOGETHER
from sim.scenario.scenario import Scenario

EMPTY = {"at": -1, "feud": -1}  # what new rows of tables between cartels hold
AGAIN = ("powers", "fading")  # tables that follow from parameters: made again where the run is played


def worlds(scenario: Scenario, seeds: Sequence[int], *others: tuple[Scenario, Sequence[int]]) -> tuple[dict[str, Any], bytes]:
    """Several worlds as their tables have them, without any policy: a header, and raw-deflated bytes.

    A world's bytes follow one another, each but the first as what differs from the first (exclusive or). Policies are added where
    they are played, from the header's levers, to the same last bit; so are parameters of one's own, which is why rates are brought to
    rest there too (`opening.py`). Of a scenario start, length, world and scripted events count, not its levers; the worlds of `others`,
    of the same country and length, whose assumptions differ, come last.
    """
    header: dict[str, Any] = {}
    every, effects = [], []
    begun = [(one, seed) for one, own in ((scenario, seeds), *others) for seed in own]
    for one, seed in begun:
        model = Cartelitos(replace(one, policy=()), rng=seed, rested=False)
        for name in AGAIN:
            getattr(model.state.country, name)[...] = 0.0
        header, content = beginning(model)
        every.append(np.frombuffer(content, np.uint8))
        effects.append([model.effects[name] for name in LEVERS])
        shares = (model.world.population / model.world.population.sum()).tolist()
        states = list(model.world.states)
        model.release()
    header |= {
        "seeds": [str(seed) for _, seed in begun], "again": "tabulate", "rest": [opening.ROUNDS, opening.STEP],
        "effects": effects, "size": int(every[0].size),
        "levers": {name: _lever(name) for name in LEVERS}, "handles": [[handle.name, handle.combine] for handle in HANDLES],
        "american": sorted(AMERICAN), "unpressed": UNPRESSED, "aid": [AID_STAGES, AID_LAG_WEEKS, -((scenario.start - FIRST_ACT).days // 7)],
        "states": states, "shares": shares,
    }  # fmt: skip
    bodies = [each if number == 0 else each ^ every[0] for number, each in enumerate(every)]
    squeeze = zlib.compressobj(9, zlib.DEFLATED, -15)
    return header, b"".join([*(squeeze.compress(body.tobytes()) for body in bodies), squeeze.flush()])


def plans(scenario: Scenario) -> list[dict[str, Any]]:
    """A scenario's levers as `country.js` takes them."""
    return [asdict(plan) | {"points": [[day.isoformat(), intensity] for day, intensity in plan.points]} for plan in scenario.policy]


@dataclass(frozen=True, eq=False)
class Formula:
    """An expression of a lever's intensity and effect, as nested lists: what is done, and with what."""

    said: Any

    def exp(self) -> Formula:
        """Its exponential."""
        return Formula(["exp", self.said])

    def __neg__(self) -> Formula:
        return Formula(["-", self.said])

    def __mul__(self, other: Any) -> Formula:  # noqa: ANN401
        if isinstance(other, np.ndarray):
            return NotImplemented
        return Formula(["*", self.said, getattr(other, "said", other)])

    def __rmul__(self, other: float) -> Formula:
        return Formula(["*", float(other), self.said])


def _lever(name: str) -> dict[str, Any]:
    """What a lever presses, as formulas, and the numbers of its chain."""
    lever = LEVERS[name]
    push = lever.press(np.array([Formula("x")], object), Formula("effect"))  # type: ignore[arg-type]
    pressed = {handle.name: getattr(push, handle.name) for handle in HANDLES}
    return {
        "pressed": {each: value[0].said for each, value in pressed.items() if isinstance(value, np.ndarray)},
        "kept": lever.takeup * (1.0 - lever.leakage), "ceiling": lever.ceiling, "lag": lever.lag_weeks, "price": lever.cost[1],
        "payer": lever.payer, "local": lever.cost_scales_with == "population", "demand": lever.family == "demand",
        "low": lever.low, "high": lever.high, "family": lever.family,
    }  # fmt: skip


def beginning(model: Cartelitos) -> tuple[dict[str, Any], bytes]:
    """Header and bytes of a model that has not begun."""
    parts: list[bytes] = []
    described = [{"name": field.name} | _part(getattr(model.state.country, field.name), parts) for field in fields(model.state.country)]
    calendar, costs = model.calendar, model.policy.costs
    weekly = {
        "policy_cost_usd": costs.total, "policy_cost_usd_us": costs.us, "policy_cost_usd_mx": costs.total - costs.us,
        "aid_obligated_usd": costs.aid_obligated, "aid_spent_usd": costs.aid_spent,
    }  # fmt: skip
    parts += [np.ascontiguousarray(calendar.share).tobytes(), *(np.ascontiguousarray(values).tobytes() for values in weekly.values())]
    header = {
        "digest": digests().kernel, "model": digests().model, "scenario": model.setting.name, "seed": str(model.seed),
        "fields": described, "weekly": list(weekly),
        "start": model.calendar.start.isoformat(), "weeks": calendar.weeks, "months": [str(month) for month in calendar.months],
        "days": calendar.days.tolist(), "first": calendar.first.tolist(), "known": calendar.known.tolist(),
        "metrics": [[name, metric.kind] for name, metric in METRICS.items()], "flows": list(Flow.names), "stocks": list(Stock.names),
        "killings": list(KILLINGS), "starts_at_one": list(STARTS_AT_ONE),
        "growing": list(GROWING), "together": {name: list(others) for name, others in TOGETHER.items()}, "odd": ODD, "groups": int(GROUPS),
        "empty": EMPTY, "kinds": KIND._asdict(), "causes": CAUSE._asdict(), "why": list(CAUSES),
        "places": list(model.world.ids), "founders": [seed.id for seed in model.world.cartels],
        "factions": model.state.factions,
        "script": [
            [model.calendar.week(event.date), event.kind, event.cartel, event.other, event.mode, event.rank]
            for event in model.setting.events if event.date >= model.calendar.start
        ],
    }  # fmt: skip
    return header, b"".join(parts)


def _part(part: Any, parts: list[bytes]) -> dict[str, Any]:  # noqa: ANN401
    """What the header says of a part of the country; its bytes join the others."""
    if isinstance(part, Table):
        parts += [part.floats.tobytes(), part.ints.tobytes()]
        return {"kind": "table", "real": list(part.real), "whole": list(part.whole), "rows": part.rows}
    if isinstance(part, Numbers):
        parts.append(part.values.tobytes())
        return {"kind": "numbers", "names": list(part.names), "type": part.values.dtype.str[1:]}
    array = part.values if isinstance(part, Stack) else np.asarray(part)
    parts.append(array.tobytes() + bytes(-array.nbytes % 8))
    kind = "stack" if isinstance(part, Stack) else "array" if array.ndim else "number"
    return {"kind": kind, "type": array.dtype.str[1:], "shape": list(array.shape)}

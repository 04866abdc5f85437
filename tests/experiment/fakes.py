"""Fast stand-ins for `sim.model.run.simulate`; worker processes import them by name."""

import os
import signal
import time
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import NamedTuple

import numpy as np

from sim.model.log import EventLog, EventRow
from sim.scenario.scenario import Scenario

MONTHS = np.arange("2006-12", "2007-06", dtype="datetime64[M]")

ABOUT = {"created": "2006-12-01", "command": [], "code": {"revision": None, "dirty": None}, "versions": {"sim": "0"}}


class LineageRow(NamedTuple):
    cartel: str
    parent: str
    root: str
    born: date
    died: date | None
    origin: str
    peak_members: int
    cell: bool


def scenario(name: str = "baseline", **changes) -> Scenario:
    fields = {"title": name, "question": "?", "world": "grid", "start": date(2006, 12, 1), "years": 0.5}
    return Scenario(name=name, **(fields | changes))


def simulate(scenario: Scenario, seed: int) -> SimpleNamespace:
    """Numbers that depend on seed and content, as a model's do."""
    luck = np.array([(seed >> shift) % 997 for shift in range(MONTHS.size)], dtype=float)
    homicides = luck * scenario.parameters.get("lethality", 1.0)
    split = EventRow(date(2007, 1, 8), "split", "sinaloa", "beltran-leyva", "SIN", 3, "removal")
    return SimpleNamespace(
        months=MONTHS,
        days=np.full(MONTHS.size, 30),
        series={"homicides": homicides, "members": luck + 1},
        events=EventLog.of([split] * int(luck[0] % 3)),
        genealogy=[LineageRow("sinaloa", "", "sinaloa", date(2006, 12, 1), None, "founder", 1000, False)],
        parameters={"lethality": 1.0},
        family="split",
        totals={"homicides": float(homicides.sum()), "members": float(luck[-1] + 1)},
        warnings=[],
        tables={},
        digest="0" * 16,
    )


def slow(scenario: Scenario, seed: int) -> SimpleNamespace:
    """Half a second, without giving the processor away."""
    time.sleep(0.5)
    return simulate(scenario, seed)


def broken(scenario: Scenario, seed: int) -> SimpleNamespace:
    """Fails whenever the scenario is called so."""
    if scenario.name.startswith("broken"):
        raise ValueError("no such country")
    return simulate(scenario, seed)


def poisoned(scenario: Scenario, seed: int) -> SimpleNamespace:
    """Always fails."""
    raise ValueError("no such country")


def poison(scenario: Scenario, seed: int) -> SimpleNamespace:
    """Takes its worker along whenever the scenario is called so."""
    if scenario.name == "poison":
        os.kill(os.getpid(), signal.SIGKILL)
    return simulate(scenario, seed)


def unlucky(scenario: Scenario, seed: int) -> SimpleNamespace:
    """Takes so many workers along; `title` names the folder that remembers, `question` says how many."""
    if scenario.name == "unlucky":
        deaths = len(list(Path(scenario.title).iterdir()))
        if deaths < int(scenario.question):
            (Path(scenario.title) / str(deaths)).touch()
            os.kill(os.getpid(), signal.SIGKILL)
    return simulate(scenario, seed)


def unportable(scenario: Scenario, seed: int) -> SimpleNamespace:
    """Ends the process in the polite way."""
    raise SystemExit(3)


def brief(scenario: Scenario, seed: int) -> SimpleNamespace:
    """Thirty milliseconds."""
    time.sleep(0.03)
    return simulate(scenario, seed)


def stillborn(pipe) -> None:
    """A worker that dies before it is ready."""
    os.abort()


def half_an_answer(pipe) -> None:
    """A worker that dies while it sends."""
    pipe.send_bytes(b"ready")
    pipe.recv_bytes()
    os.write(pipe.fileno(), (1000).to_bytes(4, "big") + b"half")
    os.kill(os.getpid(), signal.SIGKILL)

"""What each mechanism is for: the evidence rows that get worse without it, and the outcomes that move.

A row gets *worse* without a mechanism if fewer histories lie in its band, by more than luck: the paired change of that share has a 95 %
interval below zero; or if its verdict falls from near to fail. *Better* is the reverse. A mechanism whose absence makes no row worse but
moves an outcome, or what a policy does to one, matters although the evidence cannot tell; one that does none of it is a finding: it could
go.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import isnan
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from sim.analysis.csv_text import csv_text
from sim.analysis.ensemble import Ensemble
from sim.analysis.evidence import GIVEN, VERDICTS, Histories, inside, observed, verdict
from sim.analysis.paired import COST, contrast, half_width
from sim.analysis.table import signed
from sim.catalogue.evidence import Evidence
from sim.catalogue.metrics import HEADLINE, METRICS
from sim.catalogue.statistics import Array, covered
from sim.catalogue.switches import SWITCHES
from sim.experiment.switching import ALL, arm, without

OUTCOMES = tuple(name for name in HEADLINE if not name.startswith(COST))
MARKET = ("trafficking_revenue_usd", "drug_price_index", "consumption_index")  # what policies on the trade may change besides
NOTABLE = 2.0  # percent: a smaller move of an outcome is not mentioned (ASSUMED)
EFFECT = 0.5  # percent of the outcome: a smaller change of what a policy does is not mentioned (ASSUMED)
EARNS, MOVES, PRESSED, NOTHING = "evidence", "outcomes", "policies", "nothing"
MENTIONED = 4  # outcomes
COLUMNS = ("mechanism", "submodel", "channel", "shows_in", "worse", "better", "outcomes", "effects", "off", "meaning")


class Move(NamedTuple):
    """What an outcome does when a mechanism is off, in percent; or what the effect of a policy on it does, in percent of the outcome."""

    metric: str
    percent: float
    low: float
    high: float
    policy: str = ""

    def __str__(self) -> str:
        """Metric and percent, after the policy."""
        text = f"{self.metric} {signed(self.percent)} %"
        return f"{self.policy}: {text}" if self.policy else text


class Use(NamedTuple):
    """What one mechanism is for."""

    name: str  # of the switch
    worse: tuple[str, ...]  # ids of evidence rows that get worse without it
    better: tuple[str, ...]  # ids of those that get better
    moves: tuple[Move, ...]  # outcomes that move by more than NOTABLE and more than luck, largest first
    # what policies do to outcomes and to the market, where that changes by more than EFFECT and more than luck
    effects: tuple[Move, ...] = ()

    @property
    def shows_in(self) -> str:
        """Where its absence shows, in evidence first."""
        return EARNS if self.worse else MOVES if self.moves else PRESSED if self.effects else NOTHING


def uses(
    ensemble: Ensemble, genealogy: pa.Table, rows: Iterable[Evidence], policies: Sequence[str] = (), names: Sequence[str] = tuple(SWITCHES)
) -> list[Use]:
    """What each switched mechanism is for.

    The ensemble's first arm is scored against the evidence, without rows about removals, what inputs decide and what is beyond the runs;
    it and the policies, whose difference from it is looked at, stand as they are, and once per switch with that off.
    Raises PairingError: an arm is missing.
    """
    usual = ensemble.arms[0]
    own = [row for row in rows if row.form != "twins" and row.use != GIVEN and covered(row, ensemble.months)]
    before = {row.id: observed(row, Histories(ensemble, 0, genealogy)) for row in own}
    found = []
    for name in names:
        index = ensemble.arm(arm(usual, without(name)))
        histories = Histories(ensemble, index, genealogy)
        signs = {row.id: changed(row, before[row.id], observed(row, histories)) for row in own}
        worse, better = (tuple(key for key, sign in signs.items() if sign == wanted) for wanted in (-1, 1))
        effects = (move for policy in policies for move in _effects(ensemble, usual, policy, name))
        found.append(Use(name, worse, better, _moves(ensemble, index), tuple(sorted(effects, key=_size))))
    return found


def changed(row: Evidence, before: Array, after: Array) -> int:
    """Whether a row gets worse (-1) or better (1) from one set of histories to the same histories changed; 0 = not told from luck."""
    both = np.isfinite(before) & np.isfinite(after)
    if not both.any():
        return 0
    step = inside(row, after[both]) - inside(row, before[both])
    mean, half = float(step.mean()), half_width(step)
    if not isnan(half) and abs(mean) > half:
        return 1 if mean > 0 else -1
    places = [VERDICTS.index(verdict(row, values[both])) for values in (before, after)]
    return int(np.sign(places[1] - places[0])) if "pass" not in (VERDICTS[place] for place in places) else 0


def _moves(ensemble: Ensemble, index: int) -> tuple[Move, ...]:
    moves = []
    for metric in (name for name in OUTCOMES if name in ensemble.metrics):
        level = ensemble.level(metric, slice(None))
        found = contrast(level[index], level[0], METRICS[metric].better)
        if found and abs(found.percent) >= NOTABLE and not found.percent_low <= 0 <= found.percent_high:
            moves.append(Move(metric, found.percent, found.percent_low, found.percent_high))
    return tuple(sorted(moves, key=_size))


def _effects(ensemble: Ensemble, usual: str, policy: str, name: str) -> Iterator[Move]:
    """How what a policy does to outcomes changes without a mechanism."""
    arms = [ensemble.arm(arm(scenario, label)) for label in (without(name), ALL) for scenario in (policy, usual)]
    for metric in (each for each in (*OUTCOMES, *MARKET) if each in ensemble.metrics):
        level = ensemble.level(metric, slice(None))
        off, base_off, on, base_on = (level[index] for index in arms)
        step, scale = (off - base_off) - (on - base_on), float(np.abs(base_on).mean())
        mean, half = 100 * float(step.mean()) / scale if scale else 0.0, 100 * half_width(step) / scale if scale else 0.0
        if abs(mean) >= EFFECT and abs(mean) > half:
            yield Move(metric, mean, mean - half, mean + half, policy)


def _size(move: Move) -> float:
    return -abs(move.percent)


def to_csv(found: Iterable[Use], provenance: Iterable[str]) -> str:
    """The table with its provenance in comment lines."""
    return csv_text(COLUMNS, map(_cells, found), provenance)


def _cells(use: Use) -> tuple[str, ...]:
    """A line of the table, in the order of COLUMNS."""
    switch = SWITCHES[use.name]
    off = "; ".join(f"{name}={value:g}" for name, value in switch.off.items())
    moves, effects = ("; ".join(map(str, some[:MENTIONED])) for some in (use.moves, use.effects))
    rows = (" ".join(use.worse), " ".join(use.better))
    return (use.name, switch.mechanism, switch.channel, use.shows_in, *rows, moves, effects, off, switch.meaning)


def to_json(found: Iterable[Use]) -> list[dict[str, object]]:
    """The rows of `--json`."""
    return [
        {"mechanism": use.name, "submodel": switch.mechanism, "channel": switch.channel, "off": dict(switch.off), "meaning": switch.meaning,
         "shows_in": use.shows_in, "worse": list(use.worse), "better": list(use.better), "outcomes": [move._asdict() for move in use.moves],
         "effects": [move._asdict() for move in use.effects]}
        for use, switch in ((use, SWITCHES[use.name]) for use in found)
    ]  # fmt: skip


def findings(rows: Sequence[Mapping[str, str]]) -> str:
    """Which mechanisms change nothing that was looked at."""
    idle = [row["mechanism"] for row in rows if row["shows_in"] == NOTHING]
    if not idle:
        return "Every mechanism changes something when it is switched off."
    return (
        "Switched off, these change no evidence row, no headline outcome by 2 %, and no effect of the policies looked at by 0.5 % of an "
        f"outcome, beyond luck: {', '.join(idle)}. They may matter elsewhere in their range, in other worlds, or for other levers."
    )

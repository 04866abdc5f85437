"""Who is allied with whom, and who are rivals: as published, or a synthetic network of the same size.

The synthetic network is drawn once and for all, by addressed draws under the seed `DRAWN`: every world with the same
groups in the same states has the same ties. For alliances, then for rivalries among pairs that are not allied:

* Only groups that meet in a state are tied. The hub, the group of most states, has as many ties as world.toml says, the
  others among themselves the rest of the dyads. Which pairs these are is drawn; in each state in which two meet their
  weight is shared with all others there, and it falls with the rank of both by number of states.
* A tie weighs 1 for the state it takes, and what strength is left goes to the ties by the number of states in which the
  two meet, in whole numbers by largest remainder; so the hub's strength and that of all ties are exactly as given.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.elementary import exps, log, logs
from sim.model.chance import Chance, lineage, name_key
from sim.model.worlds.header import NetworkRule, TieRule
from sim.model.worlds.tables import EdgeRow
from sim.scenario.worlds import HEADER

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

DRAWN = 2020


class MisfitError(Exception):
    """Tables that are right one by one, but leave no country in which all of them hold."""

    def __init__(self, file: str, field: str, message: str, hint: str) -> None:
        super().__init__(message)
        self.file, self.field, self.hint = file, field, hint


class Network(NamedTuple):
    """In how many states each pair of groups is tied; (N, N), symmetric, 0 for no tie."""

    alliance: Floats
    rivalry: Floats

    def weights(self) -> Floats:
        """Ties of both kinds together."""
        return self.alliance + self.rivalry


def published(edges: Iterable[EdgeRow], numbers: dict[str, int]) -> Network:
    """The network of a user's file, whose nodes have these numbers."""
    ties = {kind: np.zeros((len(numbers), len(numbers))) for kind in ("alliance", "rivalry")}
    for edge in edges:
        a, b = numbers[edge.a], numbers[edge.b]
        ties[edge.kind][a, b] = ties[edge.kind][b, a] = edge.weight
    return Network(**ties)


def synthetic(rule: NetworkRule, ids: Sequence[str], held: Bools) -> Network:
    """A network of the rule's size among groups, (N,), that meet: those held in the same states, (N, S).

    Raises MisfitError: too few groups meet.
    """
    alliance = _drawn("alliance", rule.alliance, ids, held, np.ones((len(ids), len(ids)), dtype=np.bool_))
    rivalry = _drawn("rivalry", rule.rivalry, ids, held, alliance == 0)
    return Network(alliance, rivalry)


def _drawn(kind: str, rule: TieRule, ids: Sequence[str], held: Bools, free: Bools) -> Floats:
    order = np.argsort(-held.sum(axis=1), kind="stable")
    rank = np.empty(len(ids))
    rank[order] = np.arange(1, len(ids) + 1)
    hub = int(order[0])
    met = held.astype(np.int64) @ held.T.astype(np.int64)
    shared = ((held / np.maximum(1, held.sum(axis=0) - 1))[:, None, :] * held).sum(axis=-1)
    weight = shared * exps(-rule.skew * logs(np.outer(rank, rank)))
    chance, keys = Chance(DRAWN), [name_key(name) for name in ids]
    late: dict[tuple[int, int], float] = {}  # the pairs that come first are tied
    for a, b in np.argwhere(np.triu(met * free, 1)).tolist():
        late[a, b] = -float(log(chance.uniform(f"network.{kind}", 0, lineage(keys[a], keys[b])))) / weight[a, b]
    ties = np.zeros(met.shape)
    hubs = (rule.hub_dyads, rule.hub_strength)
    others = (rule.dyads - rule.hub_dyads, rule.strength - rule.hub_strength)
    for of_hub, (dyads, strength) in ((True, hubs), (False, others)):
        pairs = sorted((pair for pair in late if (hub in pair) == of_hub), key=lambda pair: late[pair])[:dyads]
        if len(pairs) < dyads:
            message = f"only {len(pairs)} of {dyads} pairs {'with' if of_hub else 'without'} the hub meet in a state"
            raise MisfitError(HEADER, f"network.{kind}", message, "ask for fewer dyads")
        at = tuple(np.array(pairs, dtype=np.int64).reshape(-1, 2).T)
        ties[at] = 1 + apportioned(strength - dyads, met[at])
    return ties + ties.T


def apportioned(total: int, weights: Ints) -> Ints:
    """A whole number shared out by weight in whole numbers, largest remainders first."""
    exact = total * weights / max(1, weights.sum())
    whole = np.floor(exact).astype(np.int64)
    first = np.argsort(whole - exact, kind="stable")[: total - int(whole.sum())]
    whole[first] += 1
    return np.asarray(whole)

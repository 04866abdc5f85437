"""Groups by rule, where it is known how many stand in each state, but of few which ones.

* Every group stands in as many states as groups.csv or the published network says; of the others each in one, and what
  the totals of the states leave over goes to them one by one, in the order of their numbers.
* Home and known states come first. Then the groups choose, those of most states first (then those of strongest ties,
  then by number): among the states with room, that where most of the ties of the group lead, then one that touches a
  state it holds, then that with the most room. Every state ends with exactly as many groups as its total says.
* Ties are those of the published network, or synthetic ones between groups that meet.
* Members follow Zipf's law over the groups ordered by the strength of all their ties (then by number).
* A group dominates its home if no larger one is there; it contests its home otherwise, and wherever else it is the
  largest; it is present elsewhere. Home and what touches it answer to the core of the group, the rest to a wing.

Source: the order, Zipf's law and the weight of a tie are those of the published model (`prieto2023`); the rest is
assumed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.model.worlds.header import ASSUMED, Header, NetworkRule
from sim.model.worlds.network import MisfitError, Network, published, synthetic
from sim.model.worlds.tables import CartelRow, GroupRow, NodeRow, PresenceRow, Sheets, Tables, TieRow, TotalRow
from sim.scenario.worlds import GROUPS, group_ids

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

_BY_RULE: dict[str, Any] = {"source": ASSUMED, "status": "assumed"}
LOCAL, CELL = (1, 1, 1), (0, 0, 1)  # ASSUMED: suppliers, financiers, dealers of unnamed groups, of more states or one


class Country(NamedTuple):
    """States in the order of their ids."""

    ids: list[str]  # (S,)
    totals: Ints  # groups in each, (S,)
    touches: Bools  # whether two of them do, (S, S)


class Settled(NamedTuple):
    """Groups 1, 2, 3 ... in their states."""

    ids: Sequence[str]  # (N,)
    held: Bools  # whether a group stands in a state, (N, S)
    home: list[str]  # names of the home states, (N,)
    rank: Ints  # by strength of ties, from 0, (N,)


def tables_by_rule(header: Header, sheets: Sheets) -> Tables:
    """The country with its groups, whose presence and ties follow from the rule.

    Raises MisfitError: the totals, or the network asked for, leave no room.
    """
    rule = header.network
    assert rule is not None  # checked by the reader
    country = _country(sheets)
    named = {row.number: row for row in sheets.groups}
    ids = group_ids(rule.groups, {number: row.id for number, row in named.items()})
    network = _published(sheets)
    ties = network.weights() if network else np.zeros((rule.groups, rule.groups))
    states = _reported(sheets.nodes, country) if sheets.nodes else _counts(rule, named, country)
    held, home = _settle(states, ties, _fixed(named, rule, country), country)
    network = network or synthetic(rule, ids, held)
    rank = np.argsort(np.argsort(-network.weights().sum(axis=1), kind="stable"), kind="stable")
    settled = Settled(ids, held, [country.ids[state] for state in home], rank)
    return sheets.tables(header)._replace(
        cartels=list(_cartels(settled, named, sheets.nodes)),
        presence=list(_presence(settled, country)),
        ties=list(_ties(ids, network, header.year)),
    )


def _country(sheets: Sheets) -> Country:
    ids = sorted(row.id for row in sheets.territories)
    totals = {row.state: row.groups for row in sheets.totals}
    touches = np.zeros((len(ids), len(ids)), dtype=np.bool_)
    for border in sheets.borders:
        a, b = ids.index(border.a), ids.index(border.b)
        touches[a, b] = touches[b, a] = True
    return Country(ids, np.array([totals[state] for state in ids]), touches)


def _published(sheets: Sheets) -> Network | None:
    numbers = {node.node: node.number() - 1 for node in sheets.nodes}
    return published(sheets.edges, numbers) if numbers else None


def _reported(nodes: Sequence[NodeRow], country: Country) -> Ints:
    """In how many states each group of the published network stands."""
    states = np.array([node.n_states_2020 for node in sorted(nodes, key=NodeRow.number)])
    total = int(country.totals.sum())
    if states.sum() != total:
        message = f"its groups stand in {states.sum()} states together, {TotalRow.file} says {total}"
        raise MisfitError(NodeRow.file, "n_states_2020", message, "take it as published")
    return states


def _counts(rule: NetworkRule, named: dict[int, GroupRow], country: Country) -> Ints:
    """In how many states each group stands where no network says so."""
    states = np.array([named[number].states if number in named else 1 for number in range(1, rule.groups + 1)])
    others = [number - 1 for number in range(1, rule.groups + 1) if number not in named]
    left = int(country.totals.sum() - states.sum())
    if left < 0 or (left and not others):
        message = f"add to {country.totals.sum()}; {rule.groups} groups, as {GROUPS} has them, need {states.sum()}"
        raise MisfitError(TotalRow.file, "groups", message, f"it counts every group in every state, as {GROUPS} does")
    each, rest = divmod(left, max(1, len(others)))
    states[others] += each
    states[others[:rest]] += 1
    return states


def _fixed(named: dict[int, GroupRow], rule: NetworkRule, country: Country) -> list[list[int]]:
    """Home and known states of each group, as indices."""
    names = [named[number].fixed() if number in named else [] for number in range(1, rule.groups + 1)]
    return [[country.ids.index(state) for state in states] for states in names]


def _settle(states: Ints, ties: Floats, fixed: list[list[int]], country: Country) -> tuple[Bools, list[int]]:
    """Which group stands in which state, (N, S), and the index of its home state, (N,)."""
    held = np.zeros((len(states), len(country.ids)), dtype=np.bool_)
    home = [known[0] if known else -1 for known in fixed]
    for group, known in enumerate(fixed):
        held[group, known] = True
    room = country.totals - held.sum(axis=0)
    for group in np.lexsort((-ties.sum(axis=1), -states)).tolist():
        pull = ties[group] @ held
        for _ in range(int(states[group] - held[group].sum())):
            free = np.flatnonzero(~held[group] & (room > 0)).tolist()
            if not free:
                message = f"leave a group of {states[group]} states no room in so many"
                raise MisfitError(TotalRow.file, "groups", message, f"fewer states in {GROUPS}, or more even totals")
            near = country.touches[held[group]].any(axis=0)
            state = max(free, key=lambda s: (pull[s], near[s], room[s], -s))
            held[group, state] = True
            room[state] -= 1
            home[group] = state if home[group] < 0 else home[group]
    return held, home


def _cartels(settled: Settled, named: dict[int, GroupRow], nodes: Sequence[NodeRow]) -> Iterator[CartelRow]:
    names = {number: row.name for number, row in named.items()} | {node.number(): node.group.strip() for node in nodes}
    for group, name in enumerate(settled.ids):
        known = named.get(group + 1)
        usual = LOCAL if settled.held[group].sum() > 1 else CELL
        suppliers, financiers, dealers = (known.suppliers, known.financiers, known.dealers) if known else usual
        yield CartelRow(
            id=name,
            name=names.get(group + 1, f"Group {group + 1}"),
            base=settled.home[group],
            strength=1.0 / (1.0 + float(settled.rank[group])),
            suppliers=suppliers,
            financiers=financiers,
            dealers=dealers,
            **_BY_RULE,
        )


def _presence(settled: Settled, country: Country) -> Iterator[PresenceRow]:
    held, rank = settled.held, settled.rank
    largest = np.where(held, rank[:, None], len(rank)).argmin(axis=0)
    for group, state in np.argwhere(held).tolist():
        name, home = settled.ids[group], country.ids.index(settled.home[group])
        first, at_home = largest[state] == group, state == home
        yield PresenceRow(
            cartel=name,
            state=country.ids[state],
            level="dominant" if first and at_home else "contested" if first or at_home else "present",
            faction=f"{name}-core" if at_home or country.touches[home, state] else f"{name}-wing",
            **_BY_RULE,
        )


def _ties(ids: Sequence[str], network: Network, year: int) -> Iterator[TieRow]:
    for kind in ("alliance", "rivalry"):
        weights = getattr(network, kind)
        for a, b in np.argwhere(np.triu(weights)).tolist():
            yield TieRow(a=ids[a], b=ids[b], kind=kind, since=year, weight=float(weights[a, b]), **_BY_RULE)

"""The country as Mesa's own viewers draw it: a network of places in which every living cartel stands at its seat."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import mesa
import networkx as nx
from mesa.agent import AgentSet
from mesa.discrete_space import Network

from sim.model.worlds import World


class Map(Network):  # type: ignore[misc]
    """Places and land borders; looked at, never simulated upon.

    Args:
        world: its places.
        random: Mesa wants one; it is handed on and never drawn from.
        living: who stands there.

    Nodes are numbers of territories; each carries its `id`, `name` and `pos` (degrees east and north).
    """

    def __init__(self, world: World, random: Any, living: Callable[[], Iterable[mesa.Agent]]) -> None:  # noqa: ANN401
        graph = nx.Graph()
        for k, place in enumerate(world.ids):
            graph.add_node(k, id=place, name=world.names[k], pos=(float(world.lon[k]), float(world.lat[k])))
        graph.add_edges_from((k, int(near)) for k in graph for near in world.neighbours(k))
        super().__init__(graph, random=random)
        self._living = living

    @property
    def agents(self) -> AgentSet:
        """Living cartels."""
        return AgentSet(list(self._living()), random=self.random)


def geography(graph: nx.Graph) -> dict[int, tuple[float, float]]:
    """Where the nodes of a `Map` lie, for viewers that ask for a layout."""
    return dict(graph.nodes(data="pos"))

"""The country as Mesa's own viewers draw it: a network of places in which every living cartel stands at its seat."""

from __future__ import annotations

from typing import TYPE_CHECKING

import networkx as nx
from mesa.agent import AgentSet
from mesa.discrete_space import Network

if TYPE_CHECKING:
    from sim.model.model import Cartelitos


class Map(Network):  # type: ignore[misc]
    """Places and land borders; looked at, never simulated upon.

    Nodes are numbers of territories; each carries its `id`, `name` and `pos` (degrees east and north).
    """

    def __init__(self, model: Cartelitos) -> None:
        world, graph = model.world, nx.Graph()
        for k, place in enumerate(world.ids):
            graph.add_node(k, id=place, name=world.names[k], pos=(float(world.lon[k]), float(world.lat[k])))
        graph.add_edges_from((k, int(near)) for k in graph for near in world.neighbours(k))
        super().__init__(graph, random=model.random)  # handed on, never drawn from
        self._model = model

    @property
    def agents(self) -> AgentSet:
        """Living cartels."""
        return AgentSet([cartel for cartel in self._model.cartels.values() if cartel.died is None], random=self.random)


def geography(graph: nx.Graph) -> dict[int, tuple[float, float]]:
    """Where the nodes of a `Map` lie, for viewers that ask for a layout."""
    return dict(graph.nodes(data="pos"))

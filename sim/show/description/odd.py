"""The description, section by section."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from sim.show.description.document import SECTIONS, Part, Section
from sim.show.description.start import initialization, inputs
from sim.show.description.structure import concepts, entities, process, purpose
from sim.show.description.submodels import submodels

_PARTS: tuple[Callable[[], Iterator[Part]], ...] = (
    purpose, entities, process, concepts, initialization, inputs, submodels
)  # fmt: skip


def describe(names: Iterable[str] = SECTIONS) -> list[Section]:
    """The named sections, all by default.

    Raises:
        ScenarioError: a world in the scenario folder is broken.
    """
    parts = dict(zip(SECTIONS, _PARTS, strict=True))
    return [Section(name, tuple(parts[name]())) for name in names]

"""The description, section by section: purpose, entities and scales, the order of the week, design concepts; then what others add.

What cannot be generated, why the model exists, what it leaves out and the ideas it is built on, is told in `prose.md`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from sim.catalogue.metrics import METRICS
from sim.catalogue.sources import SOURCES
from sim.catalogue.year import DAYS, WEEKS
from sim.model.compile.version import model_version
from sim.scenario.worlds import GRID, GRID_SIZES, LONGEST_SIDE, MUNICIPALITIES, TERRITORIES
from sim.show.description import source
from sim.show.description.countries import countries
from sim.show.description.document import SECTIONS, Part, Section
from sim.show.description.start import initialization, inputs
from sim.show.description.submodels import submodels

BOOKS = ("Flow", "Stock", "Ledger", "Count", "Event", "Kind", "Cause", "Spared")  # tables that keep account of the others
STATE = ("State variable", "Meaning")
_TOLD = re.findall(r"^(##+) (.+)\n\n((?:.+\n)+)", Path(__file__).with_name("prose.md").read_text(encoding="utf-8"), re.MULTILINE)
PROSE = {name: text.rstrip() for _, name, text in _TOLD}
CONCEPTS = [name for depth, name, _ in _TOLD if depth == "###"]


def purpose() -> Iterator[Part]:
    """Why, judged by what, and what is left out."""
    for title, key in (("Purpose", "Purpose"), ("Patterns", "Patterns"), ("Out of scope", "Scope")):
        yield Part(title, PROSE[key])
    origin = f"Generated from the code of model version {model_version()}."
    yield Part("This description", f"{origin} Its order is that of {SOURCES['grimm2020']}")


def entities() -> Iterator[Part]:
    """State variables by entity, then the scales."""
    for record in source.records("columns").values():
        if record.name not in BOOKS:
            yield _state(record.name, record)
    for name in ("Cartel", "Leader"):
        yield _state(f"{name}, an agent", source.agent(name))
    yield Part("Scales", rows=list(_scales()))


def process() -> Iterator[Part]:
    """The week, the rare events, and what is conserved."""
    steps = [
        (number, step.function.name, step.when, step.function.summary, step.function.module)
        for number, step in enumerate(source.week(), 1)
    ]
    model = source.methods("model", "Cartelitos")
    yield Part("Scheduling", f"{model['step'].summary}\n\n{PROSE['Scheduling']}")
    yield Part("The compiled week", source.about("week"), ("Step", "Name", "When", "What it does", "Module"), steps)
    events = source.happenings()
    yield Part("Rare events, in their order within a week", "", ("Event", "Noticed by", "What follows"), events)
    ledger = source.records("columns")["Ledger"]
    yield Part("What is conserved", ledger.summary, ("Flow", "Meaning"), [(f.name, f.meaning) for f in ledger.fields])


def concepts() -> Iterator[Part]:
    """The eleven design concepts."""
    yield from (Part(title, PROSE[title]) for title in CONCEPTS)
    yield Part("Stochasticity", f"{PROSE['Stochasticity']} {', '.join(source.decisions())}.")
    rows = [(m.name, m.kind, m.unit, m.better, m.meaning) for m in METRICS.values()]
    yield Part("Observation", PROSE["Observation"], ("Metric", "Kind", "Unit", "Better", "Meaning"), rows)


def _state(title: str, record: source.Record) -> Part:
    return Part(title, record.summary, STATE, [(field.name, field.meaning) for field in record.fields])


def _scales() -> Iterator[tuple[str, str]]:
    yield "Time step", f"one week; {WEEKS} weeks in a year, {DAYS} / 7"
    slow = {step.when for step in source.week() if not step.when.startswith("every week")}
    yield "Slow steps", ", ".join(sorted(slow))
    yield "Output", source.about("record")
    sizes = ", ".join(f"{size} {name}" for name, size in GRID_SIZES.items())
    yield f"World {GRID}", f"{sizes} unless a scenario says otherwise, at most {LONGEST_SIDE} places a side"
    for country in countries():
        split = ", split into municipalities" if MUNICIPALITIES in country.rows else ""
        yield f"World {country.name}", f"{len(country.rows.get(TERRITORIES, ()))} states{split}"


_PARTS: tuple[Callable[[], Iterator[Part]], ...] = (purpose, entities, process, concepts, initialization, inputs, submodels)


def describe(names: Iterable[str] = SECTIONS) -> list[Section]:
    """The named sections, all by default.

    Raises:
        ScenarioError: a world in the scenario folder is broken.
    """
    parts = dict(zip(SECTIONS, _PARTS, strict=True))
    return [Section(name, tuple(parts[name]())) for name in names]

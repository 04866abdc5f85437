"""Where a run starts and what it is fed: initialization and input data, from the worlds' own tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from sim.catalogue.parameters import PARAMETERS
from sim.show.description import source
from sim.show.description.countries import Country, countries
from sim.show.description.document import Part

STATUSES = ("seen", "recalled", "derived", "assumed")
REFERENCE = ("publisher", "year", "title", "status")
TOLD_APART = ("title", "description", "reliability", "tables", "sources")  # in the section on input data


def initialization() -> Iterator[Part]:
    """Where a run starts: the rule for places, what is drawn, the worlds, parameters that set stocks."""
    yield Part("From states to places", source.about("worlds/places"))
    found = source.functions("uncertainty")
    drawn = "\n\n".join(found[name].summary for name in ("draw", "balanced"))
    yield Part("What a run draws", f"{source.about('uncertainty')}\n\n{drawn}")
    for country in countries():
        start = [(key, _flat(value)) for key, value in country.header.items() if key not in TOLD_APART]
        yield Part(f"Start of {country.name}", rows=start)
    read = source.uses("P", "state") | source.uses("parameters", "state")
    rows = [(p.name, p.default, p.unit, p.meaning) for p in PARAMETERS.values() if p.name in read]
    yield Part("Starting values that parameters set", "", ("Parameter", "Default", "Unit", "Meaning"), rows)


def inputs() -> Iterator[Part]:
    """The tables of every world: rows by status, columns, sources."""
    yield Part("Synthetic world", source.about("worlds/grid"))
    for country in countries():
        yield from _input(country)


def _input(country: Country) -> Iterator[Part]:
    header, name = country.header, country.name
    text = "\n\n".join(" ".join(str(header.get(key, "")).split()) for key in ("title", "description", "reliability"))
    yield Part(f"{name}: tables", text, ("File", "Rows", *STATUSES), list(_counts(country)))
    columns = [(table, column, note) for table, notes in header["tables"].items() for column, note in notes.items()]
    yield Part(f"{name}: columns", "", ("Table", "Column", "What it is"), columns)
    sources = [(key, *(said.get(part, "") for part in REFERENCE)) for key, said in header["sources"].items()]
    yield Part(f"{name}: sources", "", ("Key", *map(str.capitalize, REFERENCE)), sources)


def _counts(country: Country) -> Iterator[tuple[object, ...]]:
    for file, rows in country.rows.items():
        tally = Counter(row.get("status") for row in rows)
        yield file, len(rows), *(tally[status] for status in STATUSES)


def _flat(value: object) -> str:
    """A table of world.toml in one line."""
    if isinstance(value, dict):
        told = {key: f"({_flat(inner)})" if isinstance(inner, dict) else _flat(inner) for key, inner in value.items()}
        return ", ".join(map(" ".join, told.items()))
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return f"{value:,}" if isinstance(value, int | float) and abs(value) > 1e4 else str(value)

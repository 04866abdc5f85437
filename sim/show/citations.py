"""What a scenario rests on, and why: the software, sources of the model, of its levers and of its world's tables; also as BibTeX."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import sim
from sim.catalogue.levers import LEVERS
from sim.catalogue.parameters import PARAMETERS
from sim.catalogue.sources import SOURCES, Source, Status
from sim.scenario import Scenario
from sim.show.description import source
from sim.show.description.countries import Country, country

SOFTWARE = "cartelitos"
PACKAGE = Path(sim.__file__).parent
CITATION = next(path for path in (PACKAGE / "_library" / "CITATION.cff", PACKAGE.parent / "CITATION.cff") if path.exists())

Touch = tuple[Source, str]
_LATEX = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}
_ESCAPES = str.maketrans(_LATEX | {character: f"\\{character}" for character in "&%$#_{}"})
_JOURNAL = re.compile(r"(?P<journal>[^\d;]+) (?P<volume>\d{1,3})(?:\((?P<number>\d+)\))?(?:, (?P<pages>e?\d+(?:-\d+)?))?")
_PERSON = r"[^\W\d_][\w' -]*, (?:[^\W\d_]\.[ -]?)+"
_PEOPLE = re.compile(rf"{_PERSON}(?:(?:, | & ){_PERSON})*(?: et al\.)?")


class Citation(NamedTuple):
    """A source, and everything that makes it worth citing."""

    source: Source
    reasons: tuple[str, ...]


def citations(scenarios: Sequence[Scenario]) -> list[Citation]:
    """What to cite: the software first, then by author. Without a scenario only what the model itself rests on.

    Raises ScenarioError: with every problem of a world's tables.
    """
    found: dict[str, Source] = {}
    reasons: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for each, reason in _touched(scenarios):
        found.setdefault(each.key, each)
        reasons[each.key][reason] = None
    order = sorted(found.values(), key=lambda each: (each.key != SOFTWARE, str(each)))
    return [Citation(each, tuple(reasons[each.key])) for each in order]


def software(file: Path = CITATION) -> Source:
    """This software, as CITATION.cff gives it (top-level scalars and author names are all that is read)."""
    text = file.read_text(encoding="utf-8")
    said = {key: value.strip('"') for key, value in re.findall(r"^([a-z-]+): *(.+)$", text, re.MULTILINE)}
    authors = " & ".join(name.strip('"') for name in re.findall(r"^ +- name: *(.+)$", text, re.MULTILINE))
    year = int(said["date-released"][:4])
    link = f"doi:{said['doi']}" if "doi" in said else said.get("repository-code", "")
    return Source(SOFTWARE, authors, year, said["title"], f"Software, version {said['version']}", link, "seen")


def _touched(scenarios: Sequence[Scenario]) -> Iterator[Touch]:
    yield software(), "every result"
    written = [scenario.parameters for scenario in scenarios]
    for p in PARAMETERS.values():
        if p.source in SOURCES and not (written and all(p.name in own for own in written)):
            yield SOURCES[p.source], f"parameter {p.name}"
    for module in source.mechanisms():
        for function in source.functions(module).values():
            for key in source.cited(function.lines.get("Source", "")):
                if key in SOURCES:
                    yield SOURCES[key], f"submodel {function.name}"
    for scenario in scenarios:
        pulled = [plan.lever for plan in scenario.policy if any(intensity for _, intensity in plan.points)]
        yield from ((SOURCES[key], f"lever {lever}") for lever in pulled for key in LEVERS[lever].sources)
        home = country(scenario.world)
        if home:
            sources = home.header["sources"].items()
            yield from ((_as_source(key, said), f"{home.name}: {use}") for key, said in sources for use in _uses(key, home))


def _uses(key: str, home: Country) -> Iterator[str]:
    """Tables whose rows name a source, or else columns whose notes do; parts of world.toml that rest on it."""
    named = re.compile(rf"(?<![\w-]){re.escape(key)}(?![\w-])")
    files = [file for file, rows in home.rows.items() if any(named.search(row.get("source") or "") for row in rows)]
    notes = {f"{t}.{column}": note for t, columns in home.header["tables"].items() for column, note in columns.items()}
    yield from files or [column for column, note in notes.items() if named.search(note)]
    yield from (part for part, said in home.header.items() if isinstance(said, dict) and said.get("source") == key)


def _as_source(key: str, reference: Mapping[str, Any]) -> Source:
    """A world's reference; or the catalogue's entry of the same year whose title stands in it."""
    title, year = str(reference.get("title", key)), int(reference.get("year", 0))
    for known in SOURCES.values():
        if known.year == year and known.title.casefold() in title.casefold():
            return known
    status: Status = "seen" if reference.get("status") == "seen" else "recalled"
    return Source(key, str(reference.get("publisher", "Unknown")), year, title, "", "", status)


def text(found: Iterable[Citation]) -> str:
    """For people: each citation, then why."""
    lines = []
    for cited, reasons in found:
        kinds: defaultdict[str, list[str]] = defaultdict(list)
        for kind, _, what in (reason.rpartition(" ") for reason in reasons):
            kinds[kind].append(what)
        lines.append(f"{cited}{'' if cited.status == 'seen' else ' [from memory: check before use]'}")
        lines.append("    because of " + "; ".join(f"{kind} {', '.join(whats)}" for kind, whats in kinds.items()))
    return "\n".join(lines)


def bibtex(citations: Iterable[Citation]) -> str:
    """One entry per citation, with the reasons as an annotation; UTF-8, LaTeX's special characters escaped."""
    lines = []
    for cited, reasons in citations:
        fields = dict(_fields(cited)) | {"annote": _escape("because of " + ", ".join(reasons))}
        lines += [f"@{'article' if 'journal' in fields else 'misc'}{{{cited.key},"]
        lines += [*(f"  {name} = {{{value}}}," for name, value in fields.items()), "}", ""]
    return "\n".join(lines)


def _fields(source: Source) -> Iterator[tuple[str, str]]:
    yield "author", _authors(source.authors)
    yield "title", f"{{{_escape(source.title)}}}"
    journal = _JOURNAL.fullmatch(source.venue)
    if journal:
        for name, value in journal.groupdict().items():
            if value:
                yield name, _escape(value).replace("-", "--") if name == "pages" else _escape(value)
    elif source.venue:
        yield "howpublished", _escape(source.venue)
    yield "year", str(source.year)
    if source.doi_or_url.startswith("doi:"):
        yield "doi", source.doi_or_url.removeprefix("doi:")
    elif source.doi_or_url:
        yield "url", source.doi_or_url
    if source.status == "recalled":
        yield "note", "From memory: check before use"


def _authors(authors: str) -> str:
    """People joined by "and"; a body as one name."""
    if not _PEOPLE.fullmatch(authors):
        return f"{{{_escape(authors)}}}"
    people = re.findall(_PERSON, authors)
    return _escape(" and ".join(person.strip() for person in people) + (" and others" * authors.endswith("et al.")))


def _escape(text: str) -> str:
    return text.translate(_ESCAPES)

"""Citations as BibTeX."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from sim.catalogue.sources import Source
from sim.show.citations import Citation

_ESCAPES = {character: f"\\{character}" for character in "&%$#_{}"} | {
    "\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
}  # fmt: skip
_JOURNAL = re.compile(
    r"(?P<journal>[^\d;]+) (?P<volume>\d{1,3})(?:\((?P<number>\d+)\))?(?:, (?P<pages>e?\d+(?:-\d+)?))?"
)
_PERSON = r"[^\W\d_][\w' -]*, (?:[^\W\d_]\.[ -]?)+"
_PEOPLE = re.compile(rf"{_PERSON}(?:(?:, | & ){_PERSON})*(?: et al\.)?")


def bibtex(citations: Iterable[Citation]) -> str:
    """One entry per citation, with the reasons as an annotation; UTF-8, LaTeX's special characters escaped."""
    return "\n".join(_entry(citation) for citation in citations)


def _entry(citation: Citation) -> str:
    fields = dict(_fields(citation.source)) | {"annote": _escape("because of " + ", ".join(citation.reasons))}
    kind = "article" if "journal" in fields else "misc"
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items()]
    return "\n".join([f"@{kind}{{{citation.source.key},", *lines, "}", ""])


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
    return "".join(_ESCAPES.get(character, character) for character in text)

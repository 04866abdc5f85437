"""On which line of a TOML file every key and list element stands (the standard parser does not tell)."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from typing import Any, NamedTuple, TypeAlias

Field: TypeAlias = tuple[str | int, ...]  # path in a file: keys, and positions in lists
Toml: TypeAlias = Any  # a value of a file, of whatever type

DEEPEST = 32  # parts of a path; the standard parser's cost grows with the square of a key's parts

_TOKEN = re.compile(
    r"""
      (?P<space>[ \t\r]+|\#[^\n]*)
    | (?P<newline>\n)
    | (?P<string>"{3}(?:\\.|[^\\])*?"{3,5} | '{3}.*?'{3,5} | "(?:\\.|[^"\\\n])*" | '[^'\n]*')
    | (?P<mark>[][{}=,])
    | (?P<bare>[^][{}=,"'\#\s]+ | .)
    """,
    re.VERBOSE | re.DOTALL,
)


class _Token(NamedTuple):
    kind: str
    text: str
    line: int


def _tokens(text: str) -> Iterator[_Token]:
    line = 1
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup or ""
        if kind != "space":
            yield _Token(kind, match.group(), line)
        line += match.group().count("\n")


def overlong_key(text: str) -> int | None:
    """The line of the first key far longer than `DEEPEST` parts, or None; the text need not be valid TOML."""
    parts = 0
    for token in _tokens(text):
        if token.kind in ("mark", "newline"):
            parts = 0
        elif token.kind == "bare":
            parts += 1 + token.text.count(".")
        if parts > 4 * DEEPEST:
            return token.line
    return None


def key_lines(text: str) -> dict[Field, int]:
    """The line, from 1, of every key, table and list element of a valid TOML text by its path; of tables, their first mention."""
    scanner = _Scanner(text)
    scanner.document()
    return scanner.lines


class _Scanner:
    """Walks valid TOML once, noting lines."""

    def __init__(self, text: str) -> None:
        self.tokens = [*_tokens(text.replace("\r\n", "\n")), _Token("newline", "\n", 0)]
        self.at = 0
        self.lines: dict[Field, int] = {}
        self.lists: dict[Field, int] = {}  # arrays of tables and their length so far

    def document(self) -> None:
        table: Field = ()
        while self.at < len(self.tokens):
            if self.tokens[self.at].kind == "newline":
                self.at += 1
            elif self.tokens[self.at].text == "[":
                table = self.header()
            else:
                self.pair(table)

    def header(self) -> Field:
        line, many = self.tokens[self.at].line, self.tokens[self.at + 1].text == "["
        self.at += 1 + many
        *above, last = self.key("]")
        self.at += many
        parent = self.note((), above, line)
        if many:
            self.lists[(*parent, last)] = self.lists.get((*parent, last), 0) + 1
        return self.note(parent, [last], line)

    def pair(self, table: Field) -> None:
        line = self.tokens[self.at].line
        self.value(self.note(table, self.key("="), line))

    def key(self, end: str) -> list[str]:
        parts: list[str] = []
        while (token := self.tokens[self.at]).text != end:
            plain = token.kind == "bare"
            parts += [part for part in token.text.split(".") if part] if plain else [str(tomllib.loads(f"key = {token.text}")["key"])]
            self.at += 1
        self.at += 1
        return parts

    def note(self, path: Field, parts: list[str], line: int) -> Field:
        """Extend the path by the parts, entering the newest element of every array of tables on the way."""
        for part in parts:
            path = self.stand((*path, part), line)
            if path in self.lists:
                path = self.stand((*path, self.lists[path] - 1), line)
        return path

    def stand(self, path: Field, line: int) -> Field:
        if len(path) > DEEPEST:
            raise RecursionError
        self.lines.setdefault(path, line)
        return path

    def value(self, path: Field) -> None:
        opening = self.tokens[self.at].text
        if opening in ("[", "{"):
            self.at += 1
            self.items(path, opening)
            return
        while self.tokens[self.at].kind in ("bare", "string"):
            self.at += 1

    def items(self, path: Field, opening: str) -> None:
        count = 0
        while (token := self.tokens[self.at]).text not in ("]", "}"):
            if token.kind == "newline" or token.text == ",":
                self.at += 1
            elif opening == "{":
                self.pair(path)
            else:
                self.value(self.stand((*path, count), token.line))
                count += 1
        self.at += 1

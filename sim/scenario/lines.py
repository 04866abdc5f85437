"""On which line of a TOML file every key and list element stands (the standard parser does not tell)."""

from __future__ import annotations

import re
import tomllib
from collections import deque
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
    """The line, from 1, of every key, table and list element of a valid TOML text by its path; of tables, their first mention.

    Raises RecursionError: something is nested more than `DEEPEST` deep.
    """
    tokens = deque([*_tokens(text.replace("\r\n", "\n")), _Token("newline", "\n", 0)])
    lines: dict[Field, int] = {}
    lists: dict[Field, int] = {}  # arrays of tables and their length so far

    def stand(path: Field, line: int) -> Field:
        if len(path) > DEEPEST:
            raise RecursionError
        lines.setdefault(path, line)
        return path

    def note(path: Field, line: int, parts: list[str]) -> Field:
        """Extend the path by the parts, entering the newest element of every array of tables on the way."""
        for part in parts:
            path = stand((*path, part), line)
            if path in lists:
                path = stand((*path, lists[path] - 1), line)
        return path

    def key(end: str) -> list[str]:
        parts: list[str] = []
        while (token := tokens.popleft()).text != end:
            plain = token.kind == "bare"
            parts += [part for part in token.text.split(".") if part] if plain else [str(tomllib.loads(f"key = {token.text}")["key"])]
        return parts

    def pair(table: Field) -> None:
        value(note(table, tokens[0].line, key("=")))

    def value(path: Field) -> None:
        if tokens[0].kind != "mark":
            while tokens[0].kind in ("bare", "string"):
                tokens.popleft()
            return
        opening, count = tokens.popleft().text, 0
        while (token := tokens[0]).text not in ("]", "}"):
            if token.kind == "newline" or token.text == ",":
                tokens.popleft()
            elif opening == "{":
                pair(path)
            else:
                value(stand((*path, count), token.line))
                count += 1
        tokens.popleft()

    table: Field = ()
    while tokens:
        if tokens[0].kind == "newline" or tokens[0].text == "]":  # the second of [[name]]
            tokens.popleft()
        elif tokens[0].text == "[":
            line, many = tokens.popleft().line, tokens[0].text == "["
            if many:
                tokens.popleft()
            *above, last = key("]")
            parent = note((), line, above)
            if many:
                lists[*parent, last] = lists.get((*parent, last), 0) + 1
            table = note(parent, line, [last])
        else:
            pair(table)
    return lines

"""What is wrong with a scenario, said so that a person can act on it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches


@dataclass(frozen=True)
class Problem:
    """One mistake: in which file and line, in which field, what is wrong, and what may have been meant."""

    file: str  # where the value was written, relative to the working folder; "--set" for an override
    line: int | None  # line in that file, from 1; None where there is none
    field: str  # dotted path, as `--set` takes it; empty for the file as a whole
    message: str  # what is wrong
    hint: str | None = None  # what to do, or None

    def __str__(self) -> str:
        line = f"line {self.line}" if self.line else ""
        place = ", ".join(part for part in (self.file, line, self.field) if part)
        said = f"{self.message}; {self.hint}" if self.hint else self.message
        return printable(f"{place}: {said}" if place else said)


def printable(text: str, keep: str = "") -> str:
    """A text, on one line unless line ends are among what to `keep`, that moves no cursor and rings no bell, whatever a file holds."""
    return text if text.isprintable() else "".join(sign if sign.isprintable() or sign in keep else repr(sign)[1:-1] for sign in text)


class ScenarioError(Exception):
    """Everything that is wrong with a scenario, at once."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = list(problems)
        super().__init__(self.problems)

    def __str__(self) -> str:
        return "\n".join(str(problem) for problem in self.problems)


def suggest(word: str, names: Iterable[str]) -> str | None:
    """A did-you-mean for a mistyped name, or None when nothing is close."""
    by_lower = {name.lower(): name for name in names}
    close = get_close_matches(word.lower()[:100], by_lower, n=1)
    return f"did you mean '{by_lower[close[0]]}'?" if close else None


def brief(value: object) -> str:
    """A value as a message quotes it."""
    if isinstance(value, dict | list | tuple):
        return "a table" if isinstance(value, dict) else "a list"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, int) and abs(value) >= 2**63:
        return "a number beyond 64 bits"
    text = repr(value) if isinstance(value, str) else str(value)
    return text if len(text) <= 40 else text[:37] + "..."

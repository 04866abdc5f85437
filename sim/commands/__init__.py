"""The command line. Studies become commands by themselves; of the others each is a function whose docstring begins with what it does."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

FILES = ("runs", "results", "files", "about", "pages")  # that hold commands, in the order of `--help`
COMMAND = re.compile(r'^@click\.command\((?:"(.+)")?\)\n(?:.*\n)*?def (\w+)\((?:.*\n)*?    """(.+?)(?:"""|\n)', re.MULTILINE)


class Command(NamedTuple):
    """Where a command is, and what it does."""

    file: str
    function: str
    purpose: str


def commands() -> dict[str, Command]:
    """Every command by name; none of them is imported."""
    texts = {file: (Path(__file__).parent / f"{file}.py").read_text(encoding="utf-8") for file in FILES}
    return {name or own: Command(file, own, does) for file, text in texts.items() for name, own, does in COMMAND.findall(text)}

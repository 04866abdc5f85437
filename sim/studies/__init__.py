"""Questions, one per file: each is a function of Python, a command of the same name, and part of the report.

A file of this folder that defines a function of its own name is a study; the first line of the file says what the command does.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path


@cache
def purposes() -> dict[str, str]:
    """What each study does, by name; none of them is imported."""
    texts = {path.stem: path.read_text(encoding="utf-8") for path in sorted(Path(__file__).parent.glob("*.py"))}
    own = {name: text for name, text in texts.items() if f"\ndef {name}(" in text}
    return {name: text.removeprefix('"""').partition("\n")[0].removesuffix('"""') for name, text in own.items()}

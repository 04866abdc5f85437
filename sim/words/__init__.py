"""What is said in two languages: `en.json` and `es.json` beside this file, by section.

A text that a language lacks is said in English, and a warning names it. What the catalogue names in English has only its other names here.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any
from warnings import warn

LANGUAGES = ("en", "es")


@cache
def _file(language: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((Path(__file__).parent / f"{language}.json").read_text(encoding="utf-8"))
    return found


def section(name: str, language: str) -> Any:  # noqa: ANN401
    """What a language's file holds under a name; an empty mapping where it has none."""
    return _file(language).get(name, {})


@cache
def texts(name: str, language: str) -> Mapping[str, str]:
    """The texts of a section by key, with blanks to fill by `str.format`."""
    ours, theirs = section(name, "en"), section(name, language)
    for key in sorted(ours.keys() - theirs.keys()):
        warn(f"sim/words/{language}.json lacks {name}.{key}: it is said in English", stacklevel=2)
    return {**ours, **theirs}

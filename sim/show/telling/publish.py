"""Write a told run: the page, its figures, its events for machines, and the film."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from math import isfinite
from pathlib import Path
from typing import Any

from sim.experiment.errors import FolderError
from sim.experiment.store import attach
from sim.show.telling.highlights import Moment, moments
from sim.show.telling.history import Told
from sim.show.telling.page import About, page, pictures
from sim.show.telling.pictures import film
from sim.show.telling.prose import Namer, rules, tell_moment, title, vocabulary

NAME = "story"


def write_story(
    told: Told, about: About, folder: Path, language: str, kinds: Iterable[str], watch: Callable[[int, int], None]
) -> dict[str, Any]:
    """Write everything about one run into a folder, which is made; what was there under these names is replaced.

    After every picture of a film (of `pictures.films()`) `watch` hears how many of how many are drawn.

    Returns:
        The document for machines: the rules, the events, the files.

    Raises:
        FolderError: not writable.
    """
    say, chosen = vocabulary(language), moments(told)
    _make(folder)
    films = {f"{NAME}.{kind}": film(told, kind, say, about.scenario, about.world, watch) for kind in kinds}
    drawn = pictures(told, chosen, about, say)
    html = page(told, chosen, about, films, drawn, say)
    figures = {f"figures/{name}": picture for name, picture in drawn.items()}
    files = [str(attach(folder, name, content)) for name, content in {f"{NAME}.html": html, **films, **figures}.items()]
    found = document(told, chosen, about, files, language)
    attach(folder, f"{NAME}.json", json.dumps(found, indent=1, ensure_ascii=False))
    return found


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FolderError(f"cannot make this folder: {error.strerror}", file=folder, hint="give another --out") from error


def document(told: Told, chosen: Sequence[Moment], about: About, files: Sequence[str], language: str) -> dict[str, Any]:
    """What is told, for machines: ids beside names, days as YYYY-MM-DD, None for what is not defined."""
    say = vocabulary(language)
    name = Namer(told, say)
    return {
        "schema": 1,
        **about._asdict(),
        "language": language,
        "rules": dict(rules(say)),
        "events": [
            {
                **{key: _plain(value) for key, value in moment._asdict().items()},
                "cartel_name": name(moment.cartel),
                "other_name": name(moment.other),
                "place_name": title(told, moment.place),
                "text": tell_moment(moment, told, say),
            }
            for moment in chosen
        ],
        "files": list(files),
    }


def _plain(value: Any) -> Any:  # noqa: ANN401
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return None if isinstance(value, float) and not isfinite(value) else value

"""A told run as a page, which asks nothing of any server, with its figures, its events for machines, and the film."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Callable, Iterable, Mapping, Sequence
from html import escape
from math import isfinite
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from jinja2 import Environment
from markupsafe import Markup

from sim.experiment.errors import FolderError
from sim.experiment.store import attach
from sim.show.figures import encode
from sim.show.markup import POLICY, STYLE
from sim.show.telling.history import Moment, Told, moments
from sim.show.telling.pictures import MAP_STYLE, PER_SECOND, a_day, cast, film, map_legend, stills, timeline, tree, world_map
from sim.show.telling.prose import Namer, by_year, in_short, rules, tell_moment, title, vocabulary
from sim.show.words import Words

MAPS = 6  # evenly over the run, the first and the last month among them
PARTS = (
    "in_short", "how_it_went", "the_country", "who_from_whom", "killed_by_year", "how_chosen", "what_it_is_not", "where_from",
)  # fmt: skip
NAME = "story"


class About(NamedTuple):
    """Which run is told."""

    scenario: str  # name
    title: str  # of the scenario
    replicate: int  # number of the world, as everywhere else; 0 is the first
    seed: int  # of the run
    run_id: str  # as in the tables
    version: str  # of the model
    command: str  # that tells it again


def page(
    told: Told, chosen: Sequence[Moment], about: About, films: Mapping[str, bytes], drawn: Mapping[str, bytes | str], say: Words
) -> str:
    """The whole document of a run: its moments in order of time, its films by the name that each has beside the page, its `pictures`."""
    first, last = (say.month(told.months[k].item()) for k in (0, -1))
    crew = cast(told, say)
    frame = Environment(autoescape=True, trim_blocks=True)
    frame.filters |= {"coded": _coded, "base64": lambda data: b64encode(data).decode()}
    drawings = [
        (say.month(told.months[month].item()), world_map(told, month, crew, say), map_legend(told, month, crew, say))
        for month in map_months(told)
    ]
    page: str = frame.from_string(Path(__file__).with_name("story.html").read_text(encoding="utf-8")).render(
        say=say, about=about, parts=PARTS, policy=Markup(POLICY), style=Markup(STYLE), drawing=Markup(MAP_STYLE), first=first, last=last,
        source=_source(about, say), short=[*in_short(told, say)], rules=[*rules(say)], years=[*by_year(told)],
        alt=_timeline_alt(told, say), timeline=drawn["timeline.svg"], maps=drawings, tree=drawn["genealogy.svg"],
        moments=[(say.month(moment.day), tell_moment(moment, told, say)) for moment in chosen],
        groups=len(told.lineage), alive=sum(line.died is None for line in told.lineage),
        files=", ".join(films), pace=PER_SECOND, stills=[*stills(films["story.gif"])] if films else [],
    )  # fmt: skip
    return page


def pictures(told: Told, chosen: Sequence[Moment], about: About, say: Words) -> Mapping[str, bytes | str]:
    """Figures by file name: the line of people killed, the maps of the page, the genealogy."""
    source, crew = _source(about, say), cast(told, say)
    figures = {"timeline": timeline(told, chosen, say, source), "genealogy": tree(told, crew, say, source)}
    return {
        **{f"{name}.{kind}": encode(figure, kind) for name, figure in figures.items() for kind in ("svg", "png")},
        **{f"map-{told.months[month]}.svg": world_map(told, month, crew, say, MAP_STYLE) for month in map_months(told)},
    }


def map_months(told: Told) -> list[int]:
    """The months whose map is shown."""
    return np.unique(np.linspace(0, told.months.size - 1, MAPS).round().astype(int)).tolist()  # type: ignore[no-any-return]


def _coded(text: str) -> Markup:
    """Plain text, escaped; what stands between backticks is code."""
    return Markup(re.sub("`([^`]*)`", r"<code>\1</code>", escape(text)))


def _source(about: About, say: Words) -> str:
    return say("provenance", **about._asdict(), world=about.replicate, run=about.run_id)


def _timeline_alt(told: Told, say: Words) -> str:
    killed = a_day(told)
    months = {"first": 0, "last": -1, "most": int(np.argmax(killed))}
    named = {f"{name}_month": say.month(told.months[k].item()) for name, k in months.items()}
    return say("timeline_alt", **named, **{name: f"{killed[k]:.0f}" for name, k in months.items()})


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
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FolderError(f"cannot make this folder: {error.strerror}", file=folder, hint="give another --out") from error
    films = {f"{NAME}.{kind}": film(told, kind, say, about.scenario, about.replicate, watch) for kind in kinds}
    drawn = pictures(told, chosen, about, say)
    html = page(told, chosen, about, films, drawn, say)
    figures = {f"figures/{name}": picture for name, picture in drawn.items()}
    files = [str(attach(folder, name, content)) for name, content in {f"{NAME}.html": html, **films, **figures}.items()]
    found = document(told, chosen, about, files, language)
    attach(folder, f"{NAME}.json", json.dumps(found, indent=1, ensure_ascii=False))
    return found


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

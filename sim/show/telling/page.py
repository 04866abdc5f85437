"""A told run as a page: one HTML file that asks nothing of any server, reads like a newspaper and prints well."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import NamedTuple

import numpy as np
from jinja2 import Environment
from markupsafe import Markup

from sim.show.figures import encode
from sim.show.markup import POLICY, STYLE
from sim.show.telling.highlights import Moment
from sim.show.telling.history import Told
from sim.show.telling.lineage import tree
from sim.show.telling.maps import cast, world_map
from sim.show.telling.pictures import a_day, timeline
from sim.show.telling.prose import by_year, in_short, rules, tell_moment
from sim.show.words import Words

MAPS = 6  # evenly over the run, the first and the last month among them
DRAWING = """
:root { color-scheme: light; --page: #ffffff; --panel: #f4f5f6; --text: #16191d; --soft: #50565e; --other: #b34700; }
svg { background: var(--page); } svg text { font: 12px system-ui, sans-serif; fill: var(--text); } svg .tick { fill: var(--soft); }
svg .place { stroke: var(--page); stroke-width: 1.2; } svg .crack { stroke: var(--page); stroke-width: 1.3; fill: none; }
svg .value { font-size: 24px; text-anchor: middle; font-weight: 600; paint-order: stroke; stroke-width: 5; stroke-linejoin: round; }
svg.tree .tick { font-size: 9.5px; } svg .life { fill: none; } svg .fall { fill: var(--text); stroke: var(--page); stroke-width: .7; }
"""
PARTS = (
    "in_short", "how_it_went", "the_country", "who_from_whom", "killed_by_year", "how_chosen", "what_it_is_not", "where_from",
)  # fmt: skip


class About(NamedTuple):
    """Which run is told."""

    scenario: str  # name
    title: str  # of the scenario
    replicate: int  # number of the world, as everywhere else; 0 is the first
    seed: int  # of the run
    run_id: str  # as in the tables
    version: str  # of the model
    command: str  # that tells it again

    @property
    def world(self) -> int:
        """The world's number."""
        return self.replicate


def page(told: Told, chosen: Sequence[Moment], about: About, films: Mapping[str, bytes], say: Words) -> str:
    """The whole document of a run, its moments in order of time, and its films by the name that each has beside the page."""
    first, last = (say.month(told.months[k].item()) for k in (0, -1))
    crew, source = cast(told, say), _source(about, say)
    played = next((name for name in films if name.endswith(".mp4")), None)
    shown = played or next(iter(films), None)
    frame = Environment(autoescape=True, trim_blocks=True)
    frame.filters["coded"] = _coded
    page: str = frame.from_string(Path(__file__).with_name("story.html").read_text(encoding="utf-8")).render(
        say=say, about=about, parts=PARTS, policy=Markup(POLICY), style=Markup(STYLE), drawing=Markup(DRAWING), source=source,
        first=first, last=last, short=[*in_short(told, say)], rules=[*rules(say)], years=[*by_year(told)],
        alt=_timeline_alt(told, say), timeline=b64encode(encode(timeline(told, chosen, say, source), "svg")).decode(),
        moments=[(say.month(moment.day), tell_moment(moment, told, say)) for moment in chosen],
        maps=[(say.month(told.months[month].item()), world_map(told, month, crew, say)) for month in map_months(told)],
        tree=tree(told, crew, say),
        film=shown and {"played": played, "data": b64encode(films[shown]).decode(), "files": ", ".join(films)},
    )  # fmt: skip
    return page


def pictures(told: Told, chosen: Sequence[Moment], about: About, say: Words) -> Mapping[str, bytes | str]:
    """Figures by file name: the line of people killed, the maps of the page, the genealogy."""
    figure = timeline(told, chosen, say, _source(about, say))
    crew = cast(told, say)
    maps = {f"map-{told.months[month]}.svg": world_map(told, month, crew, say, bare=True) for month in map_months(told)}
    return {
        **{f"timeline.{kind}": encode(figure, kind) for kind in ("svg", "png")},
        **{name: standalone(drawn) for name, drawn in maps.items()},
        "genealogy.svg": standalone(tree(told, crew, say)),
    }


def standalone(svg: str) -> str:
    """A picture of the page as a file of its own."""
    head, rest = svg.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1).split(">", 1)
    return f"{head}><style>{DRAWING}</style>{rest}"


def map_months(told: Told) -> list[int]:
    """The months whose map is shown."""
    return np.unique(np.linspace(0, told.months.size - 1, MAPS).round().astype(int)).tolist()  # type: ignore[no-any-return]


def _coded(text: str) -> Markup:
    """Plain text, escaped; what stands between backticks is code."""
    return Markup(re.sub("`([^`]*)`", r"<code>\1</code>", escape(text)))


def _source(about: About, say: Words) -> str:
    return say("provenance", **about._asdict(), world=about.world, run=about.run_id)


def _timeline_alt(told: Told, say: Words) -> str:
    killed = a_day(told)
    months = {"first": 0, "last": -1, "most": int(np.argmax(killed))}
    named = {f"{name}_month": say.month(told.months[k].item()) for name, k in months.items()}
    return say("timeline_alt", **named, **{name: f"{killed[k]:.0f}" for name, k in months.items()})

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
from sim.show.telling import maps
from sim.show.telling.highlights import Moment
from sim.show.telling.history import Told
from sim.show.telling.pictures import PER_SECOND, a_day, stills, timeline, tree
from sim.show.telling.prose import by_year, in_short, rules, tell_moment
from sim.show.words import Words

MAPS = 6  # evenly over the run, the first and the last month among them
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


def page(
    told: Told, chosen: Sequence[Moment], about: About, films: Mapping[str, bytes], drawn: Mapping[str, bytes | str], say: Words
) -> str:
    """The whole document of a run: its moments in order of time, its films by the name that each has beside the page, its `pictures`."""
    first, last = (say.month(told.months[k].item()) for k in (0, -1))
    crew = maps.cast(told, say)
    frame = Environment(autoescape=True, trim_blocks=True)
    frame.filters |= {"coded": _coded, "base64": lambda data: b64encode(data).decode()}
    drawings = [
        (say.month(told.months[month].item()), maps.world_map(told, month, crew, say), maps.legend(told, month, crew, say))
        for month in map_months(told)
    ]
    page: str = frame.from_string(Path(__file__).with_name("story.html").read_text(encoding="utf-8")).render(
        say=say, about=about, parts=PARTS, policy=Markup(POLICY), style=Markup(STYLE), drawing=Markup(maps.STYLE), first=first, last=last,
        source=_source(about, say), short=[*in_short(told, say)], rules=[*rules(say)], years=[*by_year(told)],
        alt=_timeline_alt(told, say), timeline=drawn["timeline.svg"], maps=drawings, tree=drawn["genealogy.svg"],
        moments=[(say.month(moment.day), tell_moment(moment, told, say)) for moment in chosen],
        groups=len(told.lineage), alive=sum(line.died is None for line in told.lineage),
        files=", ".join(films), pace=PER_SECOND, stills=[*stills(films["story.gif"])] if films else [],
    )  # fmt: skip
    return page


def pictures(told: Told, chosen: Sequence[Moment], about: About, say: Words) -> Mapping[str, bytes | str]:
    """Figures by file name: the line of people killed, the maps of the page, the genealogy."""
    source, crew = _source(about, say), maps.cast(told, say)
    figures = {"timeline": timeline(told, chosen, say, source), "genealogy": tree(told, crew, say, source)}
    return {
        **{f"{name}.{kind}": encode(figure, kind) for name, figure in figures.items() for kind in ("svg", "png")},
        **{f"map-{told.months[month]}.svg": maps.world_map(told, month, crew, say, maps.STYLE) for month in map_months(told)},
    }


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

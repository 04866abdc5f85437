"""A told run as a page: one HTML file that asks nothing of any server, reads like a newspaper and prints well."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import NamedTuple

import numpy as np

from sim.show.figures import encode
from sim.show.markup import STYLE, document
from sim.show.telling.moments import Moment
from sim.show.telling.pictures import a_day, timeline
from sim.show.telling.prose import by_year, in_short, rules, tell_moment
from sim.show.telling.told import Told
from sim.show.web import lineage, story
from sim.show.web.fragments import table
from sim.show.web.mexico import OUTLINES
from sim.show.web.style import STANDALONE
from sim.show.web.takeaway import standalone
from sim.show.web.words import Words

MAPS = 6  # evenly over the run, the first and the last month among them
LOOK = f"""{STYLE}
{STANDALONE}
body {{ max-width: 60rem; }}
.lead {{ border-left: 5px solid #111; padding: .3rem 0 .3rem 1rem; font-size: 1.1rem; }}
.moments {{ padding: 0; list-style-position: inside; }}
.moments li {{ padding: .45rem 0; border-bottom: 1px solid #ccc; break-inside: avoid; }}
.maps {{ display: grid; grid-template-columns: repeat(auto-fill, minmax(17rem, 1fr)); gap: 1rem; }}
.maps figure {{ margin: 0; }} h3 {{ margin: .5rem 0 0; }} svg {{ max-width: 100%; height: auto; }}
.tree, .wide img {{ min-width: 40rem; }}
.legend {{ display: flex; flex-wrap: wrap; gap: .1rem .8rem; font-size: .8rem; }}
.key {{ display: inline-block; width: .8rem; height: .8rem; margin-right: .3rem; print-color-adjust: exact; }}
dt {{ font-weight: 600; }} dd {{ margin: 0 0 .5rem; }} td, thead th + th {{ text-align: right; }}
@media print {{ .tree, .wide img {{ min-width: 0; }} .maps {{ grid-template-columns: repeat(3, 1fr); }} .lead {{ font-size: 10pt; }} }}
"""


class About(NamedTuple):
    """Which run is told.

    Attributes:
        scenario: name.
        title: of the scenario.
        replicate: 0 is the first; people read one more as the number of the world.
        seed: of the run.
        run_id: as in the tables.
        version: of the model.
        command: that tells it again.
    """

    scenario: str
    title: str
    replicate: int
    seed: int
    run_id: str
    version: str
    command: str

    @property
    def world(self) -> int:
        """The world's number, 1 is the first."""
        return self.replicate + 1


def page(told: Told, chosen: Sequence[Moment], about: About, films: Sequence[str], say: Words) -> str:
    """The whole document.

    Args:
        told: the run.
        chosen: its moments, in order of time.
        about: which run it is.
        films: names of the films beside the page.
        say: `prose.vocabulary` of a language.
    """
    first, last = (say.month(told.months[k].item()) for k in (0, -1))
    parts: dict[str, list[str]] = {
        say("in_short"): [
            f'<p class="lead">{escape(say("story_lead"))}</p>',
            *_paragraphs(say("story_which", scenario=about.scenario, title=about.title, world=about.world, first=first, last=last)),
            *_paragraphs(*in_short(told, say)),
        ],
        say("how_it_went"): [_timeline(told, chosen, about, say), _list(told, chosen, say), *_paragraphs(say("not_cause"))],
        say("the_country"): [
            f'<div class="maps">{"".join(_map(told, month, say) for month in map_months(told))}</div>',
            *(_paragraphs(say("film_file", files=", ".join(films))) if films else ()),
        ],
        say("who_from_whom"): [
            _wide(say("view_tree"), lineage.tree(told, told.months.size - 1, say)),
            f"<p><small>{escape(say('tree_note'))}</small></p>",
        ],
        say("killed_by_year"): [_years(told, say)],
        say("how_chosen"): [_rules(say), *_paragraphs(say("rules_tie"))],
        say("what_it_is_not"): [*_paragraphs(say("not_typical"), say("not_real"))],
        say("where_from"): [*_paragraphs(_source(about, say), say("repeat", command=about.command))],
    }
    return document(say("story_title", scenario=about.scenario), parts, say.language, LOOK)


def pictures(told: Told, chosen: Sequence[Moment], about: About, say: Words) -> Mapping[str, bytes | str]:
    """Figures by file name: the line of people killed, the maps of the page, the genealogy."""
    figure = timeline(told, chosen, say, _source(about, say))
    maps = {f"map-{told.months[month]}.svg": _drawn(told, month, say, bare=True) for month in map_months(told)}
    return {
        **{f"timeline.{kind}": encode(figure, kind) for kind in ("svg", "png")},
        **{name: standalone(drawn) for name, drawn in maps.items()},
        "genealogy.svg": standalone(lineage.tree(told, told.months.size - 1, say)),
    }


def map_months(told: Told) -> list[int]:
    """The months whose map is shown."""
    return np.unique(np.linspace(0, told.months.size - 1, MAPS).round().astype(int)).tolist()  # type: ignore[no-any-return]


def _paragraphs(*lines: str) -> Iterator[str]:
    """Plain text; what stands between backticks is code."""
    for line in lines:
        parts = map(escape, line.split("`"))
        yield f"<p>{''.join(f'<code>{part}</code>' if k % 2 else part for k, part in enumerate(parts))}</p>"


def _source(about: About, say: Words) -> str:
    return say("provenance", **about._asdict(), world=about.world, run=about.run_id)


def _timeline(told: Told, chosen: Sequence[Moment], about: About, say: Words) -> str:
    killed = a_day(told)
    peak = int(np.argmax(killed))
    months = {"first_month": 0, "last_month": -1, "most_month": peak}
    alt = say(
        "timeline_alt",
        **{name: say.month(told.months[k].item()) for name, k in months.items()},
        **{name.removesuffix("_month"): f"{killed[k]:.0f}" for name, k in months.items()},
    )
    data = b64encode(encode(timeline(told, chosen, say, _source(about, say)), "svg")).decode()
    picture = f'<img alt="{escape(alt)}" src="data:image/svg+xml;base64,{data}">'
    return _wide(say("timeline_title"), picture)


def _list(told: Told, chosen: Sequence[Moment], say: Words) -> str:
    items = (f"<b>{escape(say.month(moment.day))}.</b> {escape(tell_moment(moment, told, say))}" for moment in chosen)
    return f'<ol class="moments">{"".join(f"<li>{item}</li>" for item in items)}</ol>'


def _map(told: Told, month: int, say: Words) -> str:
    return f"<div><h3>{escape(say.month(told.months[month].item()))}</h3>{_drawn(told, month, say)}</div>"


def _drawn(told: Told, month: int, say: Words, *, bare: bool = False) -> str:
    form = "outlines" if OUTLINES.keys() >= set(told.places) else "tiles"
    return story.world_map(told, month, "dominant", form, say, bare=bare)


def _wide(label: str, picture: str) -> str:
    """A picture that scrolls in its own frame where the screen is small."""
    return f'<div class="wide" tabindex="0" role="region" aria-label="{escape(label)}">{picture}</div>'


def _years(told: Told, say: Words) -> str:
    heads = [say("year"), say("year_killed"), say("year_groups"), say("year_falls")]
    rows = (
        f'<tr><th scope="row">{year}</th><td>{killed:,.0f}</td><td>{groups:,}</td><td>{falls:,}</td></tr>'
        for year, killed, groups, falls in by_year(told)
    )
    return table(say("year_table"), heads, "".join(rows))


def _rules(say: Words) -> str:
    return f"<ul>{''.join(f'<li>{escape(text)}</li>' for _, text in rules(say))}</ul>"

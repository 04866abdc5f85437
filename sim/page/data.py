"""What a page that simulates has to know: the country, its levers, the policies of the library, and how every world begins."""

from __future__ import annotations

import itertools
import json
import zlib
from base64 import b64encode
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from sim.catalogue.levers import LEVERS, Lever
from sim.catalogue.metrics import METRICS
from sim.catalogue.parameters import Parameter
from sim.catalogue.sources import SOURCES
from sim.catalogue.switches import CHANNELS, off
from sim.experiment.budget import BUDGETS
from sim.experiment.plan import replicate_seed
from sim.kernel.beginning import plans, worlds
from sim.model.clock import Calendar
from sim.model.compile.compiled import LIST, SHIPPED
from sim.model.compile.version import digests
from sim.model.model import Cartelitos
from sim.model.worlds import World
from sim.scenario import ScenarioError, library, load
from sim.scenario.scenario import Scenario
from sim.show.mexico import HEIGHT, LABELS, OUTLINES, WIDTH
from sim.show.telling.prose import vocabulary
from sim.show.words import SWITCHES, Words, words
from sim.words import section

LANGUAGES = ("en", "es")
STORY = ("worst_year", "worst_place", "falls_size", "falls_short", "growth", "short_all")  # of told runs
TEXTS = Path(__file__).parent / "words"
SHARED = ("world", "world_options", "start", "years", "parameters", "dated", "spreads", "events", "worlds")


def collect(usual: str, count: int) -> dict[str, Any]:
    """Everything that a page about a library's country holds; worlds are those of the first replicates of `compare`.

    Raises ScenarioError: the scenario that stands for business as usual is wrong.
    """
    base = load(usual)
    return gather({usual: base} | alike(base), (base, count))


def gather(policies: Mapping[str, Scenario], *countries: tuple[Scenario, int], languages: Sequence[str] = LANGUAGES) -> dict[str, Any]:
    """Everything that a page holds which simulates, the policies that can be chosen begin with business as usual.

    `countries` are the country, and how many of its replicates; then others like it whose assumptions differ, and how many of those
    that follow.
    """
    (base, count), *_ = countries
    model = Cartelitos(base, rng=1)
    world, calendar = model.world, model.calendar
    model.release()
    replicate = itertools.count()
    beginnings = [(one, [replicate_seed(base.seed, next(replicate)) for _ in range(number)]) for one, number in countries]
    header, blob = worlds(*beginnings[0], *beginnings[1:])
    kernel = json.loads((SHIPPED / LIST).read_text(encoding="utf-8"))["kernels"]["wasm32"]
    return {
        "country": country(world, base, calendar) | {"worlds": count},
        "policies": {name: {"plans": plans(one)} for name, one in policies.items()},
        "usual": next(iter(policies)),
        "budgets": {name: budget.usd_a_year for name, budget in BUDGETS.items()},
        "channels": {name: off([name]) for name in CHANNELS},
        "assumptions": {name: _assumption(one) for name, one in SWITCHES.items()},
        "metrics": {name: {"kind": metric.kind} for name, metric in METRICS.items()},
        "words": {language: texts(language, policies, world) for language in languages},
        "version": digests().model,
        "kernel": digests().kernel,
        "engine": {
            "kernel": b64encode(zlib.compress((SHIPPED / kernel["file"]).read_bytes(), 9)).decode(),
            "header": header,
            "worlds": b64encode(blob).decode(),
        },
    }


def alike(base: Scenario) -> dict[str, Scenario]:
    """Scenarios of the library that differ from business as usual in policy only."""
    found = {}
    for name in library():
        try:
            one = load(name)
        except ScenarioError:
            continue
        if all(getattr(one, key) == getattr(base, key) for key in SHARED):
            found[name] = one
    return found


def country(world: World, scenario: Scenario, calendar: Calendar) -> dict[str, Any]:
    """What no draw changes: places, months, and what levers cost."""
    shares = world.population / world.population.sum()
    tiles = zip(world.tile_x.tolist(), world.tile_y.tolist(), strict=True)
    rows = zip(world.ids, world.states, world.names, shares.tolist(), tiles, strict=True)
    years = calendar.months.astype("datetime64[Y]").astype(int) + 1970
    spans = [(int(year), *np.flatnonzero(years == year)[[0, -1]].tolist()) for year in np.unique(years)]
    drawn = set(world.ids) <= OUTLINES.keys()
    return {
        "start": scenario.start.isoformat(),
        "weeks": calendar.weeks,
        "months": [f"{month}-01" for month in calendar.months],
        "days": calendar.days.tolist(),
        "years": [{"year": year, "first": first, "last": last} for year, first, last in spans if last - first == 11],
        "places": [dict(zip(("id", "state", "name", "share", "tile"), row, strict=True)) for row in rows],
        "outlines": {"paths": OUTLINES, "labels": LABELS, "width": WIDTH, "height": HEIGHT} if drawn else None,
        "levers": {name: _lever(lever) for name, lever in LEVERS.items()},
    }


def _lever(lever: Lever) -> dict[str, Any]:
    told = {key: getattr(lever, key) for key in ("family", "high", "cost", "payer", "evidence", "silent")}
    local, sources = lever.cost_scales_with == "population", [SOURCES[key].title for key in lever.sources if key in SOURCES]
    return told | {"local": local, "lag": lever.lag_weeks, "sources": sources}


def _assumption(one: Parameter) -> dict[str, Any]:
    told = {key: getattr(one, key) for key in ("default", "low", "high", "unit", "why")}
    return told | {"source": str(SOURCES.get(one.source, one.source))}


def texts(language: str, policies: Mapping[str, Scenario], world: World) -> dict[str, Any]:
    """Everything the page says in a language."""
    said: Words = words(language)
    own: dict[str, Any] = json.loads((TEXTS / f"{language}.json").read_text(encoding="utf-8"))
    titles = section("titles", language)
    return own | {
        "names": {
            "metrics": said.metrics,
            "levers": said.levers,
            "policies": {name: (titles.get(one.title, one.title),) for name, one in policies.items()},
            "founders": {seed.id: (said.founders.get(seed.id, seed.name),) for seed in world.cartels},
            "channels": {name: (channel.titulo if language == "es" else channel.title,) for name, channel in CHANNELS.items()},
            "assumptions": {name: (meaning,) for name, meaning in said.switches.items()},
        },
        "story": {key: vocabulary(language).texts[key] for key in STORY},
        "events": said.events,
        "manners": said.manners,
        "articles": said.articles,
        "months": section("months", language),
    }

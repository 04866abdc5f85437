"""The charts of a comparison as Vega-Lite: to point at, to zoom, to pick an outcome. The page stands alone, its library within."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import cycle
from typing import Any

from markupsafe import Markup

from sim.analysis import country
from sim.analysis.answer import Answer
from sim.analysis.paired import COST
from sim.catalogue.installed import pip_install
from sim.experiment.errors import PlanError
from sim.show import passages
from sim.show.charts.causes import CAUSES
from sim.show.charts.plane import ACROSS, UP
from sim.show.figures import Results
from sim.show.markup import Block, document
from sim.show.numbers import rows_of
from sim.show.style import BLUE, COLOURS, FAINT, ORANGE, looks

NAME = "interactive.html"
Spec = dict[str, Any]
CONFIG: Spec = {
    "font": "system-ui, sans-serif", "range": {"category": [*COLOURS]}, "legend": {"labelLimit": 320},
    "axis": {"labelFontSize": 12, "titleFontSize": 12},
}  # fmt: skip
DASHES = ([1, 0], [6, 3], [6, 2, 1, 2], [2, 2], [9, 3], [4, 2, 1, 2, 1, 2])
DOT: Spec = {"type": "point", "filled": True, "opacity": 1, "size": 90, "tooltip": {"content": "data"}}
LINE: Spec = {"type": "line", "point": True, "tooltip": {"content": "data"}}
WIDE: Spec = {"width": "container", "height": 340}
ZOOM: Spec = {"name": "zoom", "select": {"type": "interval", "encodings": ["x"]}, "bind": "scales"}
CLICK: Spec = {"name": "arms", "select": {"type": "point", "fields": ["scenario"]}, "bind": "legend"}
TITLES = {
    "differences": "What differs, and how surely", "over_time": "What each policy changes, and when", "outcomes": "How outcomes develop",
    "trade_off": "Homicides against overdose deaths", "causes": "Homicides by cause", "worlds": "In how many worlds it is better",
}  # fmt: skip
CHANGE = ("scenario", "outcome", "change, %", "low", "high", "in its unit", "lowest", "highest", "unit", "worlds", "got worse")
KEYS: Mapping[str, Sequence[str]] = {  # what the columns behind a picture are called here: each name once
    "differences": CHANGE, "trade_off": CHANGE, "outcomes": ("scenario", "outcome", "unit", "year", "5 %", "25 %", "50 %", "75 %", "95 %"),
    "over_time": ("scenario", "outcome", "period", "change, %", "low", "high", "5 % of worlds", "95 % of worlds"),
    "causes": ("scenario", "cause", "year", "deaths a year"), "worlds": ("scenario", "outcome", "better", "same", "worse"),
}  # fmt: skip


def page(results: Results, answers: Sequence[Answer]) -> str:
    """The page.

    Raises:
        PlanError: the library is not installed.
    """
    try:
        from vl_convert import javascript_bundle  # noqa: PLC0415  an extra
    except ImportError:
        raise PlanError("needs Vega-Lite", field="--interactive", hint=pip_install("interactive")) from None
    parts: dict[str, Sequence[Block]] = {"Answer": [*passages.answered(answers)]}
    specs = list[Spec]()
    for name, spec in charts(results):
        parts[TITLES[name]] = [Markup(f'<div id="chart-{len(specs)}" style="width: 100%"></div>')]
        specs.append({"$schema": "https://vega.github.io/schema/vega-lite/v6.json", "config": CONFIG, **spec})
    data = json.dumps(specs).replace("<", "\\u003c")  # nothing in it ends the script
    draw = f'{data}.forEach((spec, k) => vegaEmbed(`#chart-${{k}}`, spec, {{renderer: "svg", ast: true, actions: false}}));'
    script = javascript_bundle(draw).replace("</script", "<\\/script")
    return document(f"Cartelitos: {', '.join(results.ensemble.arms)}", parts, script=script)


def charts(results: Results) -> Iterator[tuple[str, Spec]]:
    """Name and specification of every chart, of the numbers that stand behind the report's pictures."""
    style = looks(results.ensemble.arms, results.usual)
    arms: Spec = {"field": "scenario", "type": "nominal", "scale": {"domain": [*style], "range": [look.colour for look in style.values()]}}
    dashes = [dash for dash, _ in zip(cycle(DASHES), style, strict=False)]
    look: Spec = {"color": arms, "strokeDash": {"field": "scenario", "scale": {"domain": [*style], "range": dashes}}}
    costs = {country.title(name) for name in results.metrics if name.startswith(COST)}
    for name in TITLES:
        rows = [dict(zip(KEYS[name], row, strict=True)) for row in rows_of(results, name)]
        if name == "differences":
            rows = [row for row in rows if row["outcome"] not in costs]
        if rows and (name != "trade_off" or {ACROSS, UP} <= {*results.metrics}):
            yield name, {"data": {"values": rows}, **_chart(name, rows, look)}


def _chart(name: str, rows: Sequence[Spec], look: Spec) -> Spec:
    """What a chart is but for its data."""
    if name == "differences":
        span = {"x": _axis("low", "difference from business as usual, %"), "x2": {"field": "high"}}
        layers: list[Spec] = [
            {"mark": {"type": "rule", "size": 2}, "encoding": {**span, "color": look["color"]}},
            {"mark": DOT, "encoding": {"x": _axis("change, %", ""), "color": look["color"], "shape": _shape(look)}, "params": [ZOOM]},
            {"mark": "rule", "encoding": {"x": {"datum": 0}}},
        ]
        header = {"labelAngle": 0, "labelAlign": "left", "labelLimit": 200, "title": ""}
        order = list(dict.fromkeys(row["outcome"] for row in rows))
        facet = {"row": {"field": "outcome", "type": "nominal", "sort": order, "header": header}}
        return {"facet": facet, "spec": {"encoding": {"y": _named("scenario", axis=None)}, "layer": layers, "width": 640}, "spacing": 6}
    if name == "trade_off":
        return _plane(rows, look)
    if name == "causes":
        tints = {"range": [colour for _, _, colour, _ in CAUSES]}
        bars = {"x": _named("year"), "y": _axis("deaths a year"), "color": _named("cause", scale=tints), "tooltip": _tips(rows)}
        return {**_picked(rows, "scenario"), "mark": "bar", "encoding": bars}
    if name == "worlds":
        folded = [{"fold": ["better", "same", "worse"], "as": ["verdict", "worlds"]}]
        verdicts = _named("verdict", scale={"domain": ["better", "same", "worse"], "range": [BLUE, FAINT, ORANGE]})
        bars = {"y": _named("outcome"), "x": _axis("worlds"), "color": verdicts, "tooltip": _tips(rows)}
        return {"facet": {"column": _named("scenario")}, "transform": folded, "spec": {"mark": "bar", "encoding": bars, "width": 220}}
    low, middle, high = ("low", "change, %", "high") if name == "over_time" else ("5 %", "50 %", "95 %")
    time: Spec = {"x": _axis("period" if name == "over_time" else "year", "", type="temporal")}
    band: Spec = {"y": _axis(low, "paired difference, %" if name == "over_time" else "in the unit of the outcome"), "y2": {"field": high}}
    pale = {"condition": {"param": "arms", "value": 0.15}, "value": 0}
    bold = {"condition": {"param": "arms", "value": 1}, "value": 0.08}
    layers = [
        {"mark": "area", "encoding": {**time, **band, "color": look["color"], "opacity": pale}},
        {"mark": LINE, "encoding": {**time, "y": _axis(middle, ""), **look, "opacity": bold}, "params": [CLICK]},
    ]
    return {**_picked(rows, "outcome"), "layer": layers}


def _plane(rows: Sequence[Spec], look: Spec) -> Spec:
    """Both harms of every policy, each with its interval."""
    found: dict[str, Spec] = {}
    harms = {country.title(name): name for name in (ACROSS, UP)}
    for row in rows:
        harm = harms.get(row["outcome"])
        if harm and row["change, %"] is not None:
            ends = {f"{harm} {key}": row[key] for key in ("change, %", "low", "high")}
            found.setdefault(row["scenario"], {"scenario": row["scenario"]}).update(ends)
    across, up = (_axis(f"{harm} change, %", f"change in {harm.replace('_', ' ')}, %") for harm in (ACROSS, UP))
    sides = [
        {"x": _axis(f"{ACROSS} low", ""), "x2": {"field": f"{ACROSS} high"}, "y": up},
        {"x": across, "y": _axis(f"{UP} low", ""), "y2": {"field": f"{UP} high"}},
    ]
    layers: list[Spec] = [{"mark": {"type": "rule", "size": 2}, "encoding": {**side, "color": look["color"]}} for side in sides]
    dots = {"mark": DOT, "encoding": {"x": across, "y": up, "color": look["color"], "shape": _shape(look)}, "params": [ZOOM]}
    zero: list[Spec] = [{"mark": {"type": "rule", "color": "#888"}, "encoding": {way: {"datum": 0}}} for way in ("x", "y")]
    return {"data": {"values": [*found.values()]}, "layer": [*zero, *layers, dots], **WIDE}


def _axis(field: str, title: str | None = None, **more: Any) -> Spec:  # noqa: ANN401
    return {"field": field, "type": "quantitative", "title": field if title is None else title, **more}


def _named(field: str, **more: Any) -> Spec:  # noqa: ANN401
    return _axis(field, "", sort=None, **{"type": "nominal", **more})


def _shape(look: Spec) -> Spec:
    return {"field": "scenario", "type": "nominal", "scale": {"domain": look["color"]["scale"]["domain"]}}


def _tips(rows: Sequence[Spec]) -> list[Spec]:
    return [{"field": key, "type": "nominal"} for key in rows[0]]


def _picked(rows: Sequence[Spec], field: str) -> Spec:
    """A list above the chart from which one value is picked."""
    options = list(dict.fromkeys(row[field] for row in rows))
    chosen = {"name": "chosen", "value": options[0], "bind": {"input": "select", "options": options, "name": f"{field}: "}}
    return {"params": [chosen], "transform": [{"filter": f"datum.{field} === chosen"}], **WIDE}

"""The charts of a comparison as Vega-Lite: to point at, to zoom, to pick an outcome. The page stands alone, its library within."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from itertools import cycle
from pathlib import Path
from typing import Any

from markupsafe import Markup

from sim.analysis import country
from sim.analysis.answer import Answer
from sim.analysis.paired import COST
from sim.catalogue.installed import pip_install
from sim.experiment.errors import PlanError
from sim.show import passages
from sim.show.charts.over_time import CAUSES
from sim.show.charts.trade_off import ACROSS, UP
from sim.show.figures import Results, rows_of
from sim.show.markup import Block, document
from sim.show.style import BLUE, COLOURS, FAINT, ORANGE, looks

NAME = "interactive.html"
Spec = dict[str, Any]
CONFIG: Spec = {
    "font": "system-ui, sans-serif", "range": {"category": [*COLOURS]}, "legend": {"labelLimit": 320},
    "axis": {"labelFontSize": 12, "titleFontSize": 12},
}  # fmt: skip
DASHES = ([1, 0], [6, 3], [6, 2, 1, 2], [2, 2], [9, 3], [4, 2, 1, 2, 1, 2])
CHARTS: dict[str, Spec] = json.loads(Path(__file__).with_suffix(".json").read_text(encoding="utf-8"))  # title, columns, specification
TITLES = {name: str(chart["title"]) for name, chart in CHARTS.items()}


def page(results: Results, answers: Sequence[Answer]) -> str:
    """The page. Raises PlanError: the library is not installed."""
    try:
        from vl_convert import javascript_bundle  # noqa: PLC0415  an extra
    except ImportError:
        raise PlanError("needs Vega-Lite", field="--interactive", hint=pip_install("interactive")) from None
    parts: dict[str, Sequence[Block]] = {"Answer": [*passages.answered(answers), *passages.further(answers)]}
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
    blanks: Spec = {
        "arms": [*style], "usual": results.usual, "colours": [look.colour for look in style.values()],
        "dashes": [dash for dash, _ in zip(cycle(DASHES), style, strict=False)], "causes": [colour for _, _, colour, _ in CAUSES],
        "verdicts": [BLUE, FAINT, ORANGE],
    }  # fmt: skip
    costs = {country.title(name) for name in results.metrics if name.startswith(COST)}
    for name, chart in CHARTS.items():
        rows = [dict(zip(chart["columns"], row, strict=True)) for row in rows_of(results, name)]
        if name == "differences":
            rows = [row for row in rows if row["outcome"] not in costs]
        if rows and (name != "trade_off" or {ACROSS, UP} <= {*results.metrics}):
            outcomes = list(dict.fromkeys(row.get("outcome") for row in rows))
            own = {"rows": rows, "outcomes": outcomes, "first outcome": outcomes[0], "harms": _harms(rows) if name == "trade_off" else []}
            yield name, _filled(chart["spec"], blanks | own)


def _filled(spec: Any, blanks: Spec) -> Any:  # noqa: ANN401
    """A specification with what its texts that begin with "@" stand for."""
    if isinstance(spec, dict):
        return {key: _filled(value, blanks) for key, value in spec.items()}
    if isinstance(spec, list):
        return [_filled(value, blanks) for value in spec]
    return blanks[spec[1:]] if isinstance(spec, str) and spec.startswith("@") else spec


def _harms(rows: Sequence[Spec]) -> list[Spec]:
    """Both harms of every policy, each with its interval."""
    found: dict[str, Spec] = {}
    harms = {country.title(name): name for name in (ACROSS, UP)}
    for row in rows:
        harm = harms.get(row["outcome"])
        if harm and row["change, %"] is not None:
            ends = {f"{harm} {key}": row[key] for key in ("change, %", "low", "high")}
            found.setdefault(row["scenario"], {"scenario": row["scenario"]}).update(ends)
    return [*found.values()]

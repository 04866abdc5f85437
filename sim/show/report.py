"""`report.html`: one self-contained page with the question, the table, the figures, the doubts and where it all comes from."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

from sim.analysis import sweep
from sim.analysis.ensemble import Window
from sim.analysis.equal_cost import section, sentences
from sim.analysis.paired import notes, to_csv
from sim.analysis.sweep import PointRow, compare_points, read_levels
from sim.analysis.table import CLOSING, Cell, Section, opening, sections
from sim.catalogue.metrics import HEADLINE
from sim.experiment.errors import PlanError
from sim.experiment.reading import read_plan, read_runs
from sim.experiment.store import attach
from sim.show import passages
from sim.show.figures import FOLDER, MOST_ARMS, Results, read, write
from sim.show.sweep import publish as sweep_figures

NAME = "report.html"
ALT = {
    "outcomes": "Small multiples: each headline outcome by year, a line and a 5 to 95 percent band per scenario.",
    "trade_off": "Plane: change in homicides across, in overdose deaths up, one mark per scenario, cost as area.",
    "differences": "Forest plot: mean paired difference from business as usual and 95 percent interval, by outcome.",
    "worlds": "Stacked bars: the share of worlds in which each outcome is better, the same or worse, a panel per policy.",
    "causes": "Stacked steps: mean homicides per year by cause, one panel per scenario.",
    "genealogy": "Genealogy of one world: a line per armed group from birth to end, joined to its parent at the split.",
}
LEFT = {  # beginnings of the names of figures that other commands leave in the folder
    "why-": "Bars: what each response of the model adds to the difference, with its interval over worlds.",
    "evidence": "Scorecard: observed and simulated, with tolerance, a line per row of evidence.",
    "sweep": "Outcomes over the values that were swept, with bands.",
    "sensitivity": "Bars: how much of an outcome's spread each parameter explains, with the noise floor.",
}
STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; color: #111; background: #fff; max-width: 72rem; margin: 2rem auto; padding: 0 1rem; }
h2 { margin: 2.5rem 0 .5rem; border-bottom: 2px solid #111; }
nav a { margin-right: 1rem; color: #0b4f8a; }
table { border-collapse: collapse; margin: 1rem 0; font-variant-numeric: tabular-nums; }
caption { text-align: left; font-weight: 600; padding: .4rem 0; }
th, td { text-align: left; vertical-align: top; padding: .3rem 1.2rem .3rem 0; border-bottom: 1px solid #ccc; }
.numbers th, .numbers td { white-space: pre; }
small { display: block; color: #444; font-weight: normal; }
.wide { overflow-x: auto; }
figure { margin: 2rem 0; break-inside: avoid; }
img { max-width: 100%; height: auto; }
figcaption { color: #444; }
@page { margin: 15mm; }
@media print {
  body { font-size: 9pt; margin: 0; padding: 0; max-width: none; }
  nav { display: none; }
  .wide { overflow: visible; }
  .numbers th, .numbers td { white-space: normal; padding-right: .6rem; }
  h2, caption { break-after: avoid; }
  tr { break-inside: avoid; }
  thead { display: table-header-group; }
}
"""
POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"  # the page asks nothing of any server


def write_report(folder: Path, usual: str | None = None, window: Window | None = None) -> Path:
    """Compare what is stored in a results folder, write comparison.csv, the figures and the page.

    Args:
        folder: of the results.
        usual: business as usual; None = the plan's first scenario, or what a sweep was compared with.
        window: of the comparison; None = the whole run.

    Raises:
        PairingError: nothing that can be compared.
        PlanError: a sweep is compared point by point over whole runs, as it was laid out.
        FolderError: not a results folder, or not readable.
    """
    plan = read_plan(folder)
    if "sweep" in plan:
        if usual or window:
            raise PlanError("a sweep is compared as it was laid out, over whole runs", file=folder, hint="leave --usual and --window out")
        return publish_sweep(plan, folder)
    results = read(folder, usual, window)
    attach(folder, "comparison.csv", to_csv(results.rows))
    return publish(results, folder)


def publish(results: Results, folder: Path) -> Path:
    """Draw the figures of results that were read before, and write their page."""
    drawn = {path.stem: path for path in write(results, folder) if path.suffix == ".svg"}
    return attach(folder, NAME, page(results, _left(folder) | drawn, folder))


def publish_sweep(plan: dict[str, Any], folder: Path) -> Path:
    """Compare the points of a sweep, draw its figures and write its page."""
    fields, pairs = plan["sweep"]["fields"], passages.pairs(folder, plan)
    levels = read_levels(folder)
    rows = compare_points(levels, pairs)
    attach(folder, "comparison.csv", sweep.to_csv(rows, fields))
    drawn = {path.stem: path for path in sweep_figures(rows, levels, pairs, fields, folder) if path.suffix == ".svg"}
    pictures = _left(folder) | drawn
    first, *_, last = rows
    arms = {name: passages.as_stored(arm) for pair in pairs[:1] for arm in pair for name in [arm.scenario.name]}
    parts = {
        "Question": [
            f"<p>{len(pairs):,} design points of {escape(last.row.scenario)}: {escape(', '.join(fields))} ({plan['sweep']['method']}).</p>",
            *passages.questions(arms),
        ],
        "What changes": [
            *(f"<p>{escape(line)}</p>" for line in opening(last.row)[:2]),
            *passages.points(rows, fields, first.row.baseline),
            f"<p>{escape(CLOSING)}</p>",
            *_figures(pictures, "sweep"),
        ],
        "How well it is known": [*_figures(pictures, "sensitivity")],
        "Limits": [*passages.limits([pair[0].scenario.parameters for pair in pairs], read_runs(folder))],
        "Provenance": [*passages.provenance(plan)],
    }
    return attach(folder, NAME, document(f"Cartelitos: sweep of {last.row.scenario}", parts))


def _left(folder: Path) -> dict[str, Path]:
    """Figures that other commands left in the folder, by name."""
    return {path.stem: path for path in sorted((folder / FOLDER).glob("*.svg")) if path.stem.startswith(tuple(LEFT))}


def page(results: Results, pictures: Mapping[str, Path], folder: Path) -> str:
    """The page of a comparison.

    Args:
        results: what the folder says.
        pictures: SVG files by name; those drawn from `results` are named as in ALT.
        folder: of the results, in which other analyses may have left theirs.
    """
    arms = passages.arms_by_name(folder, results.plan, results.ensemble.arms)
    names = list(dict.fromkeys(arm["name"] for arm in arms.values()))
    parts = {
        "Question": [*passages.questions(arms)],
        "Policies and costs": [
            *_equal_cost(results.plan.get("equal_cost")),
            *passages.policies(arms, results.usual, results.rows),
        ],
        "What changes": [*_headline(results), *_figures(pictures, "differences", "trade_off", "outcomes", "causes", "sweep")],
        "In how many worlds": [*passages.robustness(results.worlds), *_figures(pictures, "worlds")],
        "Why": [*passages.reasons(folder), *_figures(pictures, "why-")],
        "One world": [*_figures(pictures, "genealogy")],
        "How well it is known": [
            *passages.standing(arms, results.usual),
            *passages.scores(folder),
            *_figures(pictures, "evidence", "sensitivity"),
        ],
        "Limits": [*passages.limits([arm["parameters"] for arm in arms.values()], results.runs, results.dropped)],
        "Provenance": [*passages.provenance(results.plan)],
    }
    return document(f"Cartelitos: {', '.join(names)}", parts)


def document(title: str, parts: Mapping[str, Sequence[str]], language: str = "en", style: str = STYLE) -> str:
    """A whole HTML document of titled parts; those that are empty are left out."""
    told = {name: body for name, body in parts.items() if body}
    links = "".join(f'<a href="#{_anchor(name)}">{escape(name)}</a>' for name in told)
    body = "\n".join(
        [
            f"<h1>{escape(title)}</h1>",
            f"<nav>{links}</nav>",
            *(line for name, found in told.items() for line in (f'<h2 id="{_anchor(name)}">{escape(name)}</h2>', *found)),
        ]
    )
    return (
        f'<!doctype html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{style}</style>\n</head>\n<body>\n<main>\n{body}\n</main>\n</body>\n</html>\n"
    )


def _anchor(name: str) -> str:
    return name.lower().replace(" ", "-")


def _headline(results: Results) -> Iterator[str]:
    """The trade-off table; a line per arm where there are too many for columns."""
    yield from (f"<p>{escape(line)}</p>" for line in opening(results.rows[0]))
    many = len(results.ensemble.arms) > MOST_ARMS
    if many:
        yield from passages.points([PointRow(0, {}, row) for row in results.rows], (), results.usual)
    else:
        yield from map(matrix, sections(results.rows))
    yield f"<p>{escape(CLOSING)}</p>"
    if not many:
        yield from (f"<p>Note. {escape(note)}</p>" for note in notes([r for r in results.rows if r.metric in HEADLINE]))


def _equal_cost(found: dict[str, Any] | None) -> Iterator[str]:
    """The budget and every scenario's factor, if costs were set equal."""
    if found:
        yield from (f"<p>{escape(line)}</p>" for line in sentences(found))
        yield matrix(section(found))


def matrix(section: Section) -> str:
    """One matrix of the trade-off table."""
    heads = "".join(f'<th scope="col">{_cell((name, section.caption))}</th>' for name in section.scenarios)
    rows = (
        f'<tr><th scope="row">{_cell(line.label)}</th><td>{escape(line.level)}</td>'
        + "".join(f"<td>{_cell(cell)}</td>" for cell in line.cells)
        + "</tr>"
        for line in section.lines
    )
    return (
        f'<div class="wide"><table class="numbers"><caption>{escape(section.title)}</caption>'
        f'<thead><tr><td></td><th scope="col">{escape(" ".join(section.level).strip())}</th>{heads}</tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table></div>"
    )


def _cell(cell: Cell) -> str:
    upper, lower = (escape(text.strip()) for text in cell)
    return upper + (f"<small>{lower}</small>" if lower else "")


def _figures(pictures: Mapping[str, Path], *names: str) -> Iterator[str]:
    """Pictures of these names, or whose names begin so, as data, so that the page stands alone."""
    for name in names:
        for stem, picture in pictures.items():
            if stem == name or (name in LEFT and stem.startswith(name)):
                alt = escape(ALT.get(stem) or LEFT[name])
                data = b64encode(picture.read_bytes()).decode()
                yield f'<figure><img alt="{alt}" src="data:image/svg+xml;base64,{data}"><figcaption>{alt}</figcaption></figure>'

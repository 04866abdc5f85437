"""`report.html`: one self-contained page with the question, the table, the figures and where it all comes from."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Iterator
from html import escape
from pathlib import Path
from typing import Any

from sim.analysis.ensemble import Window
from sim.analysis.equal_cost import section, sentences
from sim.analysis.paired import notes
from sim.analysis.table import CLOSING, Cell, Section, opening, sections
from sim.catalogue.metrics import HEADLINE
from sim.experiment.store import attach
from sim.show.figures import Results, read, write

NAME = "report.html"
ALT = {
    "outcomes": "Small multiples: each headline outcome by year, a line and a 5 to 95 percent band per scenario.",
    "trade_off": "Plane: change in homicides across, in overdose deaths up, one mark per scenario, cost as area.",
    "differences": "Forest plot: mean paired difference from business as usual and 95 percent interval, by outcome.",
    "causes": "Stacked steps: mean homicides per year by cause, one panel per scenario.",
    "genealogy": "Genealogy of one world: a line per armed group from birth to end, joined to its parent at the split.",
}
STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; color: #111; max-width: 72rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; margin: 1rem 0; font-variant-numeric: tabular-nums; }
caption { text-align: left; font-weight: 600; padding: .4rem 0; }
th, td { text-align: left; vertical-align: top; padding: .3rem 1.2rem .3rem 0; border-bottom: 1px solid #ccc; }
.numbers th, .numbers td { white-space: pre; }
small { display: block; color: #444; font-weight: normal; }
.wide { overflow-x: auto; }
figure { margin: 2rem 0; break-inside: avoid; }
img { max-width: 100%; height: auto; }
figcaption { color: #444; }
@media print { body { font-size: 10pt; margin: 0; max-width: none; } table { break-inside: avoid; } }
"""
POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"  # the page asks nothing of any server


def write_report(folder: Path, usual: str | None = None, window: Window | None = None) -> Path:
    """Draw the figures of a results folder and write its page.

    Args:
        folder: of the results.
        usual: business as usual; None = the plan's first scenario.
        window: of the comparison; None = the whole run.
    """
    return publish(read(folder, usual, window), folder)


def publish(results: Results, folder: Path) -> Path:
    """Draw the figures of results that were read before, and write their page."""
    pictures = [path for path in write(results, folder) if path.suffix == ".svg"]
    return attach(folder, NAME, page(results, pictures))


def page(results: Results, pictures: Iterable[Path]) -> str:
    """The whole document; `pictures` are SVG files named as in ALT."""
    title = f"Cartelitos: {', '.join(results.ensemble.arms)}"
    body = "\n".join(
        [
            f"<h1>{escape(title)}</h1>",
            *_questions(results.plan["arms"]),
            *_equal_cost(results.plan.get("equal_cost")),
            *(f"<p>{escape(line)}</p>" for line in opening(results.rows[0])),
            *map(matrix, sections(results.rows)),
            f"<p>{escape(CLOSING)}</p>",
            *(f"<p>Note. {escape(note)}</p>" for note in notes([r for r in results.rows if r.metric in HEADLINE])),
            *map(_figure, pictures),
            _provenance(results.plan),
        ]
    )
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n{body}\n</body>\n</html>\n"
    )


def _questions(arms: Iterable[dict[str, Any]]) -> Iterator[str]:
    """What each scenario asks, as its author wrote it."""
    yield "<dl>"
    for name, arm in {arm["name"]: arm for arm in arms if "like" not in arm}.items():
        yield f"<dt><strong>{escape(name)}</strong>: {escape(arm['title'])}</dt><dd>{escape(arm['question'])}</dd>"
    yield "</dl>"


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


def _figure(picture: Path) -> str:
    """A picture as data, so that the page stands alone."""
    data = b64encode(picture.read_bytes()).decode()
    alt = escape(ALT[picture.stem])
    return f'<figure><img alt="{alt}" src="data:image/svg+xml;base64,{data}"><figcaption>{alt}</figcaption></figure>'


def _provenance(plan: dict[str, Any]) -> str:
    """From plan.json: what would have to be the same for the same numbers."""
    code = plan["code"]
    dirty = " with uncommitted changes" if code["dirty"] else ""
    entries = {
        "Command": " ".join(plan["command"]),
        "Created": plan["created"],
        "Code revision": f"{code['revision'] or 'unknown'}{dirty}",
        "Model version": plan["model_version"],
        "Versions": ", ".join(f"{name} {version}" for name, version in plan["versions"].items()),
        "Experiment seed": str(plan["seed"]),
        "Replicates": str(plan["replicates"]),
        "Scenario digests": ", ".join(f"{arm['name']} {arm['digest']}" for arm in plan["arms"]),
    }
    rows = "".join(
        f'<tr><th scope="row">{escape(key)}</th><td>{escape(value)}</td></tr>' for key, value in entries.items()
    )
    return f'<div class="wide"><table><caption>Where these numbers come from</caption>{rows}</table></div>'

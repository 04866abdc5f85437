"""`report.html`: one self-contained page with the question, the table, the figures, the doubts and where it all comes from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from sim.analysis.ensemble import Window
from sim.analysis.equal_cost import section, sentences
from sim.analysis.paired import notes, to_csv
from sim.analysis.sweep import PointRow
from sim.analysis.table import CLOSING, opening, sections
from sim.catalogue.metrics import HEADLINE
from sim.experiment.errors import PlanError
from sim.experiment.store import attach
from sim.show import passages, remains
from sim.show.figures import MOST_ARMS, Results, read, write
from sim.show.markup import NAME, document, matrix, paragraphs, pictures_of
from sim.show.pages import left, publish_sweep, publisher

ABSENT = {
    "In how many worlds": "needs two scenarios or more that have the same months",
    "Why": "`cartelitos why BASE POLICY` answers it, in a folder of its own",
    "One world": "no genealogy is stored",
    "How well it is known": "no lever differs between the scenarios, and `cartelitos evidence` has left no scorecard here",
}


def write_report(folder: Path, usual: str | None = None, window: Window | None = None) -> Path:
    """Write the page of any results folder, and its figures; of a comparison or a sweep also comparison.csv.

    Args:
        folder: of the results.
        usual: business as usual; None = the plan's first scenario, or what a sweep was compared with.
        window: of the comparison; None = the whole run.

    Raises:
        PairingError: nothing that can be compared.
        PlanError: `usual` or `window` where no scenarios are compared; a sweep is compared as it was laid out, over whole runs.
        FolderError: not a results folder, or not readable.
    """
    other = publisher(folder)
    if other and (usual or window):
        said = "a sweep is compared as it was laid out, over whole runs" if other is publish_sweep else "holds no comparison of scenarios"
        raise PlanError(said, file=folder, hint="leave --usual and --window out")
    if other:
        return other(folder)
    results = read(folder, usual, window)
    attach(folder, "comparison.csv", to_csv(results.rows))
    return publish(results, folder)


def publish(results: Results, folder: Path) -> Path:
    """Draw the figures of results that were read before, and write their page."""
    drawn = {path.stem: path for path in write(results, folder) if path.suffix == ".svg"}
    return attach(folder, NAME, page(results, left(folder) | drawn, folder))


def page(results: Results, pictures: Mapping[str, Path], folder: Path) -> str:
    """The page of a comparison.

    Args:
        results: what the folder says.
        pictures: SVG files by name; those drawn from `results` are named as in ALT.
        folder: of the results, in which other analyses may have left theirs.
    """
    arms = passages.arms_by_name(folder, results.plan, results.ensemble.arms)
    apart = passages.arms_by_name(folder, results.plan, [name for other in results.apart for name in other.arms])
    names = list(dict.fromkeys(arm["name"] for arm in (*arms.values(), *apart.values())))
    parts = {
        "Question": [*passages.questions({**arms, **apart})],
        "Policies and costs": [
            *_equal_cost(results.plan.get("equal_cost")),
            *passages.policies(arms, results.usual, results.rows),
        ],
        "What changes": [*_headline(results), *pictures_of(pictures, "differences", "trade_off", "outcomes", "causes", "sweep")],
        "Other months": [*passages.apart(results.apart, results.usual)],
        "In how many worlds": [
            *passages.robustness(results.worlds),
            *pictures_of(pictures, "worlds"),
            *remains.plausibly(folder),
            *pictures_of(pictures, "robust", "mind-"),
        ],
        "Why": [*remains.reasons(folder), *pictures_of(pictures, "why-"), *remains.mechanisms(folder)],
        "One world": [*pictures_of(pictures, "genealogy")],
        "How well it is known": [
            *passages.standing(arms, results.usual),
            *remains.scores(folder),
            *pictures_of(pictures, "evidence", "sensitivity"),
        ],
        "Limits": [*passages.limits([arm["parameters"] for arm in arms.values()], results.runs, results.dropped)],
        "Provenance": [*passages.provenance(results.plan)],
    }
    return document(f"Cartelitos: {', '.join(names)}", parts, absent=ABSENT)


def _headline(results: Results) -> Iterator[str]:
    """The trade-off table; a line per arm where there are too many for columns."""
    yield from paragraphs(opening(results.rows[0]))
    many = len(results.ensemble.arms) > MOST_ARMS
    if many:
        yield from passages.points([PointRow(0, {}, row) for row in results.rows], (), results.usual)
    else:
        yield from map(matrix, sections(results.rows))
    yield from paragraphs([CLOSING])
    if not many:
        yield from paragraphs(f"Note. {note}" for note in notes([r for r in results.rows if r.metric in HEADLINE]))


def _equal_cost(found: dict[str, Any] | None) -> Iterator[str]:
    """The budget and every scenario's factor, if costs were set equal."""
    if found:
        yield from paragraphs(sentences(found))
        yield matrix(section(found))



"""Pieces of the report: what other analyses left in a results folder; nothing where they left nothing."""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from html import escape
from pathlib import Path
from typing import Any

import numpy as np

from sim.analysis.csv_text import csv_rows
from sim.analysis.table import MISSING, quantity
from sim.catalogue.metrics import METRICS
from sim.catalogue.priors import BAND, PRIORS
from sim.experiment.errors import FolderError
from sim.experiment.sampling import DUMMY
from sim.show.markup import paragraphs, table
from sim.show.posterior import figure_of

Tell = Callable[[str, str], Iterator[str]]  # name and text of a file -> HTML


def reasons(folder: Path) -> list[str]:
    """Of `why`: its sentence, and each response's part."""
    return _told(folder, "figures/why-*.json", _reasons)


def plausibly(folder: Path) -> list[str]:
    """Of `robust`: shares of worlds, regret, and what would turn a ranking."""
    return _told(folder, "figures/robust.json", _plausibly)


def mechanisms(folder: Path) -> list[str]:
    """Of `parsimony`: what each mechanism is for."""
    return _told(folder, "parsimony.csv", _mechanisms)


def scores(folder: Path) -> list[str]:
    """Of `evidence`: the model beside what was observed."""
    return _told(folder, "evidence*.csv", _scores)


def factors(folder: Path) -> list[str]:
    """Of `sensitivity`: a table per method and metric, the strongest factor first."""
    return _told(folder, "sensitivity-*.csv", _factors)


def plausible(folder: Path) -> list[str]:
    """Of `calibrate`: the parameters by family of worlds, beside what was believed before."""
    return _told(folder, "plausible-*.csv", _plausible)


def _told(folder: Path, pattern: str, tell: Tell) -> list[str]:
    """What every file of this kind says.

    Raises:
        FolderError: one is not what its analysis writes.
    """
    said: list[str] = []
    for path in sorted(folder.glob(pattern)):
        try:
            said += tell(path.stem, path.read_text(encoding="utf-8"))
        except (OSError, ValueError, TypeError, KeyError, IndexError, csv.Error) as error:
            problem = f"{error} is missing" if isinstance(error, KeyError) else str(error)
            raise FolderError(f"cannot be read: {problem}", file=path, hint="delete it and repeat what wrote it") from error
    return said


def _reasons(_name: str, text: str) -> Iterator[str]:
    found = json.loads(text)
    yield f"<p>{escape(found['sentence'])}</p>"
    lines = [[row["part"], quantity(row["contribution"], found["unit"], "+")] for row in found["rows"]]
    title = METRICS[found["metric"]].title
    yield table(f"{title}: parts of the difference, {found['unit']}", ("Response of the model", "contribution"), lines, "numbers")


def _plausibly(_name: str, text: str) -> Iterator[str]:
    found = json.loads(text)
    rows = [row for row in found["rows"] if "share_won" in row]
    lines = [[f"{row['scenario']}: {METRICS[row['metric']].title}", *_won(row)] for row in rows]
    heads = ("Scenario and outcome", "best in", "by family of worlds", "regret, mean", "worst tenth")
    title = "In what share of plausible worlds each scenario comes out best, and how much worse than the best it is"
    yield table(title, heads, lines, "numbers")
    yield from paragraphs(found["sentences"])


def _won(row: Mapping[str, Any]) -> Iterator[str]:
    unit = METRICS[row["metric"]].unit
    yield f"{100 * row['share_won']:.0f} %"
    yield ", ".join(f"{family} {100 * own['share_won']:.0f} %" for family, own in row["share_won_by_family"].items()) or MISSING
    yield from (quantity(row[name], unit) for name in ("regret", "regret_high"))


def _mechanisms(_name: str, text: str) -> Iterator[str]:
    comments, rows = csv_rows(text)
    columns = ("mechanism", "shows_in", "worse", "outcomes", "effects")
    heads = ("Mechanism", "shows in", "evidence rows that get worse", "outcomes that move", "effects that change")
    yield table("What is missed when a mechanism is switched off", heads, [[row[name] for name in columns] for row in rows])
    yield from paragraphs([" ".join(comments)])


def _scores(name: str, text: str) -> Iterator[str]:
    _, rows = csv_rows(text)
    counts = Counter(row["verdict"] for row in rows)
    caption = f"The model beside what was observed ({name}): {', '.join(f'{n} {verdict}' for verdict, n in counts.items())}"
    lines = [
        [row["title"], row["use"], *(_digits(row[key]) for key in ("observed", "simulated")), row["verdict"], row["source"]] for row in rows
    ]
    yield table(caption, ("Row", "use", "observed", "simulated", "verdict", "source"), lines)


def _factors(_name: str, text: str) -> Iterator[str]:
    _, rows = csv_rows(text)
    for metric in dict.fromkeys(row["metric"] for row in rows):
        own = sorted((row for row in rows if row["metric"] == metric), key=lambda row: -float(row["value"]))
        morris, unit = own[0]["method"] == "morris", METRICS[metric].unit + " a year" * METRICS[metric].yearly
        heads = (f"mu*, {unit}", "+-", "sigma", "% of level") if morris else ("total index", "+-", "first order")
        columns = ("value", "half", "second", "percent")[: len(heads)]
        lines = [[row["factor"], *(_digits(row[name]) for name in columns), _beside(row)] for row in own]
        caption = f"{METRICS[metric].title}: {own[0]['n']} {'trajectories' if morris else 'base samples'}"
        yield table(caption, ("Factor", *heads, "beside chance"), lines, "numbers")


def _beside(row: Mapping[str, str]) -> str:
    """Whether a factor does more than chance."""
    return "chance" if row["factor"] == DUMMY else "above" if row["above"] == "True" else "not above"


def _plausible(name: str, text: str) -> Iterator[str]:
    comments, rows = csv_rows(text)
    families = Counter(row["family"] for row in rows)
    lines = []
    for prior in (*PRIORS, BAND):
        drawn = ([float(row[prior.name]) for row in rows if row["family"] == family] for family in families)
        spans = (np.percentile(own, (5, 50, 95)) for own in drawn)
        between = (f"{_digits(middle)} ({_digits(low)} to {_digits(high)})" for low, middle, high in spans)
        lines.append([prior.name, f"{_digits(prior.low)} to {_digits(prior.high)}", *between])
    heads = ("Parameter", "prior", *(f"{count} {family} worlds: median (5 to 95 %)" for family, count in families.items()))
    yield table(f"The plausible set, {name}.csv", heads, lines, "numbers")
    yield from paragraphs(comments)


def _digits(value: str | float) -> str:
    """A number, also of a CSV file, in a few digits."""
    return MISSING if value == "" else figure_of(float(value))

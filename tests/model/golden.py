"""Golden summaries: what every shipped scenario gives, in two worlds over six years; they change with a reason on record only.

    python tests/model/golden.py "what changed in the model, and why the numbers had to"

computes them anew, writes `golden.csv`, and puts the reason at the top of *Numbers change* in `scenarios/CHANGELOG.md`, with the day and a
digest of the numbers. Without a reason nothing is written.
"""

from __future__ import annotations

import csv
import hashlib
import re
import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from sim.catalogue.metrics import HEADLINE
from sim.experiment.plan import replicate_seed
from sim.model.run import simulate
from sim.scenario import library, load
from sim.scenario.read import shipped_folder

FILE = Path(__file__).with_name("golden.csv")
CHANGES = shipped_folder() / "CHANGELOG.md"
HEADING = "### Numbers change\n\n"
FIELDS = ("scenario", "replicate", "quantity", "value")
YEARS = 6
REPLICATES = 2
DIGITS = 6  # significant; equal also without AVX, FMA and AVX-512 in the C library and in NumPy (November 2026)

Row = tuple[str, ...]  # FIELDS


def summaries(name: str) -> Iterator[Row]:
    """What a scenario gives: totals of the outcomes that tables show, groups that ever were, events."""
    scenario = load(name, [f"world.years={YEARS}"], folder=shipped_folder())
    for replicate in range(REPLICATES):
        outcome = simulate(scenario, replicate_seed(scenario.seed, replicate))
        found = {metric: outcome.totals[metric] for metric in HEADLINE} | {"groups": len(outcome.genealogy), "events": len(outcome.events)}
        yield from ((name, str(replicate), quantity, f"{value:.{DIGITS}g}") for quantity, value in found.items())


def digest(rows: Iterable[Row]) -> str:
    return hashlib.sha256("\n".join(map(",".join, rows)).encode()).hexdigest()[:16]


def read() -> list[Row]:
    """The numbers that are kept."""
    with FILE.open(encoding="utf-8", newline="") as file:
        _, *rows = map(tuple, csv.reader(file))
    return rows


def reasons(changes: str) -> list[tuple[str, str]]:
    """Digest and reason of every change of numbers, the last one first."""
    return re.findall(r"^- ([0-9a-f]{16}) \(\d{4}-\d\d-\d\d\): (.+)$", changes, re.MULTILINE)


def recorded(changes: str, reason: str, rows: Iterable[Row]) -> str:
    """The changelog with one more reason.

    Raises:
        ValueError: there is none, or more than a line.
    """
    if len(reason.strip()) < 10 or not reason.isprintable():
        raise ValueError("give a reason of one line: what changed in the model, and why the numbers had to")
    line = f"- {digest(rows)} ({datetime.now(UTC):%Y-%m-%d}): {reason.strip()}\n"
    return changes.replace(HEADING, HEADING + line, 1)


def main(arguments: list[str]) -> int:
    if len(arguments) != 1:
        print(__doc__)
        return 2
    rows = [row for name in library(shipped_folder()) for row in summaries(name)]
    if FILE.exists() and read() == rows:
        print("the numbers are as they were; nothing is written")
        return 0
    changes = recorded(CHANGES.read_text(encoding="utf-8"), arguments[0], rows)
    with FILE.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out, lineterminator="\n").writerows([FIELDS, *rows])
    CHANGES.write_text(changes, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

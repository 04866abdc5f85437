"""Golden summaries: what every shipped scenario gives, in two worlds over six years; they change with a reason on record only.

    python tests/model/golden.py "the reason: what changed in the model, and why the numbers had to"

computes them anew and writes `golden.csv`, in which every reason stands with its day and a digest of the numbers it brought. Without a
reason nothing is written.
"""

from __future__ import annotations

import csv
import hashlib
import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from sim.catalogue.metrics import HEADLINE
from sim.experiment.plan import replicate_seed
from sim.model.run import simulate
from sim.scenario import library, load
from sim.scenario.read import shipped_folder

FILE = Path(__file__).with_name("golden.csv")
YEARS = 6
REPLICATES = 2
DIGITS = 6  # significant; equal also without AVX, FMA and AVX-512 in the C library and in NumPy (November 2026)

Row = tuple[str, str, str, str]  # scenario, replicate, quantity, value


class Golden(NamedTuple):
    """What the file holds."""

    reasons: tuple[str, ...]  # "2026-11-24 0123456789abcdef: why", the last one is that of the rows
    rows: tuple[Row, ...]


def summaries(name: str) -> Iterator[Row]:
    """What a scenario gives: totals of the outcomes that tables show, groups that ever were, events."""
    scenario = load(name, [f"world.years={YEARS}"], folder=shipped_folder())
    for replicate in range(REPLICATES):
        outcome = simulate(scenario, replicate_seed(scenario.seed, replicate))
        found = {metric: outcome.totals[metric] for metric in HEADLINE} | {"groups": len(outcome.genealogy), "events": len(outcome.events)}
        yield from ((name, str(replicate), quantity, f"{value:.{DIGITS}g}") for quantity, value in found.items())


def digest(rows: Iterable[Row]) -> str:
    return hashlib.sha256("\n".join(map(",".join, rows)).encode()).hexdigest()[:16]


def read(file: Path = FILE) -> Golden:
    lines = file.read_text(encoding="utf-8").splitlines()
    reasons = tuple(line.removeprefix("# ") for line in lines if line.startswith("#"))
    _, *rows = csv.reader(line for line in lines if not line.startswith("#"))
    return Golden(reasons, tuple(map(tuple, rows)))


def write(reason: str, rows: tuple[Row, ...], file: Path = FILE) -> None:
    """Put new numbers in the file, and the reason below the earlier ones.

    Raises:
        ValueError: there is none.
    """
    if not reason.strip() or not reason.isprintable():
        raise ValueError("give a reason of one line: what changed in the model, and why the numbers had to")
    before = read(file).reasons if file.exists() else ()
    line = f"{datetime.now(UTC):%Y-%m-%d} {digest(rows)}: {reason.strip()}"
    with file.open("w", encoding="utf-8", newline="") as out:
        out.writelines(f"# {text}\n" for text in (*before, line))
        csv.writer(out, lineterminator="\n").writerows([("scenario", "replicate", "quantity", "value"), *rows])


def main(arguments: list[str]) -> int:
    if len(arguments) != 1:
        print(__doc__)
        return 2
    rows = tuple(row for name in library(shipped_folder()) for row in summaries(name))
    if FILE.exists() and read().rows == rows:
        print("the numbers are as they were; nothing is written")
        return 0
    write(arguments[0], rows)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""The effects of removals as tables: by place, by situation, by metric, and beside what event studies find."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from sim.analysis.removals.audit import Audit, audit
from sim.analysis.removals.event_study import Estimate, estimates
from sim.analysis.removals.twins import EVERYWHERE, METRICS, RANKS, WINDOWS, Effect, Pairs, effects, gather
from sim.analysis.table import Table
from sim.experiment.reading import read_events, read_further

MISSING = "-"


Key = tuple[str, str, str, str]  # situation, where, metric, months


class Findings(NamedTuple):
    """What a folder of twins says."""

    pairs: Mapping[str, Pairs]  # spared removals by scenario; empty = there was none to spare
    effects: Sequence[Effect]  # of removals, against the twins
    studies: Sequence[Estimate]  # what event studies find on the same histories
    audits: Sequence[Audit] = ()  # what other designs would have reported, and how often their intervals hold the truth


def findings(folder: Path) -> Findings:
    """Everything that the twins of a results folder say."""
    pairs = gather(read_further(folder, "removals"), read_further(folder, "twins"))
    if not pairs:
        return Findings(pairs, [], [])
    histories = read_further(folder, "panel"), read_events(folder), pairs
    return Findings(pairs, effects(pairs), estimates(*histories), audit(*histories))


def opening(name: str, found: Findings) -> str:
    """What the cells of a scenario's tables mean."""
    removals = max(row.n for row in found.effects if row.scenario == name)
    return (
        f"WHAT A REMOVAL CHANGES, {name}\n"
        f"Each world is run again, with the same luck, for some removals in which that one leader is spared ({removals} at most here).\n"
        "Change against the twin in %, its 95 % interval, and after how many removals of 100 there was more : less."
    )


def matrices(name: str, found: Findings) -> list[Table]:
    """The tables of a scenario: by place, by situation, by metric, and beside what event studies find; without empty ones."""
    return [matrix for matrix in _matrices(name, found) if matrix.rows]


def _matrices(name: str, found: Findings) -> Iterator[Table]:
    own = {(row.situation, row.where, row.metric, row.months): row for row in found.effects if row.scenario == name}
    for rank in RANKS:
        keys = {where: (rank, where, "organised_homicides") for where in EVERYWHERE}
        yield _matrix(f"Homicides of organised crime, {'' if rank == RANKS[2] else 'removals of '}{rank}", own, keys)
    situations = [situation for situation in dict.fromkeys(key[0] for key in own) if situation not in RANKS]
    keys = {situation: (situation, "place", "organised_homicides") for situation in situations}
    yield _matrix("Kingpins by situation, homicides of organised crime at the place", own, keys)
    yield _matrix("Kingpins by metric, at the place", own, {title: ("kingpins", "place", metric) for metric, title in METRICS.items()})
    yield from _studies([study for study in found.studies if study.scenario == name])
    yield _audit([row for row in found.audits if row.scenario == name])


def _matrix(title: str, own: Mapping[Key, Effect], keys: Mapping[str, tuple[str, str, str]]) -> Table:
    """Labels down, months across; labels without removals are left out."""
    cells = {label: [own.get((*key, months)) for months in WINDOWS] for label, key in keys.items()}
    lines = [(label, *map(_cell, row), f"{next(cell.n for cell in row if cell):,}") for label, row in cells.items() if any(row)]
    return Table(title, ("months since the removal", *WINDOWS, "n"), lines, "numbers")


def _cell(row: Effect | None) -> str:
    if row is None:
        return MISSING
    return f"{_percent(row.relative)} {_interval(row.low, row.high)} {100 * row.share_up:.0f}:{100 * row.share_down:.0f}"


def _studies(studies: Sequence[Estimate]) -> Iterator[Table]:
    """What a researcher would find, beside what is true."""
    lines = []
    for study in studies:
        label = f"{study.event}, {study.form}, {study.months}"
        middle = f"{_percent(study.relative)} {_interval(study.low, study.high)}"
        single = f"{_percent(study.tenth)} to {_percent(study.ninetieth)}"
        found = f"{100 * study.found_up:.0f} : {100 * study.found_down:.0f} of 100"
        true = f"{_percent(study.truth)} {_interval(study.truth_low, study.truth_high)}" if study.months in WINDOWS else "0, exactly"
        lines.append((label, middle, single, found, true))
    title = "The econometrician's view: an event study on every simulated history, beside the twins' truth at the place, in %"
    yield Table(title, ("", "event studies", "single histories (80 %)", "finds a rise : fall", "truth"), lines, "numbers")


def _audit(rows: Sequence[Audit]) -> Table:
    """Bias and coverage of designs."""
    lines = []
    for row in rows:
        middle = f"{_percent(row.relative)} {_interval(row.tenth, row.ninetieth)}"
        found = f"{100 * row.found_up:.0f} : {100 * row.found_down:.0f} of 100"
        lines.append((f"{row.design}, {row.months}", middle, _percent(row.bias), f"{100 * row.covered:.0f} of 100", found))
    heads = ("", "median history (80 %)", "bias", "95 % interval holds truth", "finds a rise : fall")
    return Table("Audit of estimators: kingpins, organised homicides at the place, one history each, in %", heads, lines, "numbers")


def _percent(value: float | None) -> str:
    return MISSING if value is None else f"{100 * value:+.1f}"


def _interval(low: float | None, high: float | None) -> str:
    return "" if low is None or high is None else f"({100 * low:+.0f} {100 * high:+.0f})"

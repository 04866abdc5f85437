"""The effects of removals as text: by place, by situation, by metric, and beside what event studies find."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sim.analysis.event_study import Estimate
from sim.analysis.twins import EVERYWHERE, METRICS, RANKS, WINDOWS, Effect

LABEL, CELL = 30, 26  # characters
MISSING = "-"


def render(rows: Sequence[Effect], studies: Sequence[Estimate]) -> str:
    """All scenarios, one after the other; relative effects in percent."""
    names = list(dict.fromkeys(row.scenario for row in rows))
    return "\n\n".join("\n\n".join(_scenario(name, rows, studies)) for name in names) + "\n"


def _scenario(name: str, rows: Sequence[Effect], studies: Sequence[Estimate]) -> Iterator[str]:
    found = {(row.situation, row.where, row.metric, row.months): row for row in rows if row.scenario == name}
    removals = max(row.n for row in found.values())
    yield (
        f"WHAT A REMOVAL CHANGES, {name}\n"
        f"Each world is run again, with the same luck, for some removals in which that one leader is spared ({removals} at most here).\n"
        "Change against the twin in %, its 95 % interval, and after how many removals of 100 there was more : less."
    )
    for rank in RANKS:
        lines = [(where, [found.get((rank, where, "organised_homicides", months)) for months in WINDOWS]) for where in EVERYWHERE]
        yield _matrix(f"Homicides of organised crime, removals of {rank}" if rank != RANKS[2] else f"Same, {rank}", lines)
    places = [
        (situation, [found.get((situation, "place", "organised_homicides", months)) for months in WINDOWS])
        for situation in dict.fromkeys(row.situation for row in found.values())
        if situation not in RANKS
    ]
    yield _matrix("Kingpins by situation, homicides of organised crime at the place", places)
    metrics = [(title, [found.get(("kingpins", "place", metric, months)) for months in WINDOWS]) for metric, title in METRICS.items()]
    yield _matrix("Kingpins by metric, at the place", metrics)
    yield from _studies([study for study in studies if study.scenario == name])


def _matrix(title: str, lines: Sequence[tuple[str, Sequence[Effect | None]]]) -> str:
    head = f"{title[:78]}\n{'months since the removal':{LABEL}}" + "".join(f"{months:>{CELL}}" for months in WINDOWS) + f"{'n':>7}"
    texts = [head]
    for label, cells in lines:
        if any(cells):
            number = next(cell.n for cell in cells if cell)
            texts.append(f"{label[:LABEL]:{LABEL}}" + "".join(f"{_cell(cell):>{CELL}}" for cell in cells) + f"{number:>7,}")
    return "\n".join(texts)


def _cell(row: Effect | None) -> str:
    if row is None:
        return MISSING
    return f"{_percent(row.relative)} {_interval(row.low, row.high)} {100 * row.share_up:.0f}:{100 * row.share_down:.0f}"


def _studies(studies: Sequence[Estimate]) -> Iterator[str]:
    """What a researcher would find, beside what is true."""
    if not studies:
        return
    lines = [
        "The econometrician's view: an event study on every simulated history, beside the twins' truth at the place, in %\n"
        f"{'':{LABEL}}{'event studies':>{CELL}}{'single histories (80 %)':>{CELL}}{'finds a rise : fall':>{CELL}}{'truth':>{CELL}}"
    ]
    for study in studies:
        label = f"{study.event}, {study.form}, {study.months}"
        middle = f"{_percent(study.relative)} {_interval(study.low, study.high)}"
        single = f"{_percent(study.tenth)} to {_percent(study.ninetieth)}"
        found = f"{100 * study.found_up:.0f} : {100 * study.found_down:.0f} of 100"
        true = f"{_percent(study.truth)} {_interval(study.truth_low, study.truth_high)}" if study.months in WINDOWS else "0, exactly"
        lines.append(f"{label:{LABEL}}{middle:>{CELL}}{single:>{CELL}}{found:>{CELL}}{true:>{CELL}}")
    yield "\n".join(lines)


def _percent(value: float | None) -> str:
    return MISSING if value is None else f"{100 * value:+.1f}"


def _interval(low: float | None, high: float | None) -> str:
    return "" if low is None or high is None else f"({100 * low:+.0f} {100 * high:+.0f})"

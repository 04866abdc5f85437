"""The scorecard: what the model makes of every evidence row, and how good that is.

The rule is a referee's. A row *passes* if both hold:

- the observation is an ordinary draw: it lies in the central 90 % of the simulated histories, each compared with another of the values that
  the sources allow (`stated`);
- the histories are not wider than the band: half the width of their central 68 %, one standard deviation of a bell, is at most half of
  it. A model that allows everything passes nothing.

It is *near* if the central 90 % meet the band, or hold the observation but are too wide; else it *fails*. A row without an observation
passes if at least a third of the histories lie in its band. PIT is the share of histories below the observation: over many rows it
should be spread evenly. A row that inputs decide is *given*: what the runs make of it is shown, and never counted.

The rule until now (pass: a third of the histories lie in the band, however far the observation) stands beside it for one version.

A row about removals, or about what a constant does, is an average effect with a 95 % interval: pass if the effect lies in the band,
near if the interval meets it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from sim.analysis.csv_text import aligned, csv_text
from sim.analysis.ensemble import Ensemble
from sim.analysis.paired import half_width
from sim.catalogue.evidence import EVIDENCE, Evidence
from sim.catalogue.statistics import Array, Months, covered, level, value
from sim.scenario.evidence_file import read_truth
from sim.scenario.problems import brief
from sim.scenario.read import scenario_folder

GOLDEN = (5**0.5 - 1) / 2  # its multiples, less their whole parts, fill (0, 1) evenly whatever their number
OBSERVED = Path("observed") / "homicides.csv"
METRICS = ("homicides", "overdose_deaths")  # that mean in the model what the sources count
COUNTRIES = ("mexico-2006", "municipal")  # worlds whose history that is
YEAR = 12  # months
ORDINARY = 1 / 3  # of histories in the band
CENTRAL = (5.0, 95.0)  # percent: the ends of the simulated interval
BULK = (16.0, 84.0)  # percent: a standard deviation either way
SILVER = 2**0.5 - 1  # its multiples, less their whole parts: errors of histories, apart from the shares recorded of `observe`
WITHOUT = "without "  # how `where` begins in rows about a constant
KINGPINS = "kingpins"  # the situation of `twins` that evidence about leaders means
VERDICTS = ("fail", "near", "pass")  # in the order of the scorecard
GIVEN = "given"  # a use that is a verdict too: nothing to pass
USES = {
    "calibrate": "Calibration rows: the model may be tuned on these",
    "hold out": "Check rows: never tuned on, reported whatever they are",
    GIVEN: "Given, not counted: rows that inputs decide",
}
COUNTED = tuple(use for use in USES if use != GIVEN)
# what is read of a row of `twins --json`, and the types it may have
EFFECT: Mapping[str, tuple[type, ...]] = {
    **dict.fromkeys(("where", "months", "metric"), (str,)),
    "n": (int,),
    **dict.fromkeys(("relative", "low", "high"), (float, int, type(None))),
}
CHANGES = ("H2", "H3")  # the fall to 2014 and the rise to 2018


class Histories:
    """All runs of one arm."""

    def __init__(self, ensemble: Ensemble, arm: int, genealogy: pa.Table) -> None:
        """Choose an arm of an ensemble; `genealogy` is the table of all its runs."""
        self._ensemble, self._arm = ensemble, arm
        self.months: Months = ensemble.months  # datetime64[M], (M,)
        self.days: Array = ensemble.days  # simulated days of each, (M,)
        self.replicates = ensemble.replicates  # (R,)
        self._genealogy = genealogy.filter(pc.equal(genealogy.column("scenario"), ensemble.arms[arm].split("@")[0]))

    def __getitem__(self, metric: str) -> Array:
        """Monthly values, (R, M)."""
        return np.asarray(self._ensemble[metric][self._arm])

    def offspring(self, founders: Sequence[str], month: np.datetime64) -> Array:
        """Groups alive at the end of a month whose line goes back to the founders, (R,)."""
        lines = self._genealogy
        end = pa.scalar((month + np.timedelta64(1, "M")).astype("datetime64[D]").item(), pa.date32())
        living = pc.and_(pc.less(lines.column("born"), end), pc.fill_null(pc.greater_equal(lines.column("died"), end), True))
        ours = pc.and_(living, pc.is_in(lines.column("root"), pa.array(list(founders))))
        found = lines.filter(ours).column("replicate").to_numpy()
        return np.array([np.count_nonzero(found == replicate) for replicate in self.replicates], dtype=np.float64)


def observed(row: Evidence, histories: Histories) -> Array:
    """What records would show of a row, one number per history, (R,).

    Where records undercount, each history has its own share recorded: quantiles of a triangular distribution, spread evenly. A
    ratio or a change within one history has the same share at both ends, and for a ratio it cancels.
    """
    happened = value(row, histories)
    if row.recorded is None:
        return happened
    even = (histories.replicates.astype(np.float64) + 1.0) * GOLDEN % 1.0
    return np.asarray(happened * triangular(row.recorded, even))


def triangular(bounds: tuple[float, float, float], u: NDArray[np.float64]) -> Array:
    """Quantiles of a triangular distribution: lowest, likeliest, highest."""
    low, mid, high = bounds
    if high <= low:
        return np.full(u.shape, mid)
    rising = low + np.sqrt(u * (high - low) * (mid - low))
    falling = high - np.sqrt((1.0 - u) * (high - low) * (high - mid))
    return np.where(u < (mid - low) / (high - low), rising, falling)


@lru_cache(maxsize=16)
def history(world: str, metric: str) -> tuple[Array, Array]:
    """Calendar years, (Y,), and what was observed in each, (Y,), by which the model was judged; both empty where nothing is known.

    Homicides are those that were registered; years that are held out of the library's table are not here.
    """
    if world not in COUNTRIES or metric not in METRICS:
        return np.array([]), np.array([])
    found: dict[int, float] = {}
    for row in EVIDENCE.values():
        first, last = row.window
        whole_year = first[:4] == last[:4] and first.endswith("-01") and last.endswith("-12")
        if row.metric == metric and row.form == "level" and whole_year and row.observed is not None:
            found[int(first[:4])] = row.observed
    path = scenario_folder() / OBSERVED
    if metric == "homicides" and path.is_file():
        truth = read_truth(path)
        if truth.step == YEAR:
            by_year = [{month // YEAR: deaths for month, deaths in own.items()} for own in truth.deaths.values()]
            found |= {year: sum(own[year] for own in by_year) for year in by_year[0] if all(year in own for own in by_year)}
    years = sorted(found)
    return np.array(years, dtype=np.float64), np.array([found[year] for year in years])


class Score(NamedTuple):
    """One row of the scorecard."""

    row: Evidence
    n: int  # histories, or removals
    simulated: float  # median history, or mean effect
    simulated_low: float
    simulated_high: float
    inside: float  # share of histories in the band; nan for removals
    pit: float  # share of histories below the observation; nan without one
    verdict: str
    until_now: str  # by the rule of the version before

    def as_json(self) -> dict[str, Any]:
        """The row of the `--json` document and of evidence.csv."""
        row = self.row
        return {
            "id": row.id, "title": row.title, "metric": row.metric, "form": row.form, "use": row.use, "unit": row.unit,
            "window": "/".join(row.window), "base": "/".join(row.base) if row.base else None,
            "observed": row.observed, "stated": "/".join(map(number, row.stated)) if row.stated else None, "low": row.low, "high": row.high,
            "simulated": self.simulated, "simulated_low": self.simulated_low, "simulated_high": self.simulated_high,
            "n": self.n, "inside": None if np.isnan(self.inside) else self.inside, "verdict": self.verdict,
            "pit": None if np.isnan(self.pit) else self.pit, "until_now": self.until_now,
            "source": " ".join(row.source), "status": row.status, "note": row.note,
        }  # fmt: skip


class Scorecard(NamedTuple):
    """All rows that could be scored, in the order of the catalogue, and why the others could not."""

    scores: tuple[Score, ...]
    left_out: Mapping[str, str]  # id -> reason

    def passed(self, use: str) -> tuple[int, int]:
        """Rows that pass, and rows scored, of one use that counts."""
        own = [score.verdict for score in self.scores if score.row.use == use]
        return own.count("pass"), len(own)


def scorecard(rows: Iterable[Evidence], histories: Histories, effects: Sequence[Mapping[str, Any]] = ()) -> Scorecard:
    """Score rows on the histories of one scenario; those about removals on the rows of `twins --json`."""
    scores, left_out = [], {}
    for row in rows:
        if row.form == "twins":
            effect = _effect(row, effects)
            if effect is None:
                asked = "a run that begins earlier" if row.where.startswith(WITHOUT) else "the document of `twins --json` with --twins"
                left_out[row.id] = f"an effect from paired worlds: give {asked}"
            else:
                scores.append(_of_effect(row, effect))
        elif not covered(row, histories.months):
            left_out[row.id] = f"the runs go from {histories.months[0]} to {histories.months[-1]}"
        else:
            values = observed(row, histories)
            if np.isnan(values).all():
                left_out[row.id] = "undefined in every run: a quotient has no divisor"
            else:
                scores.append(of_histories(row, values))
    return Scorecard(tuple(scores), left_out)


def verdict(row: Evidence, values: Array) -> str:
    """The rule of this module for histories, (R,), all defined."""
    if row.use == GIVEN:
        return GIVEN
    if row.observed is None:
        return until_now(row, values)
    ordinary = CENTRAL[0] <= 100.0 * pit(row, values) <= CENTRAL[1]
    low, high = np.percentile(values, BULK)
    if ordinary and high - low <= row.high - row.low:
        return "pass"
    low, high = np.percentile(values, CENTRAL)
    return "near" if ordinary or (low <= row.high and row.low <= high) else "fail"


def until_now(row: Evidence, values: Array) -> str:
    """The rule of the version before: pass if a third of the histories, (R,), lie in the band."""
    if row.use == GIVEN:
        return GIVEN
    low, high = np.percentile(values, CENTRAL)
    if inside(row, values).mean() >= ORDINARY:
        return "pass"
    return "near" if low <= row.high and row.low <= high else "fail"


def pit(row: Evidence, values: Array) -> float:
    """Share of histories, (R,), below what was observed, each below another of the values that the sources allow; half of equal ones."""
    if row.observed is None:
        return float("nan")
    truth: Array = np.full(values.shape, row.observed)
    if row.stated:
        (low, high), even = row.stated, np.asarray((np.arange(values.size) + 1.0) * SILVER % 1.0, np.float64)
        truth = triangular((low, min(max(row.observed, low), high), high), even)
    return float((values < truth).mean() + 0.5 * (values == truth).mean())


def inside(row: Evidence, values: Array) -> Array:
    """1.0 where a value lies in the band, 0.0 elsewhere."""
    return np.asarray((values >= row.low) & (values <= row.high), dtype=np.float64)


def of_histories(row: Evidence, values: Array) -> Score:
    """The score of a row on histories, (R,), of which at least one is defined."""
    values = values[np.isfinite(values)]
    low, high = np.percentile(values, CENTRAL)
    share = float(inside(row, values).mean())
    middle = float(np.median(values))
    return Score(row, values.size, middle, float(low), float(high), share, pit(row, values), verdict(row, values), until_now(row, values))


def owed(row: Evidence, usual: Histories, off: Histories) -> dict[str, Any]:
    """Which part of the mean rise over a row's window is gone in the same worlds without a constant, as `twins --json` writes effects."""
    begin, end = ((f"{month[:4]}-01", f"{month[:4]}-12") for month in row.window)
    last = level(row, usual, end)
    gone, rise = last - level(row, off, end), float((last - level(row, usual, begin)).mean())
    mean, half = (float(number) / rise for number in (gone.mean(), half_width(gone)))
    return {
        "where": row.where, "months": row.months, "metric": row.metric, "n": gone.size,
        "relative": mean, "low": mean - half, "high": mean + half,
    }  # fmt: skip


def _effect(row: Evidence, effects: Sequence[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    """The effect that a row is about, over all removals of kingpins."""
    wanted = {"where": row.where, "months": row.months, "metric": row.metric}
    found = (effect for effect in effects if all(effect.get(key) == said for key, said in wanted.items()))
    return next((effect for effect in found if effect.get("situation", KINGPINS) == KINGPINS), None)


def _of_effect(row: Evidence, effect: Mapping[str, Any]) -> Score:
    middle, low, high = (float("nan") if effect[key] is None else float(effect[key]) for key in ("relative", "low", "high"))
    met = "near" if low <= row.high and row.low <= high else "fail"
    word = "pass" if row.low <= middle <= row.high else met
    return Score(row, int(effect["n"]), middle, low, high, float("nan"), float("nan"), word, word)


def render(card: Scorecard) -> str:
    """The scorecard as text, uses apart, failures first."""
    blocks = []
    for use, heading in USES.items():
        own = ordered(card, use)
        if own:
            passed, count = card.passed(use)
            before = [score.until_now for score in own].count("pass")
            said = f"\n\n{passed} of {count} pass ({100 * passed / count:.0f} %); by the rule until now {before}"
            counts = said if use in COUNTED else ""
            blocks.append(f"{heading}\n\n{_table(own)}{counts}")
    if card.left_out:
        blocks.append("Not scored\n\n" + "\n".join(f"{key:5s} {why}" for key, why in card.left_out.items()))
    return "\n\n".join(blocks) + "\n"


def ordered(card: Scorecard, use: str) -> list[Score]:
    """The rows of one use, failures first."""
    return sorted((score for score in card.scores if score.row.use == use), key=lambda score: (*VERDICTS, GIVEN).index(score.verdict))


def _table(scores: Sequence[Score]) -> str:
    head = ("", "row", "what", "simulated, central 90 %", "observed", "PIT", "band", "in band", "until now")
    return aligned([head, *map(_line, scores)])


def _line(score: Score) -> tuple[str, ...]:
    row = score.row
    share = "" if np.isnan(score.inside) else f"{100 * score.inside:.0f} %"
    simulated = f"{number(score.simulated)} ({number(score.simulated_low)} to {number(score.simulated_high)}) {row.unit}"
    seen = "" if row.observed is None else number(row.observed)
    below = "" if np.isnan(score.pit) else f"{score.pit:.2f}"
    return score.verdict, row.id, row.title, simulated, seen, below, f"{number(row.low)} to {number(row.high)}", share, score.until_now


def number(value: float) -> str:
    """Three digits, or whole numbers with separators."""
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def to_json(card: Scorecard) -> dict[str, Any]:
    """The `--json` document."""
    uses = {use: dict(zip(("passed", "scored"), card.passed(use), strict=True)) for use in COUNTED}
    rows = [score.as_json() for score in card.scores]
    return {"schema": 1, "rows": rows, "passed": uses, "not_scored": [{"id": key, "reason": why} for key, why in card.left_out.items()]}


def to_csv(card: Scorecard) -> str:
    """The rows of the `--json` document as CSV."""
    rows = [score.as_json() for score in card.scores]
    return csv_text(list(rows[0]) if rows else ["id"], (row.values() for row in rows))


def read_effects(text: str) -> list[dict[str, Any]]:
    """Rows of a `twins --json` document. Raises ValueError: it is something else."""
    document = json.loads(text)
    if not isinstance(document, dict) or not isinstance(document.get("rows"), list):
        raise ValueError("not a document of `twins --json`: it has no rows")
    for number, row in enumerate(document["rows"]):
        if not isinstance(row, dict) or not EFFECT.keys() <= row.keys():
            raise ValueError(f"not a document of `twins --json`: rows need {', '.join(EFFECT)}")
        wrong = [name for name, kinds in EFFECT.items() if type(row[name]) not in kinds]
        if wrong:
            raise ValueError(f"rows.{number}.{wrong[0]}: {brief(row[wrong[0]])} is not what `twins --json` writes")
    return list(document["rows"])


class Part(NamedTuple):
    """What one of the hindcasts, or the difference of both, explains of one change."""

    id: str  # of the evidence row
    title: str  # of the evidence row
    observed: float  # the change, a ratio
    hindcast: str  # "free", "told", or "added by the told removals"
    median: float  # of the histories' ratios; nan for what is added
    low: float  # of the central 90 % of the histories' ratios
    high: float  # of the central 90 % of the histories' ratios
    share: float  # of the observed change that is explained, percent
    share_low: float  # lower end of its 95 % interval
    share_high: float  # upper end
    n: int  # worlds


def hindcasts(free: Histories, told: Histories, *, ids: Sequence[str] = CHANGES) -> list[Part]:
    """Compare histories under the levers of the time, and the same worlds told history's own removals.

    `ids` are of evidence rows that are ratios of homicides or other positive levels.
    """
    parts: list[Part] = []
    for row in (EVIDENCE[key] for key in ids):
        both = [observed(row, histories) for histories in (free, told)]
        defined = np.all([np.isfinite(values) & (values > 0.0) for values in both], axis=0)
        ratios = dict(zip(("free", "told"), (values[defined] for values in both), strict=True))
        parts += [_part(row, name, np.log(values), values) for name, values in ratios.items()]
        parts.append(_part(row, "added by the told removals", np.log(ratios["told"] / ratios["free"])))
    return parts


def render_parts(parts: Sequence[Part]) -> str:
    """A line per part."""
    head = ("row", "what", "observed", "hindcast", "histories, central 90 %", "explains of the change, 95 %")
    table = aligned([head, *map(_part_line, parts)])
    return f"Which part of what happened each hindcast explains, {parts[0].n} worlds\n\n{table}\n"


def _part(row: Evidence, name: str, change: Array, values: Array | None = None) -> Part:
    assert row.observed
    whole = float(np.log(row.observed))
    share, half = float(100.0 * change.mean() / whole), abs(100.0 * half_width(change) / whole)
    spread = np.percentile(values, [CENTRAL[0], 50.0, CENTRAL[1]]) if values is not None else np.full(3, np.nan)
    low, median, high = map(float, spread)
    return Part(row.id, row.title, row.observed, name, median, low, high, share, share - half, share + half, change.size)


def _part_line(part: Part) -> tuple[str, ...]:
    spread = "" if np.isnan(part.median) else f"{number(part.median)} ({number(part.low)} to {number(part.high)})"
    share = f"{part.share:+.0f} % ({part.share_low:+.0f} to {part.share_high:+.0f})"
    return part.id, part.title, number(part.observed), part.hindcast, spread, share

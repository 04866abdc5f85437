"""What of a verdict hangs on effects that are hardly known: on levers of thin evidence, and on where in its range every effect is.

Both come from arms that a comparison runs beside its own, in the same worlds and with the same luck.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from textwrap import fill
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from sim.analysis import country
from sim.analysis.ensemble import Window, gather, paired_only
from sim.analysis.paired import COST, TODAY, Contrast, Row, compare, contrast
from sim.analysis.table import Table, as_text, change, matrix, signed
from sim.catalogue.levers import LEVERS
from sim.catalogue.metrics import HEADLINE, METRICS
from sim.experiment.switching import ENDS, THIN, arm, differing
from sim.scenario.scenario import Scenario

ORDER = ("low", "middle", "drawn", "high")  # columns of the table of ends
Ends = Mapping[str, Sequence[Row]]  # where effects are -> rows against business as usual


class Thin(NamedTuple):
    """A policy beside itself with levers of thin evidence left as business as usual has them."""

    scenario: str  # the policy
    metric: str  # the outcome
    levers: tuple[str, ...]  # those that were left; keys of `LEVERS`
    whole: Contrast  # the policy against business as usual
    rest: Contrast  # the same without those levers

    @property
    def certain(self) -> bool:
        """Whether the whole effect can be told from zero."""
        return self.whole.percent_low > 0 or self.whole.percent_high < 0

    @property
    def share(self) -> float | None:
        """Share of the effect that hangs on those levers; None where the effect cannot be told from zero."""
        return 1 - self.rest.percent / self.whole.percent if self.certain else None


def thin(
    series: pa.Table,
    scenarios: Mapping[str, Scenario],
    names: Sequence[str],
    window: Window | None = None,
    metrics: Sequence[str] = HEADLINE,
) -> Iterator[Thin]:
    """For every policy that has such an arm beside it: the effect on the first outcome of the table, with and without those levers."""
    metric = next((name for name in metrics if name in series.column_names), None)
    if metric is None:
        return
    for name in names[1:]:
        three = (names[0], name, arm(name, THIN))
        runs, _ = paired_only(_of(series, three))
        if set(three) != set(runs.column("scenario").unique().to_pylist()):
            continue
        ensemble = gather(runs)
        level = ensemble.level(metric, ensemble.within(window))
        base, policy, without = (level[ensemble.arm(each)] for each in three)
        whole, rest = (contrast(own, base, METRICS[metric].better) for own in (policy, without))
        if whole and rest and base.any():
            yield Thin(name, metric, tuple(differing(scenarios[name], scenarios[three[2]])), whole, rest)


def ends(series: pa.Table, names: Sequence[str], window: Window | None = None) -> dict[str, list[Row]]:
    """The comparison with the effects of all levers at an end or the middle of their ranges, where that was run."""
    found: dict[str, list[Row]] = {}
    for label, end in ENDS.items():
        own = {arm(name, label): name for name in names}
        runs, _ = paired_only(_of(series, list(own)))
        stored = set(runs.column("scenario").unique().to_pylist())
        if arm(names[0], label) in stored and len(stored) > 1:
            metrics = [metric for metric in HEADLINE if metric in runs.column_names]
            rows = compare(runs, arm(names[0], label), metrics, window)
            against = [row for row in rows if row.baseline not in (TODAY, row.scenario)]
            found[end] = [row._replace(scenario=own[row.scenario], baseline=names[0]) for row in against]
    return found


def sections(found: Ends, drawn: Iterable[Row]) -> Iterator[Table]:
    """A matrix per policy: outcomes down, where in their ranges effects are across; nothing where that was not run."""
    every = {**found, "drawn": [row for row in drawn if row.baseline != TODAY]} if found else {}
    keyed = {(row.scenario, row.metric, end): row for end, rows in every.items() for row in rows}
    for name in dict.fromkeys(row.scenario for rows in found.values() for row in rows):
        metrics = [metric for metric in HEADLINE if (name, metric, "drawn") in keyed and not metric.startswith(COST)]
        lines = [
            [country.title(metric), "", *(change(keyed.get((name, metric, end))).partition("\n")[0] for end in ORDER)] for metric in metrics
        ]
        title = f"{name} WITH ALL EFFECTS OF LEVERS low, at the middle, drawn, or high: what does it change then?"
        yield matrix(title, "", [f"{end}\nchange   worse in" for end in ORDER], lines)


def sentence(found: Thin) -> str:
    """What hangs on levers of thin evidence, in one sentence; a share only of an effect that can be told from zero."""
    title, whole, rest = country.title(found.metric).lower(), found.whole.percent, found.rest.percent
    levers = ", ".join(LEVERS[name].title for name in found.levers)
    if found.share is not None and 0 <= found.share <= 1:
        return (
            f"{found.scenario}: {100 * found.share:.0f} % of the change in {title} ({signed(whole - rest)} of {signed(whole)} %) "
            f"hangs on levers with thin evidence: {levers}."
        )
    doubt = "" if found.certain else ", not told from zero,"
    return (
        f"{found.scenario}: the change in {title} is {signed(whole)} %{doubt} and {signed(rest)} % without what it does "
        f"with levers of thin evidence: {levers}."
    )


def render(found: Ends, drawn: Iterable[Row], hanging: Iterable[Thin], width: int = 114) -> str:
    """The sentences, then the matrices; "" where nothing was run beside the comparison."""
    parts = [*(fill(sentence(each), width) for each in hanging), *(as_text(table, width) for table in sections(found, drawn))]
    return "".join(f"\n{part}\n" for part in parts)


def to_json(found: Ends, hanging: Iterable[Thin]) -> dict[str, Any]:
    """What the `--json` document of `compare` has of it."""
    rows = {end: [row._asdict() for row in own] for end, own in found.items()}
    return {"thin": [_thin(each) for each in hanging], **({"effects": rows} if rows else {})}


def _thin(found: Thin) -> dict[str, Any]:
    return {
        "scenario": found.scenario, "metric": found.metric, "levers": list(found.levers), "n": found.whole.n,
        "percent": found.whole.percent, "percent_without": found.rest.percent, "share": found.share, "sentence": sentence(found),
    }  # fmt: skip


def _of(series: pa.Table, names: Sequence[str]) -> pa.Table:
    return series.filter(pc.is_in(series.column("scenario"), pa.array(names, pa.string())))

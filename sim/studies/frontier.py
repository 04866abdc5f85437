"""Search the mixes of levers that do most at one extra cost: how would you spend it?"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any, Unpack

from matplotlib.figure import Figure

from sim.analysis import country
from sim.analysis.ensemble import gather, paired_only
from sim.analysis.robustness.frontier import Front, front, gains, pick, shares, to_json
from sim.analysis.robustness.robust import judged
from sim.analysis.table import signed
from sim.catalogue.metrics import METRICS
from sim.experiment.budget import places
from sim.experiment.errors import PlanError
from sim.experiment.execute import Tally, execute, usable_cpus
from sim.experiment.mixes import Mix, Purse, search
from sim.experiment.plan import Plan
from sim.experiment.pool.engine import Engine, start
from sim.experiment.progress import Progress, progress, summary
from sim.experiment.provenance import about
from sim.experiment.reading import PLAN, read_plan, read_runs, read_series
from sim.experiment.store import Store, attach
from sim.scenario.given import Between
from sim.show.charts.trade_off import frontier as drawn
from sim.show.figures import source
from sim.show.markup import NAME
from sim.studies.finding import ANSWER, Finding, Part, Table, ending, page
from sim.studies.how import AnyScenario, How, Language, Lever, Metric, Money, Prices, Setup, study
from sim.studies.running import Run, alone, load_all, read_budget, remarks
from sim.words import texts

# Two of each family whose evidence is better than thin and that change homicides or overdose deaths in this model.
CHOICE = ("kingpin_targeting", "military_deployment", "treatment", "naloxone", "recruitment_prevention", "violence_prevention")
UNSEEN = 40  # worlds in which mixes are judged if nobody says how many
FEWEST, MOST = 10, 1000  # of them
MOST_LEVERS = 12
JUDGED = 8  # mixes that are judged besides every lever alone
FRESH = 1_000_003  # added to the seed of the search, so that mixes are judged in worlds that did not suggest them
SEARCH = "search"  # folder of what was tried


@study
def frontier(
    base: AnyScenario = "baseline",
    *,
    budget: Money,
    metrics: Sequence[Metric] = ("homicides", "overdose_deaths"),
    levers: Sequence[Lever] = CHOICE,
    trials: Annotated[int, Between(20, 2000)] = 100,
    search_worlds: Annotated[int, Between(4, MOST)] = 8,
    prices: Prices = "mid",
    language: Language = "en",
    **how: Unpack[How],
) -> Finding[Front]:
    """Search the mixes of levers that do most at one extra cost: how would you spend it?

    The scenario is business as usual. Mixes of levers, amounts and first days are tried in some worlds, all at the same extra cost; those
    that are not clearly beaten, and every lever alone, are then judged in -n other worlds, 40 if not said otherwise. Says what the best of
    them do, whether any can be told apart, and what that hangs on. Needs cartelitos[frontier]. The same command resumes.

    Args:
        base: business as usual, to which levers are added.
        budget: extra cost, US$ a year over the run.
        metrics: an outcome, by default homicides and overdose_deaths; several give a front, one a ranking.
        levers: one that may get money, by default two of each family.
        trials: mixes that are tried.
        search_worlds: worlds in which they are tried.
        prices: at which all cost the same.
        language: of the answer.
        how: how runs are carried out, see `sim.studies.how.How`.

    Raises:
        ScenarioError: an unknown lever or metric, or what is wrong with the base.
        PlanError: what cannot be answered: too few worlds or levers, a budget that no mix can spend, no Optuna.
    """
    setup = Setup(**how)
    levers, metrics, unseen = tuple(dict.fromkeys(levers)), judged(metrics, [*METRICS]), setup.replicates or UNSEEN
    _refuse(levers, unseen, setup)
    (usual,) = load_all([base], setup.overrides)
    usd = read_budget(budget)
    if usd is None:
        raise PlanError("needs a budget", field="--budget", hint="give US$ a year, such as 1e9")
    seed = usual.seed if setup.seed is None else setup.seed
    purse = Purse.of(usual, levers, usd.usd_a_year * usual.years, places(usual), prices)
    home = setup.home(_name(purse, [*metrics, trials, search_worlds, seed]))
    final = Plan.of([usual], unseen, seed)
    with _Steps(setup, home, final, (1 + trials) * search_worlds + (1 + len(levers) + JUDGED) * unseen) as steps:
        found = search(purse, len(metrics), trials, seed, _Tried(steps, purse, metrics, search_worlds, seed + FRESH))
        alone = [mix for mix in map(purse.alone, levers) if mix]
        mixes = [*alone, *pick(found, JUDGED, alone)]
        run = steps.perform(Plan.of([usual, *(mix.scenario for mix in mixes)], unseen, seed), home)
    series, left_out = paired_only(read_series(home))
    made = front(purse, metrics, mixes, found, search_worlds, series, read_runs(home))
    document = to_json(made)
    return Finding(
        run, "frontier", made, document, [_part(made, document["mixes"], language)], language=language, left_out=left_out,
        draw=lambda: [("frontier", _drawn(made, home, language))], files={"figures/frontier.json": json.dumps(document, indent=1)},
        page=lambda: attach(home, NAME, page(home, "how would you spend it", ending(read_plan(home), home, []))),
    )  # fmt: skip


def _part(found: Front, mixes: Sequence[Mapping[str, Any]], language: str) -> Part:
    """The answer, what each mix does, how it splits the money, and what else is to be known."""
    words, said = texts("frontier", language), found.sentences(language)
    heads = [f"{country.title(name, language)}, %" for name in found.metrics]
    does = Table(words["does"], (words["name"], *heads, words["ahead"], words["beaten"]), [*map(_row, mixes)], "numbers")
    rows = [[each.label, shares(each.mix, found.purse.usual.start, language), each.mix.scenario.name] for each in found.judged]
    split = Table(words["split"], (words["name"], words["levers"], words["question"]), rows)
    shows = "Plane: what mixes of levers do to two outcomes at one extra cost, with the front; below, how each splits the money."
    return Part("Answer", [" ".join(said[:ANSWER]), does, words["legend"], split, *said[ANSWER:]], {"frontier": shows})


def _drawn(found: Front, home: Path, language: str) -> Figure:
    series, left_out = paired_only(read_series(home, found.metrics))
    return drawn(found, source(read_plan(home), gather(series), left_out), language)


class _Tried:
    """What mixes do in the worlds of the search, run when it is asked."""

    def __init__(self, steps: _Steps, purse: Purse, metrics: Sequence[str], worlds: int, seed: int) -> None:
        self._steps, self._purse, self._metrics, self._worlds, self._seed = steps, purse, metrics, worlds, seed
        self._mixes: dict[str, Mix] = {}

    def __call__(self, mixes: Sequence[Mix]) -> list[tuple[float, ...]]:
        usual, names, folder = self._purse.usual, [mix.scenario.name for mix in mixes], self._steps.home / SEARCH
        self._mixes |= dict(zip(names, mixes, strict=True))
        plan = Plan.of([usual, *(mix.scenario for mix in self._mixes.values())], self._worlds, self._seed)
        whole = {"scenario": f"mixes beside {usual.name}", "digest": usual.digest(), "fields": list(self._purse.levers), "method": "search"}
        self._steps.perform(replace(plan, sweep=whole), folder)  # a sweep may get further points
        return gains(read_series(folder, self._metrics), self._metrics, usual.name, names)


class _Steps:
    """Experiments that follow each other with the same workers and under one account; use it as a context manager."""

    def __init__(self, setup: Setup, home: Path, last: Plan, planned: int) -> None:
        self.home = home  # the folder of the last of them; those before it have theirs within
        self._setup, self._last, self._began = setup, last, time.monotonic()
        self._told: Progress = progress(quiet=setup.quiet)
        self._sum: Tally = Tally(planned)
        self._ended: dict[Path, int] = {}  # runs of every folder

    def __enter__(self) -> _Steps:
        setup = self._setup
        if setup.fresh and (self.home / PLAN).exists():
            setup.confirm(self.home)
            with Store(self.home, self._last, about(setup.command), fresh=True):
                pass
        name = setup.engine or ("dask" if setup.scheduler else "process")
        self._pool: Engine = start(name, setup.workers or usable_cpus(), None, setup.scheduler)
        self._pool.__enter__()
        return self

    def __exit__(self, kind: type[BaseException] | None, *rest: Any) -> None:  # noqa: ANN401
        self._pool.__exit__(kind, *rest)
        if kind is KeyboardInterrupt:
            self._told.say(f"interrupted; what is finished is stored in {self.home}, the same command goes on from there")
        if kind is None:
            self._sum.planned = self._sum.done + self._sum.failed + self._sum.reused
            for line in (summary(self._sum), *remarks(self._sum, self._setup.verbose)):
                self._told.say(line)

    def perform(self, plan: Plan, folder: Path) -> Run:
        """Run what a folder does not hold yet; the tally is that of everything until then."""
        before = self._sum

        def add(tally: Tally) -> None:
            self._ended[folder] = tally.done + tally.failed + tally.reused
            done, failed = before.done + tally.done, before.failed + tally.failed
            reused = sum(self._ended.values()) - done - failed
            seconds = time.monotonic() - self._began
            self._sum = replace(before, done=done, failed=failed, reused=reused, seconds=seconds, trouble=tally.trouble)

        def watch(tally: Tally) -> None:
            add(tally)
            self._told.watch(self._sum)

        setup = self._setup
        with alone():
            tally = execute(
                plan, folder, engine=self._pool, retry_failed=setup.retry_failed, mix_versions=setup.mix_versions, command=setup.command,
                watch=watch, compiling=self._told.compiling,
            )  # fmt: skip
        add(tally)
        self._sum.failures += tally.failures
        self._sum.warnings.update(tally.warnings)
        return Run(tally.plan or plan, folder, self._sum)


def _name(purse: Purse, asked: Sequence[object]) -> str:
    """What a results folder is called: business as usual, the budget, and all that was asked."""
    everything = f"{purse.usual.digest()} {purse.budget!r} {purse.prices} {purse.levers} {[*asked]}"
    million = purse.budget / purse.usual.years / 1e6
    return f"frontier-{purse.usual.name[:24].strip()}-{million:.0f}M-{hashlib.sha256(everything.encode()).hexdigest()[:6]}"


def _refuse(levers: Sequence[str], unseen: int, setup: Setup) -> None:
    for name, asked in (("shard", setup.shard), ("mechanism", setup.mechanisms), ("panel", setup.panel)):
        if asked:
            raise PlanError(f"--{name} is not for frontier", hint="leave it out")
    if not 2 <= len(levers) <= MOST_LEVERS:
        raise PlanError(f"a mix is of 2 to {MOST_LEVERS} levers, not {len(levers)}", field="--lever")
    if not FEWEST <= unseen <= MOST:
        raise PlanError(f"mixes are judged in {FEWEST} to {MOST:,} worlds, not {unseen}", field="-n", hint="fewer tell none apart")


def _row(mix: Mapping[str, Any]) -> list[str]:
    """What a mix does: changes with their intervals, in how many worlds it does better, regret."""
    effects = [
        signed(row["difference"]) if row["percent_low"] is None else
        f"{row['percent']:+.1f} ({row['percent_low']:+.1f} {row['percent_high']:+.1f})  {row['worlds_better']}/{row['n']}"
        + ("" if row["regret_percent"] is None else f"  {row['regret_percent']:.1f}")
        for row in mix["effects"].values()
    ]  # fmt: skip
    mark = "*" if mix["on_front"] else ""
    return [mix["label"] + mark, *effects, f"{100 * mix['chance_on_front']:.0f} %", ", ".join(mix["beaten_by"][:3])]

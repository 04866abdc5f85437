"""Fit the model to evidence; write a plausible set."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Unpack

import numpy as np
from matplotlib.figure import Figure

from sim.analysis.calibration import waves as fitting
from sim.analysis.calibration.calibrate import Target, even, posterior, prove
from sim.analysis.calibration.waves import AXES, Fit, Wave, vectors
from sim.analysis.csv_text import csv_rows
from sim.analysis.evidence import SILVER, Scorecard, inside, of_histories, to_csv, triangular
from sim.analysis.evidence import render as scorecard
from sim.analysis.forecasts.draws import systematic
from sim.catalogue.evidence import Evidence
from sim.catalogue.priors import PRIORS
from sim.catalogue.statistics import Array
from sim.experiment.errors import FailedRunsError, PlanError
from sim.experiment.execute import Tally
from sim.experiment.progress import progress
from sim.experiment.reading import read_plan, read_runs
from sim.model.uncertainty import plausible_set
from sim.model.worlds import World, load_world
from sim.scenario import Scenario
from sim.scenario.given import Between
from sim.scenario.read import WORLDS, scenario_folder
from sim.scenario.worlds import base_folder, world_tables
from sim.show.charts.evidence import draw_posterior, figure_of
from sim.show.style import simulated
from sim.studies.evidence import reach, usual
from sim.studies.finding import NOTHING, Finding, Part, Table
from sim.studies.how import AnyScenario, How, Setup, study
from sim.studies.running import Run, carry_out, load_all

VECTORS = 600  # of a wave
SET = 150  # of each family
Many = Annotated[int, Between(5, 100_000)]


@study
def calibrate(
    scenario: AnyScenario | None = None,
    *,
    waves: Annotated[int, Between(1, 9)] = 3,
    size: Many = SET,
    recover: bool = False,
    prove: Many | None = None,
    **how: Unpack[How],
) -> Finding[Fit | None]:
    """Fit at most ten parameters to the calibration rows; write a plausible set of vectors.

    Waves of runs (as many vectors each as there are replicates) train a stand-in for the model; where the truth may still be, the next
    wave looks closer. Gives prior beside posterior, what holds each parameter, which rows cannot be met together, and how many rows the
    set passes jointly. Leaves plausible-<places>.csv. The same call goes on after an interruption. Rows held out are never looked at.
    Where rows are fewer than parameters, and the world is based on one that has a set, the vectors of that set are weighed by them.
    To prove is to ask whether intervals are honest: ranks and coverage over N histories of vectors all over the prior.

    Args:
        scenario: what is fitted; by default what happened.
        waves: waves of full runs after the screen.
        size: vectors of each family in the set.
        recover: fit one history made from a known vector instead: are the intervals honest?
        prove: are intervals honest, over N histories of known vectors?
        how: how runs are carried out, see `sim.studies.how.How`; 600 vectors a wave if it does not say.

    Raises:
        ScenarioError: everything that is wrong with the scenario.
        PlanError: it begins after every calibration row, runs are too few, or a shard is asked for.
    """
    from sim.experiment.trial import ROWS  # noqa: PLC0415  numba

    setup = Setup(**how)
    if setup.shard:
        raise PlanError("calibrate cannot be sharded", hint="each wave depends on the whole of the one before")
    (loaded,) = load_all([scenario or usual()], setup.overrides)
    rows = tuple(row for row in ROWS if row.first >= f"{loaded.start:%Y-%m}")
    if not rows:
        hint = "give --set world.start of 2010 or earlier"
        raise PlanError(f"starts in {loaded.start:%Y-%m}, after every calibration row", field=loaded.name, hint=hint)
    campaign = Campaign(loaded, rows, reach(loaded, rows), setup, setup.home(f"calibrate-{loaded.name}"))
    if prove:
        return campaign.prove(prove)
    return campaign.recover(waves) if recover else campaign.fit(waves, size)


def _table(name: str, rows: Sequence[Mapping[str, str]]) -> Table:
    """Every parameter by family of worlds."""
    families = Counter(row["family"] for row in rows)
    lines = []
    for prior in (axis for axis in AXES if axis.name in rows[0]):
        drawn = ([float(row[prior.name]) for row in rows if row["family"] == family] for family in families)
        spans = (np.percentile(own, (5, 50, 95)) for own in drawn)
        between = (f"{figure_of(middle)} ({figure_of(low)} to {figure_of(high)})" for low, middle, high in spans)
        lines.append([prior.name, f"{figure_of(prior.low)} to {figure_of(prior.high)}", *between])
    heads = ("Parameter", "prior", *(f"{count} {family} worlds: median (5 to 95 %)" for family, count in families.items()))
    return Table(f"The plausible set, {name}", heads, lines, "numbers")


@dataclass
class Campaign:
    """One calibration: its waves are results folders within `folder`."""

    scenario: Scenario
    rows: tuple[Evidence, ...]  # that its runs cover
    years: float  # of a full run
    setup: Setup
    folder: Path
    runs: list[Run] = field(default_factory=list)

    @property
    def count(self) -> int:
        """Vectors of a wave."""
        return self.setup.replicates or VECTORS

    @cached_property
    def world(self) -> World:
        """What the scenario plays in."""
        return load_world(self.scenario.world, self.scenario.world_options, scenario_folder() / WORLDS)

    @property
    def places(self) -> int:
        """How many it has."""
        return len(self.world.ids)

    def fit(self, waves: int, size: int) -> Finding[Fit | None]:
        """Calibrate on the evidence; where that says too little, weigh what the world's base was fitted to."""
        target = Target.of(self.rows)
        if len(self.rows) < len(AXES) and self.inherited:
            return self.found(*fitting.reweighed(self.run("set", self.borrowed(), self.years, "vectors of another world's set"), target))
        fit = self.learn(target, waves, "")
        chosen = self.run("set", fitting.plausible_points(fit, size), self.years, "the plausible set, one history of each vector")
        return self.found(fit, chosen)

    @property
    def inherited(self) -> tuple[Mapping[str, float | str], ...]:
        """The plausible set of the world's base at as many places."""
        folder = scenario_folder() / WORLDS
        home = world_tables(self.scenario.world, folder)
        base = base_folder(home, folder) if home else None
        return plausible_set(base, self.places) if base else ()

    def borrowed(self) -> Array:
        """Every vector of that set several times, (N, D), each time with other members out of this world's band."""
        times = max(2, self.count // len(self.inherited))
        parameters = np.array([[row[prior.name] for prior in PRIORS] for row in self.inherited] * times, np.float64)
        band, even = self.world.members, np.asarray((np.arange(len(parameters)) * SILVER) % 1.0, np.float64)
        return fitting.unscaled(np.column_stack([parameters, triangular((band.low, band.mid, band.high), even)]))

    def recover(self, waves: int) -> Finding[Fit | None]:
        """Calibrate on one history of a known vector."""
        truth = 0.15 + 0.7 * even(1, len(AXES), fitting.TRUTH)  # not too close to the ends of any prior
        known, history = vectors(truth)[0], self.run("truth", truth, self.years, "one history of a known vector")
        fit = self.learn(Target.exactly(self.rows, history.values[0]), waves, "recovery-")
        hits = sum(p.low <= known[p.name] <= p.high for p in fit.pinned)
        document = {"schema": 1, "truth": known, "covered": hits, "of": len(fit.pinned)} | fitting.as_json(fit)
        said = f"{hits} of {len(fit.pinned)} intervals hold the truth; 90 % of them should"
        return self.told(document, f"{fitting.render(fit, known)}\n\n{said}\n", fit)

    def prove(self, count: int) -> Finding[Fit | None]:
        """Fit histories of known vectors all over the prior, and say whether intervals hold the truth as often as they claim."""
        truths = self.run("proof-truths", even(count, len(AXES), fitting.TRUTH), self.years, "one history of each known vector")
        wave = self.run("proof-wave", even(self.count, len(AXES)), self.years, "full runs all over the prior")
        emulator = fitting.emulate(wave, self.rows)

        def fit(number: int) -> tuple[Array, Array]:
            found = posterior(emulator, Target.exactly(self.rows, truths.values[number]))
            return truths.points[number], found.points[systematic(found.weights)]

        told, tally = progress(quiet=self.setup.quiet), Tally(planned=len(truths.points))

        def watch(done: int) -> None:
            tally.done = done
            told.watch(tally)

        found = prove([axis.name for axis in AXES], tally.planned, fit, self.folder / "proof-wave", watch)
        return self.told(found.json, found.text)

    def learn(self, target: Target, waves: int, prefix: str) -> Fit:
        """Screen the prior with short runs, then look closer wave by wave."""
        early = [k for k, row in enumerate(target.rows) if row.last <= fitting.SCREEN_UNTIL]
        rows = tuple(target.rows[k] for k in early)
        design = even(self.count, len(AXES))
        if rows:
            short = reach(replace(self.scenario, years=0.0), rows)
            seen = self.run("screen", design, short, "the screen, short runs all over the prior", rows)
            design = fitting.next_design(seen, Target(rows, target.middle[early], target.doubt[early]), 0, self.count)
        known: Wave | None = None
        for turn in range(1, waves + 1):
            wave = self.run(f"{prefix}wave-{turn}", design, self.years, f"wave {turn} of {waves}, full runs")
            known = known.and_also(wave) if known else wave
            count, terms = len(known.points), 1 + len(AXES) + len(AXES) * (len(AXES) + 1) // 2  # of the emulator
            if count < fitting.LEAST * terms:
                raise PlanError(f"{count} runs are too few for {len(AXES)} parameters", field="-n", hint="give a larger -n")
            if turn < waves:
                design = fitting.next_design(known, target, turn, self.count)
        assert known is not None
        return fitting.conclude(known, target)

    def run(self, name: str, points: Array, years: float, title: str, rows: Sequence[Any] | None = None) -> Wave:
        """Run a design, or what is left of it, and read it."""
        from sim.experiment.trial import at, trial  # noqa: PLC0415  numba

        chosen = list({tuple(row.values()): row for row in vectors(points)}.values())
        scenarios = [at(self.scenario, vector, years) for vector in chosen]
        setup, notes = replace(self.setup, folder=self.folder / name, replicates=1), [f"{title}: {len(chosen):,} vectors"]
        run = carry_out("calibrate", scenarios, setup, points=range(len(chosen)), simulate=trial, notes=notes)
        self.runs.append(run)
        wave = fitting.read_wave(read_runs(run.folder), self.rows if rows is None else rows, {spec.run_id for spec in run.plan})
        if not len(wave.points):
            raise FailedRunsError("no run succeeded", file=run.folder)
        return wave

    def told(self, document: dict[str, Any], text: str, fit: Fit | None = None, files: Mapping[str, str] = NOTHING) -> Finding[Fit | None]:
        """What was learned about the parameters: the plausible set by family of worlds, and the scorecard of its histories."""
        sets = {name: csv_rows(table) for name, table in files.items() if name.startswith("plausible")}
        said: list[str | Table] = []
        for name, (comments, rows) in sets.items():
            said += [_table(name, rows), *comments]
        shows = "Bars: prior and central 90 % of the posterior of every fitted parameter, with the rows that hold it."
        note = "the plausible set is in {}; beside a world's tables it is what every replicate draws from"

        def drawn() -> Iterator[tuple[str, Figure]]:
            if fit and files:
                yield "posterior", draw_posterior(fit.pinned, self.source(sum(document["families"].values())))

        return Finding(
            self.runs[-1], "calibrate", fit, document, [Part("What was learned", said, {"posterior": shows})] if said else [], text,
            rows=document.get("parameters") or document["coverage"], draw=drawn, files=files, home=self.folder,
            notes=[note.format(self.folder / name) for name in sets],
        )  # fmt: skip

    def found(self, fit: Fit, chosen: Wave) -> Finding[Fit | None]:
        """The fit, the plausible set, and the scorecard of its histories."""
        card = self.scores(fit, chosen)
        split = dict(sorted(Counter(fitting.families(chosen)).items()))
        passed, scored = card.passed("calibrate")
        name = f"plausible-{self.places}.csv"
        files = {name: fitting.plausible_csv(fit, chosen, self.provenance(fit, chosen)), "evidence.csv": to_csv(card)}
        document = {"schema": 1} | fitting.as_json(fit) | {"rows": [score.as_json() for score in card.scores]}
        document |= {"passed": passed, "scored": scored, "families": split, "file": str(self.folder / name)}
        shares = ", ".join(f"{count} {kind} worlds" for kind, count in split.items())
        return self.told(document, f"{fitting.render(fit)}\n\n{shares}\n\n{scorecard(card)}", fit, files)

    @staticmethod
    def scores(fit: Fit, chosen: Wave) -> Scorecard:
        """How the rows do with one history of every vector of a set."""
        return Scorecard(tuple(of_histories(row, chosen.values[:, k]) for k, row in enumerate(fit.target.rows)), {})

    def provenance(self, fit: Fit, chosen: Wave) -> list[str]:
        """Where a plausible set comes from, for its first lines."""
        plan = read_plan(self.folder / "set")
        card = self.scores(fit, chosen)
        missed = ", ".join(f"{score.row.id} ({score.verdict})" for score in card.scores if score.verdict != "pass") or "none"
        passed, scored = card.passed("calibrate")
        shares = 100 * np.mean([inside(row, chosen.values[:, k]) for k, row in enumerate(fit.target.rows)], axis=0)
        command = " ".join(["calibrate", self.scenario.name, *(f"--set {text}" for text in self.setup.overrides), f"-n {self.count}"])
        how = "Posterior sample by emulated synthetic likelihood over waves of runs"
        if not fit.emulator:
            weighed = ", ".join(row.id for row in fit.target.rows)
            count = f"{fit.found.effective:.0f} of {len(fit.found.points)} count"
            how = f"Vectors of the world's base, weighed by the rows that can be judged here ({weighed}): {count}. Members are of its band"
        return [
            f"Plausible set of {self.scenario.world} by `cartelitos {command}`, seed {plan['seed']},",
            f"model version {plan['model_version']}, code {plan['code']['revision'] or 'of no known revision'}.",
            f"{how}; what is not a column stays at its default.",
            f"Calibration rows passed jointly by one history of each vector: {passed} of {scored}; not passed: {missed}.",
            f"One history of one vector lies in {shares.mean():.0f} % of the bands on average, in {shares.max():.0f} % at best.",
            "First row: nearest to the posterior's mean. family: entry = more new gangs than splinters, split = the reverse.",
        ]

    def source(self, count: int) -> str:
        """The line at the foot of the figure."""
        return simulated(read_plan(self.folder / "set"), f"scenario {self.scenario.name}, {count} plausible vectors")

"""`cartelitos calibrate`."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sim.commands import options
from sim.commands.options import Settings

if TYPE_CHECKING:
    from sim.analysis.calibrate import Target
    from sim.analysis.waves import Fit, Wave
    from sim.catalogue.evidence import Evidence
    from sim.catalogue.statistics import Array
    from sim.scenario import Scenario

VECTORS = 600  # of a wave
SET = 150  # of each family


@click.command()
@click.argument("scenario", required=False)
@click.option("--waves", default=3, show_default=True, type=click.IntRange(1, 9), help="Waves of full runs after the screen.")
@click.option("--size", default=SET, show_default=True, type=click.IntRange(5), help="Vectors of each family in the plausible set.")
@click.option("--recover", is_flag=True, help="Fit one history made from a known vector instead: are the intervals honest?")
@options.experiment
def command(scenario: str | None, *, waves: int, size: int, recover: bool, settings: Settings) -> int:
    """Fit at most ten parameters to the calibration rows; write a plausible set of vectors.

    Waves of runs (-n vectors each) train a stand-in for the model; where the truth may still be, the next wave looks closer. Prints
    prior beside posterior, what holds each parameter, which rows cannot be met together, and how many rows the set passes jointly.
    Writes plausible-<places>.csv. The same command goes on after an interruption. Rows held out are never looked at.
    """
    from sim.commands.evidence import reach, usual  # noqa: PLC0415
    from sim.commands.running import load_all  # noqa: PLC0415
    from sim.experiment.errors import PlanError  # noqa: PLC0415
    from sim.experiment.trial import ROWS  # noqa: PLC0415

    if settings.shard:
        raise click.UsageError("calibrate cannot be sharded: each wave depends on the whole of the one before")
    (loaded,) = load_all([scenario or usual()], settings.overrides)
    rows = tuple(row for row in ROWS if row.first >= f"{loaded.start:%Y-%m}")
    if not rows:
        raise PlanError(f"starts in {loaded.start:%Y-%m}, after every calibration row", field=loaded.name)
    folder = settings.out or Path("results") / f"calibrate-{loaded.name}"
    campaign = Campaign(loaded, rows, reach(loaded, rows), settings, folder)
    return campaign.recover(waves) if recover else campaign.fit(waves, size)


@dataclass(frozen=True)
class Campaign:
    """One calibration: its waves are results folders within `folder`."""

    scenario: Scenario
    rows: tuple[Evidence, ...]  # that its runs cover
    years: float  # of a full run
    settings: Settings
    folder: Path

    @property
    def count(self) -> int:
        """Vectors of a wave."""
        return self.settings.replicates or VECTORS

    def fit(self, waves: int, size: int) -> int:
        """Calibrate on the evidence; the exit status."""
        from sim.analysis.calibrate import Target  # noqa: PLC0415
        from sim.analysis.waves import plausible_points  # noqa: PLC0415

        target = Target.of(self.rows)
        fit = self.learn(target, waves, "")
        chosen = self.run("set", plausible_points(fit, size), self.years, "the plausible set, one history of each vector")
        self.publish(fit, chosen)
        return 0

    def recover(self, waves: int) -> int:
        """Calibrate on one history of a known vector; the exit status."""
        from sim.analysis.calibrate import Target  # noqa: PLC0415
        from sim.analysis.waves import as_json, recovered, render, truth, vectors  # noqa: PLC0415

        known = vectors(truth())[0]
        history = self.run("truth", truth(), self.years, "one history of a known vector")
        fit = self.learn(Target.exactly(self.rows, history.values[0]), waves, "recovery-")
        found = recovered(fit, known)
        hits = sum(hit for _, _, hit in found)
        if self.settings.as_json:
            document = {"schema": 1, "truth": known, "covered": hits, "of": len(found)} | as_json(fit)
            click.echo(json.dumps(document))
        else:
            click.echo(f"{render(fit, known)}\n\n{hits} of {len(found)} intervals hold the truth; 90 % of them should")
        return 0

    def learn(self, target: Target, waves: int, prefix: str) -> Fit:
        """Screen the prior with short runs, then look closer wave by wave."""
        from sim.analysis.calibrate import Target as Rows  # noqa: PLC0415
        from sim.analysis.waves import SCREEN_UNTIL, conclude, enough, first_design, next_design  # noqa: PLC0415
        from sim.commands.evidence import reach  # noqa: PLC0415
        from sim.experiment.errors import PlanError  # noqa: PLC0415

        early = [k for k, row in enumerate(target.rows) if row.last <= SCREEN_UNTIL]
        rows = tuple(target.rows[k] for k in early)
        design = first_design(self.count)
        if rows:
            short = reach(replace(self.scenario, years=0.0), rows)
            seen = self.run("screen", design, short, "the screen, short runs all over the prior", rows)
            design = next_design(seen, Rows(rows, target.middle[early], target.doubt[early]), 0, self.count)
        known: Wave | None = None
        for turn in range(1, waves + 1):
            wave = self.run(f"{prefix}wave-{turn}", design, self.years, f"wave {turn} of {waves}, full runs")
            known = known.and_also(wave) if known else wave
            if not enough(len(known.points)):
                raise PlanError(
                    f"{len(known.points)} runs are too few for {known.points.shape[1]} parameters", field="-n", hint="give a larger -n"
                )
            if turn < waves:
                design = next_design(known, target, turn, self.count)
        assert known is not None
        return conclude(known, target)

    def run(self, name: str, points: Array, years: float, title: str, rows: Sequence[Any] | None = None) -> Wave:
        """Run a design, or what is left of it, and read it."""
        from sim.analysis.waves import read_wave, vectors  # noqa: PLC0415
        from sim.commands.running import carry_out  # noqa: PLC0415
        from sim.experiment.errors import FailedRunsError  # noqa: PLC0415
        from sim.experiment.reading import read_runs  # noqa: PLC0415
        from sim.experiment.trial import at, trial  # noqa: PLC0415

        chosen = list(_distinct(vectors(points)))
        scenarios = [at(self.scenario, vector, years) for vector in chosen]
        if not self.settings.quiet:
            click.echo(f"{title}: {len(chosen):,} vectors", err=True)
        settings = replace(self.settings, out=self.folder / name, replicates=1)
        finished = carry_out("calibrate", scenarios, settings, points=range(len(chosen)), simulate=trial)
        wanted = {spec.run_id for spec in finished.plan}
        wave = read_wave(read_runs(finished.folder), self.rows if rows is None else rows, wanted)
        if not len(wave.points):
            raise FailedRunsError("no run succeeded", file=finished.folder)
        return wave

    def publish(self, fit: Fit, chosen: Wave) -> None:
        """Print the fit, write the plausible set, the scorecard of its histories and the figure."""
        from sim.analysis.evidence import render as scorecard  # noqa: PLC0415
        from sim.analysis.evidence import to_csv  # noqa: PLC0415
        from sim.analysis.waves import as_json, families, joint, plausible_csv, render  # noqa: PLC0415
        from sim.experiment.store import attach  # noqa: PLC0415
        from sim.model.worlds import load_world  # noqa: PLC0415
        from sim.scenario.read import WORLDS, scenario_folder  # noqa: PLC0415
        from sim.show.figures import encode  # noqa: PLC0415
        from sim.show.posterior import draw  # noqa: PLC0415

        card = joint(fit.target.rows, chosen)
        kinds = families(chosen)
        passed, scored = card.passed("calibrate")
        places = len(load_world(self.scenario.world, self.scenario.world_options, scenario_folder() / WORLDS).ids)
        file = attach(self.folder, f"plausible-{places}.csv", plausible_csv(fit, chosen, self.provenance(fit, chosen)))
        attach(self.folder, "evidence.csv", to_csv(card))
        for kind in ("svg", "png"):
            attach(self.folder, f"posterior.{kind}", encode(draw(fit.pinned, self.source(len(kinds))), kind))
        split = {kind: kinds.count(kind) for kind in sorted(set(kinds))}
        if self.settings.as_json:
            rows = [score.as_json() for score in card.scores]
            document = as_json(fit) | {"rows": rows, "passed": passed, "scored": scored, "families": split, "file": str(file)}
            click.echo(json.dumps({"schema": 1} | document))
        else:
            shares = ", ".join(f"{count} {kind} worlds" for kind, count in split.items())
            click.echo(f"{render(fit)}\n\n{shares}\n\n{scorecard(card)}", nl=False)
        if not self.settings.quiet:
            click.echo(f"the plausible set is in {file}; beside a world's tables it is what every replicate draws from", err=True)

    def provenance(self, fit: Fit, chosen: Wave) -> list[str]:
        """Where a plausible set comes from, for its first lines."""
        from sim.analysis.waves import joint, share_per_vector  # noqa: PLC0415
        from sim.experiment.reading import read_plan  # noqa: PLC0415

        plan = read_plan(self.folder / "set")
        card = joint(fit.target.rows, chosen)
        missed = ", ".join(f"{score.row.id} ({score.verdict})" for score in card.scores if score.verdict != "pass") or "none"
        passed, scored = card.passed("calibrate")
        shares = 100 * share_per_vector(fit.target.rows, chosen)
        name = self.scenario.name
        return [
            f"Plausible set of {self.scenario.world} by `cartelitos calibrate {name} -n {self.count}`, seed {plan['seed']},",
            f"model version {plan['model_version']}, code {plan['code']['revision'] or 'of no known revision'}.",
            "Posterior sample by emulated synthetic likelihood over waves of runs; what is not a column stays at its default.",
            f"Calibration rows passed jointly by one history of each vector: {passed} of {scored}; not passed: {missed}.",
            f"One history of one vector lies in {shares.mean():.0f} % of the bands on average, in {shares.max():.0f} % at best.",
            "First row: nearest to the posterior's mean. family: entry = more new gangs than splinters, split = the reverse.",
        ]

    def source(self, count: int) -> str:
        """The line at the foot of the figure."""
        from sim.experiment.reading import read_plan  # noqa: PLC0415

        plan = read_plan(self.folder / "set")
        version = f"cartelitos {plan['versions']['sim']}, model {plan['model_version'][:8]}"
        return f"{version}, world {self.scenario.world}, scenario {self.scenario.name}, {count} plausible vectors."


def _distinct(rows: Sequence[dict[str, float]]) -> Iterator[dict[str, float]]:
    seen = set()
    for row in rows:
        key = tuple(row.values())
        if key not in seen:
            seen.add(key)
            yield row

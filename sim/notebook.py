"""What a notebook or a script uses: run experiments, and read their results when they are looked at."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Any

from sim.analysis.ensemble import PairingError, Window
from sim.analysis.places import read_panel, read_places
from sim.catalogue.metrics import METRICS
from sim.experiment.errors import PlanError
from sim.experiment.outside import loaded as load_mechanisms
from sim.experiment.outside import planned
from sim.experiment.plan import Plan
from sim.experiment.reading import read_events, read_genealogy, read_plan, read_runs, read_series
from sim.scenario import Scenario, load
from sim.scenario.given import checked
from sim.scenario.problems import suggest
from sim.studies.compare import Comparison
from sim.studies.finding import frame
from sim.studies.how import Setup
from sim.studies.running import perform

Asked = str | Path | Scenario


class Experiment:
    """Scenarios x replicates, with a folder for the results.

    Attributes:
        plan: every run, with its id and seed.
        folder: of the results.
    """

    @checked
    def __init__(
        self,
        scenarios: Asked | Sequence[Asked],
        replicates: int | None = None,
        seed: int | None = None,
        *,
        overrides: Sequence[str] = (),
        mechanisms: Sequence[str | Path] = (),
        folder: str | Path | None = None,
    ) -> None:
        """Plan an experiment; nothing runs yet, but mechanisms of one's own are tried.

        Args:
            scenarios: names of the library, paths, or what `load` returned.
            replicates: runs per scenario; None = as the first scenario says.
            seed: of the experiment; None = as the first scenario says.
            overrides: "dotted.field=value", as after `--set`, for every scenario that is not loaded yet.
            mechanisms: of one's own: files, or names of installed ones (`sim.model.mechanism`).
            folder: of the results; None = `results/experiment-<scenarios>`.

        Raises:
            ScenarioError: with everything that is wrong with a scenario or a mechanism.
            PlanError: nothing to run.
        """
        load_mechanisms(mechanisms)
        asked = [scenarios] if isinstance(scenarios, str | Path | Scenario) else scenarios
        loaded = [each if isinstance(each, Scenario) else load(each, overrides) for each in asked]
        if not loaded:
            raise PlanError("needs at least one scenario", field="experiment")
        first = loaded[0]
        plan = Plan.of(loaded, first.replicates if replicates is None else replicates, first.seed if seed is None else seed)
        self.plan, self._simulate = planned(plan, mechanisms)
        self.folder = Path(folder) if folder else Path("results") / self.plan.folder_name("experiment")

    def run(
        self,
        engine: str = "process",
        workers: int | None = None,
        *,
        quiet: bool = False,
        **how: Any,  # noqa: ANN401
    ) -> Results:
        """Run what is not stored yet; the same call resumes, and reads what is there if nothing is missing.

        Args:
            engine: "process", "serial" (this process, for debuggers) or "dask".
            workers: processes; None = one per CPU.
            quiet: no progress on stderr.
            how: fresh, retry_failed, scheduler ..., see `sim.studies.how.How`.

        Raises:
            ExperimentError: the folder holds another plan, is in use, or cannot be written.
        """
        command = ["sim.Experiment", *(arm.scenario.name for arm in self.plan.arms)]
        setup = Setup(engine=engine, workers=workers, quiet=quiet, command=command, **how)
        perform(self.plan, self.folder, setup, self._simulate)
        return Results(self.folder)

    def __repr__(self) -> str:
        return f"Experiment of {len(self.plan):,} runs in {self.folder}"


class Results:
    """A results folder; every table is read when it is asked for, and only the columns that are needed.

    Tables are pandas data frames where pandas is installed, else pyarrow tables.

    Attributes:
        folder: where they are.
        plan: what was asked for, `plan.json`: scenarios, seeds, run ids, versions.
    """

    @checked
    def __init__(self, folder: str | Path) -> None:
        """Look at a folder that an earlier run left.

        Raises:
            FolderError: it is not a results folder.
        """
        self.folder = Path(folder)
        self.plan = read_plan(self.folder)

    @property
    def scenarios(self) -> list[str]:
        """Names, business as usual first."""
        return list(dict.fromkeys(arm["name"] for arm in self.plan["arms"]))

    def series(self, *metrics: str) -> Any:  # noqa: ANN401
        """One row per run and month, with these metrics (all, if none is named).

        Raises:
            PairingError: a metric that was not recorded.
        """
        table = read_series(self.folder, metrics or None)
        for metric in metrics:
            if metric not in table.column_names:
                raise PairingError(f"metric {metric!r} was not recorded; {suggest(metric, METRICS) or 'there are: ' + ', '.join(METRICS)}")
        return frame(table)

    def events(self) -> Any:  # noqa: ANN401
        """One row per event of every run."""
        return frame(read_events(self.folder))

    def genealogy(self) -> Any:  # noqa: ANN401
        """One row per group that ever was, in every run."""
        return frame(read_genealogy(self.folder))

    def panel(self) -> Any:  # noqa: ANN401
        """One row per run, place and month, where `--panel` recorded them.

        Raises:
            PairingError: no panel was recorded.
        """
        return frame(read_panel(self.folder))

    def map(self, quantity: str = "homicides", window: Window | None = None) -> Any:  # noqa: ANN401
        """Maps of the places, as a figure: a quantity of the panel under business as usual, and its change under every policy.

        Args:
            quantity: homicides, organised, taken_usd, groups or members.
            window: first and last month; None = the whole run.

        Raises:
            PairingError: no panel was recorded, or no such quantity.
        """
        from sim.show.charts.state_maps import state_maps  # noqa: PLC0415
        from sim.show.figures import tiles  # noqa: PLC0415
        from sim.show.style import simulated  # noqa: PLC0415

        places = read_places(self.folder, quantity, window)
        return state_maps(places, self.scenarios[0], simulated(self.plan, f"{self.plan['replicates']} replicates"), tiles(self.plan))

    def runs(self) -> Any:  # noqa: ANN401
        """One row per run: drawn parameters, seed, status, totals."""
        return frame(read_runs(self.folder))

    def compare(self, usual: str | None = None, window: Window | None = None, metrics: Sequence[str] | None = None) -> Comparison:
        """Every scenario against business as usual and against its own first year: `.text`, `.table`, `.figures`, `.html`, `.json`.

        Args:
            usual: business as usual; None = the first scenario.
            window: first and last month, ("2010-01", "2015-12"); None = the whole run.
            metrics: what to compare, besides costs, the outcome that is asked about first; None = the headline outcomes.

        Raises:
            PairingError: nothing that can be compared, or a metric that was not recorded.
        """
        return Comparison(self.folder, usual=usual, window=window, metrics=metrics)

    def report(self, *, interactive: bool = False) -> Path:
        """Draw the figures and write `report.html`, or also `interactive.html`, with charts to point at and zoom; where it is."""
        from sim.studies.finding import write_report  # noqa: PLC0415  matplotlib

        return write_report(self.folder, interactive=interactive)

    def __repr__(self) -> str:
        return f"Results in {self.folder}: {', '.join(self.scenarios)}; {self.plan['replicates']:,} replicates"

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><th>{escape(arm['name'])}</th><td>{escape(arm['title'])}</td><td>{escape(arm['question'])}</td></tr>"
            for arm in {arm["name"]: arm for arm in self.plan["arms"] if "like" not in arm}.values()
        )
        return f"<p>{escape(repr(self))}</p><table>{rows}</table>"

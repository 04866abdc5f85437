"""What a notebook or a script uses: run experiments, and read their results when they are looked at."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from html import escape
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

from sim.analysis.ensemble import Window, paired_only
from sim.analysis.paired import Row, to_table
from sim.analysis.paired import compare as compare_paired
from sim.analysis.table import CLOSING, opening, render, sections
from sim.catalogue.metrics import HEADLINE
from sim.commands.compare import USUAL, refuse_world_change
from sim.commands.progress import Progress, summary
from sim.experiment.errors import PlanError
from sim.experiment.execute import execute
from sim.experiment.plan import Plan
from sim.experiment.reading import read_events, read_genealogy, read_plan, read_runs, read_series
from sim.scenario import Scenario, load

Asked = str | Path | Scenario


class Experiment:
    """Scenarios x replicates, with a folder for the results.

    Attributes:
        plan: every run, with its id and seed.
        folder: of the results.
    """

    def __init__(
        self,
        scenarios: Asked | Sequence[Asked],
        replicates: int | None = None,
        seed: int | None = None,
        *,
        overrides: Sequence[str] = (),
        folder: str | Path | None = None,
    ) -> None:
        """Plan an experiment; nothing runs yet.

        Args:
            scenarios: names of the library, paths, or what `load` returned.
            replicates: runs per scenario; None = as the first scenario says.
            seed: of the experiment; None = as the first scenario says.
            overrides: "dotted.field=value", as after `--set`, for every scenario that is not loaded yet.
            folder: of the results; None = `results/experiment-<scenarios>`.

        Raises:
            ScenarioError: with everything that is wrong with a scenario.
            PlanError: nothing to run.
        """
        asked = [scenarios] if isinstance(scenarios, str | Path | Scenario) else scenarios
        loaded = [each if isinstance(each, Scenario) else load(each, overrides) for each in asked]
        if not loaded:
            raise PlanError("needs at least one scenario", field="experiment")
        first = loaded[0]
        self.plan = Plan.of(
            loaded,
            first.replicates if replicates is None else replicates,
            first.seed if seed is None else seed,
        )
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
            how: fresh, retry_failed, scheduler ..., as `sim.experiment.execute.execute` takes them.

        Raises:
            ExperimentError: the folder holds another plan, is in use, or cannot be written.
        """
        progress = Progress(quiet=quiet)
        with _alone():
            tally = execute(
                self.plan,
                self.folder,
                engine=engine,
                workers=workers,
                command=["sim.Experiment", *(arm.scenario.name for arm in self.plan.arms)],
                watch=progress.watch,
                compiling=progress.compiling,
                **how,
            )
        progress.say(summary(tally))
        return Results(self.folder)

    def __repr__(self) -> str:
        return f"Experiment of {len(self.plan):,} runs in {self.folder}"


class TradeOffs(NamedTuple):
    """The trade-off table of a comparison, as `compare` prints it."""

    rows: list[Row]

    def frame(self) -> Any:  # noqa: ANN401
        """All rows and columns as a data frame, to filter and to plot."""
        return _frame(to_table(self.rows))

    def __repr__(self) -> str:
        return render(self.rows)

    def _repr_html_(self) -> str:
        from sim.show.markup import matrix  # noqa: PLC0415  matplotlib

        lines = [f"<p>{escape(line)}</p>" for line in (*opening(self.rows[0]), CLOSING)]
        return "\n".join([*lines[:-1], *map(matrix, sections(self.rows)), lines[-1]])


class Results:
    """A results folder; every table is read when it is asked for, and only the columns that are needed.

    Tables are pandas data frames where pandas is installed, else pyarrow tables.

    Attributes:
        folder: where they are.
        plan: what was asked for, `plan.json`: scenarios, seeds, run ids, versions.
    """

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
        """One row per run and month, with these metrics (all, if none is named)."""
        return _frame(read_series(self.folder, metrics or None))

    def events(self) -> Any:  # noqa: ANN401
        """One row per event of every run."""
        return _frame(read_events(self.folder))

    def genealogy(self) -> Any:  # noqa: ANN401
        """One row per group that ever was, in every run."""
        return _frame(read_genealogy(self.folder))

    def runs(self) -> Any:  # noqa: ANN401
        """One row per run: drawn parameters, seed, status, totals."""
        return _frame(read_runs(self.folder))

    def table(self, usual: str | None = None, window: Window | None = None, metrics: Sequence[str] = HEADLINE) -> TradeOffs:
        """The trade-off table: every scenario against business as usual and against its own first year.

        Args:
            usual: business as usual; None = the first scenario.
            window: first and last month, ("2010-01", "2015-12"); None = the whole run.
            metrics: what to compare, besides costs.

        Raises:
            PairingError: nothing that can be compared.
        """
        costs = [name for name in HEADLINE if name.startswith("policy_cost") and name not in metrics]
        columns = [*metrics, *costs]
        series, _ = paired_only(read_series(self.folder, columns))
        return TradeOffs(compare_paired(series, usual or self.scenarios[0], columns, window, runs=read_runs(self.folder)))

    def report(self) -> Path:
        """Draw the figures and write `report.html`; where it is."""
        from sim.show.report import write_report  # noqa: PLC0415  matplotlib

        return write_report(self.folder)

    def __repr__(self) -> str:
        return f"Results in {self.folder}: {', '.join(self.scenarios)}; {self.plan['replicates']:,} replicates"

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><th>{escape(arm['name'])}</th><td>{escape(arm['title'])}</td><td>{escape(arm['question'])}</td></tr>"
            for arm in {arm["name"]: arm for arm in self.plan["arms"] if "like" not in arm}.values()
        )
        return f"<p>{escape(repr(self))}</p><table>{rows}</table>"


def compare(
    scenarios: Asked | Sequence[Asked],
    replicates: int | None = None,
    seed: int | None = None,
    *,
    overrides: Sequence[str] = (),
    folder: str | Path | None = None,
    **how: Any,  # noqa: ANN401
) -> Results:
    """Run scenarios on the same worlds with the same luck; the first is business as usual, `baseline` if there is one only.

    Args:
        scenarios: names of the library, paths, or what `load` returned.
        replicates: paired worlds; None = as the first scenario says.
        seed: of the experiment; None = as the first scenario says.
        overrides: "dotted.field=value", as after `--set`.
        folder: of the results; None = `results/compare-<scenarios>`.
        how: engine, workers, quiet ..., as `Experiment.run` takes them.

    Returns:
        The results; `.table()` is the comparison.
    """
    asked = [scenarios] if isinstance(scenarios, str | Path | Scenario) else list(scenarios)
    if len(asked) == 1 and getattr(asked[0], "name", asked[0]) != USUAL:
        asked = [USUAL, *asked]
    experiment = Experiment(asked, replicates, seed, overrides=overrides, folder=folder)
    refuse_world_change([arm.scenario for arm in experiment.plan.arms])
    if not folder:
        experiment.folder = Path("results") / experiment.plan.folder_name("compare")
    return experiment.run(**how)


def _frame(table: Any) -> Any:  # noqa: ANN401
    """A pyarrow table as a pandas data frame where pandas is installed, else as it is."""
    return table.to_pandas(date_as_object=False) if find_spec("pandas") else table


@contextmanager
def _alone() -> Iterator[None]:
    """Keep worker processes from running the caller's script once more: they need nothing of it."""
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main

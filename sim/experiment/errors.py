"""What can go wrong with an experiment and a person can mend; `exit_code` is what the command line returns."""

from __future__ import annotations

from pathlib import Path

from sim.scenario.problems import Problem


class ExperimentError(Exception):
    """An experiment cannot go on."""

    exit_code = 1

    def __init__(self, message: str, *, file: Path | None = None, field: str = "", hint: str | None = None) -> None:
        super().__init__(message)
        self.problem = Problem(str(file or ""), None, field, message, hint)

    def __str__(self) -> str:
        return str(self.problem)


class PlanError(ExperimentError):
    """The experiment cannot be run as asked."""

    exit_code = 2


class FailedRunsError(ExperimentError):
    """So many runs failed that nothing can be said."""

    exit_code = 3


class FolderError(ExperimentError):
    """The results folder is not usable: another plan's, not ours, not writable, damaged."""

    exit_code = 2


class FolderInUseError(ExperimentError):
    """Another process is writing to the results folder."""

    exit_code = 4


class EngineError(ExperimentError):
    """Workers cannot be started or reached, or are not of the planned version."""

    exit_code = 2

"""An experiment in pieces, for batch systems: piece i of n writes to `shards/i-of-n/` of the one results folder.

A piece has its own lock and parts, so pieces run at the same time, on one disk or on several that are copied together
afterwards; readers see one result, and a call without a piece finishes what is missing.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple, Self

from sim.experiment.errors import FolderError, PlanError
from sim.experiment.specs import RunSpec

SHARDS = "shards"


class Shard(NamedTuple):
    """Piece `number` (from 1) of `of`."""

    number: int
    of: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """From "i/n".

        Raises:
            PlanError: not a piece of anything.
        """
        found = re.fullmatch(r"(\d{1,6})/(\d{1,6})", text)
        if not found or not 1 <= int(found[1]) <= int(found[2]):
            raise PlanError(f"'{text}' is not a piece", field="--shard", hint="give 1/8 to 8/8 for eight pieces")
        return cls(int(found[1]), int(found[2]))

    def __str__(self) -> str:
        return f"{self.number}/{self.of}"

    def holds(self, spec: RunSpec) -> bool:
        """Whether a run belongs to this piece, however the plan grows: replicates of an arm go round the pieces."""
        return (int(spec.arm.digest, 16) + spec.replicate) % self.of == self.number - 1

    def home(self, folder: Path) -> Path:
        """Where its parts are.

        Raises:
            FolderError: the folder is divided in another way already.
        """
        for home in homes(folder)[1:]:
            pieces = home.name.rpartition("-")[2]
            if pieces != str(self.of):
                hint = f"give --shard i/{pieces}, or finish it without --shard"
                raise FolderError(f"is divided into {pieces} pieces, not {self.of}", file=folder, field="--shard", hint=hint)
        return folder / SHARDS / f"{self.number}-of-{self.of}"


def homes(folder: Path) -> list[Path]:
    """Every folder with parts: the results folder itself, then its pieces."""
    return [folder, *sorted(path for path in (folder / SHARDS).glob("*-of-*") if path.is_dir())]


def results_of(home: Path) -> Path:
    """The results folder that a folder with parts belongs to."""
    return home.parents[1] if home.parent.name == SHARDS else home

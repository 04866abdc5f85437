"""The results folder: the only place that writes it, and how it stays whole when a machine dies.

A *part* is a group of finished runs: `series/part-00000.parquet`, `events/...`, `genealogy/...` and at last
`runs/part-00000.parquet`, the commit record. Parts are never changed. What has no commit record does not exist: readers
skip it, the next writer deletes it.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, Any, Self

import pyarrow as pa
import pyarrow.parquet as pq

from sim.experiment import lock
from sim.experiment.errors import FolderError
from sim.experiment.plan import Plan
from sim.experiment.reading import FOOTER, PLAN, SCHEMA, TABLES, committed, read_plan
from sim.experiment.records import unpack
from sim.experiment.specs import RunResult

OURS = {PLAN, lock.NAME, "comparison.csv", "figures", "report.html", *TABLES}
TEMPORARY = ".tmp"


class Store:
    """A results folder held by this process; use it as a context manager.

    Attributes:
        done: run ids that are stored and succeeded.
        failed: run ids that are stored and failed.
    """

    def __init__(self, folder: Path, plan: Plan, about: dict[str, Any], *, fresh: bool = False) -> None:
        """Name the folder of `plan`; nothing happens before the context is entered.

        Args:
            folder: created if missing.
            plan: what the folder holds or will hold.
            about: further entries of `plan.json`: versions, command line ...
            fresh: delete earlier results first.
        """
        self.folder, self._plan, self._about, self._fresh = folder, plan, about, fresh
        self.done: set[str] = set()
        self.failed: set[str] = set()
        self._next = 0
        self._held = ExitStack()

    def __enter__(self) -> Self:
        """Lock, check that the folder is this plan's, sweep what a dead writer left, write the plan.

        Raises:
            FolderInUseError: another process holds it.
            FolderError: another plan's results, or not a results folder, or not writable.
        """
        refuse_foreign(self.folder)
        with _writing(self.folder), ExitStack() as stack:
            self.folder.mkdir(parents=True, exist_ok=True)
            stack.enter_context(lock.held(self.folder))
            if self._fresh:
                _empty(self.folder)
            self._adopt()
            self._sweep()
            self._held = stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._held.close()

    def commit(self, results: Sequence[RunResult]) -> None:
        """Write finished runs as one part; when this returns they survive anything.

        Raises:
            FolderError: the disk is full or the folder is gone; what was committed before is untouched.
        """
        failed = [result.spec.run_id for result in results if result.error]
        done = [result.spec.run_id for result in results if not result.error]
        assert self.done.isdisjoint(done), "a run that is stored was run again"
        footer = {"schema": SCHEMA, "model_version": self._plan.model_version, "done": done, "failed": failed}
        for kind in TABLES:
            tables = [unpack(result.tables[kind]) for result in results if kind in result.tables]
            if tables:
                self._put(kind, pa.concat_tables(tables, promote_options="default"), footer)
        self._next += 1
        self.done.update(done)
        self.failed.difference_update(done)
        self.failed.update(failed)

    def _put(self, kind: str, table: pa.Table, footer: dict[str, Any]) -> None:
        table = table.replace_schema_metadata({FOOTER: json.dumps(footer)})
        path = self.folder / kind / f"part-{self._next:05d}.parquet"
        _write(path, lambda file: pq.write_table(table, file, compression="zstd"))

    def _adopt(self) -> None:
        """Keep the stored plan if it covers this one, else write this one."""
        if (self.folder / PLAN).exists():
            stored = read_plan(self.folder)
            refuse_other(self.folder, stored, self._plan)
            if stored["replicates"] >= self._plan.replicates:
                return
        document = {"schema": SCHEMA, **self._about, **self._plan.as_json()}
        text = json.dumps(document, indent=1, default=str, ensure_ascii=False)
        _write(self.folder / PLAN, lambda file: file.write(text.encode()))

    def _sweep(self) -> None:
        """Delete temporaries and tables without a commit record; learn what is stored."""
        parts = committed(self.folder)
        stems = {part.stem for part in parts}
        for path in [*self.folder.glob(f"*{TEMPORARY}"), *self.folder.glob(f"*/*{TEMPORARY}")]:
            path.unlink()
        for kind in TABLES:
            (self.folder / kind).mkdir(exist_ok=True)
            for path in (self.folder / kind).glob("part-*.parquet"):
                if path.stem not in stems:
                    path.unlink()
        self.done = {run for part in parts for run in part.done}
        self.failed = {run for part in parts for run in part.failed} - self.done
        self._next = 1 + max((int(part.stem.removeprefix("part-")) for part in parts), default=-1)


def attach(folder: Path, name: str, content: bytes | str) -> Path:
    """Add a file of the analysis to a results folder, as a whole or not at all.

    Args:
        folder: of the results.
        name: within the folder, such as `comparison.csv` or `figures/plane.svg`.
        content: text is written as UTF-8.

    Returns:
        Where it is.

    Raises:
        FolderInUseError: another process is writing there.
        FolderError: not writable; the file is as it was before.
    """
    path = folder / name
    data = content.encode() if isinstance(content, str) else content
    with _writing(path), lock.held(folder):
        path.parent.mkdir(exist_ok=True)
        _write(path, lambda file: file.write(data))
    return path


def refuse_foreign(folder: Path) -> None:
    """Never write among somebody's other files.

    Raises:
        FolderError: the path is a file, or a folder with files but without our plan.
    """
    if folder.exists() and not folder.is_dir():
        raise FolderError("not a folder", file=folder, hint="give another --out")
    if not folder.exists() or (folder / PLAN).exists():
        return
    others = sorted(path.name for path in folder.iterdir() if path.name not in OURS and path.suffix != TEMPORARY)
    if others:
        raise FolderError(f"not a results folder (it holds {others[0]})", file=folder, hint="give another --out")


def refuse_other(folder: Path, stored: dict[str, Any], plan: Plan) -> None:
    """Never mix results of different plans; more or fewer replicates are the same plan.

    Raises:
        FolderError: says what differs.
    """
    differences = list(_differences(stored, plan))
    if differences:
        hint = "--fresh deletes it and starts again; another --out keeps both"
        raise FolderError(f"holds another plan: {'; '.join(differences)}", file=folder, field="plan", hint=hint)


def _differences(stored: dict[str, Any], plan: Plan) -> Iterator[str]:
    if stored["model_version"] != plan.model_version:
        yield f"model version {stored['model_version']} there, {plan.model_version} now"
    if stored["seed"] != plan.seed:
        yield f"seed {stored['seed']} there, {plan.seed} now"
    if stored.get("equal_cost") != plan.equal_cost:
        yield "costs are set equal in another way, or not at all"
    there = {(arm["name"], arm["point"]): arm["digest"] for arm in stored["arms"]}
    now = {(arm.scenario.name, arm.point): arm.digest for arm in plan.arms}
    for verb, keys in (
        ("is only there", there.keys() - now.keys()),
        ("is not there", now.keys() - there.keys()),
        ("has changed", {key for key in there.keys() & now.keys() if there[key] != now[key]}),
    ):
        yield from (f"scenario '{name}'{f' at point {point}' if point else ''} {verb}" for name, point in sorted(keys))


def _empty(folder: Path) -> None:
    """Delete earlier results, the plan first, and nothing that is not ours."""
    for name in sorted(OURS - {lock.NAME}, key=lambda name: name != PLAN):
        path = folder / name
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


def _write(path: Path, write: Callable[[IO[bytes]], object]) -> None:
    """All or nothing, on the disk: temporary file, fsync, rename, fsync of the folder."""
    temporary = path.with_name(path.name + TEMPORARY)
    with _writing(path):
        try:
            with temporary.open("wb") as file:
                write(file)
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)
        descriptor = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


@contextmanager
def _writing(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        raise FolderError(f"cannot write: {reason}", file=path, hint="what was stored before is intact") from error

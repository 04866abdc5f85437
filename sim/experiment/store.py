"""The results folder: the only place that writes it, and how it stays whole when a machine dies.

A *part* is a group of finished runs: `series/part-00000.parquet`, `events/...`, `genealogy/...` and at last
`runs/part-00000.parquet`, the commit record. Parts are never changed. What has no commit record does not exist: readers
skip it, the next writer deletes it.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import replace
from itertools import chain, count
from pathlib import Path
from typing import IO, Any, Self

import pyarrow as pa
import pyarrow.parquet as pq
from filelock import SoftFileLock

from sim.experiment.errors import FolderError
from sim.experiment.folder import lock
from sim.experiment.folder.integrity import SHARDS, SUMS, Shard, file_digest, footer_of, homes, refuse_strange, sealed, sums, sums_text
from sim.experiment.outside import told
from sim.experiment.plan import Plan
from sim.experiment.provenance import bits, other_bits
from sim.experiment.reading import FILES, FURTHER, PART, PLAN, SCHEMA, TABLES, WITHIN, committed, parts_of, read_arms, read_plan
from sim.experiment.records import join
from sim.experiment.specs import RunResult, RunSpec
from sim.experiment.switching import BESIDE, switched_names

OURS = {PLAN, SUMS, lock.NAME, SHARDS, *TABLES, *FURTHER, *FILES, *WITHIN}
TEMPORARY = ".tmp"
COMPRESSION = "zstd"
LONG = 10_000  # runs of a plan that is written without indentation, thirty times as fast
FEW = 5  # differences from another plan that are named
PATIENCE = 30.0  # seconds that shards give each other to look at the plan


class Store:
    """A results folder, or one shard of it, held by this process; use it as a context manager."""

    def __init__(
        self,
        folder: Path,
        plan: Plan,
        about: dict[str, Any],
        *,
        fresh: bool = False,
        shard: Shard | None = None,
        mix_versions: bool = False,
    ) -> None:
        """Name the folder of `plan`; nothing happens before the context is entered.

        `about` are further entries of `plan.json`. A `fresh` folder, or shard, is emptied first; a shard is the piece that this process
        writes, None = all that is missing; `mix_versions` keeps runs of other versions of the model.
        """
        self.folder, self._about = folder, about
        self.plan = plan  # what is planned, its points numbered as the folder does
        self._fresh, self._shard, self._mix = fresh, shard, mix_versions
        self.done: set[str] = set()  # ids of runs that are stored
        self.failed: set[str] = set()
        self._home = folder
        self._versions = [plan.model_version]  # whose runs count, the present one first
        self._last = -1  # number of the part written last
        self._held = ExitStack()
        self._lock: SoftFileLock | None = None

    def __enter__(self) -> Self:
        """Lock, check that the folder is this plan's, sweep what a dead writer left, write the plan."""
        refuse_foreign(self.folder)
        with _writing(self.folder), ExitStack() as stack:
            self.folder.mkdir(parents=True, exist_ok=True)
            refuse_strange(self.folder)
            with ExitStack() as whole:
                self._lock = whole.enter_context(lock.held(self.folder, PATIENCE if self._shard else lock.TRY))
                if self._shard:
                    self._home = self._shard.home(self.folder)
                    self._home.mkdir(parents=True, exist_ok=True)
                    self._lock = stack.enter_context(lock.held(self._home))
                for home in homes(self.folder)[1:] if not self._shard else ():
                    whole.enter_context(lock.held(home))
                if self._fresh:
                    _empty(self._home)
                self._adopt()
                if not self._shard:
                    stack.enter_context(whole.pop_all())
            self._sweep()
            self._held = stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._held.close()

    def status(self, spec: RunSpec) -> str | None:
        """What is stored of a run, by whichever version that counts: "ok", "failed" or nothing."""
        if not self.done and not self.failed:
            return None
        ids = [replace(spec, model_version=version).run_id for version in self._versions[1:]]
        ids.append(spec.run_id)
        if not self.done.isdisjoint(ids):
            return "ok"
        return None if self.failed.isdisjoint(ids) else "failed"

    def commit(self, results: Sequence[RunResult]) -> None:
        """Write finished runs as one part; when this returns they survive anything."""
        assert self._lock
        lock.refuse_lost(self._lock)
        self._last += 1  # first of all: whatever interrupts this, no part is ever written over
        failed = [result.spec.run_id for result in results if result.error]
        done = [result.spec.run_id for result in results if not result.error]
        assert self.done.isdisjoint(done), "a run that is stored was run again"
        record = {"schema": SCHEMA, "model_version": self.plan.model_version, "bits": bits(), "done": done, "failed": failed}
        for kind in (*FURTHER, *TABLES):
            streams = [result.tables[kind] for result in results if kind in result.tables]
            if streams:
                put(self._home / kind / f"part-{self._last:05d}.parquet", join(streams), record)
        self.done.update(done)
        self.failed.difference_update(done)
        self.failed.update(failed)

    def _adopt(self) -> None:
        """Keep the stored plan if it covers this one, else write one that covers both."""
        covering = self.plan
        if (self.folder / PLAN).exists():
            stored = read_plan(self.folder)
            refuse_other(self.folder, stored, self.plan, mix_versions=self._mix)
            self.plan = _renumbered(self.plan, stored)
            now = {(arm.scenario.name, arm.digest) for arm in self.plan.arms}
            more = any((arm["name"], arm["digest"]) not in now for arm in stored["arms"])  # to restore arms takes long
            there = [arm for arm in read_arms(self.folder, stored) if (arm.scenario.name, arm.digest) not in now] if more else []
            covering = replace(self.plan, arms=(*self.plan.arms, *there), replicates=max(stored["replicates"], self.plan.replicates))
            others = stored.get("earlier_model_versions", [])
            self._versions = list(dict.fromkeys([self.plan.model_version, stored["model_version"], *others]))
            if len(covering) == len(stored["runs"]) and stored["model_version"] == covering.model_version:
                return
        document = {"schema": SCHEMA, **self._about, **covering.as_json()}
        if len(self._versions) > 1:
            document["earlier_model_versions"] = self._versions[1:]
        readable = 1 if len(covering) < LONG else None
        text = json.dumps(sealed(document), indent=readable, ensure_ascii=False)
        _write(self.folder / PLAN, lambda file: file.write(text.encode()))

    def _sweep(self) -> None:
        """Delete temporaries and tables without a commit record; learn what is stored."""
        ours = [self._home] if self._shard else homes(self.folder)
        for name in OURS if not self._shard else ():
            (self.folder / f"{name}{TEMPORARY}").unlink(missing_ok=True)
        for home in ours:
            stems = {part.stem for part in parts_of(home)}
            for kind in TABLES:
                (home / kind).mkdir(exist_ok=True)
            for kind in (*FURTHER, *TABLES):
                for path in (home / kind).glob("part-*.parquet*"):
                    stem, _, end = path.name.partition(".parquet")
                    if PART.fullmatch(stem) and (end == TEMPORARY or (not end and stem not in stems)):
                        path.unlink()
        parts = committed(self.folder)
        self.done = {run for part in parts for run in part.done}
        self.failed = {run for part in parts for run in part.failed} - self.done
        own = (int(part.stem.removeprefix("part-")) for part in parts if part.home == self._home)
        self._last = max(own, default=-1)


def write_parquet(table: pa.Table, file: IO[bytes] | pa.NativeFile, record: dict[str, Any]) -> None:
    """A table as Parquet, checksums and all; columns that are dictionaries in memory are plain texts for who reads it."""
    repeating = [field.name for field in table.schema if not pa.types.is_floating(field.type)]
    how = {"compression": COMPRESSION, "use_dictionary": repeating, "write_statistics": False, "write_page_checksum": True}
    with pq.ParquetWriter(file, table.schema, store_schema=False, **how) as writer:
        writer.write_table(table)
        writer.add_key_value_metadata(footer_of({**record, "rows": table.num_rows}, table.column_names))


def attach(folder: Path, name: str, content: bytes | str | Callable[[IO[bytes]], object]) -> Path:
    """Write a file, such as `figures/plane.svg`, as a whole or not at all; in a results folder as one of its own, listed with its digest.

    Its content is bytes; text, written as UTF-8; or what writes to the open file.
    """
    path = folder / name
    data = content.encode() if isinstance(content, str) else content
    ours = (folder / PLAN).exists()
    if ours:
        refuse_strange(folder)
    with _writing(path), lock.held(folder) if ours else nullcontext():
        if path.parent != folder:
            path.parent.mkdir(exist_ok=True)
        _write(path, data if callable(data) else lambda file: file.write(data), ours=ours, waits=False)
        if ours:
            put_sums(folder, sums(folder) | {name: file_digest(path)})
    return path


def put(path: Path, table: pa.Table, record: dict[str, Any]) -> None:
    """Write one file of a part, in a folder that is locked."""
    path.parent.mkdir(exist_ok=True)
    _write(path, lambda file: write_parquet(table, file, record))


def put_sums(folder: Path, found: Mapping[str, str]) -> None:
    """List the files of the analysis, by name, with their digests, in a folder that is locked."""
    _write(folder / SUMS, lambda file: file.write(sums_text(found).encode()), waits=False)


def refuse_foreign(folder: Path) -> None:
    """Never write among somebody's other files."""
    if folder.exists() and not folder.is_dir():
        raise FolderError("not a folder", file=folder, hint="give another --out")
    if not folder.exists() or (folder / PLAN).exists():
        return
    begun = {lock.NAME, SHARDS, f"{PLAN}{TEMPORARY}", *WITHIN}  # by who died before there was a plan
    others = sorted(path.name for path in folder.iterdir() if path.name not in begun)
    if others:
        raise FolderError(f"not a results folder (it holds {others[0]})", file=folder, hint="give another --out")


def refuse_other(folder: Path, stored: dict[str, Any], plan: Plan, *, mix_versions: bool = False) -> None:
    """Never mix results of different plans; other replicates, further scenarios and further points are the same plan.

    So are arms that a comparison ran beside its own, when it does not ask for them again.
    """
    differences = list(_differences(stored, plan))
    rounded = other_bits(stored)
    hint = "--fresh deletes it and starts again; another --out keeps both"
    if stored.get("mechanisms") != plan.mechanisms:
        differences.insert(0, f"these results were made with {told(stored.get('mechanisms'))}; now it is {told(plan.mechanisms)}")
    elif stored["model_version"] != plan.model_version and not mix_versions:
        differences.insert(0, f"model version {stored['model_version']} there, {plan.model_version} now")
        if len(differences) == 1:
            hint += "; --mix-versions reuses what the other version of the model gave"
    if rounded and not mix_versions and not differences:
        differences.append(f"it was made where {rounded}")
        hint = "go on where it began, or --mix-versions, and numbers differ in their last bits; another --out keeps both"
    if differences:
        more = f"; and {len(differences) - FEW:,} more" if len(differences) > FEW else ""
        raise FolderError(f"holds another plan: {'; '.join(differences[:FEW])}{more}", file=folder, field="plan", hint=hint)


def _differences(stored: dict[str, Any], plan: Plan) -> Iterator[str]:
    if stored["seed"] != plan.seed:
        yield f"seed {stored['seed']} there, {plan.seed} now"
    if stored.get("equal_cost") != plan.equal_cost:
        yield "costs are set equal in another way, or not at all"
    if stored.get("panel", False) != plan.panel:
        yield f"it has {'a' if stored.get('panel') else 'no'} panel"
    if stored.get("twins") != plan.twins:
        yield "other twins, or none"
    if stored.get("sweep") or plan.sweep:  # any points around one scenario are the same sweep
        swept = (stored.get("sweep"), plan.sweep)
        before, after = (f"a sweep of {sweep['scenario']} ({sweep['digest']})" if sweep else "no sweep" for sweep in swept)
        yield from [f"{before} there, {after} now"] * (before != after)
        return
    now = {(arm.scenario.name, arm.digest) for arm in plan.arms}
    names = {(arm.scenario.name, arm.point) for arm in plan.arms}
    beside = switched_names({arm["name"] for arm in stored["arms"]}, BESIDE)
    for name, digest, point in sorted((arm["name"], arm["digest"], arm["point"]) for arm in stored["arms"]):
        known = (name, point) in names
        if (name, digest) not in now and (known or name not in beside):
            verb = "has changed" if known else "is only there"
            yield f"scenario '{name}'{f' at point {point}' if point else ''} {verb}"


def _renumbered(plan: Plan, stored: dict[str, Any]) -> Plan:
    """The plan with points as stored; points that are new get the next free numbers, unless theirs are free."""
    known = {(arm["name"], arm["digest"]): arm["point"] for arm in stored["arms"]}
    taken = {(name, point) for (name, _), point in known.items()}
    further = {arm.scenario.name: count(1) for arm in plan.arms}
    arms = []
    for arm in plan.arms:
        name = arm.scenario.name
        point = known.get((name, arm.digest))
        if point is None:
            point = next(n for n in chain([arm.point], further[name]) if (name, n) not in taken)
            taken.add((name, point))
        arms.append(replace(arm, point=point))
    return replace(plan, arms=tuple(arms))


def _empty(folder: Path) -> None:
    """Delete earlier results and nothing that is not ours: commit records first and the plan last, so that it is ours all the time."""
    for name in ("runs", *sorted(OURS - {lock.NAME, "runs", PLAN}), PLAN):
        path = folder / name
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


def _write(path: Path, write: Callable[[IO[bytes]], object], *, ours: bool = True, waits: bool = True) -> None:
    """All or nothing: temporary file, rename; both on the disk before it returns, if it `waits`. What can be made anew need not.

    Where the folder is `ours` and locked, a temporary of that name is what a dead writer left. It is made anew, so that nobody's
    link is followed.
    """
    temporary = path.with_name(path.name + TEMPORARY)
    with _writing(path):
        if ours:
            temporary.unlink(missing_ok=True)
        with temporary.open("xb") as file:
            try:
                write(file)
                file.flush()
                if waits:
                    os.fsync(file.fileno())
            except BaseException:
                temporary.unlink(missing_ok=True)
                raise
        temporary.replace(path)
        if waits and hasattr(os, "O_DIRECTORY"):  # elsewhere folders cannot be opened
            descriptor = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
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

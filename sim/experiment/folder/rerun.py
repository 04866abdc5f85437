"""One stored run again, and whether it comes out the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa

from sim.experiment.errors import FolderError, PlanError
from sim.experiment.outside import Outside, told, version
from sim.experiment.plan import replicate_seed
from sim.experiment.pool.worker import run_one
from sim.experiment.provenance import other_bits, versions
from sim.experiment.reading import PLAN, read_arms, read_plan, read_run
from sim.experiment.records import unpack
from sim.experiment.specs import RunResult, RunSpec, arm_digest
from sim.model.compile.version import model_version
from sim.scenario.read import WORLDS, scenario_folder
from sim.scenario.worlds import tables_digest

FEW = 5  # matches or differences that are named
NOT_COMPARED = {"seconds", "traceback"}


@dataclass(frozen=True)
class Found:
    """A planned run."""

    folder: Path
    plan: dict[str, Any]
    spec: RunSpec


@dataclass(frozen=True)
class Rerun:
    """A run that was repeated."""

    found: Found
    result: RunResult  # of the repetition
    stored: dict[str, pa.Table]  # rows by kind of table, as they were stored; {} if the run was planned but never finished
    differences: tuple[str, ...]  # the first few, in words; empty if every number is equal to the last bit


def find(prefix: str, folders: Sequence[Path]) -> Found:
    """The run whose id begins with `prefix`.

    Args:
        prefix: of its run id; may be the whole id.
        folders: of results; the first that has it counts (a run of one id is the same run everywhere).

    Raises:
        PlanError: there is no such run, or more than one.
        FolderError: a folder cannot be read.
    """
    plans = {folder: read_plan(folder) for folder in folders}
    matches: dict[str, tuple[Path, int]] = {}
    for folder, plan in plans.items():
        for number, run in enumerate(plan["runs"]):
            if run.startswith(prefix):
                matches.setdefault(run, (folder, number))
    if len(matches) > 1:
        some = ", ".join([*matches][:FEW]) + (", ..." if len(matches) > FEW else "")
        raise PlanError(f"'{prefix}' is the beginning of {len(matches):,} run ids: {some}", field="run id")
    if not matches:
        where = ", ".join(map(str, folders)) or "results/, which holds no results"
        raise PlanError(f"no run id begins with '{prefix}' in {where}", field="run id")
    ((folder, number),) = matches.values()
    return Found(folder, plans[folder], _spec(folder, plans[folder], number))


def rerun(found: Found, mechanisms: Sequence[str] = ()) -> Rerun:
    """Repeat a run, with the mechanisms from outside that it had, and compare what comes out with what is stored."""
    outside = Outside.of(mechanisms) if mechanisms else None
    refuse_changed(found, outside)
    result = run_one(found.spec, outside)
    stored = read_run(found.folder, found.spec.run_id)
    lines = list(differences(stored, {kind: unpack(table) for kind, table in result.tables.items()}) if stored else ())
    more = [f"and {len(lines) - FEW:,} more"] * (len(lines) > FEW)
    return Rerun(found, result, stored, (*lines[:FEW], *more))


def causes(plan: Mapping[str, Any]) -> list[str]:
    """Why a run may come out differently here: libraries of other versions, and functions that round differently."""
    then = plan["versions"]
    found = [f"{name} {then.get(name)} then, {now} now" for name, now in versions().items() if then.get(name) != now]
    found += [line for line in [other_bits(plan)] if line]
    return found or ["no cause is recorded: same versions, and the same bits of exp, log and sums; this should be reported"]


def refuse_changed(found: Found, outside: Outside | None = None) -> None:
    """Only the same model on the same tables can give the same numbers."""
    spec, scenario = found.spec, found.spec.arm.scenario
    then, present = found.plan.get("mechanisms") or {}, outside.record if outside else {}
    if then != present:
        raise PlanError(
            f"run {spec.run_id} was made with {told(then)}, not {told(present)}", file=found.folder, hint="name them after --with"
        )
    here = version(model_version(), tuple(present.values()))
    if spec.model_version != here:
        revision = found.plan["code"]["revision"]
        hint = f"check out revision {revision}" if revision else "install the version it was run with"
        message = f"run {spec.run_id} was made by model version {spec.model_version}, this is {here}"
        raise PlanError(message, file=found.folder, hint=hint)
    ties = scenario.world_options.get("ties")
    if tables_digest(scenario.world, scenario_folder() / WORLDS, str(ties) if ties else None) != scenario.tables:
        raise PlanError(f"the tables of world {scenario.world} are not those of run {spec.run_id}", file=found.folder)


def _spec(folder: Path, plan: dict[str, Any], number: int) -> RunSpec:
    """Run `number` of a plan."""
    replicate, arm = divmod(number, len(plan["arms"]))
    restored = next(islice(read_arms(folder, plan), arm, None))
    seed = replicate_seed(plan["seed"], replicate, restored.luck)
    spec = RunSpec(restored, replicate, seed, plan["model_version"])
    if spec.run_id != plan["runs"][number] or arm_digest(spec.arm.scenario.digest(), spec.arm.luck) != spec.arm.digest:
        raise FolderError(f"{PLAN} is damaged: it does not describe run {plan['runs'][number]}", file=folder)
    return spec


def differences(stored: dict[str, pa.Table], now: dict[str, pa.Table]) -> Iterator[str]:
    """What is not equal to the last bit, in words."""
    for kind in dict.fromkeys([*stored, *now]):
        if kind not in stored or kind not in now:
            yield f"{kind}: only {'stored' if kind in stored else 'now'}"
            continue
        then, again = stored[kind], now[kind]
        if then.num_rows != again.num_rows:
            yield f"{kind}: {then.num_rows:,} rows stored, {again.num_rows:,} now"
            continue
        for name in dict.fromkeys([*then.column_names, *again.column_names]):
            left, right = _texts(then, name), _texts(again, name)
            row = next((row for row, (a, b) in enumerate(zip(left, right, strict=True)) if a != b), None)
            if row is not None and name not in NOT_COMPARED:
                yield f"{kind}.{name}, row {row + 1}: {left[row]} stored, {right[row]} now"


def _texts(table: pa.Table, name: str) -> list[str]:
    """A column so that equal bits are equal texts, not-a-number included; empty where there is none."""
    return list(map(repr, table.column(name).to_pylist() if name in table.column_names else [None] * table.num_rows))

"""Whether a results folder is whole, what is wrong with it, and the part of mending that is safe; and one stored run once more."""

from __future__ import annotations

import shutil
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from sim.experiment import reading
from sim.experiment.errors import FolderError, PlanError
from sim.experiment.folder import lock
from sim.experiment.folder.integrity import SUMS, entries, file_digest, homes, refuse_strange, sums, sums_text
from sim.experiment.outside import Outside, told, version
from sim.experiment.plan import replicate_seed
from sim.experiment.pool.worker import run_one
from sim.experiment.provenance import other_bits, versions
from sim.experiment.records import unpack
from sim.experiment.specs import RunResult, RunSpec, arm_digest
from sim.experiment.store import OURS, put, put_sums
from sim.model.compile.version import model_version
from sim.scenario.problems import Problem
from sim.scenario.read import WORLDS, scenario_folder
from sim.scenario.worlds import tables_digest

FEW = 5  # matches, differences or faults that are named
NOT_COMPARED = {"seconds", "traceback"}
ASIDE = "set-aside"


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
    """The run whose id begins with `prefix`, of the first folder that has it: a run of one id is the same run everywhere."""
    plans = {folder: reading.read_plan(folder) for folder in folders}
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
    stored = reading.read_run(found.folder, found.spec.run_id)
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
    restored = next(islice(reading.read_arms(folder, plan), arm, None))
    seed = replicate_seed(plan["seed"], replicate, restored.luck)
    spec = RunSpec(restored, replicate, seed, plan["model_version"])
    if spec.run_id != plan["runs"][number] or arm_digest(spec.arm.scenario.digest(), spec.arm.luck) != spec.arm.digest:
        raise FolderError(f"{reading.PLAN} is damaged: it does not describe run {plan['runs'][number]}", file=folder)
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


@dataclass
class Findings:
    """What a folder is like."""

    folder: Path
    planned: int = 0  # runs of the plan
    stored: set[str] = field(default_factory=set)  # ids of runs that are stored, whole
    damaged: list[tuple[Path, str, Problem]] = field(default_factory=list)  # parts that cannot be used: their folder, their stem, and why
    # runs that are stored more than once -> the parts that have them, all alike
    repeated: dict[str, list[reading.Part]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)  # everything that is wrong, and what to do about it
    notes: list[str] = field(default_factory=list)  # what is worth knowing and needs nothing
    # the same of searches that were made for these results; their problems are among those here as well
    within: list[Findings] = field(default_factory=list)


def verify(folder: Path, watch: Callable[[int, int], None] = lambda done, of: None) -> Findings:
    """Read everything: the plan against its arms, every table against its checksums, its record and the plan, every other file."""
    searches = sorted(path for name in reading.WITHIN for end in (reading.PLAN, f"*/{reading.PLAN}") for path in (folder / name).glob(end))
    if searches:
        refuse_strange(folder)
    within = [verify(path.parent) for path in searches]
    if within and not (folder / reading.PLAN).exists():  # a search for nothing else
        stored = {f"{search.folder}/{run}" for search in within for run in search.stored}
        found = Findings(folder, sum(search.planned for search in within), stored)
    else:
        found = _verified(folder, watch)
    found.within = within
    for search in within:
        found.problems += search.problems
        found.notes += search.notes
    return found


def _verified(folder: Path, watch: Callable[[int, int], None]) -> Findings:
    """A folder without its searches."""
    plan = reading.read_plan(folder)
    known, wrong = _described(folder, plan)
    found = Findings(folder, len(plan["runs"]), problems=wrong)
    having: dict[str, list[reading.Part]] = defaultdict(list)
    paths = [path for home in homes(folder) for path in sorted((home / "runs").glob("part-*.parquet"))]
    for number, path in enumerate(paths, 1):
        try:
            part = _whole(path, known)
        except FolderError as error:
            hint = f"--repair sets this part aside; then its runs are run again by: {' '.join(plan['command'])}"
            problem = replace(error.problem, hint=hint)
            found.damaged.append((path.parent.parent, path.stem, problem))
            found.problems.append(problem)
        else:
            for run in part.done:
                having[run].append(part)
        watch(number, len(paths))
    found.stored = {*having}
    found.problems += _repeated(found, having)
    found.problems += _files(folder)
    found.notes += _strangers(folder)
    return found


def repair(found: Findings) -> list[str]:
    """Do what cannot lose anything: set damaged parts aside, and copies of runs that are stored elsewhere as well.

    Nothing is deleted: what is set aside is in a folder of its own. Gives what was done, in words.
    """
    folder, done = found.folder, [line for search in found.within for line in repair(search)]
    with ExitStack() as stack:
        for home in homes(folder):
            stack.enter_context(lock.held(home))
        for home, stem, problem in found.damaged:
            done.append(f"{home / 'runs' / stem}: set aside in {_set_aside(folder, home, stem)} ({problem.message})")
        kept: set[str] = set()
        for part in sorted({part for parts in found.repeated.values() for part in parts}):
            further = [run for run in part.done if run not in kept]
            kept.update(further)
            if len(further) < len(part.done):
                _keep(part, further)
                where = _set_aside(folder, part.home, part.stem)
                done.append(f"{part.file('runs')}: {len(part.done) - len(further):,} runs are stored elsewhere too, set aside in {where}")
        listed = sums(folder)
        there = {name: digest for name, digest in listed.items() if (folder / name).exists()}
        if there != listed:
            put_sums(folder, there)
            done.append(f"{folder / SUMS}: {len(listed) - len(there):,} files that are gone are no longer listed")
    return done


def _described(folder: Path, plan: Mapping[str, Any]) -> tuple[set[str], list[Problem]]:
    """Ids of the runs that the arms of a plan describe, by every version that counts; and where they are not those it names."""
    arms = list(reading.read_arms(folder, plan))
    wrong = [f"arm {arm.scenario.name}" for arm in arms if arm_digest(arm.scenario.digest(), arm.luck) != arm.digest]
    specs = [
        RunSpec(arm, replicate, replicate_seed(plan["seed"], replicate, arm.luck), plan["model_version"])
        for replicate in range(plan["replicates"])
        for arm in arms
    ]
    wrong += [run for run, spec in zip(plan["runs"], specs, strict=False) if run != spec.run_id]
    if len(plan["runs"]) != len(specs):
        wrong.append(f"{len(plan['runs']):,} runs")
    known = {replace(spec, model_version=v).run_id for v in plan.get("earlier_model_versions", ()) for spec in specs}
    hint = "restore it from a copy, or run the experiment into another folder"
    problems = [Problem(str(folder / reading.PLAN), None, "", f"its arms do not describe {', '.join(wrong[:FEW])}", hint)] if wrong else []
    return known | {*plan["runs"]}, problems


def _whole(path: Path, known: set[str]) -> reading.Part:
    """A part in which everything is right."""
    part = reading.part_of(path)
    for kind in (*reading.FURTHER, *reading.TABLES):
        file = part.file(kind)
        if file.exists() or kind == "runs" or (kind in reading.TABLES and part.done):
            ids = {*reading.read_table(part, kind).column("run_id").to_pylist()}
            expected = {*part.done, *(part.failed if kind == "runs" else ())}
            if ids - expected or (kind in ("series", "runs") and ids != expected):
                raise FolderError("has other runs than its commit record says", file=file)
    strange = {*part.done, *part.failed} - known
    if strange:
        raise FolderError(f"holds run {min(strange)}, which the plan does not name", file=path)
    return part


def _repeated(found: Findings, having: Mapping[str, list[reading.Part]]) -> Iterator[Problem]:
    """Runs that are stored more than once; those that are alike everywhere can be mended."""
    doubtful: set[reading.Part] = set()
    for run, parts in having.items():
        if len(parts) > 1:
            first, *others = ({kind: reading.read_table(part, kind, run=run) for kind in reading.TABLES} for part in parts)
            unlike = next((line for other in others for line in differences(first, other)), "")
            names = ", ".join(str(part.file("runs").relative_to(found.folder)) for part in parts)
            if unlike:
                hint = f"`cartelitos rerun {run} {found.folder}` says which is right; move the other part elsewhere"
                yield Problem(str(found.folder), None, "", f"run {run} is stored in {names}, and differs: {unlike}", hint)
                doubtful.update(parts)
            else:
                found.repeated[run] = parts
    found.repeated = {run: parts for run, parts in found.repeated.items() if doubtful.isdisjoint(parts)}
    if found.repeated:
        run, parts = next(iter(found.repeated.items()))
        names = ", ".join(str(part.file("runs").relative_to(found.folder)) for part in parts)
        message = f"{len(found.repeated):,} runs are stored more than once, all alike: {run} in {names}"
        yield Problem(str(found.folder), None, "", message, "--repair keeps one of each and sets the others aside")


def _files(folder: Path) -> Iterator[Problem]:
    """Files of the analysis that are not as they were written."""
    listed = sums(folder)
    if listed and (folder / SUMS).read_bytes() != sums_text(listed).encode():
        hint = "delete the lines that are no digest and a name"
        yield Problem(str(folder / SUMS), None, "", "is not as it was written", hint)
    tables = {*reading.TABLES, *reading.FURTHER, "shards"}
    there = {
        path.relative_to(folder).as_posix()
        for path in (Path(entry.path) for entry in entries(folder) if entry.is_file())
        if path.relative_to(folder).parts[0] in reading.FILES - tables and path.suffix != ".tmp"
    }
    for name in sorted(listed.keys() | there):
        path, message = folder / name, ""
        if name not in there:
            message = f"is listed in {SUMS}, but not there" if not path.exists() else f"is listed in {SUMS}, but is none of its files"
        elif name not in listed:
            message = f"is not listed in {SUMS}"
        elif file_digest(path) != listed[name]:
            message = "is not as it was written"
        if message:
            yield Problem(str(path), None, "", message, "move it elsewhere, and make it again with the command that wrote it")


def _strangers(folder: Path) -> Iterator[str]:
    """What is not part of the results."""
    if (folder / lock.NAME).exists():
        yield f"{folder / lock.NAME}: somebody is writing, or died"
    for path in sorted(folder.iterdir()):
        if path.name == ASIDE:
            yield f"{path}: what was set aside by --repair; nothing reads it"
        elif path.name not in OURS:
            yield f"{path}: not of these results; left alone"
    for home in homes(folder):
        stems = {path.stem for path in (home / "runs").glob("part-*.parquet")}
        for kind in (*reading.FURTHER, *reading.TABLES):
            for path in sorted((home / kind).glob("part-*")):
                if path.suffix == ".tmp" or (reading.PART.fullmatch(path.stem) and path.stem not in stems):
                    yield f"{path}: not finished when its writer ended; whoever writes next deletes it"


def _set_aside(folder: Path, home: Path, stem: str) -> Path:
    """Move a part out of the way, its commit record last: until then it is damaged, and can be set aside again."""
    taken = {path.name for path in (folder / ASIDE).glob("*")}
    number = next(n for n in range(1, len(taken) + 2) if str(n) not in taken)
    target = folder / ASIDE / str(number)
    for kind in (*reading.FURTHER, *reading.TABLES):
        file = home / kind / f"{stem}.parquet"
        if file.exists():
            (target / kind).mkdir(parents=True, exist_ok=True)
            shutil.move(file, target / kind / file.name)
    return target


def _keep(part: reading.Part, runs: list[str]) -> None:
    """Write a part again with some of its runs only, and with those that failed."""
    wanted = pa.array([*runs, *part.failed], pa.string())
    numbers = (int(path.stem.removeprefix("part-")) for path in (part.home / "runs").glob("part-*.parquet"))
    stem = f"part-{max(numbers) + 1:05d}"
    record = {"schema": reading.SCHEMA, "done": runs, "failed": part.failed}
    for kind in (*reading.FURTHER, *reading.TABLES) if len(wanted) else ():
        if part.file(kind).exists():
            table = reading.read_table(part, kind).replace_schema_metadata()
            put(part._replace(stem=stem).file(kind), table.filter(pc.is_in(table.column("run_id"), wanted)), record)

"""Whether a results folder is whole, what is wrong with it, and the part of mending that is safe."""

from __future__ import annotations

import shutil
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from sim.experiment.errors import FolderError
from sim.experiment.folder import lock
from sim.experiment.folder.integrity import SUMS, entries, file_digest, homes, refuse_strange, sums, sums_text
from sim.experiment.folder.rerun import differences
from sim.experiment.plan import replicate_seed
from sim.experiment.reading import FILES, FURTHER, PART, PLAN, SCHEMA, TABLES, WITHIN, Part, part_of, read_arms, read_plan, read_table
from sim.experiment.specs import RunSpec, arm_digest
from sim.experiment.store import OURS, put, put_sums
from sim.scenario.problems import Problem

ASIDE = "set-aside"
FEW = 5  # that are named


class Damaged(NamedTuple):
    """A part that does not count, and why."""

    home: Path
    stem: str
    problem: Problem


@dataclass
class Findings:
    """What a folder is like."""

    folder: Path
    planned: int = 0  # runs of the plan
    stored: set[str] = field(default_factory=set)  # ids of runs that are stored, whole
    damaged: list[Damaged] = field(default_factory=list)  # parts that cannot be used
    # runs that are stored more than once -> the parts that have them, all alike
    repeated: dict[str, list[Part]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)  # everything that is wrong, and what to do about it
    notes: list[str] = field(default_factory=list)  # what is worth knowing and needs nothing
    # the same of searches that were made for these results; their problems are among those here as well
    within: list[Findings] = field(default_factory=list)


def verify(folder: Path, watch: Callable[[int, int], None] = lambda done, of: None) -> Findings:
    """Read everything: the plan against its arms, every table against its checksums, its record and the plan, every other file.

    Args:
        folder: of the results.
        watch: told after every part how many of how many are read.
    """
    searches = sorted(path for name in WITHIN for end in (PLAN, f"*/{PLAN}") for path in (folder / name).glob(end))
    if searches:
        refuse_strange(folder)
    within = [verify(path.parent) for path in searches]
    if within and not (folder / PLAN).exists():  # a search for nothing else
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
    plan = read_plan(folder)
    known, wrong = _described(folder, plan)
    found = Findings(folder, len(plan["runs"]), problems=wrong)
    having: dict[str, list[Part]] = defaultdict(list)
    paths = [path for home in homes(folder) for path in sorted((home / "runs").glob("part-*.parquet"))]
    for number, path in enumerate(paths, 1):
        try:
            part = _whole(path, known)
        except FolderError as error:
            hint = f"--repair sets this part aside; then its runs are run again by: {' '.join(plan['command'])}"
            problem = replace(error.problem, hint=hint)
            found.damaged.append(Damaged(path.parent.parent, path.stem, problem))
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
    arms = list(read_arms(folder, plan))
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
    problems = [Problem(str(folder / PLAN), None, "", f"its arms do not describe {', '.join(wrong[:FEW])}", hint)] if wrong else []
    return known | {*plan["runs"]}, problems


def _whole(path: Path, known: set[str]) -> Part:
    """A part in which everything is right."""
    part = part_of(path)
    for kind in (*FURTHER, *TABLES):
        file = part.file(kind)
        if file.exists() or kind == "runs" or (kind in TABLES and part.done):
            ids = {*read_table(part, kind).column("run_id").to_pylist()}
            expected = {*part.done, *(part.failed if kind == "runs" else ())}
            if ids - expected or (kind in ("series", "runs") and ids != expected):
                raise FolderError("has other runs than its commit record says", file=file)
    strange = {*part.done, *part.failed} - known
    if strange:
        raise FolderError(f"holds run {min(strange)}, which the plan does not name", file=path)
    return part


def _repeated(found: Findings, having: Mapping[str, list[Part]]) -> Iterator[Problem]:
    """Runs that are stored more than once; those that are alike everywhere can be mended."""
    doubtful: set[Part] = set()
    for run, parts in having.items():
        if len(parts) > 1:
            first, *others = (_rows(part, run) for part in parts)
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


def _rows(part: Part, run: str) -> dict[str, pa.Table]:
    tables = {kind: read_table(part, kind) for kind in TABLES}
    return {kind: table.filter(pc.equal(table.column("run_id"), run)) for kind, table in tables.items()}


def _files(folder: Path) -> Iterator[Problem]:
    """Files of the analysis that are not as they were written."""
    listed = sums(folder)
    if listed and (folder / SUMS).read_bytes() != sums_text(listed).encode():
        hint = "delete the lines that are no digest and a name"
        yield Problem(str(folder / SUMS), None, "", "is not as it was written", hint)
    tables = {*TABLES, *FURTHER, "shards"}
    there = {
        path.relative_to(folder).as_posix()
        for path in (Path(entry.path) for entry in entries(folder) if entry.is_file())
        if path.relative_to(folder).parts[0] in FILES - tables and path.suffix != ".tmp"
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
        for kind in (*FURTHER, *TABLES):
            for path in sorted((home / kind).glob("part-*")):
                if path.suffix == ".tmp" or (PART.fullmatch(path.stem) and path.stem not in stems):
                    yield f"{path}: not finished when its writer ended; whoever writes next deletes it"


def _set_aside(folder: Path, home: Path, stem: str) -> Path:
    """Move a part out of the way, its commit record last: until then it is damaged, and can be set aside again."""
    taken = {path.name for path in (folder / ASIDE).glob("*")}
    number = next(n for n in range(1, len(taken) + 2) if str(n) not in taken)
    target = folder / ASIDE / str(number)
    for kind in (*FURTHER, *TABLES):
        file = home / kind / f"{stem}.parquet"
        if file.exists():
            (target / kind).mkdir(parents=True, exist_ok=True)
            shutil.move(file, target / kind / file.name)
    return target


def _keep(part: Part, runs: list[str]) -> None:
    """Write a part again with some of its runs only, and with those that failed."""
    wanted = pa.array([*runs, *part.failed], pa.string())
    numbers = (int(path.stem.removeprefix("part-")) for path in (part.home / "runs").glob("part-*.parquet"))
    stem = f"part-{max(numbers) + 1:05d}"
    record = {"schema": SCHEMA, "done": runs, "failed": part.failed}
    for kind in (*FURTHER, *TABLES) if len(wanted) else ():
        if part.file(kind).exists():
            table = read_table(part, kind).replace_schema_metadata()
            put(part._replace(stem=stem).file(kind), table.filter(pc.is_in(table.column("run_id"), wanted)), record)

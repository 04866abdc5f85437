"""`cartelitos rerun`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sim.commands import complete, options

if TYPE_CHECKING:
    from sim.experiment.folder.verify import Rerun

DIFFERENT, FAILED = 1, 3  # exit status


@click.command()
@click.argument("run_id", metavar="RUN_ID")
@click.argument("folder", type=click.Path(path_type=Path), required=False, shell_complete=complete.results)
@options.mechanisms
@options.talk
def command(run_id: str, folder: Path | None, *, mechanisms: tuple[str, ...], as_json: bool, quiet: bool, verbose: int) -> int:
    """Repeat one stored run and check that its numbers are the same, to the last bit.

    RUN_ID is a run's id or the beginning of it, as the column `run_id` and `plan.json` give it. FOLDER holds the
    results; without it, every folder in `results/` is searched.

    Exit status: 0 equal, 1 different, 3 the run fails (again).
    """
    from sim.experiment.folder.verify import find, rerun  # noqa: PLC0415
    from sim.experiment.progress import Progress  # noqa: PLC0415
    from sim.experiment.reading import PLAN  # noqa: PLC0415
    from sim.model.compile.compiled import is_warm  # noqa: PLC0415

    found = find(run_id, [folder] if folder else sorted(path.parent for path in Path("results").glob(f"*/{PLAN}")))
    if not is_warm():
        Progress(quiet=quiet).compiling()
    done = rerun(found, mechanisms)
    if as_json:
        click.echo(json.dumps(document(done)))
    else:
        click.echo(text(done, verbose))
    return FAILED if done.result.error else DIFFERENT if done.differences else 0


def document(done: Rerun) -> dict[str, object]:
    """For machines; `equal` is None where nothing is stored to compare with."""
    from sim.experiment.folder.verify import causes  # noqa: PLC0415

    spec = done.found.spec
    return {
        "schema": 1,
        "results": str(done.found.folder),
        **spec.labels,
        "seed": spec.seed,
        "seconds": round(done.result.seconds, 3),
        "error": done.result.error,
        "digest": done.result.digest,
        "equal": not done.differences if done.stored else None,
        "differences": list(done.differences),
        "causes": causes(done.found.plan) if done.differences else [],
    }


def text(done: Rerun, verbose: int) -> str:
    """For people."""
    from sim.experiment.folder.verify import causes  # noqa: PLC0415
    from sim.experiment.records import unpack  # noqa: PLC0415

    spec = done.found.spec
    point = f", point {spec.arm.point}" * bool(spec.arm.point)
    lines = [f"run {spec.run_id}: {spec.arm.scenario.name}{point}, replicate {spec.replicate}, seed {spec.seed}, of {done.found.folder}"]
    tables = {kind: unpack(table) for kind, table in done.result.tables.items()}
    if done.result.error:
        lines.append(f"it fails: {done.result.error}")
        lines += [tables["runs"].column("traceback")[0].as_py()] if verbose else ["-v shows where"]
    if done.differences:
        lines += ["DIFFERENT from what is stored:", *(f"  {line}" for line in done.differences)]
        lines += [f"  {line}" for line in causes(done.found.plan)]
    elif done.stored:
        sizes = ", ".join(f"{kind} {table.num_rows:,} x {table.num_columns}" for kind, table in tables.items())
        lines.append(f"equal to what is stored, every value to the last bit ({sizes})")
    else:
        lines.append("planned, but not stored yet: there is nothing to compare with")
    lines += [f"digest {done.result.digest}: the one of this world wherever it is played, in a page too"] * bool(done.result.digest)
    return "\n".join(lines)

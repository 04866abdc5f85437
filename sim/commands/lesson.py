"""`cartelitos lesson`."""

from __future__ import annotations

import json
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sim.commands import complete, options
from sim.studies.how import Setup

if TYPE_CHECKING:
    from sim.analysis.lesson import Findings
    from sim.page.lesson import Audience
    from sim.scenario.lesson import Language, Lesson

AUDIENCES: tuple[Audience, ...] = ("pupils", "teacher")


@click.command()
@click.argument("name", required=False, metavar="[NAME]", shell_complete=complete.lessons)
@click.option("--for", "audience", type=click.Choice(AUDIENCES), help="Whose file to write.  [default: both]")
@click.option("--language", type=click.Choice(["en", "es"]), default="en", show_default=True, help="English or Spanish.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Write it here; needs --for.  [default: NAME-FOR.html]")
@click.option("--recompute", is_flag=True, help="Simulate the grid again (of all lessons without NAME), keep it beside the lesson.")
@click.option("--workers", type=click.IntRange(1, options.MOST_WORKERS), help="Worker processes of --recompute.  [default: one per CPU]")
@click.option("--engine", type=click.Choice(["process", "serial"]), help="Of --recompute: worker processes, or this process.")
@options.talk
def command(
    name: str | None,
    audience: Audience | None,
    language: Language,
    out: Path | None,
    workers: int | None,
    engine: str | None,
    *,
    recompute: bool,
    as_json: bool,
    quiet: bool,
    verbose: int,
) -> None:
    """Write a lesson: a class hour on pages that need no network. Without NAME the lessons are listed.

    Two files: in the pupils' everybody draws a curve and fixes a guess, and only then sees what the model says; the teacher's
    holds the results, notes, and a view that draws the class, collected as short codes, and then lets the simulated worlds run
    through it. `cartelitos class NAME` does the same with the class connected.
    """
    from sim.experiment.lesson import find_lesson  # noqa: PLC0415
    from sim.scenario.lesson import lessons  # noqa: PLC0415

    if out and name is None:
        raise click.UsageError("--out needs the NAME of a lesson")
    if out and audience is None:
        raise click.UsageError("--out names one file, and a lesson has two; add --for pupils or --for teacher")
    if name is None and not recompute:
        _tell([_about(find_lesson(each), language) for each in lessons()], as_json=as_json)
        return
    chosen = [find_lesson(each) for each in ([name] if name else lessons())]
    if recompute:
        setup = Setup(workers=workers, engine=engine, quiet=quiet, verbose=verbose)
        kept = [_recompute(lesson, setup) for lesson in chosen]
        if as_json:
            click.echo(json.dumps({"schema": 1, "results": [*map(str, kept)]}))
        if audience is None:
            return
    wanted = [audience] if audience else AUDIENCES
    written = _write(chosen[0], language, {one: out or Path(f"{name}-{one}.html") for one in wanted}, quiet=quiet)
    if not (recompute and as_json):
        options.say({"lesson": written}, "\n".join(written.values()), as_json=as_json)


def _about(lesson: Lesson, language: Language) -> dict[str, Any]:
    words, outline = lesson.words[language], lesson.outline
    return {"name": lesson.name, "number": outline.number, "title": words.title, "question": words.question, "arms": len(lesson.arms)}


def _tell(rows: list[dict[str, Any]], *, as_json: bool) -> None:
    rows.sort(key=lambda row: row["number"])
    width = max((len(row["name"]) for row in rows), default=0)
    lines = [f"{row['number']}  {row['name']:{width}}  {row['title']}\n   {'':{width}}  {row['question']}" for row in rows]
    options.say({"rows": rows}, "\n".join(lines), as_json=as_json, ensure_ascii=False)


def _recompute(lesson: Lesson, setup: Setup) -> Path:
    """Run the grid, or what is missing of it, and keep its results beside the lesson."""
    from sim.analysis.lesson import findings, to_json  # noqa: PLC0415
    from sim.experiment.errors import FailedRunsError  # noqa: PLC0415
    from sim.experiment.lesson import scenarios, usual  # noqa: PLC0415
    from sim.experiment.store import attach  # noqa: PLC0415
    from sim.model.compile.version import model_version  # noqa: PLC0415
    from sim.studies.running import carry_out, ensemble  # noqa: PLC0415

    arms = scenarios(lesson)
    if not setup.quiet:
        click.echo(f"{lesson.name}: {len(arms)} arms, {lesson.outline.pairs} worlds", err=True)
    grid = sha256("/".join([model_version(), *(arm.digest() for arm in arms)]).encode()).hexdigest()[:8]
    folder = Path("results") / f"lesson-{lesson.name}-{grid}"
    finished = carry_out("lesson", arms, replace(setup, folder=folder))
    if finished.tally.failed:
        raise FailedRunsError("runs of a lesson failed; its results are as they were", file=folder)
    runs, _ = ensemble(finished)
    found = findings(lesson, runs, finished.plan.model_version, usual(lesson), finished.plan.seed)
    if lesson.outline.challenge and lesson.outline.challenge.front:
        found = found._replace(front=_front(lesson, setup))
    return attach(lesson.results.parent, lesson.results.name, to_json(found, lesson))


def _front(lesson: Lesson, setup: Setup) -> list[dict[str, Any]]:
    """Mixes of the challenge's levers that a search found, judged in the lesson's worlds, and to which of them none is better."""
    from sim.experiment.budget import BUDGETS  # noqa: PLC0415
    from sim.studies.frontier import frontier  # noqa: PLC0415

    goal, outline = lesson.outline.challenge, lesson.outline
    assert goal is not None
    how: dict[str, Any] = {"replicates": outline.pairs, "workers": setup.workers, "engine": setup.engine, "quiet": setup.quiet}
    how |= {"metrics": [goal.metric, *goal.still], "levers": goal.front, "budget": BUDGETS[goal.budget].usd_a_year}
    return [
        {
            "change": {metric: round(row["percent"], 2) for metric, row in mix["effects"].items()},
            "levers": {one["lever"]: [round(one["added_intensity"], 3), one["from"]] for one in mix["levers"]},
            "best": mix["on_front"],
        }
        for mix in frontier(outline.scenario, **how).json["mixes"]
    ]


def _write(lesson: Lesson, language: Language, files: dict[Audience, Path], *, quiet: bool) -> dict[Audience, str]:
    """The pages as files."""
    from sim.experiment.store import attach  # noqa: PLC0415
    from sim.page.lesson import page  # noqa: PLC0415

    found = current(lesson, quiet=quiet)
    return {one: str(attach(path.parent, path.name, page(lesson, found, language, one))) for one, path in files.items()}


def current(lesson: Lesson, *, quiet: bool) -> Findings:
    """The results that lie beside a lesson; a note if another model made them."""
    from sim.experiment.lesson import usual  # noqa: PLC0415
    from sim.model.compile.version import model_version  # noqa: PLC0415
    from sim.page.lesson import read_findings  # noqa: PLC0415

    found = read_findings(lesson)
    if (found.model_version, found.digest) != (model_version(), usual(lesson).digest()) and not quiet:
        again = f"cartelitos lesson {lesson.name} --recompute"
        click.echo(
            f"note: its results are of another model or world ({found.model_version}, {found.digest}); `{again}` renews them", err=True
        )
    return found

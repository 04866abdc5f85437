"""`cartelitos lesson`."""

from __future__ import annotations

import json
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.shell_completion import CompletionItem

from sim.commands import complete, options
from sim.commands.options import Settings

if TYPE_CHECKING:
    from sim.scenario.lesson import Language, Lesson


def _names(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    from sim.scenario.lessons import lessons  # noqa: PLC0415

    return complete.starting(incomplete, lessons())


@click.command()
@click.argument("name", required=False, metavar="[NAME]", shell_complete=_names)
@click.option("--language", type=click.Choice(["en", "es"]), default="en", show_default=True, help="English or Spanish.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Write the page here.  [default: NAME.html]")
@click.option("--recompute", is_flag=True, help="Simulate the grid again (of all lessons without NAME), keep it beside the lesson.")
@click.option("--workers", type=click.IntRange(min=1), help="Worker processes of --recompute.  [default: one per CPU]")
@click.option("--engine", type=click.Choice(["process", "serial"]), help="Of --recompute: worker processes, or this process.")
@options.talk
def command(
    name: str | None,
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
    """Write a lesson: a class hour on one page that needs no network. Without NAME the lessons are listed.

    The class predicts, and only then sees what the model says; the page holds role cards, a worksheet, notes for the
    teacher, and a view that draws the class's predictions, collected as short codes, against the simulated worlds.
    """
    from sim.experiment.lesson import find_lesson  # noqa: PLC0415
    from sim.scenario.lessons import lessons  # noqa: PLC0415

    if name is None and (out or not recompute):
        if out:
            raise click.UsageError("--out needs the NAME of a lesson")
        _tell([_about(find_lesson(each), language) for each in lessons()], as_json=as_json)
        return
    chosen = [find_lesson(each) for each in ([name] if name else lessons())]
    if recompute:
        settings = Settings(workers=workers, engine=engine, quiet=quiet, verbose=verbose)
        kept = [_recompute(lesson, settings) for lesson in chosen]
        if as_json:
            click.echo(json.dumps({"schema": 1, "results": [str(path) for path in kept]}))
        if out is None:
            return
    page = _write(chosen[0], language, out or Path(f"{name}.html"), quiet=quiet)
    if not (recompute and as_json):
        click.echo(json.dumps({"schema": 1, "lesson": str(page)}) if as_json else page)


def _about(lesson: Lesson, language: Language) -> dict[str, Any]:
    words, outline = lesson.words[language], lesson.outline
    return {"name": lesson.name, "number": outline.number, "title": words.title, "question": words.question, "arms": len(lesson.arms)}


def _tell(rows: list[dict[str, Any]], *, as_json: bool) -> None:
    rows.sort(key=lambda row: row["number"])
    if as_json:
        click.echo(json.dumps({"schema": 1, "rows": rows}, ensure_ascii=False))
        return
    width = max((len(row["name"]) for row in rows), default=0)
    for row in rows:
        click.echo(f"{row['number']}  {row['name']:{width}}  {row['title']}\n   {'':{width}}  {row['question']}")


def _recompute(lesson: Lesson, settings: Settings) -> Path:
    """Run the grid, or what is missing of it, and keep its results beside the lesson."""
    from sim.analysis.lesson import findings, to_json  # noqa: PLC0415
    from sim.commands.running import carry_out, ensemble  # noqa: PLC0415
    from sim.experiment.errors import FailedRunsError  # noqa: PLC0415
    from sim.experiment.lesson import scenarios, usual  # noqa: PLC0415
    from sim.experiment.store import attach  # noqa: PLC0415
    from sim.model.version import model_version  # noqa: PLC0415

    arms = scenarios(lesson)
    if not settings.quiet:
        click.echo(f"{lesson.name}: {len(arms)} arms, {lesson.outline.pairs} worlds", err=True)
    grid = sha256("/".join([model_version(), *(arm.digest() for arm in arms)]).encode()).hexdigest()[:8]
    folder = Path("results") / f"lesson-{lesson.name}-{grid}"
    finished = carry_out("lesson", arms, replace(settings, out=folder))
    if finished.tally.failed:
        raise FailedRunsError("runs of a lesson failed; its results are as they were", file=folder)
    runs, _ = ensemble(finished)
    text = to_json(findings(lesson, runs, finished.plan.model_version, usual(lesson), finished.plan.seed), lesson)
    return attach(lesson.results.parent, lesson.results.name, text)


def _write(lesson: Lesson, language: Language, out: Path, *, quiet: bool) -> Path:
    """The page as a file."""
    from sim.experiment.lesson import usual  # noqa: PLC0415
    from sim.experiment.store import attach  # noqa: PLC0415
    from sim.model.version import model_version  # noqa: PLC0415
    from sim.show.lesson.page import page, read_findings  # noqa: PLC0415

    found = read_findings(lesson)
    if (found.model_version, found.digest) != (model_version(), usual(lesson).digest()) and not quiet:
        again = f"cartelitos lesson {lesson.name} --recompute"
        click.echo(
            f"note: its results are of another model or world ({found.model_version}, {found.digest}); `{again}` renews them", err=True
        )
    return attach(out.parent, out.name, page(lesson, found, language))

"""Pages: `page`, `serve`, `lesson` and `class`."""

from __future__ import annotations

import errno
import ipaddress
import json
import socket
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sim.catalogue.installed import pip_install
from sim.commands import options
from sim.studies.how import Setup

if TYPE_CHECKING:
    from sim.analysis.lesson import Findings
    from sim.page.lesson import Audience
    from sim.scenario.lesson import Language, Lesson

SHOWN = ("homicides", "overdose_deaths", "groups_active")  # of what is computed beforehand, for browsers that cannot simulate
TRIED = 6  # worlds for that
SERVING = ("starlette", "uvicorn")
EVERYWHERE = ("0.0.0.0", "::")  # addresses that mean all of this machine's
NOWHERE = ("192.0.2.1", 9)  # reserved for documentation: no packet goes there, but the way to it is known
PORT = 8000
LOOPBACK = "127.0.0.1"
NEEDED = ("segno", "starlette", "uvicorn")
AUDIENCES: tuple[Audience, ...] = ("pupils", "teacher")


def shown(function: Callable[..., Any]) -> Callable[..., Any]:
    """Which country the page has: SCENARIO and `--worlds`."""
    how = click.option("-n", "--worlds", type=click.IntRange(2, 100), default=24, show_default=True, help="Worlds that the page simulates.")
    return click.argument("scenario", default="baseline")(how(function))


@click.command()
@shown
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), default=Path("country.html"), show_default=True, help="File.")
@options.talk
def page(scenario: str, out: Path, worlds: int, *, as_json: bool, quiet: bool, verbose: int) -> None:
    """Write one HTML file that simulates a country in a browser: no server, no network, also on a phone.

    SCENARIO is business as usual; policies of the library that share its country and years can be chosen on the page, and every lever
    can be moved. A run has the same numbers to the last bit as one of `cartelitos run`; the page shows each world's digest, which
    `cartelitos rerun` prints too.
    """
    from sim.experiment.store import attach  # noqa: PLC0415

    click.echo(str(attach(out.parent, out.name, made(scenario, worlds, quiet=quiet))))


def made(scenario: str, worlds: int, *, quiet: bool) -> str:
    """The page."""
    from sim.experiment.progress import Progress  # noqa: PLC0415
    from sim.page.build import html, kept  # noqa: PLC0415

    Progress(quiet=quiet).say(f"laying out {worlds} worlds ...")
    return html(scenario, worlds, kept(scenario, TRIED, SHOWN))


@click.command()
@shown
@click.option("--host", default=LOOPBACK, show_default=True, help="Address to listen on; 0.0.0.0 opens it to the network.")
@click.option("--port", type=click.IntRange(1, 65535), default=8080, show_default=True, help="Port to listen on.")
@click.option("--open", "opens", is_flag=True, help="Open it in this machine's browser.")
@options.talk
def serve(scenario: str, host: str, port: int, worlds: int, *, opens: bool, as_json: bool, quiet: bool, verbose: int) -> None:
    """Serve the page that `cartelitos page` writes, so that others open it by an address instead of a file.

    Whoever opens it simulates in their own browser; this machine only hands out the page, and keeps nothing. Ctrl-C ends it. Unless
    --host says otherwise nobody else reaches it. Needs the extra `class`.
    """
    missing = [library for library in SERVING if find_spec(library) is None]
    if missing:
        raise click.UsageError(f"serving needs {', '.join(missing)}; {pip_install('class')}")
    listening = listen(host, port, "--host")
    from sim.page.server import country, run  # noqa: PLC0415

    html = made(scenario, worlds, quiet=quiet)
    names = [own_address() if host in EVERYWHERE else host, LOOPBACK, "localhost", socket.gethostname(), f"{socket.gethostname()}.local"]
    hosts = [f"{f'[{name}]' if ':' in name else name}:{port}" for name in dict.fromkeys(names)]
    url = f"http://{hosts[0]}"
    listening.listen()
    options.say({"url": url}, url, as_json=as_json)
    if not quiet and not _is_loopback(host):
        click.echo("whoever reaches this machine can open the page; nothing is encrypted; Ctrl-C ends it", err=True)
    if opens:
        click.launch(url)
    run(country(html, hosts), [listening])


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


@click.command("class")
@click.argument("name", shell_complete=options.lessons)
@click.option("--language", type=click.Choice(["en", "es"]), default="en", show_default=True, help="English or Spanish.")
@click.option("--address", help="Address of this machine that pupils reach.  [default: that of its network]")
@click.option("--port", type=click.IntRange(1, 65535), help=f"Port to listen on.  [default: {PORT}, or that of the class so far]")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), help="Folder that keeps the class.  [default: results/class-NAME]")
@options.talk
def hold_class(
    name: str, language: Language, address: str | None, port: int | None, out: Path | None, *, as_json: bool, quiet: bool, verbose: int
) -> None:
    """Hold a lesson with the class connected: pupils join by QR code, draw, and are shown on the projector.

    Prints two addresses: one to give to the class, one with a token for the teacher alone. It works in a network without
    internet; nobody is asked for a name; Ctrl-C ends it. Started again with the same folder, it goes on where it was.
    Phones that cannot reach this machine use the pupils' file of `cartelitos lesson` and its codes. Needs the extra `class`.
    """
    missing = [library for library in NEEDED if find_spec(library) is None]
    if missing:
        raise click.UsageError(f"a class needs {', '.join(missing)}; {pip_install('class')}")
    from sim.commands.pages import current  # noqa: PLC0415
    from sim.experiment.folder import lock  # noqa: PLC0415
    from sim.experiment.lesson import find_lesson  # noqa: PLC0415

    lesson = find_lesson(name)
    found = current(lesson, quiet=quiet)
    folder = out or Path("results") / f"class-{name}"
    folder.mkdir(parents=True, exist_ok=True)
    with lock.held(folder):
        _hold(lesson, found, language, folder, address or own_address(), port, as_json=as_json, quiet=quiet)


def _hold(
    lesson: Lesson, found: Findings, language: Language, folder: Path, address: str, port: int | None, *, as_json: bool, quiet: bool
) -> None:
    """Serve until Ctrl-C."""
    from sim.page.class_server import Classroom  # noqa: PLC0415
    from sim.page.lesson import Speaker  # noqa: PLC0415
    from sim.show.words import words  # noqa: PLC0415

    classroom = Classroom(Speaker(lesson, found, words(language)), folder, address, port or PORT, moved=port is not None)
    port = classroom.port
    sockets = [listen(host, port) for host in dict.fromkeys([LOOPBACK, address])]
    told = {
        "pupils": classroom.url, "board": f"{classroom.url}/board", "teacher": f"http://{LOOPBACK}:{port}/teach/{classroom.token}",
        "folder": str(folder),
    }  # fmt: skip
    if as_json:
        click.echo(json.dumps({"schema": 1, **told}))
    else:
        click.echo(f"pupils:  {told['pupils']}\nboard:   {told['board']}\nteacher: {told['teacher']}   (yours alone)")
        if not quiet:
            click.echo(classroom.code_for_terminals(), err=True)
    if not quiet:
        gone_on = f"goes on with {len(classroom.room.seats)} seats, round {classroom.room.round}; " if classroom.room.seats else ""
        if classroom.room.cut:
            click.echo(f"warning: {classroom.room.path} was cut off: what came last, perhaps more than one change, is lost", err=True)
        click.echo(f"{gone_on}{folder} keeps the class; Ctrl-C ends it", err=True)
    if address == LOOPBACK and not quiet:
        click.echo("warning: this machine is in no network, so only its own browser can join; --address names another address", err=True)
    classroom.run(sockets)


def own_address() -> str:
    """The address at which the network of this machine knows it, else that of itself alone."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as trial:
        try:
            trial.connect(NOWHERE)
            return str(trial.getsockname()[0])
        except OSError:
            pass
    try:
        found = [str(info[4][0]) for info in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)]
    except OSError:
        found = []
    return next((one for one in found if not one.startswith("127.")), LOOPBACK)


def listen(host: str, port: int, option: str = "--address") -> socket.socket:
    """A socket that will listen; `option` names the host. Raises BadParameter: the port is taken, or the address is not this machine's."""
    made = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        made.bind((host, port))
    except OSError as error:
        made.close()
        hint = option if isinstance(error, socket.gaierror) or error.errno == errno.EADDRNOTAVAIL else "--port"
        raise click.BadParameter(f"cannot listen on {host}, port {port}: {error.strerror or error}", param_hint=hint) from None
    return made


@click.command()
@click.argument("name", required=False, metavar="[NAME]", shell_complete=options.lessons)
@click.option("--for", "audience", type=click.Choice(AUDIENCES), help="Whose file to write.  [default: both]")
@click.option("--language", type=click.Choice(["en", "es"]), default="en", show_default=True, help="English or Spanish.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Write it here; needs --for.  [default: NAME-FOR.html]")
@click.option("--recompute", is_flag=True, help="Simulate the grid again (of all lessons without NAME), keep it beside the lesson.")
@click.option("--workers", type=click.IntRange(1, options.MOST_WORKERS), help="Worker processes of --recompute.  [default: one per CPU]")
@click.option("--engine", type=click.Choice(["process", "serial"]), help="Of --recompute: worker processes, or this process.")
@options.talk
def lesson(
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
        _list([_outline(find_lesson(each), language) for each in lessons()], as_json=as_json)
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


def _outline(lesson: Lesson, language: Language) -> dict[str, Any]:
    words, outline = lesson.words[language], lesson.outline
    return {"name": lesson.name, "number": outline.number, "title": words.title, "question": words.question, "arms": len(lesson.arms)}


def _list(rows: list[dict[str, Any]], *, as_json: bool) -> None:
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

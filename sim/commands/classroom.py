"""`cartelitos class`."""

from __future__ import annotations

import errno
import json
import socket
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sim.catalogue.installed import pip_install
from sim.commands import complete, options

if TYPE_CHECKING:
    from sim.analysis.lesson import Findings
    from sim.scenario.lesson import Language, Lesson

NOWHERE = ("192.0.2.1", 9)  # reserved for documentation: no packet goes there, but the way to it is known
PORT = 8000
LOOPBACK = "127.0.0.1"
NEEDED = ("segno", "starlette", "uvicorn")


@click.command()
@click.argument("name", shell_complete=complete.lessons)
@click.option("--language", type=click.Choice(["en", "es"]), default="en", show_default=True, help="English or Spanish.")
@click.option("--address", help="Address of this machine that pupils reach.  [default: that of its network]")
@click.option("--port", type=click.IntRange(1, 65535), help=f"Port to listen on.  [default: {PORT}, or that of the class so far]")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), help="Folder that keeps the class.  [default: results/class-NAME]")
@options.talk
def command(
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
    from sim.commands.lesson import current  # noqa: PLC0415
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
        "pupils": classroom.url,
        "board": f"{classroom.url}/board",
        "teacher": f"http://{LOOPBACK}:{port}/teach/{classroom.token}",
        "folder": str(folder),
    }
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
    """A socket that will listen; `option` is what names the host.

    Raises BadParameter: the port is taken, or the address is not one of this machine.
    """
    made = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        made.bind((host, port))
    except OSError as error:
        made.close()
        hint = option if isinstance(error, socket.gaierror) or error.errno == errno.EADDRNOTAVAIL else "--port"
        raise click.BadParameter(f"cannot listen on {host}, port {port}: {error.strerror or error}", param_hint=hint) from None
    return made

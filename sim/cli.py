"""The command line: knows every command's name and purpose, and imports a command's module only when it is used."""

from __future__ import annotations

import gc
import signal
import sys
from collections.abc import Sequence
from importlib import import_module
from types import FrameType
from typing import NoReturn

import click
from click.shell_completion import CompletionItem

import sim
from sim.__main__ import INTERRUPTED, end
from sim.commands import commands
from sim.studies import purposes

ALARM = getattr(signal, "SIGALRM", None)  # not on Windows
AGAIN = 0.3  # seconds after which an interruption that was dropped comes again
_interruptions: list[int] = []  # numbers of the signals that asked for the end of this command

OTHERS = commands()
COMMANDS = purposes() | {name: each.purpose for name, each in OTHERS.items()}
RENAMED = {"parsimony": "ablation"}  # old names, which work in this version


class LazyGroup(click.Group):
    """Those of studies are made from their functions; the others live in `sim.commands`."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names in the order of `COMMANDS`."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a command."""
        if cmd_name not in COMMANDS:
            return None
        if cmd_name in purposes():
            from sim.commands.study import command as made  # noqa: PLC0415

            return made(cmd_name)
        file, function, _ = OTHERS[cmd_name]
        command = getattr(import_module(f"sim.commands.{file}"), function)
        assert isinstance(command, click.Command)
        return command

    def invoke(self, ctx: click.Context) -> object:
        """Run a command; who interrupts it has been told what that means."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            raise click.exceptions.Exit(INTERRUPTED) from None

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Names, purposes and options, without importing anything."""
        found = [CompletionItem(name, help=does) for name, does in COMMANDS.items() if name.startswith(incomplete)]
        return found + click.Command.shell_complete(self, ctx, incomplete)

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that was asked for, under its old name too, or suggest one."""
        name = RENAMED.get(args[0], args[0])
        if name != args[0]:
            click.echo(f"note: `{args[0]}` is now `{name}`; the old name goes with the next version", err=True)
        if name not in COMMANDS and not name.startswith("-"):
            from sim.commands.errors import UnknownNameError  # noqa: PLC0415

            raise UnknownNameError("command", name, COMMANDS, ctx)
        return super().resolve_command(ctx, [name, *args[1:]])

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Names and purposes, without importing anything."""
        for title, own in (("Studies, each also a function of `sim`", True), ("Commands", False)):
            with formatter.section(title):
                formatter.write_dl([(name, does) for name, does in COMMANDS.items() if (name in purposes()) == own])


@click.group(cls=LazyGroup, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option("--version", is_flag=True, help="Show the version; with -v also what a report of a fault needs, and licences.")
@click.option("-v", "--verbose", is_flag=True, hidden=True)
@click.pass_context
def cartelitos(ctx: click.Context, *, version: bool, verbose: bool) -> None:
    """What happens after the kingpin falls: cartels that fragment, and policies compared fairly.

    Every command takes --json (data on stdout, talk on stderr), -q, -v and --help.

    Exit status: 0 ok, 1 internal error, 2 usage or configuration, 3 finished with failed runs, 4 results in use,
    130 interrupted.
    """
    if version:
        click.echo(f"cartelitos, version {sim.__version__}")
        if verbose:
            from sim.commands.version import lines  # noqa: PLC0415

            click.echo("\n".join(lines()))
        ctx.exit()
    if verbose or ctx.invoked_subcommand is None:
        raise click.UsageError("-v goes with --version, or after a command", ctx)


def main() -> None:
    """Run the command of this process's arguments and exit; a SIGTERM is a Ctrl-C."""
    signal.signal(signal.SIGTERM, interrupt)
    if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:
        signal.signal(signal.SIGINT, interrupt)
    if ALARM:
        signal.signal(ALARM, interrupt_again)
    sys.unraisablehook = unsaid
    gc.set_threshold(50_000, 20)  # libraries and pictures make many objects and little rubbish: looking for it was an eighth of `compare`
    try:
        found = status(sys.argv[1:])
        rest()
    except KeyboardInterrupt:  # a second one, or one that came between two lines
        found = INTERRUPTED
        rest()
    sys.exit(found)


def interrupt(number: int, frame: FrameType | None) -> NoReturn:
    """Remember that somebody asked for the end, and raise KeyboardInterrupt; libraries make errors of their own of it, or drop it."""
    _interruptions.append(number)
    if ALARM:
        signal.setitimer(signal.ITIMER_REAL, AGAIN, AGAIN)
    raise KeyboardInterrupt


def interrupt_again(number: int, frame: FrameType | None) -> None:
    """Raise it once more where it was dropped; who puts things in order because of it is left in peace."""
    error = sys.exc_info()[1]
    while error and not isinstance(error, KeyboardInterrupt):
        error = error.__context__
    if not error:
        raise KeyboardInterrupt


def rest() -> None:
    """Nothing is left to interrupt."""
    if signal.getsignal(signal.SIGINT) is interrupt:  # a job in the background is deaf
        signal.signal(signal.SIGINT, end)
    if ALARM:
        signal.signal(ALARM, signal.SIG_IGN)


def unsaid(lost: sys.UnraisableHookArgs) -> None:
    """Say nothing of an interruption that fell into a destructor or a callback: it comes again."""
    if not isinstance(lost.exc_value, KeyboardInterrupt):
        sys.__unraisablehook__(lost)


def status(arguments: Sequence[str]) -> int:
    """Run one command; its exit status. What went wrong is on stderr, without a traceback."""
    _interruptions.clear()
    try:
        found = cartelitos.main(list(arguments) or ["--help"], "cartelitos", standalone_mode=False)
        return found if isinstance(found, int) else 0
    except (click.Abort, KeyboardInterrupt):
        return INTERRUPTED
    except Exception as error:
        if _interruptions:
            return INTERRUPTED
        from sim.commands.errors import report  # noqa: PLC0415

        return report(error, as_json="--json" in arguments, verbose=bool({"-v", "-vv", "--verbose"} & {*arguments}))


if __name__ == "__main__":
    main()

"""The command line: knows every command's name and purpose, and imports a command's module only when it is used."""

from __future__ import annotations

import signal
import sys
from collections.abc import Sequence
from importlib import import_module

import click
from click.shell_completion import CompletionItem

import sim

INTERRUPTED = 130

COMMANDS = {
    "compare": "Compare policies with business as usual: the main job.",
    "run": "Run scenarios and store what happened.",
    "sweep": "Run a scenario at many design points and compare each with business as usual.",
    "plan": "Say what an experiment would take: runs, time, disk. Runs nothing for keeps.",
    "sensitivity": "Say how much each parameter and lever decides, and how much of that is noise.",
    "robust": "Compare policies over all plausible worlds, and say what would change the ranking.",
    "why": "Say which responses of the model make two policies differ.",
    "parsimony": "Switch every mechanism off in turn: what is it for?",
    "evidence": "Score the model against what was observed.",
    "calibrate": "Fit the model to evidence; write a plausible set.",
    "report": "Rebuild the page, figures and comparison of a results folder.",
    "export": "Export results as CSV with a codebook.",
    "rerun": "Repeat one stored run and check that its numbers are the same.",
    "story": "Tell one run: what mattered in it, in words, maps, a genealogy and a film.",
    "list": "List scenarios, worlds, levers, parameters, metrics, evidence or sources.",
    "show": "Show a scenario as it is written, or resolved.",
    "new": "Start a scenario of your own from one of the library.",
    "check": "Check scenario files and say everything that is wrong.",
    "serve": "Serve the teaching page: move levers, see the world answer.",
    "lesson": "Write a lesson: a class hour on one page that needs no network.",
    "schema": "Print the JSON Schema of scenario files, for editors.",
    "reproduce": "Reproduce a published model as a limit of this one.",
    "describe": "Describe the model after the ODD protocol, from its own code.",
    "twins": "Measure what removals do: same world, same luck, the leader lives.",
    "cite": "Cite what scenarios rest on, and why.",
}


class LazyGroup(click.Group):
    """Commands live in `sim.commands.<name>` as `command`."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names in the order of `COMMANDS`."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a command."""
        if cmd_name not in COMMANDS:
            return None
        command = import_module(f"sim.commands.{cmd_name}").command
        assert isinstance(command, click.Command)
        return command

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Names, purposes and options, without importing anything."""
        found = [CompletionItem(name, help=does) for name, does in COMMANDS.items() if name.startswith(incomplete)]
        return found + click.Command.shell_complete(self, ctx, incomplete)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that was asked for, or suggest one."""
        name = args[0]
        if name not in COMMANDS and not name.startswith("-"):
            from sim.commands.errors import UnknownNameError  # noqa: PLC0415

            raise UnknownNameError("command", name, COMMANDS, ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Names and purposes, without importing anything."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(sim.__version__)
def cartelitos() -> None:
    """What happens after the kingpin falls: cartels that fragment, and policies compared fairly.

    Every command takes --json (data on stdout, talk on stderr), -q, -v and --help.

    Exit status: 0 ok, 1 internal error, 2 usage or configuration, 3 finished with failed runs, 4 results in use,
    130 interrupted.
    """


def main() -> None:
    """Run the command of this process's arguments and exit; a SIGTERM is a Ctrl-C."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    sys.exit(status(sys.argv[1:]))


def status(arguments: Sequence[str]) -> int:
    """Run one command; its exit status. What went wrong is on stderr, without a traceback."""
    try:
        found = cartelitos.main(list(arguments) or ["--help"], "cartelitos", standalone_mode=False)
        return found if isinstance(found, int) else 0
    except (click.Abort, KeyboardInterrupt):
        return INTERRUPTED
    except Exception as error:
        from sim.commands.errors import report  # noqa: PLC0415

        return report(error, as_json="--json" in arguments, verbose=bool({"-v", "-vv", "--verbose"} & {*arguments}))


if __name__ == "__main__":
    main()

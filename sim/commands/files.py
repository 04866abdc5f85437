"""Scenario files and countries of one's own: `show`, `check`, `schema`, `new` and `new-world`."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import click

from sim.commands import options

if TYPE_CHECKING:
    from sim.catalogue.levers import Lever

HERE = Path(__file__).parent  # of the templates
SOURCE = "five-valleys"


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...", shell_complete=options.scenarios)
@options.change
@options.talk
def check(files: tuple[str, ...], *, changes: list[str], as_json: bool, quiet: bool, verbose: int) -> None:
    """Check scenario files (names of the library, or questions) and say everything that is wrong with all of them.

    Also warns of what a file gives up of the policy that it extends, without saying so, and of what is odd in a country of your own.
    """
    from sim.analysis.country import doubts  # noqa: PLC0415
    from sim.scenario.arms import Asked  # noqa: PLC0415
    from sim.studies.running import load_arms  # noqa: PLC0415

    asked = [Asked(file, tuple(changes)) for file in files]
    loaded = load_arms(asked)
    warned = [[*map(str, (*each.warnings(), *doubts(scenario)))] for each, scenario in zip(asked, loaded, strict=True)]
    rows = [{"file": file, "ok": True, "warnings": said} for file, said in zip(files, warned, strict=True)]
    lines = [line for file, said in zip(files, warned, strict=True) for line in (f"{file}: ok", *(f"warning: {each}" for each in said))]
    options.say({"rows": rows}, "\n".join(lines), as_json=as_json, quiet=quiet)


@click.command()
@click.option("--out", type=click.File("w", encoding="utf-8"), default="-", help="Write to a file.")
@options.talk
def schema(out: TextIO, *, as_json: bool, quiet: bool, verbose: int) -> None:
    """Print the JSON Schema of scenario files, for editors.

    It is made from what checks the files, so it knows every lever, parameter and bound. A file that begins with
    `#:schema scenario.schema.json` (as `cartelitos new` writes it) is completed and checked while you type, in editors
    that read JSON Schema for TOML.
    """
    from sim.scenario.schema import json_schema  # noqa: PLC0415

    click.echo(json.dumps(json_schema(), indent=None if as_json else 1, ensure_ascii=False), file=out)


@click.command()
@click.argument("scenario", shell_complete=options.scenarios)
@click.option("--resolved", is_flag=True, help="With everything it extends, and the origin of each value.")
@click.option("--as-file", "as_file", is_flag=True, help="A question, and --set, as a file that extends what they change.")
@options.change
@options.talk
def show(scenario: str, *, resolved: bool, as_file: bool, changes: list[str], as_json: bool, quiet: bool, verbose: int) -> None:
    """Show a scenario as it is written; a question, or one with --set, --world, --worlds or --effects, as it is run (--resolved)."""
    from sim.scenario import load, resolved_toml  # noqa: PLC0415
    from sim.scenario.arms import warnings  # noqa: PLC0415
    from sim.scenario.changes import is_question  # noqa: PLC0415
    from sim.scenario.load import as_toml  # noqa: PLC0415
    from sim.scenario.problems import printable  # noqa: PLC0415
    from sim.scenario.read import locate, scenario_folder, shown, text_of  # noqa: PLC0415

    if not quiet and not as_json:
        load(scenario, changes)
        for problem in warnings(scenario, changes):
            click.echo(f"warning: {problem}", err=True)
    if as_json and not as_file:
        found = load(scenario, changes)
        document = {"schema": 1, "digest": found.digest(), "scenario": asdict(found)}
        click.echo(json.dumps(document, default=str))
        return
    if as_file:
        text = as_toml(scenario, changes)
    elif resolved or changes or is_question(scenario):
        text = resolved_toml(load(scenario, changes))
    else:
        path = locate(scenario, scenario_folder())
        text = text_of(path, shown(path)).replace("\r\n", "\n")
    click.echo(printable(text, keep="\n\t"), nl=False)


@click.command()
@click.argument("path", type=click.Path(path_type=Path))
@click.option(
    "--from",
    "source",
    metavar="SCENARIO|WORLD",
    shell_complete=options.scenarios,
    help="Copy this scenario, or the tables of this world.  [default: a template that extends baseline]",
)
@options.talk
def new(path: Path, source: str | None, *, as_json: bool, quiet: bool, verbose: int) -> None:
    """Start a scenario of your own: PATH is a new .toml file, or a new folder for the tables of a world.

    Beside a scenario lies its JSON Schema, with which an editor completes and checks it while you type. Nothing that
    exists is overwritten.
    """
    from sim.scenario.read import WORLDS, locate, scenario_folder  # noqa: PLC0415
    from sim.scenario.schema import NAME, json_schema  # noqa: PLC0415
    from sim.scenario.worlds import worlds  # noqa: PLC0415

    tables = worlds(scenario_folder() / WORLDS).get(source or "")
    if tables:
        files = {path / file.name: file.read_bytes() for file in sorted(tables.iterdir()) if file.is_file()}
    else:
        if path.suffix != ".toml":
            raise click.BadParameter(f"'{path}' does not end in .toml, as scenarios do", param_hint="PATH")
        line = f"#:schema {NAME}"
        text = f"{line}\n{locate(source, scenario_folder()).read_text(encoding='utf-8')}" if source else template(path.stem, line)
        files = {path: text.encode()}
        if not (path.parent / NAME).exists():
            files[path.parent / NAME] = json.dumps(json_schema(), indent=1, ensure_ascii=False).encode()
    create(path, files)
    options.say({"files": [*map(str, files)]}, "\n".join(map(str, files)), as_json=as_json, quiet=quiet)


def template(name: str, schema: str) -> str:
    """A scenario that runs as it is, with every lever named."""
    from sim.catalogue.levers import LEVERS  # noqa: PLC0415

    title = json.dumps(name.replace("-", " ").replace("_", " ").capitalize(), ensure_ascii=False)
    return (HERE / "scenario.toml").read_text(encoding="utf-8").format(schema=schema, title=title, levers="\n".join(_lines(LEVERS)))


def create(path: Path, files: Mapping[Path, bytes]) -> None:
    """Write files that do not exist yet. Raises ScenarioError: something is there already, or cannot be written."""
    from sim.scenario import Problem, ScenarioError  # noqa: PLC0415

    if path.exists():
        raise ScenarioError([Problem(str(path), None, "", "exists already", "give another name")])
    try:
        if path not in files:
            path.mkdir()
        for file, content in files.items():
            with file.open("xb") as stream:
                stream.write(content)
    except OSError as error:
        raise ScenarioError([Problem(str(path), None, "", f"cannot be written: {error.strerror}")]) from error


def _lines(levers: Mapping[str, Lever]) -> Iterable[str]:
    longest = max(map(len, levers))
    return (f"#   {name:{longest}}  1 is {lever.unit}" for name, lever in levers.items())


@click.command("new-world")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--from", "source", metavar="WORLD", default=SOURCE, show_default=True, help="Whose tables to begin with.")
@options.talk
def new_world(path: Path, source: str, *, as_json: bool, quiet: bool, verbose: int) -> None:
    """Start a country of your own: PATH is a new folder with the tables of a small one, and its business as usual.

    Put your numbers in the place of those in the tables; `check` says everything that is wrong with them. Nothing that exists is
    overwritten.
    """
    from sim.commands.errors import UnknownNameError  # noqa: PLC0415
    from sim.scenario.read import USUAL, WORLDS, scenario_folder  # noqa: PLC0415
    from sim.scenario.worlds import world_year, worlds  # noqa: PLC0415

    folder = scenario_folder() / WORLDS
    known = worlds(folder)
    if source not in known:
        raise UnknownNameError("world", source, known)
    home = known[source]
    usual = home / USUAL
    text = (usual if usual.is_file() else HERE / "usual.toml").read_text(encoding="utf-8")
    text = text.replace("{year}", str(world_year(source, folder) or 2010))
    text = re.sub(r'(?m)^(name\s*=\s*)"[^"]*"', r'\1"./"', text, count=1)
    text = re.sub(r"(?m)^#.*cartelitos compare.*\n", "", text)
    tables = {path / file.name: file.read_bytes() for file in sorted(home.iterdir()) if file.is_file() and file.name != USUAL}
    tables = {file: content for file, content in tables.items() if not file.name.startswith("plausible-")}  # fitted to another country
    create(path, {**tables, path / USUAL: text.encode()})
    files = [*map(str, (*tables, path / USUAL))]
    options.say({"files": files}, "\n".join(files), as_json=as_json, quiet=quiet)
    if not (as_json or quiet):
        asks = f'cartelitos check {path / USUAL}\ncartelitos compare {path / USUAL} "kingpin_targeting*2"'
        click.echo(f"next, after you changed a number:\n{asks}", err=True)

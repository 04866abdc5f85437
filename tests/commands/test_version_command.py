"""What a report of a fault needs, and licences."""

import re
from importlib.metadata import version

from sim import cli
from sim.commands.version import libraries
from sim.experiment.provenance import machine
from sim.model.compile.version import model_version


def test_a_report_of_a_fault_needs_one_command(capfd):
    assert cli.status(["--version"]) == 0
    assert re.fullmatch(r"cartelitos, version [\d.]+\n", capfd.readouterr().out)
    assert cli.status(["--version", "-v"]) == 0
    said = capfd.readouterr().out
    here = machine()
    for words in (model_version(), here["libm"], here["bits"], *here["features"], *(f"{n} {version(n)}" for n in ("numba", "filelock"))):
        assert words in said
    assert all(re.search(r"  \S", line) for line in said.partition("\n\n")[2].splitlines()), "a library without a licence"


def test_what_is_under_the_gpl_is_named_where_it_is_installed(capfd):
    installed = any(library.name == "Platypus-Opt" for library in libraries())
    cli.status(["--version", "-v"])
    named = [line for line in capfd.readouterr().out.splitlines() if "under the GPL" in line]
    assert [line.split()[0] for line in named] == ["Platypus-Opt"] * installed


def test_a_bare_v_says_where_it_belongs(capfd):
    for arguments in (["-v"], ["-v", "list", "worlds"]):
        assert cli.status(arguments) == 2
        assert "-v goes with --version, or after a command" in capfd.readouterr().err

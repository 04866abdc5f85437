import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest

from sim import cli


@pytest.fixture(autouse=True)
def quick(request):
    """Outside the journeys no picture is drawn, unless a test is about it."""
    if not request.node.get_closest_marker("journey") and "drawn" not in request.fixturenames:
        request.getfixturevalue("undrawn")


@pytest.fixture
def stand_in(tmp_path, monkeypatch, capfd):
    """Put a function in the place of the model and a small library of scenarios, name -> text, in the folder that one is in.

    It gives what calls the command line in this process: exit status, stdout, stderr.
    """

    def install(scenarios, simulate):
        monkeypatch.chdir(tmp_path)
        monkeypatch.setattr("sim.experiment.execute._is_warm", lambda: True)
        model = ModuleType("sim.model.run")
        model.simulate = simulate
        monkeypatch.setitem(sys.modules, "sim.model.run", model)
        Path("scenarios").mkdir()
        for name, text in scenarios.items():
            Path("scenarios", f"{name}.toml").write_text(text)
        return call

    def call(*arguments: str) -> SimpleNamespace:
        capfd.readouterr()
        status = cli.status([*arguments])
        return SimpleNamespace(status=status, **dict(zip(("out", "err"), capfd.readouterr(), strict=True)))

    return install


@pytest.fixture
def page_of():
    """The page that `cartelitos report` writes of a folder."""

    def write(folder) -> str:
        assert cli.status(["report", str(folder), "--quiet"]) == 0
        return Path(folder, "report.html").read_text(encoding="utf-8")

    return write

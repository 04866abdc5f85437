"""An installed package adds levers, worlds, lessons and mechanisms by entry points; a broken one is named."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import sim
from sim.scenario.read import shipped_folder

pytestmark = pytest.mark.journey

LEVER = '''
import numpy as np

from sim.catalogue.levers.definition import lever
from sim.catalogue.push import Array, Push


@lever(
    family="roots", title="Chess clubs", unit="clubs", high=4.0, cost=(1, 2, 3), payer=0.0, cost_note="ASSUMED", effect=(0.01, 0.02, 0.03),
    effect_note="ASSUMED", evidence="thin", sources=("prieto2023",), expected={"recruits": "less"}, lag_weeks=0, ceiling=3.0, takeup=1.0,
    leakage=0.0, aims=frozenset({"where"}), cost_scales_with="population",
)
def chess_clubs(x: Array, effect: float) -> Push:
    """Let them play."""
    return Push(recruit_appeal=np.exp(-effect * x))
'''
POINTS = """[cartelitos.levers]
chess = chess.clubs
[cartelitos.worlds]
chess = chess.tables
[cartelitos.lessons]
chess = chess.lessons
[cartelitos.mechanisms]
fleeing = chess.displacement
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an installed package."""
    site = tmp_path_factory.mktemp("site")
    about, package = site / "chess-1.0.dist-info", site / "chess"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: chess\nVersion: 1.0\n")
    (about / "entry_points.txt").write_text(POINTS)
    for folder in (package, package / "tables", package / "lessons"):
        folder.mkdir()
        (folder / "__init__.py").touch()
    (package / "clubs.py").write_text(LEVER)
    shutil.copy(Path(__file__).parents[1] / "experiment" / "displacement.py", package)
    shutil.copytree(shipped_folder() / "worlds" / "mexico-2006", package / "tables" / "chessland")
    for path in (shipped_folder() / "lessons").glob("budget.*toml"):
        shutil.copy(path, package / "lessons" / path.name.replace("budget", "gambit"))
    (site / "clubs.toml").write_text('title = "Clubs"\nquestion = "?"\nextends = "baseline"\n[policy.chess_clubs]\nintensity = 1.0\n')
    return site


def python(site: Path, *arguments: str, status: int = 0) -> str:
    here = os.environ | {"PYTHONPATH": f"{site}{os.pathsep}{Path(sim.__file__).parents[1]}", "NUMBA_DISABLE_JIT": "1"}
    done = subprocess.run([sys.executable, *arguments], cwd=site, env=here, capture_output=True, text=True, check=False)
    assert done.returncode == status, done.stdout + done.stderr
    return done.stdout + done.stderr


ASK = """
from sim.scenario import load
mine, usual = load("clubs.toml"), load("baseline")
print(mine.digest(), *mine.content()["outside"], "outside" in usual.content())
"""
CALL = "import sys; from sim.cli import status; print([status(words.split()) for words in sys.argv[1:]])"


def test_levers_worlds_lessons_and_mechanisms_are_there(site: Path) -> None:
    asked = ("list levers --json", "list worlds --json", "lesson --json", "check clubs.toml", "describe --with fleeing")
    said = python(site, "-c", CALL, *asked, "describe --with walking")
    for name in ('"chess_clubs"', '"chessland"', '"gambit"', "From outside: displacement", "one that is installed: fleeing"):
        assert name in said
    assert "[0, 0, 0, 0, 0, 2]" in said


def test_a_scenario_carries_the_digest_of_a_lever_from_outside(site: Path) -> None:
    digest, *outside = python(site, "-c", ASK).split()
    assert outside == ["chess_clubs", "False"]
    with (site / "chess" / "clubs.py").open("a") as file:
        file.write("\n# another text\n")
    assert python(site, "-c", ASK).split()[0] != digest


def test_a_package_that_fails_is_named(site: Path) -> None:
    (site / "chess" / "clubs.py").write_text("1 / 0\n")
    said = python(site, "-c", "import sim.catalogue.levers", status=1)
    assert "the levers 'chess' of an installed package (chess.clubs) cannot be loaded: division by zero" in said

"""One file is a study: it appears in `sim`, on the command line and in its help."""

import os
import subprocess
import sys
from pathlib import Path

import sim
from sim.studies import purposes

FILE = '''"""Count what is asked."""

from collections.abc import Sequence
from pathlib import Path

from sim.studies.finding import Finding
from sim.studies.how import AnyScenario, Metric, study


@study
def tally(scenarios: Sequence[AnyScenario] = ("baseline",), *, metric: Metric = "homicides", loud: bool = False) -> Finding[None]:
    """Count scenarios.

    Args:
        scenarios: names.
        metric: what is counted besides.
        loud: say it loudly.
    """
    count, text = len(scenarios), f"{len(scenarios)} {metric}{'!' * loud}\\n"
    return Finding(Path("."), "tally", None, {"schema": 1, "rows": [{"count": count, "metric": metric}]}, text=text, leaves=False)
'''
CALL = """
import sim
from sim.cli import status
for words in ("tally --help", "tally a b --loud", "tally --metric homicide"):
    status(words.split())
print(sim.tally(["a"]).json["rows"])
"""


def test_a_file_is_a_study(tmp_path):
    package = tmp_path / "sim"
    package.mkdir()
    ours = Path(sim.__file__).parent
    for path in ours.iterdir():
        if path.name != "studies":
            (package / path.name).symlink_to(path)
    (package / "studies").mkdir()
    for path in (ours / "studies").glob("*.py"):
        (package / "studies" / path.name).symlink_to(path)
    (package / "studies" / "__init__.py").unlink()
    (package / "studies" / "__init__.py").write_text((ours / "studies" / "__init__.py").read_text())
    (package / "__init__.py").unlink()
    (package / "__init__.py").write_text((ours / "__init__.py").read_text())
    (package / "studies" / "tally.py").write_text(FILE)
    here = os.environ | {"PYTHONPATH": str(tmp_path)}

    def run(*words):
        done = subprocess.run([sys.executable, *words], capture_output=True, text=True, env=here, cwd=tmp_path, check=False)
        return done.stdout + done.stderr

    assert "Count what is asked." in run("-m", "sim", "--help")
    said = run("-c", CALL)
    for words in ("--loud", "2 homicides!\n", "did you mean 'homicides'", "[{'count': 1, 'metric': 'homicides'}]\n"):
        assert words in said


def test_each_study_is_a_function_of_sim_and_is_told_in_the_guide():
    guide = (Path(sim.__file__).parent / "guide" / "researcher.md").read_text(encoding="utf-8")
    for name, does in purposes().items():
        function = getattr(sim, name)
        assert callable(function)
        assert function.__doc__
        assert does.endswith((".", "?"))
        assert f"`{name}`" in guide

"""Plain Python gives the numbers of compiled code to the last bit, and a debugger can stop in a rule."""

import hashlib
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

from sim.model.model import Cartelitos
from sim.scenario import load
from sim.show.guide import FOLDER

WEEKS = 13
SAID = """
import hashlib
from sim.model.model import Cartelitos
from sim.scenario import load
model = Cartelitos(load("kingpin"), rng=3)
for _ in range({weeks}):
    model.step()
model.remove_kingpin(model.cartels[0], "killing")
c = model.state.country
print(hashlib.sha256(c.flows.tobytes() + c.territory.floats.tobytes() + repr(list(model.events)).encode()).hexdigest())
"""


def python(*arguments: str, cwd: Path | None = None) -> str:
    bare = os.environ | {"NUMBA_DISABLE_JIT": "1"}
    asked = [sys.executable, "-W", "ignore", *arguments]
    return subprocess.run(asked, env=bare, cwd=cwd, capture_output=True, text=True, check=True).stdout


def test_a_quarter_in_plain_python_is_that_of_compiled_code() -> None:
    model = Cartelitos(load("kingpin"), rng=3)
    for _ in range(WEEKS):
        model.step()
    model.remove_kingpin(model.cartels[0], "killing")
    c = model.state.country
    text = c.flows.tobytes() + c.territory.floats.tobytes() + repr(list(model.events)).encode()
    assert python("-c", SAID.format(weeks=WEEKS)).strip() == hashlib.sha256(text).hexdigest()


def test_the_first_model_can_be_stepped_into(tmp_path: Path) -> None:
    """The chapter's own lines, and its own command: the debugger stops in the rule, and sees columns by name."""
    text = (FOLDER / "first-model.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```python\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    assert len("".join(blocks).splitlines()) <= 40
    (tmp_path / "first.py").write_text("".join(blocks[:3]))
    shown = shlex.split(re.search(r"NUMBA_DISABLE_JIT=1 python (.*)", text)[1])  # type: ignore[index]
    asked = ["p c.now.week", "p float(c.cartel.cohesion[j])", "continue", "q"]
    said = python(*shown[:-1], *(word for command in asked for word in ("-c", command)), shown[-1], cwd=tmp_path)
    assert "np.int64(26)" in said  # where the debugger stopped
    assert re.search(r"cohesion 0\.\d\d becomes 0\.\d\d", said)

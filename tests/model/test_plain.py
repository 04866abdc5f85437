"""A debugger can stop in a rule."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from sim.show.guide import FOLDER


def python(*arguments: str, cwd: Path | None = None) -> str:
    bare = os.environ | {"NUMBA_DISABLE_JIT": "1"}
    asked = [sys.executable, "-W", "ignore", *arguments]
    return subprocess.run(asked, env=bare, cwd=cwd, capture_output=True, text=True, check=True).stdout


@pytest.mark.journey
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

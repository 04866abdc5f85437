"""After an edit numba compiles what was edited and what imports it, and the kernel gives what plain Python gives."""

from __future__ import annotations

import os
import pickle
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import sim
from sim.model.compile import compiled, whole
from sim.model.compile.kept import Kept

RULE = "sim/model/mechanisms/recruitment.py"
RUN = """
from cases import scenario
from sim.model.compile import compiled, whole
from sim.model.run import simulate
print("python" if compiled.BARE else compiled.kernel().origin, simulate(scenario(years=0.2), 5).digest)
"""


def played(source: Path, cache: Path, kernel: str = "jit") -> str:
    """Digest of a run of a copied source that is compiled here, or not at all."""
    around = os.environ | {"CARTELITOS_KERNEL": kernel, "CARTELITOS_CACHE": str(cache), "PYTHONPATH": str(source)}
    command = [sys.executable, "-W", "ignore", "-c", RUN]
    said = subprocess.run(command, env=around, cwd=Path(__file__).parent, stdout=subprocess.PIPE, check=True, text=True).stdout
    origin, digest = said.split()
    assert origin == kernel
    return digest


def rules(cache: Path) -> set[str]:
    return {*pickle.loads(compiled._read(cache / "rules"))}


@pytest.mark.slow
def test_an_edit_compiles_little_and_gives_what_plain_python_gives(tmp_path):
    source, kept = tmp_path / "source", tmp_path / "kept"
    shutil.copytree(Path(sim.__file__).parent, source / "sim", ignore=shutil.ignore_patterns("__pycache__", "*.so", "*.wasm"))
    (source / "scenarios").symlink_to(Path(sim.__file__).parents[1] / "scenarios")
    before = played(source, kept)
    first = rules(kept)
    text = (source / RULE).read_text(encoding="utf-8")
    old = "expm1(" if "expm1(" in text else "exp("
    (source / RULE).write_text(text.replace(old, f"0.9 * {old}", 1), encoding="utf-8")
    after = played(source, kept)
    assert after != before
    assert len(rules(kept) - first) < 0.2 * len(first)
    assert after == played(source, kept, "python")
    (source / RULE).write_text(text, encoding="utf-8")
    assert played(source, kept) == before


def test_a_rule_whose_module_means_something_else_is_not_taken():
    kept = Kept({"0" * 64: b"of another meaning"}, compiled.REGISTRY)
    assert kept.load("sim.model.week.weeks", (), None) is None


def test_what_cannot_be_linked_with_kept_rules_is_lowered_anew(tmp_path, monkeypatch):
    kept = []

    def here(_functions, _about, rules):
        kept.append(rules)
        if len(kept) == 1:
            raise RuntimeError("symbol multiply defined!")
        return b"code"

    monkeypatch.setattr(compiled, "_kept", lambda: tmp_path / "kernel.o")
    monkeypatch.setattr(compiled, "_loaded", lambda code: code)
    monkeypatch.setattr(whole, "here", here)
    compiled._write(tmp_path / "rules", pickle.dumps({"0" * 64: b"of before"}))
    assert compiled._jit("a test") == b"code"
    assert [bool(rules._before) for rules in kept] == [True, False]

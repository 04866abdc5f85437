"""The cache of compiled code belongs to one source, one folder and one Python."""

import sys
from pathlib import Path

import numba
import pytest

from sim.model.compiled import is_warm
from sim.model.week import week

OWN = Path(week.stats.cache_path).name
PYTHON = f"py{sys.version_info.major}{sys.version_info.minor}{sys.abiflags}"


@pytest.mark.parametrize(
    ("file", "warm"),
    [
        (f"{OWN}/week.weeks-1.{PYTHON}.nbi", True),
        (f"model_{'0' * 40}/week.weeks-1.{PYTHON}.nbi", False),  # the same source at another place
        (f"{OWN}/week.weeks-1.py30.nbi", False),
        (f"{OWN}/week.week-1.{PYTHON}.nbi", False),
    ],
)
def test_warm_is_what_numba_would_not_compile_again(tmp_path, monkeypatch, file, warm):
    monkeypatch.setattr(numba.config, "CACHE_DIR", str(tmp_path))
    monkeypatch.setattr(numba.config, "DISABLE_JIT", 0)
    assert not is_warm()
    (tmp_path / file).parent.mkdir()
    (tmp_path / file).touch()
    assert is_warm() == warm

"""Folders of tests run on all processors, single files in this process, where a debugger works; `-n` says otherwise."""

import gc
import signal
from base64 import b64decode
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("untimed", deadline=None)  # a busy machine is no failure
settings.load_profile("untimed")
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # a job in the background is born deaf to it, and so would be what tests start
    signal.signal(signal.SIGINT, signal.default_int_handler)

PICTURES = {
    "png": b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg=="),
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg"/>',
}


@pytest.fixture
def undrawn(monkeypatch):
    """Figures are made, but their files hold no lines: drawing takes most of a small study's time; `tests/show` and the journeys do it."""
    monkeypatch.setattr("sim.show.figures.encode", lambda figure, kind: PICTURES[kind])


@pytest.fixture
def drawn():
    """Figures are drawn, in a folder of tests where they are not."""


def pytest_collection_finish():
    """What was imported and collected stays, and commands look for garbage as seldom: it was a tenth of the tests' time."""
    gc.freeze()
    gc.set_threshold(50_000, 20)


def pytest_xdist_auto_num_workers(config):
    """None leaves the number to pytest-xdist."""
    folders = any(Path(argument).is_dir() for argument in config.args)
    return None if folders else 0

"""A real headless Chromium. Where there is none the tests skip and say why, unless they are required."""

import os
import shutil

import pytest
from pages import missing

PATH = "CARTELITOS_CHROMIUM"  # where Chromium is, if not on PATH


def patient(opening):
    """What it opens waits five minutes for what it looks for: a busy machine is no failure."""

    def opened(**options):
        made = opening(**options)
        made.set_default_timeout(300_000)
        return made

    return opened


@pytest.fixture(scope="session")
def browser():
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        missing("playwright is not installed (pip install playwright)")
    path = os.environ.get(PATH) or shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        missing(f"no Chromium found on PATH or in {PATH}")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        for name in ("new_context", "new_page"):
            setattr(chromium, name, patient(getattr(chromium, name)))
        yield chromium
        chromium.close()

"""A real headless Chromium. Where there is none the tests skip and say why, unless they are required."""

import os
import shutil

import pytest
from pages import missing

PATH = "CARTELITOS_CHROMIUM"  # where Chromium is, if not on PATH


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
        yield chromium
        chromium.close()

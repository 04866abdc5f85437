"""What browser tests share."""

import os

import pytest

REQUIRED = "CARTELITOS_BROWSER_TESTS"  # "required": a missing browser is a failure
WIDE, PROJECTOR, PHONE = (1280, 900), (1024, 768), (360, 740)


def missing(what: str) -> None:
    """Skip, or fail where a browser is required."""
    if os.environ.get(REQUIRED) == "required":
        pytest.fail(what)
    pytest.skip(what)

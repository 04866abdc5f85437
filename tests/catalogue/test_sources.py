"""The bibliography: every key resolves, every entry can be cited."""

import re

import pytest

from sim.catalogue.parameters import PARAMETERS
from sim.catalogue.sources import SOURCES

every_source = pytest.mark.parametrize("source", SOURCES.values(), ids=lambda source: source.key)


def test_the_catalogue_is_not_empty():
    assert len(SOURCES) > 60


@every_source
def test_a_source_can_be_cited(source):
    assert re.fullmatch(r"[a-z][a-z0-9_]*", source.key)
    assert source.authors
    assert source.title
    assert source.venue
    assert 1900 <= source.year <= 2026
    assert source.doi_or_url == "" or re.match(r"doi:10\.|https://", source.doi_or_url)
    assert source.status in {"seen", "recalled"}
    assert str(source).startswith(f"{source.authors} ({source.year}). {source.title}")


def test_every_parameter_rests_on_a_known_source_or_says_that_it_does_not():
    known = {*SOURCES, "ASSUMED", "FITTED"}
    unknown = {name: entry.source for name, entry in PARAMETERS.items() if entry.source not in known}
    assert not unknown

"""Titles of charts fit, whatever the language."""

import pytest

from sim.catalogue.metrics import METRICS
from sim.show.web.chart import LEFT, LETTER, WIDTH, heading
from sim.show.web.words import words


def test_a_long_title_has_its_unit_below() -> None:
    assert 'dy="' not in heading("Homicides", "thousand deaths a year")
    assert f'<tspan class="unit" x="{LEFT}" dy="12">' in heading("Muertes por sobredosis, EE. UU.", "miles de muertes al año")


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_title_fits_a_line_of_its_own(language: str) -> None:
    titles = [words(language).metrics[name][0] for name in METRICS]
    assert LETTER * max(map(len, titles)) < WIDTH

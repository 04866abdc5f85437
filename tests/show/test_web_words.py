"""Both languages say everything, with the same blanks."""

from string import Formatter

import pytest

from sim.catalogue.levers import LEVERS
from sim.catalogue.metrics import METRICS
from sim.show.web import english, spanish
from sim.show.web.choice import SWITCHES
from sim.show.web.words import words


def blanks(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("table", ["TEXTS", "EVENTS", "MANNERS"])
def test_a_text_exists_in_both_languages(table):
    ours, theirs = getattr(english, table), getattr(spanish, table)
    assert ours.keys() == theirs.keys()
    assert {key: blanks(text) for key, text in ours.items()} == {key: blanks(text) for key, text in theirs.items()}


def test_everything_in_the_catalogue_has_a_spanish_name():
    say = words("es")
    assert spanish.LEVERS.keys() == say.levers.keys() == LEVERS.keys()
    assert say.metrics.keys() == METRICS.keys()
    assert say.switches.keys() == SWITCHES.keys()
    english_units = {metric.unit for metric in METRICS.values()} - {"US$"}
    assert not english_units & {unit for _, unit in say.metrics.values()}


def test_amounts():
    assert [words("en").dollars(x) for x in (0, 1.26e6, -3.25e8, 1.788e9)] == ["US$ 0", "US$ 1.3 m", "US$ 325 m", "US$ 1.79 bn"]
    assert words("es").dollars(2e9) == "US$ 2.00 mil M"

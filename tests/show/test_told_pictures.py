"""What is drawn of a told run is what was simulated."""

from collections import Counter

import numpy as np
import pytest
from matplotlib.collections import LineCollection

from sim.experiment.plan import replicate_seed
from sim.scenario import load
from sim.show.charts.genealogy import DRAWN
from sim.show.mexico import LABELS, OUTLINES
from sim.show.telling import pictures as maps
from sim.show.telling.history import rates, tell
from sim.show.telling.pictures import tree
from sim.show.telling.prose import vocabulary

SEED = replicate_seed(1, 0)


@pytest.fixture(scope="module")
def told():
    return tell(load("baseline"), SEED)


def test_rates_look_back_twelve_months():
    killed = np.ones((30, 1))
    assert rates(killed, np.full((30, 1), 1e5)) == pytest.approx(12.0)


def test_a_spared_leader_changes_nothing_before(told):
    fall = next(fall for fall in told.falls if fall.members > 3000)
    twin = tell(load("baseline"), SEED, fall.removal)
    month = int(np.searchsorted(told.months, np.datetime64(fall.day, "M")))
    assert np.array_equal(told.homicides[:month], twin.homicides[:month])
    assert not np.array_equal(told.homicides[month:], twin.homicides[month:])
    assert "spared" in set(twin.events["kind"])


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_map_shows_groups_not_founders(told, language):
    assert set(OUTLINES) == set(LABELS) == set(told.places)
    say = vocabulary(language)
    crew = maps.cast(told, say)
    drawn = maps.world_map(told, 150, crew, say)
    assert drawn.count('class="place"') == 32
    held = Counter(told.names[row] for row in told.dominant[told.dominant >= 0].tolist())
    assert sorted(held[name] for name in crew.colour) == sorted(held.values())[-8:]
    assert any("." in name for name in crew.colour)  # a splinter has a colour of its own


def test_fracture_lines_are_denser_where_more_groups_are(told):
    say = vocabulary("en")
    for cell, count in zip(maps.cells(told, 150, maps.cast(told, say), say), told.groups[150].tolist(), strict=True):
        assert cell.broken == (count >= 2) + (count >= 4) + (count >= 7) + (count >= 11)
        assert f"one of {count} groups" in cell.title or not count


@pytest.mark.parametrize(("language", "legend"), [("en", "leader removed"), ("es", "capo retirado")])
def test_the_tree_is_that_of_the_groups_drawn(told, language, legend):
    say = vocabulary(language)
    crew = maps.cast(told, say)
    axes = tree(told, crew, say, "source").axes[0]
    _, lives = (part for part in axes.collections if isinstance(part, LineCollection))
    assert len(lives.get_segments()) == DRAWN
    named = {text.get_text() for text in axes.texts}
    assert {crew.name(group)[:20] for group in told.founders if group in crew.colour} <= {name[:20] for name in named}
    assert legend in {text.get_text() for text in axes.get_legend().get_texts()}


def test_ink_has_contrast():
    assert maps.ink("#ffffff") == "#000000"
    assert maps.ink("#00224e") == "#ffffff"

"""Decompositions with a known answer, and their words."""

import numpy as np
import pytest
from pairs import run, series, world

from sim.analysis.ensemble import PairingError, gather
from sim.analysis.why import DIRECT, INTERACTION, caption, decompose, lines, rest, sentence, to_json
from sim.catalogue.metrics import METRICS
from sim.catalogue.switches import CHANNELS
from sim.experiment.switching import arm, worlds
from sim.studies.finding import Part, Table, printed
from sim.words import LANGUAGES, section, texts

TWO = ("war", "rout")


def experiment(effect, replicates=4, channels=TWO):
    """Homicides of a world, plus under "policy" what `effect(on, replicate)` adds a month where the channels `on` answer."""
    runs = []
    for replicate in range(replicates):
        for label, off in worlds(channels).items():
            runs.append(run(arm("usual", label), replicate, homicides=world(replicate)))
            extra = effect({*channels} - {*off}, replicate)
            runs.append(run(arm("policy", label), replicate, homicides=world(replicate) + extra))
    return gather(series(*runs))


def found(effect, **kwargs):
    return decompose(experiment(effect, **kwargs), ("usual", "policy"), "homicides", channels=TWO)


def part(decomposition, name):
    return next(part for part in decomposition.parts if part.name == name)


def test_what_adds_up_leaves_no_interaction():
    split = found(lambda on, r: 5.0 + 3.0 * ("war" in on) - 2.0 * ("rout" in on))
    months = 24
    assert part(split, "war").contribution.mean == pytest.approx(3.0 * months)
    assert part(split, "war").alone.mean == pytest.approx(3.0 * months)
    assert part(split, "war").without.mean == pytest.approx(3.0 * months)
    assert part(split, "rout").contribution.mean == pytest.approx(-2.0 * months)
    assert part(split, DIRECT).contribution.mean == pytest.approx(5.0 * months)
    assert part(split, INTERACTION).contribution.mean == pytest.approx(0.0, abs=1e-9)


def test_what_needs_both_is_interaction():
    """Each is necessary, none is sufficient: taken one at a time they explain twice what there is."""
    split = found(lambda on, r: 4.0 * (on == {"war", "rout"}))
    assert part(split, "war").contribution.mean == part(split, "rout").contribution.mean == pytest.approx(96.0)
    assert part(split, "war").alone.mean == pytest.approx(0.0)
    assert part(split, INTERACTION).contribution.mean == pytest.approx(-96.0)
    assert "interaction" in rest(split)[0]


@pytest.mark.parametrize("size", [1e-3, 1.0, 1e6])
def test_the_parts_add_up_to_the_difference(size):
    split = found(lambda on, r: size * (0.1 + len(on) ** 1.7 / 3 * (1 + r / 7) + ("war" in on) / 9))
    difference = float(np.mean([24 * size * (0.1 + 2**1.7 / 3 * (1 + r / 7) + 1 / 9) for r in range(4)]))
    rows = to_json(split, {})["rows"]
    assert sum(row["contribution"] for row in rows) == pytest.approx(split.difference.mean, rel=1e-12, abs=1e-12)
    assert split.difference.mean == pytest.approx(difference, rel=1e-9)


def test_the_largest_stands_first_and_the_rest_last():
    split = found(lambda on, r: 1.0 * ("war" in on) - 7.0 * ("rout" in on))
    assert [part.name for part in split.parts] == ["rout", "war", DIRECT, INTERACTION]


def test_an_interval_that_holds_zero_has_no_sign():
    split = found(lambda on, r: (3.0 + r / 9) * ("war" in on) + (1.0 if r % 2 else -1.0) * ("rout" in on))
    assert (part(split, "war").contribution.sign, part(split, "rout").contribution.sign) == (1, 0)
    assert part(split, "rout").contribution.share_up == 0.5
    text = sentence(split)
    assert "raised by war and peace" in text
    assert "not told from zero: collapse of the weaker side" in rest(split)[0]


def test_equal_policies_leave_nothing_to_explain():
    split = found(lambda on, r: 0.0)
    assert split.identical
    assert all(part.contribution.mean == 0 for part in split.parts)
    assert "nothing to explain" in sentence(split)


def test_one_world_says_nothing_of_luck():
    assert "in one world" in sentence(found(lambda on, r: 1.0, replicates=1))


def test_a_missing_arm_is_named():
    with pytest.raises(PairingError, match=r"policy \[without market\]"):
        decompose(experiment(lambda on, r: 0.0), ("usual", "policy"), "homicides", channels=("war", "market"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_are_complete(language):
    split = found(lambda on, r: 1.0 + (2.0 + r / 9) * ("war" in on))
    heads, *rows = lines(split, language)
    told = Table(caption(split, language), heads, rows)
    table = printed([Part("", [sentence(split, language), *rest(split, language), told, texts("why", language)["reading"]])])
    assert "{" not in table
    assert CHANNELS["war"].titulo in table if language == "es" else CHANNELS["war"].title in table
    assert all(len(line) <= 114 for line in table.splitlines())


def test_every_metric_has_a_spanish_name():
    names = section("metrics", "es")
    assert names.keys() == METRICS.keys()
    assert all(0 < len(name) <= 34 for name in names.values())

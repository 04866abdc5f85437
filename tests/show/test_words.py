"""Both languages say everything, with the same blanks."""

import json
from pathlib import Path
from string import Formatter

import pytest

import sim.words
from sim.catalogue.levers import LEVERS
from sim.catalogue.metrics import METRICS
from sim.show.words import SWITCHES, words
from sim.words import LANGUAGES, section, texts

FILES = {language: Path(sim.words.__file__).parent / f"{language}.json" for language in LANGUAGES}
APART = {"months", "articles"}  # in which languages differ


def blanks(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


SECTIONS = json.loads(FILES["en"].read_text(encoding="utf-8")).keys()


@pytest.mark.parametrize("name", SECTIONS)
def test_a_text_fills_the_same_blanks_in_both_languages(name):
    ours, theirs = section(name, "en"), section(name, "es")
    if name in APART:
        assert len(ours) == len(theirs) or name == "articles"
    else:
        assert not theirs.keys() - ours.keys(), "says what nothing asks for"
        assert all({blank.removesuffix("_es") for blank in blanks(text)} == blanks(ours[key]) for key, text in theirs.items())


def test_what_has_no_spanish_is_said_in_english_with_a_note(monkeypatch):
    monkeypatch.setattr("sim.words.section", lambda name, language: {"hail": "Hello {who}"} if language == "en" else {})
    texts.cache_clear()
    with pytest.warns(UserWarning, match=r"es\.json lacks greetings\.hail: it is said in English"):
        assert texts("greetings", "es") == {"hail": "Hello {who}"}
    texts.cache_clear()


def test_everything_in_the_catalogue_has_a_name_in_spanish_its_english_one_if_none():
    say = words("es")
    assert section("levers", "es").keys() <= say.levers.keys() == LEVERS.keys()
    assert say.metrics.keys() == METRICS.keys()
    assert say.switches.keys() == SWITCHES.keys()
    english_units = {metric.unit for metric in METRICS.values()} - {"US$"}
    assert not english_units & {unit for _, unit in say.metrics.values()}


def test_amounts():
    assert [words("en").dollars(x) for x in (0, 1.26e6, -3.25e8, 1.788e9)] == ["US$ 0", "US$ 1.3 m", "US$ 325 m", "US$ 1.79 bn"]
    assert words("es").dollars(2e9) == "US$ 2.00 mil M"

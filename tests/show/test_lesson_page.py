"""A lesson's page: complete, alone, in two languages, and silent about results until somebody predicts."""

import json
import re
import zlib
from base64 import b64decode
from html import escape
from pathlib import Path

import numpy as np
import pytest

import sim
from sim.analysis.lesson import Findings
from sim.scenario import ScenarioError
from sim.scenario.lesson import LANGUAGES, Lesson, arm_id
from sim.scenario.lessons import lessons, load_lesson
from sim.show.lesson import sealed
from sim.show.lesson.page import page, read_findings
from sim.show.lesson.seal import _stream, fnv, seal
from sim.show.lesson.text import Speaker
from sim.show.lesson.words import SPOKEN_BY_SCRIPT, TEXTS
from sim.show.web.words import words

LIBRARY = Path(sim.__file__).parents[1] / "scenarios" / "lessons"
LARGEST = 3_000_000  # bytes
EVERY = [(name, language) for name in lessons(LIBRARY) for language in LANGUAGES]


def speaker(name: str, language: str) -> Speaker:
    lesson = load_lesson(LIBRARY / f"{name}.toml")
    return Speaker(lesson, read_findings(lesson), words(language))


def test_both_languages_have_the_same_words():
    assert TEXTS["en"].keys() == TEXTS["es"].keys()
    blanks = {language: {key: set(re.findall(r"\{(\w+)\}", text)) for key, text in TEXTS[language].items()} for language in LANGUAGES}
    assert blanks["en"] == blanks["es"]
    assert set(SPOKEN_BY_SCRIPT) <= TEXTS["en"].keys()


@pytest.mark.parametrize(("name", "language"), EVERY)
def test_a_page_stands_alone(name, language):
    one = speaker(name, language)
    text = page(one.lesson, one.found, language)
    assert len(text.encode()) < LARGEST
    assert f'<html lang="{language}">' in text
    assert "default-src 'none'" in text
    assert not re.findall(r"""(?:src|href|action)\s*=\s*["'](?!#|data:)""", text)
    assert not re.search(r"url\(|@import|fetch\(|XMLHttpRequest|WebSocket", text)
    assert not re.search(r"\{[a-z_]+(@[\w/-]+)?(:\w+)?\}", re.sub(r"<(script|style).*?</\1>", "", text, flags=re.DOTALL))


@pytest.mark.parametrize(("name", "language"), EVERY)
def test_nothing_that_is_sealed_stands_in_clear(name, language):
    one = speaker(name, language)
    text = page(one.lesson, one.found, language)
    hidden = sealed.contents(one)
    passages = {piece.strip() for part in hidden["parts"].values() for piece in re.split(r"<[^>]*>", part) if len(piece.strip()) > 30}
    figures = (arm["figures"] + arm["chain"] for arm in hidden["arms"].values())
    passages |= {piece for text in figures for piece in re.findall(r"[+−]\d+\.\d % \([^)]*\)", text)}
    assert len(passages) > 20
    names = [*map(one.arm, hidden["arms"]), *(one.say.metrics[metric][0] for metric in one.lesson.metrics)]  # what can be chosen and asked
    open_words = {escape(text) for text in [*TEXTS[language].values(), *names]}
    assert [piece for piece in passages if piece in text and piece not in open_words] == []
    for arm in hidden["arms"].values():
        for counts in arm["counts"].values():
            assert json.dumps(counts) not in text
            assert sum(counts) <= one.found.pairs


def test_a_seal_opens_with_its_name_only():
    text = "más homicidios: +8.7 %" * 50
    data = np.frombuffer(b64decode(seal(text, "one-head")), np.uint8)
    assert zlib.decompress((data ^ _stream(fnv("one-head"), data.size)).tobytes()).decode() == text
    for other in (data, data ^ _stream(fnv("balloon"), data.size)):
        with pytest.raises(zlib.error):
            zlib.decompress(other.tobytes())
    assert fnv("") == 2166136261
    assert fnv("foobar") == 0xBF9CF968  # published test vector of FNV-1a, 32 bits


def moved(lesson: Lesson, factor: float, noise: float = 0.001) -> Findings:
    """Findings in which every outcome of the arm that is asked about is multiplied."""
    usual = {arm_id(arm): lesson.usual(arm) for arm in lesson.arms}
    base = 100.0 + np.arange(24.0)
    wave = 1.0 + noise * np.cos(np.arange(24.0))
    worlds = {arm: dict.fromkeys(lesson.metrics, base * factor * wave if arm == lesson.about else base) for arm in usual}
    bands = {arm: {metric: np.ones((3, 15)) for metric in lesson.outline.outcomes} for arm in usual}
    return Findings("v", "w", "d", 1, np.arange(2007, 2022), bands, worlds, usual)


@pytest.mark.parametrize(("factor", "noise", "verdict"), [(1.1, 0.001, "up"), (0.9, 0.001, "down"), (1.0, 0.2, "unclear")])
@pytest.mark.parametrize(("name", "language"), EVERY)
def test_what_is_said_agrees_with_what_was_found(name, language, factor, noise, verdict):
    lesson = load_lesson(LIBRARY / f"{name}.toml")
    one = Speaker(lesson, moved(lesson, factor, noise), words(language))
    spoken = lesson.words[language]
    about = [said for part in ("observe", "explain", "debrief", "notes") for said in getattr(spoken, part) if said.when]
    assert about, "no sentence of the lesson depends on what was found"
    metric = about[0].when.partition(" ")[0].partition("@")[0]
    assert one.found.verdict(lesson.about, metric) == verdict
    for said in about:
        blank, verdicts = lesson.verdicts(said.when)
        assert one.holds(said.when) == (one.found.verdict(blank.arm, blank.metric) in verdicts)


def test_blanks_are_filled():
    lesson = load_lesson(LIBRARY / "one-head.toml")
    one = Speaker(lesson, moved(lesson, 1.1), words("en"))
    assert one.fill("{homicides}") == "+10.0 %"
    assert one.fill("{homicides@none}") == "0.0 %"
    assert one.fill("{homicides:up}, {homicides:down}") == "24 of 24, 0 of 24"
    assert one.fill("{homicides:usual} and {homicides:level}") == "112 and 123"
    assert one.fill("{homicides:spread}").startswith("+9.9 % to +10.1 %")
    assert one.fill("{policy_cost_usd:cost}") == "+US$ 0"
    assert one.amount("seized_share", 0.2) == "20.0 %"
    assert one.amount("predation_revenue_usd", 1.5e9) == "US$ 1.50 bn"


def test_missing_results_say_how_to_make_them(tmp_path):
    lesson = load_lesson(LIBRARY / "one-head.toml")
    alone = Lesson("one-head", tmp_path / "one-head.toml", lesson.outline, lesson.words)
    with pytest.raises(ScenarioError, match="there are no results of this lesson; `cartelitos lesson one-head --recompute` makes them"):
        read_findings(alone)
    (tmp_path / "one-head.json").write_text('{"schema": 1, "arms": {}, "pairs": 24}')
    with pytest.raises(ScenarioError, match="other arms, metrics or pairs than the lesson has now"):
        read_findings(alone)
    (tmp_path / "one-head.json").write_text("[]")
    with pytest.raises(ScenarioError, match="not the results of a lesson"):
        read_findings(alone)

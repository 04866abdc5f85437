"""A lesson's pages: complete, alone, in two languages; a pupil's is silent about results until a guess is fixed, and has no notes."""

import json
import re
import tomllib
import zlib
from base64 import b64decode
from functools import cache
from pathlib import Path

import numpy as np
import pytest

import sim.page.data
import sim.page.lesson
from sim.analysis.lesson import Findings, from_json, to_json
from sim.catalogue.metrics import METRICS
from sim.kernel.beginning import worlds
from sim.page.lesson import Speaker, _stream, answers, fnv, glossary, notes, opened, page, playing, read_findings, seal, texts
from sim.scenario import ScenarioError
from sim.scenario.lesson import COSTS, LANGUAGES, Lesson, arm_id, lessons, load_lesson
from sim.show.words import words

LIBRARY = Path(sim.__file__).parents[1] / "scenarios" / "lessons"
LARGEST = 1_500_000  # bytes, with the whole model
EVERY = [(name, language) for name in lessons(LIBRARY) for language in LANGUAGES]
PAGES = [(name, language) if language == "en" or name == "one-head" else pytest.param(name, language, marks=pytest.mark.slow)
         for name, language in EVERY]  # fmt: skip


@pytest.fixture(autouse=True)
def played_once(monkeypatch):
    """What a page plays is made once a lesson and language, how its worlds begin once a lesson."""
    monkeypatch.setattr(sim.page.data, "worlds", begun)
    monkeypatch.setattr(sim.page.lesson, "playing", lambda one: _playing(one.lesson.name, one.say.language))


BEGUN = {}


def begun(*what):
    return BEGUN[repr(what)] if repr(what) in BEGUN else BEGUN.setdefault(repr(what), worlds(*what))


@cache
def _playing(name, language):
    return playing(speaker(name, language))


@cache
def written(name, language, audience):
    one = speaker(name, language)
    return page(one.lesson, one.found, language, audience)


@cache
def speaker(name: str, language: str) -> Speaker:
    lesson = load_lesson(LIBRARY / f"{name}.toml")
    return Speaker(lesson, read_findings(lesson), words(language))


def strings(what):
    """Every text within lists and tables."""
    if isinstance(what, str):
        yield what
    for one in what.values() if isinstance(what, dict) else what if isinstance(what, list | tuple) else ():
        yield from strings(one)


def test_both_languages_have_the_same_words():
    assert texts("en").keys() == texts("es").keys()
    blanks = {language: {key: set(re.findall(r"\{(\w+)\}", text)) for key, text in texts(language).items()} for language in LANGUAGES}
    assert blanks["en"] == blanks["es"]


@pytest.mark.parametrize("name", lessons(LIBRARY))
def test_both_languages_say_the_same_numbers(name):
    english, spanish = (tomllib.loads((LIBRARY / f"{name}.{language}.toml").read_text(encoding="utf-8")) for language in LANGUAGES)
    for part in [part for part, said in english.items() if isinstance(said, list)]:
        ours, theirs = ([(one.get("when"), {*re.findall(r"{[a-z][^}]+}", str(one))}) for one in said[part]] for said in (english, spanish))
        assert ours == theirs, part


def test_every_text_that_the_script_says_is_there():
    app = Path(sim.__file__).parent / "page" / "app"
    sources = "".join((app / f"{name}.jsx").read_text(encoding="utf-8") for name in ("curve", "dots", "lesson", "parts", "room"))
    said = {*re.findall(r'say\("(\w+)"', sources)}
    assert len(said) > 50
    assert said <= texts("en").keys()


@pytest.mark.parametrize("audience", ["pupils", "teacher"])
@pytest.mark.parametrize(("name", "language"), PAGES)
def test_a_page_stands_alone(name, language, audience):
    one = speaker(name, language)
    text = written(name, language, audience)
    assert len(text.encode()) < LARGEST
    assert f'<html lang="{language}">' in text
    assert "default-src 'none'" in text
    assert "connect-src 'none'" in text
    clear = re.sub(r"<(script|style).*?</\1>", "", text, flags=re.DOTALL)
    assert not re.findall(r"""(?:src|href|action)\s*=\s*["'](?!#|data:)""", clear)
    assert not [said for said in strings(opened(one)) if re.search(r"\{[a-z_]+(@[\w/-]+)?(:\w+)?\}", said)]


@pytest.mark.parametrize(("name", "language"), PAGES)
def test_no_answer_and_no_note_stands_in_a_pupils_page(name, language):
    one = speaker(name, language)
    text, teachers = written(name, language, "pupils"), written(name, language, "teacher")
    hidden = answers(one)
    open_words = {*strings(opened(one)), *texts(language).values(), *strings(_playing(name, language)["words"]), *METRICS}
    passages = {said for said in strings(hidden) if len(said) > 12} - open_words
    assert len(passages) > 10
    assert [said for said in passages if said in text] == []
    for arm in hidden["arms"].values():
        for figures in (arm["policy"], arm["policy"][0], *(metric["each"] for metric in arm["metrics"].values() if any(metric["each"]))):
            assert json.dumps(figures, separators=(",", ":")) not in text
    sealed = re.search(r'"sealed":"([^"]+)"', text)[1]
    data = np.frombuffer(b64decode(sealed), np.uint8)
    inside = zlib.decompress((data ^ _stream(fnv(name), data.size)).tobytes()).decode()
    assert json.loads(inside) == json.loads(json.dumps(hidden))
    for note in strings({key: value for key, value in notes(one).items() if key != "sources"}):
        assert note not in inside
        assert note not in text
        assert note.replace("<", "\\u003c")[:40].replace('"', '\\"') in teachers


@pytest.mark.parametrize("name", lessons(LIBRARY))
def test_what_is_open_gives_no_result_away(name):
    """Of what was computed only business as usual before the policy, the height of the chart, and costs where there is a choice."""
    one = speaker(name, "en")
    told, outline = opened(one), one.lesson.outline
    first = int(np.searchsorted(one.found.years, outline.since))
    usual = one.found.paths[one.found.usual[one.lesson.about]]
    assert told["known"] == [round(x) for x in np.median(usual[:, :first], axis=0).tolist()]
    assert told["top"] >= usual.max()
    assert all(("cost" in arm) == outline.choose for arm in told["arms"])
    about = one.found.paths[one.lesson.about][:, :first]
    assert about == pytest.approx(usual[:, :first])  # up to that day the policy changes nothing


def test_who_pays_follows_from_the_costs():
    lesson = load_lesson(LIBRARY / "one-head.toml")
    found = moved(lesson, 1.0)
    for costs, payer in (((9e8, 8e8, 1e8), "us"), ((9e8, 1e8, 8e8), "mx"), ((9e8, 5e8, 4e8), "both"), ((0.0, 0.0, 0.0), "none")):
        found.worlds["double"].update({metric: found.worlds["usual"][metric] + cost for metric, cost in zip(COSTS, costs, strict=True)})
        assert answers(Speaker(lesson, found, words("en")))["arms"]["double"]["payer"] == payer


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
    paths = {arm: np.full((24, 15), 100.0) for arm in usual}
    return Findings("v", "w", "d", 1, np.arange(2007, 2022), {arm: {} for arm in usual}, worlds, paths, usual)


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
    assert one.fill("{homicides}") == "+10.0 % [+10.0 to +10.0]"
    assert one.fill("{homicides@none}") == "0.0 %"
    assert one.fill("{homicides:bound}, {homicides@none:bound}") == "10.0 %, 0.01 %"
    assert one.at_most("homicides", -0.4, 1.9) == "1.9 %"
    assert one.at_most("homicides", -6.0, 0.2) == "6.0 % (a wide interval: 24 worlds do not tell more)"
    assert one.fill("{homicides:up}, {homicides:down}") == "24 of 24, 0 of 24"
    assert one.fill("{homicides:usual} and {homicides:level}") == "112 and 123"
    assert one.fill("{homicides:spread}").startswith("+9.9 % to +10.1 %")
    assert one.fill("{policy_cost_usd:cost}") == "US$ 0"
    assert [one.bound(low, high) for low, high in ((-0.04, 0.031), (-0.2, 1.04), (-12.34, 3.0))] == ["0.04", "1.0", "12.3"]
    assert one.amount("members", 530506.0) == "531,000"
    assert one.amount("seized_share", 0.2) == "20.0 %"
    assert one.moved("seized_share", 1.94) == "+1.9 points"
    assert one.amount("predation_revenue_usd", 1.5e9) == "US$ 1.50 bn"


def test_the_glossary_has_the_same_words_in_both_languages_and_lessons_use_them():
    english, spanish = (glossary(language) for language in LANGUAGES)
    assert len(english) == len(spanish)
    for language, entries in (("en", english), ("es", spanish)):
        said = [load_lesson(LIBRARY / f"{name}.toml").words[language] for name in lessons(LIBRARY)]
        spoken = " ".join(one.text for words in said for part in ("hook", "predict", "observe", "explain") for one in getattr(words, part))
        unused = [one["word"] for one in entries if not re.search("|".join([one["word"], *one.get("also", [])]), spoken, re.IGNORECASE)]
        assert unused == []
        forms = [form for one in entries for form in (one["word"], *one.get("also", []))]
        assert len(forms) == len({*forms})
        assert forms == [form.lower() for form in forms]  # as the page looks them up


def test_missing_results_say_how_to_make_them(tmp_path):
    lesson = load_lesson(LIBRARY / "one-head.toml")
    alone = Lesson("one-head", tmp_path / "one-head.toml", lesson.outline, lesson.words)
    with pytest.raises(ScenarioError, match="there are no results of this lesson; `cartelitos lesson one-head --recompute` makes them"):
        read_findings(alone)
    (tmp_path / "one-head.json").write_text('{"schema": 2, "arms": {}, "pairs": 24}')
    with pytest.raises(ScenarioError, match="other arms, metrics or pairs than the lesson has now"):
        read_findings(alone)
    (tmp_path / "one-head.json").write_text("[]")
    with pytest.raises(ScenarioError, match="not the results of a lesson"):
        read_findings(alone)


def test_searched_mixes_are_known_once_the_guess_is_fixed():
    design = load_lesson(lessons()["design"])
    speaker = Speaker(design, read_findings(design), words("es"))
    front = answers(speaker)["challenge"]["front"]
    assert len(front) > 3
    assert "front" not in json.dumps(opened(speaker))
    for mix in front:
        beaten = any(other["at"] != mix["at"] and all(x <= y for x, y in zip(other["at"], mix["at"], strict=True)) for other in front)
        assert mix["best"] != beaten
        assert mix["levers"].keys() <= set(design.outline.challenge.front)
    assert from_json(to_json(speaker.found, design), design).front == speaker.found.front

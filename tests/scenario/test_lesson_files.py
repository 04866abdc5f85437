"""Lesson files: what may stand in them, and how mistakes are named."""

import re
import shutil
from pathlib import Path

import pytest

import sim
from sim.scenario import ScenarioError
from sim.scenario.lesson import BLANK, LANGUAGES, arm_id, lessons, load_lesson

DIRECTIONS = {
    "en": r"\b(more|fewer|less|rises?|rose|falls?|fell|higher|lower|increases?|decreases?|grows?|shrinks?|up|down|better|worse)\b",
    "es": r"\b(más|menos|suben?|bajan?|aumentan?|disminuyen?|crecen?|mayor(es)?|menor(es)?|mejor(es)?|peor(es)?)\b",
}
LIBRARY = Path(sim.__file__).parents[1] / "scenarios" / "lessons"


@pytest.fixture(autouse=True)
def catalogue():
    """The real one."""


@pytest.fixture
def copy(tmp_path):
    """The first lesson, with texts replaced in one of its files; its problems as text."""
    for file in LIBRARY.glob("one-head.*"):
        shutil.copy(file, tmp_path)

    def changed(suffix: str, *replaced: tuple[str, str]) -> str:
        path = tmp_path / f"one-head{suffix}"
        text = path.read_text(encoding="utf-8")
        for old, new in replaced:
            assert old in text
            text = text.replace(old, new, 1)
        path.write_text(text, encoding="utf-8")
        with pytest.raises(ScenarioError) as error:
            load_lesson(tmp_path / "one-head.toml")
        return str(error.value)

    return changed


@pytest.mark.parametrize("name", lessons(LIBRARY))
def test_every_lesson_of_the_library_loads(name):
    lesson = load_lesson(LIBRARY / f"{name}.toml")
    assert set(lesson.words) == set(LANGUAGES)
    assert lesson.about in {arm_id(arm) for arm in lesson.arms}
    assert lesson.usual(lesson.arms[0]) in {arm_id(arm) for arm in lesson.arms}
    english, spanish = (lesson.words[language] for language in LANGUAGES)
    for part in ("hook", "predict", "observe", "explain", "debrief", "notes", "care", "misconception", "role", "worksheet"):
        ours, theirs = getattr(english, part), getattr(spanish, part)
        assert [getattr(one, "when", None) for one in ours] == [getattr(one, "when", None) for one in theirs], part
        assert ours, part


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", lessons(LIBRARY))
def test_no_sentence_says_which_way_a_figure_goes_unless_it_did(name, language):
    """What stands beside a figure and says "more" or "falls" is said under `when`, or counts worlds."""
    lesson = load_lesson(LIBRARY / f"{name}.toml")
    spoken = lesson.words[language]
    always = [*spoken.chain.values(), *(one.answer for one in spoken.misconception if not one.when)]
    always += [one.text for part in (spoken.observe, spoken.explain, spoken.debrief, spoken.notes) for one in part if not one.when]
    for sentence in (piece for text in always for piece in re.split(r"(?<=[.?!:;])\s+", text)):
        wanted = {lesson.blank(found).want for found in BLANK.findall(sentence)}
        if wanted & {"change", "interval", "spread"} and not wanted & {"up", "down"}:
            assert not re.search(DIRECTIONS[language], sentence, re.IGNORECASE), sentence


def test_numbers_are_distinct():
    numbers = [load_lesson(path).outline.number for path in lessons(LIBRARY).values()]
    assert len(set(numbers)) == len(numbers)
    assert numbers


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"members", ', '"membrs", ', "line 6, outcomes.2: there is no metric 'membrs'; did you mean 'members'?"),
        ('predict  = ["groups_active"', 'predict  = ["splits"', "line 7, predict.0: 'splits' is not one of the outcomes"),
        ('predict  = ["groups_active"', 'predict  = ["homicides"', "predict: homicides are drawn as a curve; ask for something else"),
        ('outcomes = ["homicides", ', "outcomes = [", "line 6, outcomes: homicides are not among them; every pupil draws their curve"),
        ('about    = ["double"]', 'about    = ["duble"]', "line 8, about.0: axis leaders has no position 'duble'; did you mean 'double'?"),
        ('"lindo2018"', '"lindo2081"', "line 12, sources.1: there is no source 'lindo2081'; did you mean 'lindo2018'?"),
        ("pairs    = 24", "pairs    = 4", "line 5, pairs: 4 is outside 8..200 (worlds)"),
        ("pairs    = 24", "pair     = 24", "line 5, pair: unknown field 'pair'; did you mean 'pairs'?"),
        ('id = "usual"', 'id = "half"', "axis.0.position.2.id: 'half' is the id of an earlier position"),
        ('set = [\'policy.kingpin_targeting.intensity=[["2006-12", 0.3], ["2008-01", 0.0]]\']', "", "2 positions leave things as they are"),
    ],
)
def test_a_mistake_in_the_outline(copy, old, new, said):
    assert said in copy(".toml", (old, new))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("{homicides:spread}", "{homicidez:spread}", "there is no metric in this lesson 'homicidez'; did you mean 'homicides'?"),
        ("{homicides:spread}", "{homicides:spred}", "there is no kind of blank 'spred'; did you mean 'spread'?"),
        ("{homicides@none}", "{homicides@non}", "there is no arm 'non'; did you mean 'none'?"),
        ("{homicides@none}", "homicides@none}", "has a brace without its partner"),
        ("{groups_active:usual}", "{groups_active}", "hook.2.text: '{groups_active}' would give the result away"),
        ('when = "homicides up"', 'when = "homicides upp"', "'upp' is none of up, down, unclear; did you mean 'up'?"),
        ('when = "homicides up"', 'when = "homicides down"', "observe: says nothing about homicides@double when it is up"),
        ("half      = ", "haff      = ", "axis.leaders.position.haff: the lesson has no position 'haff'; did you mean 'half'?"),
        ("fear     = ", "frea     = ", "reasons: says nothing about reason 'fear'"),
    ],
)
def test_a_mistake_in_the_words(copy, old, new, said):
    found = copy(".en.toml", (old, new))
    assert said in found
    assert "one-head.en.toml, line " in found


def test_a_missing_language_is_named(tmp_path):
    for file in LIBRARY.glob("one-head.*"):
        shutil.copy(file, tmp_path)
    (tmp_path / "one-head.es.toml").unlink()
    with pytest.raises(ScenarioError, match=r"one-head\.es\.toml.*cannot be read"):
        load_lesson(tmp_path / "one-head.toml")

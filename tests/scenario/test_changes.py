"""Changes of what is inherited: so many times it, so much more, or another value from a day on, with what was before kept."""

from datetime import date

import pytest

from sim.scenario import ScenarioError, load, resolved_toml
from sim.scenario.arms import warnings
from sim.scenario.load import as_toml

DATED = "[policy.kingpin_targeting]\nintensity = [['2007', 0.5], ['2010', 1.0], ['2014', 0.4]]\nramp_weeks = 13\n"


@pytest.fixture
def usual(write):
    """A baseline whose targeting has a history; gives what a file that extends it comes to, as {(places, rank): points}."""
    write(DATED, name="usual")

    def plans(text: str) -> dict:
        write(text, head='extends = "usual"\n')
        return points(load("mine"))

    return plans


def points(scenario):
    return {(plan.lever, plan.where): [(day.isoformat()[:7], value) for day, value in plan.points] for plan in scenario.policy}


TARGETING = ("kingpin_targeting", ())


def test_doubled_from_a_day_is_the_inherited_schedule_copied_and_doubled(usual, write):
    usual("[policy.kingpin_targeting]\ntimes = 2\nfrom = '2012'\n")
    changed = load("mine")
    usual("[policy.kingpin_targeting]\nintensity = [['2007', 0.5], ['2010', 1.0], ['2012', 2.0], ['2014', 0.8]]\n")
    assert changed.digest() == load("mine").digest()
    assert load("usual: kingpin_targeting*2 from 2012").digest() == load("mine").digest()
    assert load("usual", ["kingpin_targeting*2 from 2012"]).digest() == load("mine").digest()
    assert changed.policy[0].ramp_weeks == 13


def test_doubled_from_a_day_of_the_real_baseline(monkeypatch):
    monkeypatch.undo()  # the catalogue and the library that ship
    changed = load("kingpin_targeting*2 from 2012")
    copied = [["2006-12", 0.3], ["2008-01", 0.8], ["2009-04", 1.4], ["2012-01", 2.8], ["2013-01", 2.0], ["2018-12", 1.0]]
    assert changed.digest() == load("baseline", [f"policy.kingpin_targeting.intensity={copied}"]).digest()


@pytest.mark.parametrize(
    ("change", "becomes"),
    [
        ("times = 2", [("2007-01", 1.0), ("2010-01", 2.0), ("2014-01", 0.8)]),
        ("times = 0\nfrom = '2010'\nuntil = '2012'", [("2007-01", 0.5), ("2010-01", 0.0), ("2012-01", 1.0), ("2014-01", 0.4)]),
        ("plus = 0.5\nfrom = '2012'", [("2007-01", 0.5), ("2010-01", 1.0), ("2012-01", 1.5), ("2014-01", 0.9)]),
        ("plus = 0.5", [("2006-12", 0.5), ("2007-01", 1.0), ("2010-01", 1.5), ("2014-01", 0.9)]),
        ("intensity = 2\nfrom = '2012'", [("2007-01", 0.5), ("2010-01", 1.0), ("2012-01", 2.0)]),
        ("intensity = 2\nfrom = 'start'\nuntil = '2010'", [("2006-12", 2.0), ("2010-01", 1.0), ("2014-01", 0.4)]),
        ("intensity = [['2012', 2], ['2013', 3]]\nfrom = '2011'\nuntil = 2015",
         [("2007-01", 0.5), ("2010-01", 1.0), ("2012-01", 2.0), ("2013-01", 3.0), ("2015-01", 0.4)]),
    ],
)  # fmt: skip
def test_what_comes_of_a_change(usual, change, becomes):
    assert usual(f"[policy.kingpin_targeting]\n{change}\n")[TARGETING] == becomes


def test_a_change_in_some_places_leaves_the_others_as_they_were(usual):
    found = usual("[policy.kingpin_targeting]\ntimes = 2\nfrom = '2012'\nwhere = ['SIN']\n")
    assert found["kingpin_targeting", ("CHH",)] == [("2007-01", 0.5), ("2010-01", 1.0), ("2014-01", 0.4)]
    assert found["kingpin_targeting", ("SIN",)] == [("2007-01", 0.5), ("2010-01", 1.0), ("2012-01", 2.0), ("2014-01", 0.8)]


def test_places_of_a_split_state(write):
    write("[world]\nplaces = 4\n[policy.kingpin_targeting]\ntimes = 2\nwhere = ['SIN-1']\n")
    assert points(load("mine")) == {
        ("kingpin_targeting", ("CHH", "SIN-2")): [("2007-01", 1.0)],
        ("kingpin_targeting", ("SIN-1",)): [("2007-01", 2.0)],
    }


def test_an_intensity_in_some_places_silences_what_reached_there(usual):
    found = usual("[policy.kingpin_targeting]\nintensity = 3\nfrom = '2012'\nwhere = ['SIN']\n")
    plans = [plan for plan in load("mine").policy if "SIN" in plan.where]
    assert found["kingpin_targeting", ("CHH",)][-1] == ("2014-01", 0.4)
    assert sorted(plan.points[-1] for plan in plans) == [(date(2012, 1, 1), 0.0), (date(2012, 1, 1), 3.0)]


def test_changes_follow_each_other_and_what_is_inherited(usual, write):
    write("[policy.kingpin_targeting]\ntimes = 2\nfrom = '2012'\n", name="twice", head='extends = "usual"\n')
    write(
        "[[policy.kingpin_targeting]]\ntimes = 0.5\nfrom = '2013'\n[[policy.kingpin_targeting]]\nplus = 1\nfrom = '2015'\n",
        head='extends = "twice"\n',
    )
    assert points(load("mine"))[TARGETING][:3] == [("2007-01", 0.5), ("2010-01", 1.0), ("2012-01", 2.0)]
    assert points(load("mine"))[TARGETING][3:] == [("2013-01", 1.0), ("2014-01", 0.4), ("2015-01", 1.4)]
    lines = resolved_toml(load("mine"))
    assert "intensity = [[" in lines
    assert "# scenarios/usual.toml:2, then scenarios/twice.toml:2, then scenarios/mine.toml:2, then scenarios/mine.toml:5" in lines


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ("times = 2\nplus = 1", "line 4, policy.kingpin_targeting.1.plus: says times and plus; one of times, plus, intensity"),
        ("from = '2012'", "line 2, policy.kingpin_targeting.1: says from when, but not what"),
        ("times = 5", "comes to 5 on 2010-01-01, outside 0..4"),
        ("plus = -0.6\nfrom = '2012'", "comes to -0.2 on 2014-01-01, outside 0..4"),
        ("times = 2\nfrom = '2012'\nuntil = '2010'", "2010-01-01 does not come after 2012-01-01"),
        ("times = 2\nstart = '2012'", "unknown field 'start'"),
        ("times = 2\nfrom = '1999-01'", "'1999-01' is before the world, whose tables are of 2006"),
        ("intensity = 2\nfrom = '2012'\nramp_weeks = 4", "ramp_weeks is for a schedule that begins here; one that goes on keeps"),
    ],
)
def test_changes_that_cannot_be(problems, write, change, message):
    write(DATED, name="usual")
    said = problems(f"[policy.kingpin_targeting]\n{change}\n", head='extends = "usual"\n')
    assert any(message in problem for problem in said), said


def test_nothing_can_be_multiplied_that_is_not_there(problems):
    (problem,) = problems("[policy.treatment]\ntimes = 2\n")
    assert problem == "scenarios/mine.toml, line 2, policy.treatment.0: nothing is inherited that could be multiplied"


# questions


@pytest.mark.parametrize(
    "question",
    [
        "kingpin_targeting*2 from 2012",
        "usual: kingpin_targeting*2 from 2012 until 2013-06 in SIN",
        "kingpin_targeting-0.25 from 2014 and treatment=0.5 and demand_elasticity=0.2..1.2",
        "treatment+0.5 from 2010 and treatment*2 from 2012 and lieutenant_occasion=-2 from 2010",
        "kingpin_targeting=1 against juarez from 2008",
    ],
)
def test_a_question_is_a_file(write, question):
    write(DATED, name="usual")
    write(as_toml(question), head="")
    assert load("mine").digest() == load(question).digest()
    assert load(question).name == question


def test_a_question_about_a_question(write):
    first = "kingpin_targeting*2"
    assert load("treatment=1", base=first).digest() == load("kingpin_targeting*2 and treatment=1").digest()


@pytest.mark.parametrize(
    ("question", "message"),
    [
        ("treatmnt*2", "there is no lever or parameter 'treatmnt'; did you mean 'treatment'?"),
        ("treatment*two", "'two' is no number; write it as"),
        ("treatment*2 form 2012", "'2 form 2012' is no number"),
        ("treatment*2 from 2012 from 2013", "says 'from' twice"),
        ("treatment*2 from next year", "'next year' is not a date"),
        ("demand_elasticity*2", "is a parameter, which every world draws: it cannot be multiplied"),
        ("demand_elasticity=0.2..9", "9 is outside 0.1..2"),
        ("demand_elasticity=1.2..0.2", "0.2 is not above low, 1.2"),
        ("treatment times 2", "'treatment times 2' is no change; write it as"),
        ("treatmnt*2 and frobnicate=3 and treatment*two", "there is no lever or parameter 'frobnicate'"),
        ("treatmnt*2 and frobnicate=3 and treatment*two", "'two' is no number"),
        ("nobody: treatment=1", "nobody: no scenario has this name"),
        ("kingpin_targeting*2 in Chihuahua", "this world has no place 'Chihuahua'; did you mean 'CHH'?"),
        ("treatment*\u0662", "'\u0662' is no number"),
    ],
)
def test_questions_that_cannot_be_read(folder, question, message):
    with pytest.raises(ScenarioError) as caught:
        load(question)
    assert message in str(caught.value)


def test_what_cannot_be_read_and_what_is_out_of_range_are_told_in_one_round(monkeypatch):
    monkeypatch.undo()
    wrong = "kingpin_targeting*9 and treatmnt+1 and rewards=100 and military_deployment*2 in Mihoacan and treatment=x"
    wrong += " and rewards*2 against Zetas and kingpin_targeting*2 against Chapo"
    with pytest.raises(ScenarioError) as caught:
        load(wrong, ["foo.bar=1", "prevention+x and prevention*90 and naloxone+50 and equipment+2 and equipment*9"])
    told = str(caught.value)
    expected = ("lever or parameter 'treatmnt'", "100 is outside 0..6", "did you mean 'MIC'?", "'x' is no number")
    expected += ("policy.rewards.target: this world has no cartel 'Zetas'; did you mean 'gulf'?", "no cartel 'Chapo'; there are: sinaloa")
    expected += ("unknown field 'foo'", "nothing is inherited that could be multiplied", "comes to 50", "to 18 on")
    assert not [each for each in expected if each not in told], told
    assert len(caught.value.problems) == len(expected) + 1  # x is no number twice


# what is given up unsaid


def test_a_later_start_erases_history_and_says_so(write):
    write(DATED, name="usual")
    write("[policy.kingpin_targeting]\nintensity = 2.0\nstart = '2012-01'\n", head='extends = "usual"\n')
    (problem,) = warnings("mine")
    assert str(problem) == (
        "scenarios/mine.toml, line 2, policy.kingpin_targeting: does nothing before 2012-01-01, where what it replaces did: "
        '0.5 from 2007-01, 1 from 2010-01, 0.4 from 2014-01; write from = "2012-01-01" in place of start to keep that until then, '
        'or [["2006-12-01", 0], ...] if nothing is meant'
    )
    assert "--set" in str(next(warnings("usual", ["policy.kingpin_targeting.start='2012'"])))


@pytest.mark.parametrize(
    "text",
    [
        "policy.kingpin_targeting = []",
        "[policy.kingpin_targeting]\nintensity = 0",
        "[policy.kingpin_targeting]\nintensity = [['2006-12', 0], ['2012', 2]]",
        "[policy.kingpin_targeting]\nintensity = 2\nfrom = '2012'",
        "[policy.kingpin_targeting]\ntimes = 2\nfrom = '2012'",
        "[policy.treatment]\nintensity = 1\nstart = '2012'",
    ],
)
def test_what_is_said_is_no_reason_to_warn(write, text):
    write(DATED, name="usual")
    write(text, head='extends = "usual"\n')
    assert [*warnings("mine")] == []


def test_one_schedule_for_several_places_warns(write):
    write("[[policy.arms_control]]\nintensity = 0.2\n[[policy.arms_control]]\nintensity = 0.5\nwhere = ['SIN']\n", name="usual")
    write("[policy.arms_control]\nintensity = 1\n", head='extends = "usual"\n')
    assert "replaces the schedules of its own that SIN had" in str(next(warnings("mine")))


@pytest.mark.parametrize("text", ["[policy.kingpin_targeting]\ntimes = 2\nfrom = '2031'", "[policy.treatment]\nplus = 1\nfrom = '2031'"])
def test_what_begins_after_the_run_does_nothing_and_says_so(write, text):
    write(DATED, name="usual")
    write(text, head='extends = "usual"\n')
    assert "changes nothing before the run ends" in str(next(warnings("mine")))
    assert [*warnings("usual", ["world.years=2"])] == []
    assert next(warnings("kingpin_targeting*2 from 2031", base="usual")).file == "kingpin_targeting*2 from 2031"


# parameters


def test_parameters_from_a_range_and_by_date(write):
    write("[parameters]\ndemand_elasticity = {low = 0.2, high = 1.2}\nlieutenant_occasion = [['2010', -1], ['2012-06', -2]]\n")
    scenario = load("mine")
    assert (scenario.parameters, scenario.spreads["demand_elasticity"].high) == ({}, 1.2)
    assert scenario.dated == {"lieutenant_occasion": ((date(2010, 1, 1), -1.0), (date(2012, 6, 1), -2.0))}
    assert type(scenario).restored(scenario.content() | {"name": "x", "title": "", "question": "", "sweep": None}).dated == scenario.dated
    write(resolved_toml(scenario), name="again", head="")
    assert load("again").digest() == scenario.digest() != load("baseline").digest()
    write("[parameters]\ndemand_elasticity = {low = 0.4, mid = 0.5, high = 0.6}\n", name="narrow", head='extends = "mine"\n')
    assert load("narrow").spreads["demand_elasticity"].mid == 0.5
    write("[parameters]\ndemand_elasticity = {low = 0.4, high = 0.6}\n", name="wide", head='extends = "narrow"\n')
    assert load("wide").spreads["demand_elasticity"].mid is None, "a range is one value"

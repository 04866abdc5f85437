"""`--set field=value`."""

import pytest

from sim.scenario import load


@pytest.mark.parametrize(
    ("override", "read", "value"),
    [
        ("world.years=5", lambda s: s.years, 5.0),
        ("world.start=2008", lambda s: s.start.isoformat(), "2008-01-01"),
        ("world.start=2008-03", lambda s: s.start.isoformat(), "2008-03-01"),
        ('world.start="2008-03-04"', lambda s: s.start.isoformat(), "2008-03-04"),
        ("title=two bare words = one text", lambda s: s.title, "two bare words = one text"),
        (" run.worlds = fitted ", lambda s: s.worlds, "fitted"),
        ("policy.treatment.intensity=1.5", lambda s: s.policy[1].points[0][1], 1.5),
        ("policy.kingpin_targeting.intensity=[['2009', 2]]", lambda s: s.policy[0].points[0][1], 2.0),
        ("policy.kingpin_targeting.where=SIN", lambda s: s.policy[0].where, ("SIN",)),
        ("policy.kingpin_targeting={intensity = 0.5}", lambda s: s.policy[0].ramp_weeks, 0),
    ],
)
def test_values(folder, override, read, value):
    assert read(load("baseline", [override])) == value


def test_the_last_one_wins(folder):
    assert load("baseline", ["run.seed=2", "run.seed=3"]).seed == 3


def test_schedules_and_events_by_position(write):
    write("[[policy.treatment]]\nintensity = 1\n[[event]]\ndate = '2008'\nkind = 'split'\ncartel = 'sinaloa'")
    scenario = load("mine", ["policy.treatment.intensity=2", "event.0.cartel=juarez"])
    assert scenario.policy[1].points[0][1] == 2.0
    assert scenario.events[0].cartel == "juarez"
    assert scenario.origins["event.0.cartel"] == "--set"
    assert scenario.origins["event.0.kind"] == "scenarios/mine.toml:6"


@pytest.mark.parametrize(
    ("override", "message"),
    [
        ("world.years", "--set, world.years: should read field=value"),
        ("=3", "--set: is not a dotted field, such as policy.treatment.intensity"),
        ("a b=3", "--set, a b: is not a dotted field, such as policy.treatment.intensity"),
        ("x\udcff=3", "is not valid text"),
        ("policy.treatmnt.intensity=1", "--set, policy.treatmnt: unknown lever 'treatmnt'; did you mean 'treatment'?"),
        ("policy.treatment.start=2009", "--set, policy.treatment.intensity: is missing"),
        ("policy.treatment.intensity=nan", "--set, policy.treatment.intensity: should be a finite number, not nan"),
        ("policy.treatment.intensity=much", "--set, policy.treatment.intensity: should be a number, or dated points"),
        ("world.years.x=1", "--set, world.years: should be a number, not a table"),
        ("extends=baseline", "--set, extends: unknown field 'extends'"),
        ("world=grid", "--set, world: should be a table, not 'grid'"),
        ("world.name=../elsewhere", "--set, world.name: there is no world '../elsewhere'"),
        (".".join("a" * 2000) + "=1", "is no field"),
        ("x=" + "[" * 5000, "--set, x: unknown field 'x'"),
    ],
)
def test_mistakes(problems, override, message):
    assert any(message in problem for problem in problems("[run]\nseed = -1", override))


def test_one_override_sets_one_field(folder):
    scenario = load("baseline", ["title=1\nquestion='smuggled'"])
    assert (scenario.title, scenario.question) == ("1\nquestion='smuggled'", "What if nothing changes?")


def test_ambiguous_schedules(problems):
    text = "[[policy.treatment]]\nintensity = 1\n[[policy.treatment]]\nintensity = 2"
    (problem,) = problems(text, "policy.treatment.intensity=1")
    assert problem == (
        "--set, policy.treatment.intensity: policy.treatment has 2 entries; name one, from policy.treatment.0"
    )
    assert problems(text, "policy.treatment.2.intensity=1")

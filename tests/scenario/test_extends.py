"""Inheritance: one parent, deep merge of tables, lists replace."""

import pytest

from sim.scenario import ScenarioError, load


def test_a_child_is_a_difference(write):
    write("[world]\nyears = 5\n[policy.kingpin_targeting]\nintensity = 2")
    child, parent = load("mine"), load("baseline")
    assert (child.years, child.start) == (5.0, parent.start)
    assert (child.policy[0].points[0][1], child.policy[0].ramp_weeks) == (2.0, 26)


def test_title_and_question_are_a_files_own(write):
    write("")
    assert (load("mine").title, load("mine").question) == ("mine", "")


def test_lists_and_one_schedule_against_several_replace(write):
    write("[[policy.kingpin_targeting]]\nintensity = 2\nwhere = ['SIN', 'CHH']", name="parent")
    write("[policy.kingpin_targeting]\nintensity = 1\nwhere = ['CHH']", head='extends = "parent"\n')
    (plan,) = load("mine").policy
    assert (plan.points[0][1], plan.where, plan.ramp_weeks) == (1.0, ("CHH",), 0)


def test_zero_stays_in_the_plan_and_an_empty_list_takes_a_lever_out(write):
    write("policy.kingpin_targeting.intensity = 0")
    assert load("mine").policy[0].points[0][1] == 0.0
    write("policy.kingpin_targeting = []")
    assert load("mine").policy == ()


def test_a_parent_beside_the_file_may_be_given_by_path(folder):
    (folder / "a.toml").write_text('extends = "baseline"\n[world]\nyears = 3\n')
    (folder / "b.toml").write_text('extends = "a.toml"\n')
    (folder / "c.toml").write_text('extends = "b"\n')
    assert load("c.toml").years == 3.0


def test_origins_name_the_file_that_wrote_a_value(write):
    write("[world]\nyears = 5\n")
    origins = load("mine", ["run.seed=3"]).origins
    assert origins["world.years"] == "scenarios/mine.toml:3, in place of scenarios/baseline.toml:7"
    assert origins["world.start"] == "scenarios/baseline.toml:6"
    assert origins["run.seed"] == "--set"


def test_a_parents_problem_is_shown_in_the_parent_after_the_childs(write, problems):
    write("[world]\nyears = 99\n", name="parent")
    assert problems("[run]\nseed = -1", head='extends = "parent"\n') == [
        "scenarios/mine.toml, line 3, run.seed: -1 is outside 0..9223372036854775807",
        "scenarios/parent.toml, line 3, world.years: 99 is outside 0.0192308..60 (years; a step is a week)",
    ]


@pytest.mark.parametrize(
    ("extends", "message"),
    [
        ('"basline"', "there is no scenario 'basline'; did you mean 'baseline'?"),
        ("3", "should be the name or the path of one scenario, in quotes"),
        ('["baseline"]', "should be the name or the path of one scenario, in quotes"),
        ('"mine"', "extends itself: mine -> mine"),
        ('"a\\u0000b"', "should be the name or the path of one scenario, in quotes"),
        ('"worlds"', "there is no scenario 'worlds'"),
        ('""', "leads out of this file's folder"),
        ('"../x.toml"', "'../x.toml' leads out of this file's folder"),
        ('"/etc/passwd"', "'/etc/passwd' leads out of this file's folder"),
    ],
)
def test_bad_parents(problems, extends, message):
    (first, *others) = problems("[run]\nseed = -1", head=f"extends = {extends}\n")
    assert first.startswith("scenarios/mine.toml, line 1, extends: ")
    assert message in first
    assert len(others) == 1, "other mistakes are still shown, and only mistakes"


def test_cycles(write):
    write("", name="a", head='extends = "b"\n')
    write("", name="b", head='\nextends = "a"\n')
    with pytest.raises(ScenarioError) as caught:
        load("a")
    assert str(caught.value) == "scenarios/b.toml, line 2, extends: extends itself: a -> b -> a"


def test_a_link_that_leads_out(folder, write, tmp_path_factory):
    outside = tmp_path_factory.mktemp("outside") / "x.toml"
    outside.write_text("")
    (folder / "here").mkdir()
    (folder / "here" / "link.toml").symlink_to(outside)
    (folder / "here" / "child.toml").write_text('extends = "link.toml"')
    with pytest.raises(ScenarioError, match="leads out"):
        load("here/child.toml")


def test_endless_chains(write):
    for number in range(20):
        write("", name=f"s{number}", head=f'extends = "s{number + 1}"\n')
    with pytest.raises(ScenarioError, match="chain of more than 16 files"):
        load("s0")


def test_a_parent_that_cannot_be_parsed(write, problems):
    write("x = = 1", name="parent", head="")
    (problem,) = problems("", head='extends = "parent"\n')
    assert problem.startswith("scenarios/parent.toml, line 1: is not valid TOML")

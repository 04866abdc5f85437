"""What a valid file becomes."""

import subprocess
import sys
from datetime import date

import pytest

from sim.scenario import Event, LeverPlan, ScenarioError, library, load
from sim.scenario.scenario import Axis, Sweep


def test_baseline(folder):
    scenario = load("baseline")
    assert (scenario.name, scenario.title, scenario.question) == (
        "baseline",
        "Business as usual",
        "What if nothing changes?",
    )
    assert (scenario.world, scenario.start, scenario.years) == ("mexico-2006", date(2006, 12, 1), 15.0)
    assert scenario.policy == (LeverPlan("kingpin_targeting", ((date(2007, 1, 1), 1.0),), ramp_weeks=26),)
    assert (scenario.replicates, scenario.seed, scenario.worlds) == (40, 1, "plausible")
    assert scenario.world_options == {"places": 2}


def test_library_and_paths_name_the_same_scenario(folder):
    assert library() == {"baseline": folder.joinpath("scenarios/baseline.toml").relative_to(folder)}
    assert load("scenarios/baseline.toml") == load(folder / "scenarios" / "baseline.toml") == load("baseline")


def test_the_library_beside_the_package_when_there_is_no_folder_here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert all(path.is_absolute() for path in library().values())


@pytest.mark.parametrize(
    ("schedule", "points"),
    [
        ("intensity = 1", [("2006-12-01", 1.0)]),
        ("intensity = 1\nstart = 2009", [("2009-01-01", 1.0)]),
        ("intensity = 1\nend = '2009-02'", [("2006-12-01", 1.0), ("2009-02-01", 0.0)]),
        ("intensity = 1\nend = 2005-01-01", [("2005-01-01", 0.0)]),
        ("intensity = [['2007', 0.5], ['2009', 1]]", [("2007-01-01", 0.5), ("2009-01-01", 1.0)]),
        ("intensity = [['2007', 0.5], ['2009', 1]]\nstart = '2008-03'", [("2008-03-01", 0.5), ("2009-01-01", 1.0)]),
        ("intensity = [['2007', 0.5], ['2009', 1]]\nstart = '2009'", [("2009-01-01", 1.0)]),
        ("intensity = [['2007', 0.5], ['2009', 1]]\nend = '2009'", [("2007-01-01", 0.5), ("2009-01-01", 0.0)]),
        ("intensity = [['2007', 0.5]]\nstart = '2006'", [("2007-01-01", 0.5)]),
    ],
)
def test_start_and_end_become_points(write, schedule, points):
    write("[policy.treatment]\n" + schedule)
    plan = next(plan for plan in load("mine").policy if plan.lever == "treatment")
    assert plan.points == tuple((date.fromisoformat(day), intensity) for day, intensity in points)


def test_one_lever_with_several_schedules(write):
    write("[[policy.arms_control]]\nintensity = 1\nwhere = 'SIN'\n[[policy.arms_control]]\nintensity = 0.5")
    plans = [plan for plan in load("mine").policy if plan.lever == "arms_control"]
    assert [(plan.points[0][1], plan.where) for plan in plans] == [(1.0, ("SIN",)), (0.5, ())]


def test_aims_are_sets(write):
    aims = "where = ['SIN', 'CHH', 'SIN']\ntarget = 'juarez'\nrank = 'lieutenant'\nmode = 'killing'"
    write(f"[policy.kingpin_targeting]\n{aims}")
    (plan,) = load("mine").policy
    assert (plan.where, plan.target, plan.rank, plan.mode) == (("CHH", "SIN"), ("juarez",), "lieutenant", "killing")


def test_a_state_stands_for_its_places(write):
    write("[world]\nplaces = 8\n[policy.arms_control]\nintensity = 1\nwhere = ['SIN', 'CHH-4']")
    assert load("mine").world_options == {"places": 8}


def test_events(write):
    write(
        "[[event]]\ndate = 2017-01-19\nkind = 'removal'\ncartel = 'sinaloa'\nmode = 'surrender'\n"
        "[[event]]\ndate = '2008-05'\nkind = 'rupture'\ncartel = 'sinaloa'\nother = 'juarez'"
    )
    assert load("mine").events == (
        Event(date(2017, 1, 19), "removal", "sinaloa", mode="surrender"),
        Event(date(2008, 5, 1), "rupture", "sinaloa", other="juarez"),
    )


def test_parameters_are_kept_as_written(write):
    write("[parameters]\ndemand_elasticity = 1\nlieutenant_occasion = -1.5")
    assert load("mine").parameters == {"demand_elasticity": 1.0, "lieutenant_occasion": -1.5}


def test_grid(write):
    write("[world]\nname = 'grid'\nstart = '2000'\nyears = 1\nrows = 2\n", head="")
    assert load("mine").world_options == {"rows": 2, "columns": 4, "cartels": 4}
    assert load("mine").tables == ""


def test_sweep(write):
    write(
        "[sweep]\nmethod = 'grid'\n'policy.treatment.intensity' = {from = 0, to = 2, points = 9}\n"
        "'world.years' = [5, 10]\n'policy.kingpin_targeting.where' = [['SIN'], ['CHH']]"
    )
    assert load("mine").sweep == Sweep(
        "grid",
        (
            Axis("policy.treatment.intensity", (), 0.0, 2.0, 9),
            Axis("world.years", (5, 10)),
            Axis("policy.kingpin_targeting.where", (["SIN"], ["CHH"])),
        ),
    )


def test_drawn_and_tabled_sweeps(write, folder):
    write("[sweep]\nmethod = 'lhs'\nsamples = 64\n'parameters.demand_elasticity' = {from = 0.1, to = 1, scale = 'log'}")
    axis = Axis("parameters.demand_elasticity", low=0.1, high=1.0, scale="log")
    assert load("mine").sweep == Sweep("lhs", (axis,), samples=64)
    (folder / "scenarios" / "points.csv").write_text("world.years\n5\n")
    write("[sweep]\nmethod = 'csv'\nfile = 'points.csv'")
    assert load("mine").sweep == Sweep("csv", file=str(folder / "scenarios" / "points.csv"))


class TestDigest:
    def test_ignores_names_repetitions_and_sweeps(self, write):
        write("title = 'x'\nquestion = 'y'\n[run]\nseed = 7\n[sweep]\nmethod = 'grid'\n'world.years' = [1]")
        assert load("mine").digest() == load("baseline").digest()

    @pytest.mark.parametrize(
        "text",
        [
            "[world]\nyears = 14",
            "[world]\nplaces = 8",
            "[parameters]\ndemand_elasticity = 0.5",
            "[policy.treatment]\nintensity = 1",
            "[policy.kingpin_targeting]\nwhere = 'SIN'",
            "[[event]]\ndate = '2008'\nkind = 'split'\ncartel = 'sinaloa'",
            "[run]\nworlds = 'fitted'",
            "[run]\neffects = 'low'",
        ],
    )
    def test_tells_apart_what_a_run_depends_on(self, write, text):
        write(text)
        assert load("mine").digest() != load("baseline").digest()

    @pytest.mark.parametrize(("worlds", "effects"), [("plausible", "drawn"), ("fitted", "middle")])
    def test_effects_are_as_worlds_has_them_unless_written(self, write, worlds, effects):
        write(f"[run]\nworlds = '{worlds}'")
        silent = load("mine")
        assert (silent.effects, silent.lever_effects) == (None, effects)
        assert load("mine", [f"run.effects={effects}"]).digest() == silent.digest()
        assert load("mine", ["run.effects=high"]).lever_effects == "high"

    def test_follows_the_tables_but_not_the_place_of_a_world(self, folder, write):
        before = load("baseline").digest()
        (folder / "scenarios" / "worlds" / "mexico-2006").rename(folder / "mexico-2006")
        write("[world]\nname = '../mexico-2006'")
        assert load("mine").world == str(folder / "mexico-2006")
        assert load("mine").digest() == before
        with open(folder / "mexico-2006" / "territories.csv", "a") as table:
            table.write("SON,Sonora\n")
        assert load("mine").digest() != before

    def test_does_not_depend_on_order_or_number_format(self, write):
        write("[policy.treatment]\nintensity = 1\n[policy.arms_control]\nintensity = -0.0\nwhere = ['SIN', 'CHH']")
        one = load("mine").digest()
        write("[policy.arms_control]\nintensity = 0\nwhere = ['CHH', 'SIN']\n[policy.treatment]\nintensity = 1.0")
        assert load("mine").digest() == one


def test_folder_argument(folder, tmp_path_factory, monkeypatch):
    monkeypatch.chdir(tmp_path_factory.mktemp("elsewhere"))
    assert load("baseline", folder=folder / "scenarios").name == "baseline"
    with pytest.raises(ScenarioError):
        load("no-such", folder=folder / "scenarios")


def test_importing_the_room_loads_nothing_heavy():
    code = "import sys, sim.scenario; print({'pydantic', 'numpy', 'sim.catalogue.levers'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"

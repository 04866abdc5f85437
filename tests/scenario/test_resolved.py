from datetime import date

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.scenario import load, resolved_toml

TEXT = """\
title = "Quotes \\" and \\\\ and\\nlines, \\u007f, Mérida"
[world]
places = 8
[parameters]
demand_elasticity = 1
[[policy.arms_control]]
intensity = [["2008", 0.5], ["2010-02", 1.0]]
where = ["SIN-1", "CHH"]
end = "2012"
[[policy.arms_control]]
intensity = 1e-7
[policy.kingpin_targeting]
target = "juarez"
rank = "kingpin"
mode = "killing"
[[event]]
date = "2009"
kind = "alliance"
cartel = "juarez"
other = "sinaloa"
[sweep]
method = "grid"
"world.years" = {from = 1, to = 2, points = 3}
"policy.kingpin_targeting.mode" = ["killing", "capture"]
"""


def test_round_trip(write):
    write(TEXT)
    scenario = load("mine")
    write(resolved_toml(scenario), name="again", head="")
    again = load("again")
    assert again.content() == scenario.content()
    assert (again.title, again.question, again.sweep) == (scenario.title, scenario.question, scenario.sweep)
    assert resolved_toml(again).split("#")[0] == resolved_toml(scenario).split("#")[0]


def test_every_value_says_where_it_comes_from(write):
    write(TEXT)
    lines = resolved_toml(load("mine", ["run.seed=5"])).splitlines()
    assert "years = 15.0  # scenarios/baseline.toml:7" in lines
    assert "places = 8  # scenarios/mine.toml:4" in lines
    assert "seed = 5  # --set" in lines
    assert "replicates = 40  # default" in lines
    assert 'intensity = [["2007-01-01", 1.0]]  # scenarios/baseline.toml:10' in lines
    assert 'where = ["CHH", "SIN-1"]  # scenarios/mine.toml:9' in lines
    assert 'other = "sinaloa"  # scenarios/mine.toml:21' in lines
    assert any(line.startswith('"world.years" = ') and line.endswith("mine.toml:24") for line in lines)
    assert all("  # " in line for line in lines if line and not line.startswith("["))


def test_several_schedules_each_have_their_own_origin(write):
    write(TEXT)
    lines = [line for line in resolved_toml(load("mine")).splitlines() if line.startswith("intensity")]
    assert [line.split("# ")[1] for line in lines] == [
        "scenarios/mine.toml:8",
        "scenarios/mine.toml:12",
        "scenarios/baseline.toml:10",
    ]


DAYS = st.lists(st.dates(date(1990, 1, 1), date(2050, 1, 1)), min_size=1, max_size=4, unique=True).map(sorted)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(
    days=DAYS,
    intensity=st.floats(0, 2, allow_subnormal=False),
    title=st.text(st.characters(codec="utf-8"), min_size=1),
    elasticity=st.floats(0.1, 2),
    seed=st.integers(0, 2**63 - 1),
)
def test_any_valid_scenario_round_trips(write, days, intensity, title, elasticity, seed):
    points = [[day.isoformat(), intensity] for day in days]
    overrides = [
        f"parameters.demand_elasticity={elasticity!r}",
        f"run.seed={seed}",
        f"policy.treatment.intensity={points}",
    ]
    write("")
    scenario = load("mine", overrides)
    scenario = type(scenario)(**{**vars(scenario), "title": title})
    write(resolved_toml(scenario), name="again", head="")
    assert load("again").content() == scenario.content()
    assert load("again").title == title

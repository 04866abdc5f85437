"""`sweep` and `plan` from the command line, with a model that takes no time."""

import csv
import json
import re
from pathlib import Path
from types import SimpleNamespace

import fakes
import numpy as np
import pytest

BASELINE = """title = "Business as usual"
question = "What if nothing changes?"
[world]
name = "grid"
start = "2006-12"
years = 0.5
[run]
replicates = 3
seed = 7
"""
LIBRARY = {"baseline": BASELINE, "zeal": 'extends = "baseline"\ntitle = "Zeal"\n[policy.rewards]\nintensity = 1.0\n'}
TREATMENT, ELASTICITY = "policy.treatment.intensity", "parameters.demand_elasticity"


def simulate(scenario, seed):
    """Homicides of a world, fewer with treatment, more with elasticity."""
    outcome = fakes.simulate(scenario, seed)
    treated = sum(plan.points[0][1] for plan in scenario.policy if plan.lever == "treatment")
    factor = (1 - 0.1 * treated) * scenario.parameters.get("demand_elasticity", 1.0)
    outcome.series["homicides"] = (1 + outcome.series["homicides"]) * factor
    outcome.series["policy_cost_usd"] = np.full(outcome.months.size, 1e6 * treated)
    return outcome


@pytest.fixture
def cartelitos(stand_in):
    """Call the command line in a folder with a small library; the exit status must be the one that is said."""
    command_line = stand_in(LIBRARY, simulate)

    def call(*arguments: str, status: int = 0) -> SimpleNamespace:
        found = command_line(*arguments, *(["--engine", "serial"] if arguments[0] not in ("list", "report") else []))
        assert found.status == status, found.err
        return found

    return call


def rows(found, **where):
    return [row for row in json.loads(found.out)["rows"] if where.items() <= row.items()]


def swept(*arguments):
    return ("sweep", "baseline", *arguments, "-n", "2", "--json")


def test_a_grid_is_every_combination_paired_with_business_as_usual(cartelitos):
    found = cartelitos(*swept("--vary", "treatment=0:2:3", "--vary", f"{ELASTICITY}=0.5,1"))
    homicides = rows(found, metric="homicides", baseline="baseline")
    shape = {"scenario", "baseline", "metric", "window", "n", "mean", "difference", "low", "high", "share_worse", "cost_usd"}
    assert all(shape <= row.keys() and row["n"] == 2 for row in homicides)
    points = [row for row in homicides if TREATMENT in row["coordinates"]]
    assert [tuple(row["coordinates"].values()) for row in points] == [(t, e) for t in (0, 1, 2) for e in (0.5, 1)]
    assert [row["point"] for row in points] == [1, 2, 3, 4, 5, 6]
    assert [row["difference"] for row in points[:2]] == [0, 0]  # no lever, bit for bit, in either world
    assert points[4]["percent"] == pytest.approx(-20)
    assert points[4]["mean"] < points[5]["mean"]
    usual = [row for row in homicides if TREATMENT not in row["coordinates"]]
    assert [row["coordinates"] for row in usual] == [{ELASTICITY: 0.5}, {ELASTICITY: 1}]
    assert all(row["difference"] == 0 for row in usual)


def test_the_folder_holds_what_others_hold(cartelitos):
    cartelitos(*swept("--vary", "treatment=0:2:3"))
    folder = Path("results/sweep-baseline-treatment")
    assert {path.name for path in folder.iterdir()} >= {"plan.json", "series", "runs", "comparison.csv", "figures"}
    with (folder / "comparison.csv").open() as file:
        table = list(csv.DictReader(file))
    assert {row[TREATMENT] for row in table} == {"", "0", "1", "2"}
    plan = json.loads((folder / "plan.json").read_text())
    assert len(plan["runs"]) == 8
    assert [arm.get("at") for arm in plan["arms"]] == [None, {TREATMENT: 0}, {TREATMENT: 1}, {TREATMENT: 2}]
    assert {path.suffix for path in (folder / "figures").iterdir()} == {".png", ".svg"}


def test_more_points_and_replicates_reuse_runs_and_keep_their_numbers(cartelitos):
    few = cartelitos(*swept("--vary", "treatment=0:2:3"))
    more = cartelitos(*swept("--vary", "treatment=0:2:5"))
    assert "12 runs" in more.err
    assert "8 reused" in more.err

    def numbers(found):
        return {row["coordinates"][TREATMENT]: row["point"] for row in rows(found, metric="homicides") if row["coordinates"]}

    assert numbers(few) == {0: 1, 1: 2, 2: 3}
    assert numbers(more) == {0: 1, 0.5: 4, 1: 2, 1.5: 5, 2: 3}
    again = cartelitos("sweep", "baseline", "--vary", "treatment=0,2", "-n", "3")  # fewer points, one replicate more
    assert "9 runs in" in again.err
    assert "6 reused" in again.err


def test_another_scenario_swept_is_another_plan(cartelitos):
    cartelitos(*swept("--vary", "treatment=0,1"), "--out", "here")
    found = cartelitos(*swept("--vary", "treatment=0,1"), "--set", "policy.rewards.intensity=1", "--out", "here", status=2)
    assert "holds another plan" in found.err


@pytest.mark.parametrize("method", ["lhs", "sobol"])
def test_drawn_points_lie_within_their_bounds_and_are_drawn_again(cartelitos, method):
    arguments = swept("--vary", "treatment=0:2", "--vary", "demand_elasticity=0.2:1.5:log", "--method", method, "--samples", "8")
    one, other = (cartelitos(*arguments, "--out", out) for out in ("a", "b"))
    assert one.out == other.out
    found = rows(one, metric="homicides", baseline="baseline")
    points = [tuple(row["coordinates"].values()) for row in found if len(row["coordinates"]) == 2]
    assert len(set(points)) == 8
    assert all(0 <= t <= 2 and 0.2 <= e <= 1.5 for t, e in points)
    bins = {int(t / 2 * 8) for t, _ in points}
    assert bins == set(range(8))  # one in every eighth


def test_sobol_points_grow(cartelitos):
    arguments = ("sweep", "baseline", "--vary", "treatment=0:2", "--method", "sobol", "-n", "1")
    cartelitos(*arguments, "--samples", "4")
    assert "5 reused" in cartelitos(*arguments, "--samples", "8").err
    assert "powers of two: 4 or 8" in cartelitos(*arguments, "--samples", "6").err


def test_zip_and_csv(cartelitos):
    found = cartelitos(*swept("--method", "zip", "--vary", "treatment=0:2:3", "--vary", "rewards=0,1,0"))
    assert len(rows(found, metric="homicides", baseline="baseline")) == 4
    Path("points.csv").write_text(f"# mine\n{TREATMENT},world.years\n0,0.5\n1,0.5\n\n1,0.5\n1.5,1\n")
    found = cartelitos(*swept("--points", "points.csv"))
    assert "1 of 4 points repeat others" in found.err
    points = [row["coordinates"] for row in rows(found, metric="homicides", baseline="baseline") if TREATMENT in row["coordinates"]]
    assert points == [{TREATMENT: 0, "world.years": 0.5}, {TREATMENT: 1, "world.years": 0.5}, {TREATMENT: 1.5, "world.years": 1}]


def test_the_sweep_of_the_file(cartelitos):
    Path("mine.toml").write_text(f'extends = "zeal"\n[sweep]\nmethod = "grid"\n"{TREATMENT}" = [0, 1]\n')
    found = cartelitos("sweep", "mine.toml", "--json")
    assert {row["scenario"] for row in rows(found)} == {"mine", "baseline"}
    assert rows(found, scenario="mine", metric="homicides", baseline="baseline")[0]["n"] == 3
    against = cartelitos("sweep", "mine.toml", "--against", "zeal", "--json")
    assert {row["scenario"] for row in rows(against)} == {"mine", "zeal"}
    assert "has no [sweep]" in cartelitos("sweep", "zeal", status=2).err


def test_a_country_of_its_own_is_compared_with_itself(cartelitos):
    Path("own.toml").write_text('[world]\nname = "grid"\nstart = "2010-01"\nyears = 0.5\n')
    found = cartelitos("sweep", "own.toml", "--vary", "treatment=0,1", "-n", "1", "--json")
    assert [row["difference"] for row in rows(found, metric="homicides", baseline="own")][:2] == [0, 0]
    assert "business as usual is own itself" in found.err


def test_everything_wrong_at_once(cartelitos):
    found = cartelitos(
        "sweep", "baseline", "--vary", "treatmnt=0,1", "--vary", "parameters.demand_elasticty=1", "--vary", f"{TREATMENT}=0,77", status=2
    )
    assert "there is no lever or parameter 'treatmnt'; did you mean 'treatment'?" in found.err
    assert "did you mean 'demand_elasticity'?" in found.err
    assert "77 is outside 0..5" in found.err
    Path("points.csv").write_text(f"{TREATMENT},policy.naloxon.intensity\n0,1\n9,1\n0,1\n")
    found = cartelitos("sweep", "baseline", "--points", "points.csv", "--json", status=2)
    errors = json.loads(found.err)["errors"]
    assert [(error["file"], error["line"]) for error in errors] == [("points.csv", 2), ("points.csv", 3)]
    assert errors[0]["hint"] == "did you mean 'naloxone'?"


@pytest.mark.parametrize(
    ("vary", "message"),
    [
        ("treatment", "says no values"),
        ("treatment=0:x:3", "are no bounds"),
        ("treatment=0:2", "points: is missing"),
        ("treatment=2:0:3", "0 is not above from, 2"),
        ("run.seed=1,2", "cannot be swept"),
    ],
)
def test_values_that_cannot_be_read(cartelitos, vary, message):
    assert message in cartelitos("sweep", "baseline", "--vary", vary, status=2).err


def test_a_lever_that_ends_before_it_begins_cannot_be_swept(cartelitos):
    Path("past.toml").write_text('extends = "baseline"\n[policy.treatment]\nintensity = 1\nend = "2006-01"\n')
    assert "end before the run begins" in cartelitos("sweep", "past.toml", "--vary", "treatment=0,1", status=2).err


def test_plan_counts_before_and_after(cartelitos):
    asked = ("baseline", "--vary", "treatment=0:2:3", "-n", "2")
    before = json.loads(cartelitos("plan", *asked, "--json").out)
    assert before["runs"] == {"total": 8, "done": 0, "failed": 0, "left": 8}
    assert (before["points"], before["duplicates"], before["replicates"]) == (3, 0, 2)
    assert before["pilot"]["runs"] == 3
    assert 0 < before["seconds"]["low"] <= before["seconds"]["high"]
    assert before["disk_bytes"] > 0
    assert not Path("results").exists()
    cartelitos("sweep", *asked)
    after = json.loads(cartelitos("plan", *asked, "--json").out)
    assert after["runs"] == {"total": 8, "done": 8, "failed": 0, "left": 0}
    assert after["results"] == "results/sweep-baseline-treatment"
    wider = json.loads(cartelitos("plan", "baseline", "--vary", "treatment=0,0,2,1.5", "-n", "3", "--json", "--pilot", "0").out)
    assert wider["runs"] == {"total": 12, "done": 6, "failed": 0, "left": 6}
    assert wider["duplicates"] == 1
    text = cartelitos("plan", *asked[:-1], "5").out
    assert "20: 8 done, 12 left; 5 per arm" in text
    assert "MB" in text


def test_plan_of_scenarios_looks_where_run_and_compare_store(cartelitos):
    cartelitos("compare", "baseline", "zeal", "-n", "2")
    found = json.loads(cartelitos("plan", "baseline", "zeal", "-n", "3", "--json").out)
    assert found["runs"] == {"total": 6, "done": 4, "failed": 0, "left": 2}
    assert found["results"] == "results/compare-baseline-zeal"
    assert "one scenario can be swept" in cartelitos("plan", "baseline", "zeal", "--vary", "treatment=0,1", status=2).err


GRID = ("sweep", "baseline", "--vary", "treatment=0:2:5", "--vary", "rewards=0:1:5", "-n", "2")


def test_the_answer_comes_first_and_in_both_languages(cartelitos):
    found = cartelitos(*GRID)
    assert found.out.startswith("Of 25 points, homicides falls most at treatment 2 and rewards 0: -20.0 % against baseline (95 % interval")
    assert "moves it by -20.0 percentage points" in " ".join(found.out.split())
    said = json.loads(cartelitos(*GRID, "--json").out)["answer"]
    assert " ".join(said["en"][:3]) == " ".join(found.out.split("\n\n")[0].split())
    assert said["es"][0].startswith("De 25 puntos, «homicidios» baja más en treatment 2 y rewards 0: -20.0 % frente a baseline")
    assert cartelitos(*GRID, "--language", "es").out.startswith("De 25 puntos")
    page = Path("results/sweep-baseline-treatment-rewards/report.html").read_text(encoding="utf-8")
    assert page.index("Of 25 points") < page.index("De 25 puntos") < page.index("<img") < page.index('id="question"')


def test_a_map_of_points_is_a_grid_per_metric_in_one_notation(cartelitos):
    out = cartelitos(*GRID).out
    assert len(out.splitlines()) < 90
    assert not re.search(r"\de[+-]\d", out)
    grid = next(part for part in out.split("\n\n") if part.startswith("Homicides, change against baseline, %"))
    assert [line[:60].split()[1:6] for line in grid.splitlines()[2:7]] == [["0", "-5.0", "-10.0", "-15.0", "-20.0"]] * 5


def test_an_assumption_that_is_swept_is_told_as_a_level(cartelitos):
    found = cartelitos("sweep", "baseline", "--vary", f"{ELASTICITY}=0.5,1,2", "-n", "2", "--metric", "homicides")
    assert "baseline itself is swept: homicides goes from" in found.out
    assert "300 % more" in " ".join(found.out.split())

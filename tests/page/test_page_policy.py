"""What the page works out itself is what the package works out: costs, equal cost, scenario files, a difference split over responses."""

import json
import shutil
import subprocess

import numpy as np
import pytest

from sim.analysis.ensemble import gather
from sim.analysis.why import decompose
from sim.catalogue.switches import CHANNELS
from sim.experiment.budget import BUDGETS, equal_cost
from sim.experiment.switching import arm, worlds
from sim.kernel.beginning import plans
from sim.model.model import Cartelitos
from sim.page import bundle
from sim.page.data import country
from sim.scenario import load

POLICIES = ("merida", "demand-side", "kingpin", "mixed")
GOALS = {"merida": BUDGETS["merida"].usd_a_year, "deployment": BUDGETS["deployment"].usd_a_year, "dear": 2e10}
SCRIPT = """
import {readFileSync} from "node:fs";
import {changed, Difference, scenarioFile} from "./policy.mjs";
import {decompose} from "./stats.mjs";
const {country, base, policies, goals, gaps, channels} = JSON.parse(readFileSync("told.json")), found = {};
for (const [name, plans] of Object.entries(policies)) {
  const difference = new Difference(base, plans, country);
  found[name] = Object.fromEntries(Object.entries(goals).map(([goal, usd]) => {
    const {status, factor} = difference.solve(usd);
    return [goal, {status, factor, plans: difference.scaled(factor), cost: difference.cost(factor)}];
  }));
}
const moved = changed(policies.merida, {treatment: {by: 0.5, since: 2010}, military_deployment: {by: -0.25, since: 2012}}, country);
const file = scenarioFile("merida", policies.merida, moved, {rout: 0.5}, "Mine", "#x");
console.log(JSON.stringify({found, moved, file, why: decompose(gaps, channels)}));
"""


@pytest.fixture(scope="module")
def node(tmp_path_factory):
    if not shutil.which("node"):
        pytest.skip("needs Node")
    folder = tmp_path_factory.mktemp("node")
    for name in ("policy", "stats"):
        shutil.copy(bundle.APP / f"{name}.js", folder / f"{name}.mjs")
    usual = load("baseline")
    model = Cartelitos(usual, rng=1)
    lucky = np.random.default_rng(1)
    gaps = {label: lucky.normal(size=7).tolist() for label in worlds()}
    told = {
        "country": country(model.world, usual, model.calendar), "base": plans(usual),
        "policies": {name: plans(load(name)) for name in POLICIES}, "goals": GOALS, "gaps": gaps, "channels": list(CHANNELS),
    }  # fmt: skip
    model.release()
    (folder / "told.json").write_text(json.dumps(told, default=float), encoding="utf-8")
    (folder / "ask.mjs").write_text(SCRIPT, encoding="utf-8")
    done = subprocess.run(["node", "ask.mjs"], cwd=folder, capture_output=True, text=True, check=True)
    return json.loads(done.stdout) | {"gaps": gaps, "folder": folder}


@pytest.mark.parametrize("goal", GOALS)
@pytest.mark.parametrize("name", POLICIES)
def test_equal_cost_is_the_commands(node, name, goal):
    (share,) = equal_cost([load("baseline"), load(name)], next(iter(BUDGETS.values()))._replace(usd_a_year=GOALS[goal])).shares
    mine, solution = node["found"][name][goal], share.solutions["mid"]
    assert mine["status"] == {"met": "met", "not reachable": "far", "no extra cost": "saves"}[solution.status]
    assert mine["factor"] == solution.factor
    assert mine["cost"] == pytest.approx(share.usd.tolist(), rel=1e-9)
    assert mine["plans"] == json.loads(json.dumps(plans(share.scenario)))


def test_a_saved_scenario_is_what_was_moved(node):
    path = node["folder"] / "mine.toml"
    path.write_text(node["file"], encoding="utf-8")
    saved = load(str(path))
    assert json.loads(json.dumps(plans(saved))) == node["moved"]
    assert saved.parameters["rout"] == 0.5
    assert saved.title == "Mine"


def test_why_adds_up_as_the_command_does(node):
    import pyarrow as pa

    names = [arm(name, label) for label in worlds() for name in ("usual", "policy")]
    values = np.array([x for label in worlds() for x in ([0.0] * 7, node["gaps"][label])])
    count = values.size
    table = pa.table({
        "run_id": [""] * count, "scenario": np.repeat(names, 7), "point": [0] * count, "replicate": np.tile(np.arange(7), len(names)),
        "month": np.full(count, np.datetime64("2007-01-01", "D")), "days": [31.0] * count, "homicides": values.ravel(),
    })  # fmt: skip
    theirs = decompose(gather(table), ("usual", "policy"), "homicides")
    mine = node["why"]
    assert [part["name"] for part in mine["parts"]] == [part.name for part in theirs.parts]
    for part, other in zip(mine["parts"], theirs.parts, strict=True):
        for key in ("contribution", "without", "alone"):
            if getattr(other, key, None) is not None:
                assert [part[key][end] for end in ("mean", "low", "high")] == pytest.approx(list(getattr(other, key))[:3], rel=1e-9), part
                assert part[key]["up"] / 7 == pytest.approx(getattr(other, key).share_up)

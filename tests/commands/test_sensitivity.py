"""`sensitivity` from the command line: a model whose answer is known."""

import csv
import json
import sys
from pathlib import Path

import numpy as np
import pytest
from test_sweep import cartelitos, fakes  # noqa: F401  (a fixture)

pytest.importorskip("SALib")


def simulate(scenario, seed):
    """Homicides follow elasticity strongly, wage not at all; luck is noise of about one in a hundred."""
    outcome = fakes.simulate(scenario, seed)
    luck = 1 + (seed % 997) / 997 * 0.03
    treated = sum(plan.points[0][1] for plan in scenario.policy if plan.lever == "treatment")
    level = 100 * scenario.parameters["demand_elasticity"] + 10 * treated + 200
    outcome.series["homicides"] = np.full(outcome.months.size, level * luck)
    return outcome


@pytest.fixture
def analysed(cartelitos, monkeypatch):  # noqa: F811
    monkeypatch.setattr(sys.modules["sim.model.run"], "simulate", simulate)

    def call(*arguments, status=0):
        factors = ("demand_elasticity=0.1:2", "wage", "treatment=0:2")
        varied = [part for factor in factors for part in ("--vary", factor)]
        found = cartelitos("sensitivity", "baseline", *varied, "-n", "2", "--json", *arguments, status=status)
        return {row["factor"]: row for row in json.loads(found.out)["rows"] if row["metric"] == "homicides"}, found

    return call


def test_morris_finds_what_matters_and_what_is_noise(analysed, cartelitos):  # noqa: F811
    rows, found = analysed("--size", "8")
    assert list(rows) == ["demand_elasticity", "wage", "treatment", "dummy"]
    assert rows["wage"]["value"] == 0  # the same luck on both sides of a step
    assert not rows["wage"]["above"]
    assert rows["wage"]["needed"] is None
    assert rows["demand_elasticity"]["above"]
    assert 12 * 190 * 0.9 < rows["demand_elasticity"]["value"] < 12 * 190 * 1.2  # a flow, per year
    assert 0 < rows["dummy"]["value"] < rows["demand_elasticity"]["value"] / 5
    assert rows["dummy"]["floor"] >= rows["dummy"]["value"]
    folder = Path("results/sensitivity-baseline")
    assert {path.name for path in (folder / "figures").iterdir()} == {"sensitivity-morris.png", "sensitivity-morris.svg"}
    with (folder / "sensitivity-morris.csv").open() as file:
        assert {row["factor"] for row in csv.DictReader(file)} == set(rows)
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert "What decides" in page
    assert "Homicides: 8 trajectories" in page
    assert page.count("<img ") == 1
    cartelitos("report", str(folder))
    assert (folder / "report.html").read_text(encoding="utf-8") == page
    cartelitos("report", str(folder), "--usual", "baseline", status=2)
    again, found = analysed("--size", "8")
    assert again == rows
    assert "reused" in found.err


def test_below_chance_says_how_many_runs_would_tell(analysed, cartelitos):  # noqa: F811
    weak = ("--vary", "demand_elasticity=0.1:2", "--vary", "wage", "--vary", "treatment=0:0.05", "-n", "2", "--size", "4")
    lines = cartelitos("sensitivity", "baseline", *weak).out.splitlines()
    rows = json.loads(cartelitos("sensitivity", "baseline", *weak, "--json").out)["rows"]
    row = next(row for row in rows if row["factor"] == "treatment")
    runs = 4 * 5 * 2  # trajectories of three factors and a dummy
    assert row["needed"] == pytest.approx(runs * ((row["half"] + row["floor"]) / row["value"]) ** 2, rel=0.1)
    assert "below chance; some" in next(line for line in lines if line.strip().startswith("treatment"))
    assert next(line for line in lines if line.strip().startswith("wage")).endswith("no effect")


def test_sobol_shares_the_variance_and_grows(analysed):
    rows, _ = analysed("--method", "sobol", "--size", "32")
    assert rows["demand_elasticity"]["value"] > 0.8
    assert rows["wage"]["value"] == 0
    assert rows["treatment"]["value"] < 0.2
    wider, found = analysed("--method", "sobol", "--size", "64")
    assert wider["demand_elasticity"]["n"] == 64
    assert "reused" in found.err


@pytest.mark.journey
def test_more_replicates_lower_the_noise_floor(analysed):
    few, _ = analysed("--size", "8", "--out", "few")
    many, _ = analysed("--size", "8", "-n", "40", "--out", "many")
    assert many["dummy"]["floor"] < few["dummy"]["floor"] / 2


def test_rerun_finds_a_point_with_its_own_luck(analysed, cartelitos):  # noqa: F811
    analysed("--size", "2")
    plan = json.loads(Path("results/sensitivity-baseline/plan.json").read_text())
    number = next(n for n, arm in enumerate(plan["arms"]) if "luck" in arm and "like" in arm)
    from sim.experiment.folder.verify import _spec

    spec = _spec(Path("results/sensitivity-baseline"), plan, number)
    assert spec.run_id == plan["runs"][number]
    assert dict(spec.arm.at) == plan["arms"][number]["at"]


def test_what_is_wrong_is_said_at_once(cartelitos):  # noqa: F811
    wrong = ("--vary", "wag", "--vary", "treatment=0:99", "--vary", "parameters.wagee=1:2")
    found = cartelitos("sensitivity", "baseline", *wrong, status=2)
    assert "did you mean 'wage'?" in found.err
    assert "0:99 leaves 0..5" in found.err
    assert found.err.count("\n") == 3
    assert "did you mean 'homicides'" in cartelitos("sensitivity", "baseline", "--metric", "homicide", status=2).err

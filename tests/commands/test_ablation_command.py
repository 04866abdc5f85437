"""`ablation` on a model that takes no time, and the table that the library keeps."""

import json
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import fakes
import pytest

import sim
from sim.analysis.ablation import COLUMNS, EARNS, MOVES, NOTHING, PRESSED
from sim.analysis.csv_text import csv_rows
from sim.catalogue.evidence import EVIDENCE
from sim.catalogue.switches import SWITCHES

KEPT = Path(sim.__file__).parents[1] / "scenarios" / "findings"
USUAL = 'title = "Usual"\nquestion = "?"\n[world]\nname = "grid"\nstart = "2006-12"\nyears = 0.5\n'
FORCE = 'extends = "baseline"\ntitle = "Force"\n[policy.military_deployment]\nintensity = 1.0\n'


def simulate(scenario, seed):
    """Homicides halve without cells; force doubles them unless clashes are off; nothing else does anything."""
    outcome = fakes.simulate(scenario, seed)
    off = scenario.parameters
    factor = (0.5 if off.get("cell_minimum") else 1.0) * (2.0 if scenario.policy and off.get("confrontations") != 0.0 else 1.0)
    series = {"homicides": (outcome.series["homicides"] + 100) * factor}
    return SimpleNamespace(**{**vars(outcome), "series": series})


@pytest.fixture
def ablation(stand_in):
    """Call `cartelitos ablation` in this process: exit status, stdout, stderr."""
    command_line = stand_in({"baseline": USUAL, "force": FORCE}, simulate)
    return partial(command_line, "ablation", "--engine", "serial", "-n", "4", "--set", "world.years=0.5")


def test_every_mechanism_is_switched_and_judged(ablation, page_of):
    found = ablation("baseline", "force", "--json")
    assert found.status == 0, found.err
    rows = {row["mechanism"]: row for row in json.loads(found.out)["rows"]}
    assert rows.keys() == SWITCHES.keys()
    assert rows["cells"]["shows_in"] == MOVES
    assert rows["clashes"]["shows_in"] == PRESSED
    assert {row["shows_in"] for name, row in rows.items() if name not in ("cells", "clashes")} == {NOTHING}
    table = Path("results/ablation-baseline-force/ablation.csv").read_text()
    provenance, kept = csv_rows(table)
    assert provenance[0].startswith("Made by `cartelitos ablation baseline force -n 4`: model ")
    assert len(kept) == len(SWITCHES)
    page = page_of("results/ablation-baseline-force")
    assert "<title>Cartelitos: baseline, force</title>" in page
    assert "What is missed when a mechanism is switched off" in page


def test_the_text_names_what_changes_nothing(ablation):
    found = ablation("baseline")
    assert found.status == 0, found.err
    assert "homicides -50.0 %" in found.out
    assert "clashes" in found.out.split("beyond luck: ")[1]


def test_the_library_keeps_a_table_that_names_what_exists():
    tables = sorted(KEPT.glob("ablation-*.csv"))
    assert tables
    for path in tables:
        provenance, rows = csv_rows(path.read_text(encoding="utf-8"))
        assert "model " in provenance[0]
        assert tuple(rows[0]) == COLUMNS
        assert {row["mechanism"] for row in rows} <= SWITCHES.keys()
        assert {row["shows_in"] for row in rows} <= {EARNS, MOVES, PRESSED, NOTHING}
        assert {key for row in rows for key in (row["worse"] + " " + row["better"]).split()} <= EVIDENCE.keys()

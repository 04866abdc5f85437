"""Two results folders beside each other."""

import json

import fakes
import pytest

HEAD = 'title = "Usual"\nquestion = "?"\n[world]\nname = "grid"\nstart = "2006-12"\nyears = 0.5\n[run]\nreplicates = 6\n'
SCENARIOS = {"baseline": HEAD, "zeal": 'extends = "baseline"\n[policy.rewards]\nintensity = 1.0\n', "other": HEAD}


def simulate(scenario, seed):
    """Lethality adds to every month; zeal helps below a lethality of 1, and harms above."""
    outcome = fakes.simulate(scenario, seed)
    lethality = scenario.parameters.get("lethality", 0.0) * 1e7
    outcome.series["homicides"] = outcome.series["members"] + 1000 + 100 * lethality + 50 * (lethality - 1) * len(scenario.policy)
    return outcome


@pytest.fixture
def call(stand_in):
    command = stand_in(SCENARIOS, simulate)

    def run(*arguments):
        found = command(*arguments)
        assert found.status == 0, found.err
        return found

    run.bare = command
    for name, *more in (
        ("one",), ("same",), ("deadly", "--set", "parameters.lethality=2e-7"), ("luck", "--seed", "9"), ("alone",),
    ):  # fmt: skip
        scenarios = ["other"] if name == "alone" else ["baseline", "zeal"]
        run("run", *scenarios, "--out", name, "--engine", "serial", "-q", *more)
    return run


def test_nothing_differs(call):
    assert call("diff", "one", "same").out.startswith("same says exactly what one says")


def test_what_only_one_has_is_said(call):
    call("run", "baseline", "other", "--out", "two", "--engine", "serial", "-q")
    said = " ".join(call("diff", "one", "two").out.split())
    assert "Only one has zeal: left out." in said
    assert "Only two has other: left out." in said


def test_another_assumption_in_the_same_worlds(call):
    document = json.loads(call("diff", "one", "deadly", "--json").out)
    assert document["paired"]
    row = next(row for row in document["rows"] if (row["scenario"], row["metric"]) == ("baseline", "homicides"))
    assert row["low"] == pytest.approx(row["difference"]) == row["high"]
    assert row["difference"] == pytest.approx(200 * 6 * 365.25 / 180)
    text = call("diff", "one", "deadly").out
    assert "The sign of a policy's effect is another one for zeal: Homicides." in text
    assert "What they ask differs too: baseline, zeal." in text


def test_other_worlds_are_not_paired(call):
    document = json.loads(call("diff", "one", "luck", "--json").out)
    assert not document["paired"]
    assert "seed: 1 and 9." in document["setting"]
    assert all(row["low"] < row["difference"] < row["high"] for row in document["rows"] if row["metric"] == "homicides")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("one", "alone"), "no scenario in common: baseline, zeal here, other there"),
        (("one", "nowhere"), "not a results folder"),
        (("one", "same", "--metric", "homicide"), "did you mean 'homicides'"),
    ],
)
def test_what_cannot_be_set_beside_each_other(call, arguments, message):
    found = call.bare("diff", *arguments)
    assert found.status == 2
    assert message in found.err

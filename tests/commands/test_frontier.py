"""`frontier` on a model that takes no time and whose best mixes are known."""

import json
import re
import sys
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from zlib import crc32

import fakes
import numpy as np
import pytest

pytestmark = pytest.mark.journey
pytest.importorskip("optuna")

USUAL = 'title = "Usual"\nquestion = "?"\n[world]\nname = "grid"\nstart = "2006-12"\nyears = 4\n[run]\nreplicates = 3\n'
SCENARIOS = {"baseline": USUAL}
PLANTED = {"violence_prevention": 0.6, "arms_control": 0.4}  # split that does most against homicides
PRICE = {"violence_prevention": 190e6, "arms_control": 75e6, "treatment": 1200e6}  # US$ a year of intensity 1, as in the catalogue
WISH = ("--budget", "4e8", *(word for lever in PRICE for word in ("--lever", lever)), "--trials", "40", "--engine", "serial", "--quiet")


def spending(scenario):
    """Part of the money by lever, and how late it begins on average, in years."""
    usd = {plan.lever: PRICE[plan.lever] * plan.points[-1][1] * (2010 + 11 / 12 - plan.points[-1][0].year) for plan in scenario.policy}
    late = {plan.lever: plan.points[-1][0].year - 2006 for plan in scenario.policy}
    whole = sum(usd.values()) or 1.0
    return {lever: usd.get(lever, 0.0) / whole for lever in PRICE}, sum(late.values())


def planted(scenario, seed):
    """Homicides fall most, by a fifth, at one split from the first day; overdose deaths by a tenth of what treatment gets."""
    share, late = spending(scenario)
    luck = seed % 997 / 997
    miss = sum((share[lever] - part) ** 2 for lever, part in PLANTED.items()) + 0.1 * late
    saved = 0.2 * max(0.0, 1 - miss) * (0.8 + 0.4 * luck) if scenario.policy else 0.0
    return outcome(scenario, seed, 100 * (1 + luck) * (1 - saved), 50 * (1 + luck) * (1 - 0.1 * share["treatment"]))


def idle(scenario, seed):
    """Whatever is done, luck alone decides."""
    noise = crc32(f"{scenario.name} {seed}".encode()) % 997 / 997
    return outcome(scenario, seed, 100 + noise, 50 + noise * 7 % 1)


def outcome(scenario, seed, homicides, overdoses):
    found = fakes.simulate(scenario, seed)
    series = {"homicides": np.full(6, homicides), "overdose_deaths": np.full(6, overdoses)}
    return SimpleNamespace(**{**vars(found), "series": series, "parameters": {"rout": seed % 997 / 997}})


@pytest.fixture
def frontier(stand_in):
    """Call `cartelitos frontier` in this process: exit status, stdout, stderr."""
    return partial(stand_in(SCENARIOS, planted), "frontier")


def test_the_planted_optimum_is_found_and_judged_in_other_worlds(frontier):
    found = frontier(*WISH, "-n", "20", "--json")
    assert found.status == 0, found.err
    document = json.loads(found.out)
    best = document["mixes"][0]
    share = {each["lever"]: each["share"] for each in best["levers"]}
    assert sum(abs(share.get(lever, 0.0) - PLANTED.get(lever, 0.0)) for lever in PRICE) / 2 < 0.15
    effect = best["effects"]["homicides"]
    assert effect["n"] == document["worlds_judged"] == 20
    assert effect["percent"] == pytest.approx(-20, abs=3)
    assert effect["percent"] < min(mix["effects"]["homicides"]["percent"] for mix in document["mixes"] if len(mix["levers"]) == 1) - 2
    assert effect["worlds_better"] == 20
    assert best["on_front"]
    assert not document["flat"]
    last = min(document["mixes"], key=lambda mix: mix["effects"]["overdose_deaths"]["percent"])
    assert [each["lever"] for each in last["levers"]] == ["treatment"]  # the other end: nothing else saves as many from overdose
    assert last["on_front"]
    assert last["effects"]["overdose_deaths"]["percent"] == pytest.approx(-10)
    assert all(mix["usd_per_year"]["mid"] == pytest.approx(4e8, rel=1e-3) for mix in document["mixes"])
    assert document["hangs_on"]["homicides"]["assumption"] == "rout"
    assert "There is a trade-off" in " ".join(document["sentences"]["en"])
    assert "Hay que elegir" in " ".join(document["sentences"]["es"])


def test_a_second_call_runs_nothing_and_says_the_same(frontier):
    first, again = (frontier(*WISH[:-1], "-n", "12", "--json") for _ in range(2))
    assert again.out == first.out
    (runs, reused) = re.search(r"^(\d[\d,]*) runs in .*, ([\d,]+) reused$", again.err, re.MULTILINE).groups()
    assert runs == reused


def test_what_was_interrupted_goes_on(frontier, monkeypatch):
    whole = json.loads(frontier(*WISH, "-n", "12", "--json", "--tag", "whole").out)
    runs = iter(range(10**6))

    def cut(scenario, seed):
        if next(runs) == 150:
            raise KeyboardInterrupt
        return planted(scenario, seed)

    monkeypatch.setattr(sys.modules["sim.model.run"], "simulate", cut)
    stopped = frontier(*WISH[:-1], "-n", "12", "--json")
    assert stopped.status == 130
    assert "the same command goes on" in stopped.err
    monkeypatch.setattr(sys.modules["sim.model.run"], "simulate", planted)
    after = frontier(*WISH[:-1], "-n", "12", "--json")
    assert re.search(r"runs in .*, 1\d\d reused", after.err)
    assert json.loads(after.out) == whole


def test_a_flat_front_is_said_to_be_flat(stand_in):
    found = stand_in(SCENARIOS, idle)("frontier", *WISH, "-n", "20", "--json")
    document = json.loads(found.out)
    assert document["flat"]
    assert not any(mix["beaten_by"] for mix in document["mixes"])
    assert any("The front is flat" in line for line in document["sentences"]["en"])
    assert any("El frente es plano" in line for line in document["sentences"]["es"])


def test_one_outcome_gives_a_ranking(frontier):
    document = json.loads(frontier(*WISH, "-n", "12", "--metric", "homicides", "--json").out)
    levels = [mix["effects"]["homicides"]["percent"] for mix in document["mixes"]]
    assert levels == sorted(levels)
    assert [mix["on_front"] for mix in document["mixes"]] == [True, *[False] * (len(levels) - 1)]
    assert [*Path("results").glob("frontier-*/figures/frontier.png")]


def test_the_page_and_the_text_begin_with_the_answer(frontier):
    found = frontier(*WISH, "-n", "12", "--language", "es")
    assert re.match(r"La mezcla A \(0\.40 mil millones de dólares al año más: («\w+»\s\d+ %[,\s]*){2,3}\)", found.out)
    assert re.search(r"^A\* +-[\d.]+ \(-[\d.]+ -[\d.]+\) +12/12 +0\.\d", found.out, re.MULTILINE)
    (folder,) = Path("results").glob("frontier-*")
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert frontier.func("verify", str(folder)).status == frontier.func("verify", str(folder / "search")).status == 0
    assert page.index("La mezcla A") < page.index("Qué hace cada mezcla") < page.index("<img ")


def test_what_cannot_be_spent_alone_is_named(frontier):
    document = json.loads(frontier(*WISH, "-n", "12", "--budget", "8e8", "--json").out)
    assert document["levers_capped_usd_per_year"]["arms_control"] == pytest.approx(600e6, rel=1e-2)
    assert not any([each["lever"] for each in mix["levers"]] == ["arms_control"] for mix in document["mixes"])


def test_python_gives_the_same(frontier):
    import sim

    document = json.loads(frontier(*WISH, "-n", "12", "--json").out)
    found = sim.frontier(budget=4e8, levers=[*PRICE], trials=40, replicates=12, engine="serial", quiet=True)
    assert found.json == document
    assert len(found.rows) == 2 * len(document["mixes"]) == len(found.table)
    assert found.found.sentences("es") == document["sentences"]["es"]
    with pytest.raises(sim.scenario.ScenarioError, match="did you mean 'treatment'"):
        sim.frontier(budget=4e8, levers=["treatmnt", "naloxone"])


@pytest.mark.parametrize(
    ("wish", "said"),
    [
        ([], "missing option '--budget'"),
        (["--budget", "plenty"], "is no amount of US$ a year"),
        (["--budget", "1e9", "--metric", "homicide", "--lever", "treatmnt", "--lever", "naloxone"], "did you mean 'treatment'?"),
        (["--budget", "1e9", "--metric", "homicide"], "did you mean 'homicides'?"),
        (["--budget", "1e9", "--metric", "hhi"], "no better direction"),
        (["--budget", "1e12"], "together can spend US$"),
        (["--budget", "1e9", "-n", "5"], "judged in 10 to 1,000 worlds, not 5"),
        (["--budget", "1e9", "--search-worlds", "1"], "1 is not in the range 4<=x<=1000"),
        (["--budget", "1e9", "--trials", "5"], "5 is not in the range 20<=x<=2000"),
        (["--budget", "1e9", "--lever", "treatment"], "a mix is of 2 to 12 levers, not 1"),
        (["--budget", "1e9", "--shard", "1/2"], "--shard is not for frontier"),
    ],
)
def test_what_cannot_be_answered_is_refused_before_anything_runs(frontier, wish, said):
    found = frontier(*wish)
    assert found.status == 2
    assert said in found.err
    assert "Traceback" not in found.err
    assert not Path("results").exists()

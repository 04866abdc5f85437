"""Arguments from Python of another kind than asked for are refused in a sentence that says which, and what is wanted."""

import pytest

import sim
from sim.scenario import ScenarioError

REFUSED = {
    "compare": [
        ((None,), {}, "scenarios: should be a name, a path, a question or what `load` gave or a list of such, not None"),
        ((["baseline", 3],), {}, "or a list of such, not ['baseline', 3]"),
        (("rewards*2",), {"metrics": "homicides"}, "metrics: should be a list in [...], each text in quotes or None, not 'homicides'"),
        (("rewards*2",), {"metrics": [3]}, "metrics: should be a list in [...], each text in quotes or None, not [3]"),
        (("rewards*2",), {"window": (2008, 2009)}, 'window: should be two months, such as ("2008-01", "2012-12") or None, not (2008'),
        (("rewards*2",), {"overrides": "world.years=1"}, "overrides: should be a list in [...], each text in quotes, not 'world.years=1'"),
        (("rewards*2",), {"overrides": None}, "overrides: should be a list in [...], each text in quotes, not None"),
        (("rewards*2",), {"replicates": "4"}, "replicates: should be a whole number or None, not '4'"),
        (("rewards*2",), {"replicates": 0}, "replicates: 0 is not between 1 and 1,000,000"),
        (("rewards*2",), {"seed": 1.5}, "seed: should be a whole number or None, not 1.5"),
        (("rewards*2",), {"engine": "proces"}, "engine: 'proces' is none of process, serial, dask; did you mean 'process'?"),
        (("rewards*2",), {"replicate": 1}, "replicate: there is no such argument; did you mean 'replicates'?"),
        (("rewards*2",), {"tag": "../x"}, "tag: '../x' is no word that ends the name of a folder"),
        (("rewards*2",), {"equal_cost": "yes"}, "equal_cost: should be True or False, not 'yes'"),
        (("rewards*2",), {"budget": [1], "equal_cost": True}, "budget: should be text in quotes or a number or None, not [1]"),
    ],
    "load": [
        ((None,), {}, "name_or_path: should be text in quotes or a path, not None"),
        (("baseline", "rewards*2"), {}, "overrides: should be a list in [...], each text in quotes, not 'rewards*2'"),
        (("baseline",), {"sweep": [1]}, "sweep: should be a table in {...} or None, not [1]"),
    ],
    "simulate": [
        (("baseline", "1"), {}, "seed: should be a whole number, not '1'"),
        (("baseline", 1.5), {}, "seed: should be a whole number, not 1.5"),
        (("baseline", -1), {}, "seed: -1 is not between 0 and 18,446,744,073,709,551,615"),
    ],
    "as_function": [
        (("baseline", "rewards=0:2"), {}, "factors: should be a list in [...], each text in quotes, not 'rewards=0:2'"),
        (("baseline",), {"outcomes": None}, "outcomes: should be text in quotes or a list of such, not None"),
        (("baseline",), {"replicates": 0}, "replicates: 0 is not between"),
    ],
    "twins": [(("baseline",), {"places": 32}, "places: should be a list in [...], each a whole number, not 32")],
    "sweep": [((sim.load("baseline"),), {}, "scenario: should be a name, a path, a question, not Scenario(name='baseline'")],
    "diff": [((3, None), {}, "first: should be a path, not 3\nsecond: should be a path, not None")],
    "Results": [((None,), {}, "folder: should be text in quotes or a path, not None")],
    "Experiment": [((7,), {"replicates": "2"}, "replicates: should be a whole number or None, not '2'")],
}


@pytest.mark.parametrize(("name", "args", "given", "said"), [(name, *case) for name, cases in REFUSED.items() for case in cases])
def test_refused_in_a_sentence(name, args, given, said, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ScenarioError) as caught:
        getattr(sim, name)(*args, **given)
    assert said in str(caught.value)
    assert not [*tmp_path.iterdir()], "nothing ran"


def test_numbers_as_text_are_no_numbers():
    with pytest.raises(TypeError, match="needs numbers, one for each of rewards, not '1'"):
        sim.as_function("baseline", ["rewards=0:2"], overrides=["world.years=0.1"])("1")

"""What can move a number changes the digests, and nothing else does."""

import shutil
from contextlib import contextmanager
from pathlib import Path

import pytest

from sim.model.compile import version

SAME, MODEL, BOTH = (False, False), (True, False), (True, True)  # whether the model's and the kernel's digest change
EDITS = {
    # what only people read
    "a docstring": (SAME, "model/fall/loss.py", '"""A kingpin is captured, killed, extradited, or surrenders."""', '"""Gone."""'),
    "a docstring of a table": (SAME, "model/columns.py", '"""National stocks and rates of the market."""', '"""Stocks."""'),
    "a comment": (SAME, "model/columns.py", "# light users, people", "# users"),
    "the shape of a line": (SAME, "model/fall/loss.py", "c.flow.removals += 1.0", "c.flow.removals += (\n        1.0\n    )"),
    "a parameter's meaning": (SAME, "catalogue/constants/leaders.py", '"cohesion at rest"', '"where cohesion rests"'),
    "a parameter's source": (SAME, "catalogue/constants/economy.py", '"gallet2014"', '"ASSUMED"'),
    "a joint bound's why": (SAME, "catalogue/parameters.py", '"they are parts of one whole; local sales are the rest"', '"they add"'),
    "a lever's title": (SAME, "catalogue/levers/cross.py", 'title="Anti-corruption"', 'title="Honesty"'),
    "a lever's docstring": (SAME, "catalogue/levers/cross.py", '"""Prosecute officials who sell protection.', '"""Prosecute.'),
    "a handle's meaning": (SAME, "catalogue/push.py", '"people who start using"', '"starters"'),
    "a metric's title": (SAME, "catalogue/metrics.py", '"Massacres"', '"Mass killings"'),
    "how a source is cited": (SAME, "catalogue/sources.py", "({self.year})", "[{self.year}]"),
    "what chooses kernels": (SAME, "model/compile/compiled.py", "SECONDS = 15", "SECONDS = 16"),
    # what Python alone reckons with
    "a default": (MODEL, "catalogue/constants/leaders.py", "param(0.8, \"1\", (0.3, 1)", "param(0.81, \"1\", (0.3, 1)"),
    "a range": (MODEL, "catalogue/constants/leaders.py", "(0.3, 1)", "(0.4, 1)"),
    "a lever's effect": (MODEL, "catalogue/levers/cross.py", "effect=(0.01, 0.06, 0.2)", "effect=(0.01, 0.07, 0.2)"),
    "a lever's price": (MODEL, "catalogue/levers/cross.py", "cost=(50, 75, 150)", "cost=(50, 76, 150)"),
    "a lever's rule": (MODEL, "catalogue/levers/cross.py", "CONVICTION_PER_REPAIR * effect * x", "CONVICTION_PER_REPAIR * x"),
    "what a metric is": (MODEL, "catalogue/metrics.py", '"events", "flow"', '"events", "stock"'),
    "how policies combine": (MODEL, "model/policy.py", "total[h] + value", "total[h] - value"),
    "a name drawn by": (MODEL, "model/uncertainty.py", 'luck["vector"]', 'luck["vectors"]'),
    # what is compiled
    "a rule": (BOTH, "model/fall/loss.py", "c.flow.removals += 1.0", "c.flow.removals += 2.0"),
    "an order": (BOTH, "model/columns.py", "    light: float  # light users, people\n", ""),
    "a decision's name": (BOTH, "model/week.py", 'decision("plaza.people")', 'decision("plaza.persons")'),
    "a constant of a rule": (BOTH, "model/columns.py", "FINANCIER, DEALER = 0, 1, 2", "FINANCIER, DEALER = 0, 2, 1"),
    "a type": (BOTH, "model/fall/loss.py", "shock: float", "shock: int"),
    "an import": (BOTH, "model/week.py", "from sim.model.plazas import sort_plazas", "from sim.model.tables import clear as sort_plazas"),
    "a parameter's name": (BOTH, "catalogue/constants/leaders.py", "cohesion_target: float", "cohesion_aim: float"),
    "a handle's kind": (BOTH, "catalogue/push.py", '= _add("cartel", "1/year", "leaders', '= _factor("cartel", "leaders'),
    "a table's layout": (BOTH, "model/compile/named.py", "np.array([self.rows, floats, ints,", "np.array([self.rows, ints, floats,"),
    "how it is compiled": (BOTH, "model/compile/whole.py", "tuning.loop_vectorization = True", "tuning.loop_vectorization = False"),
}  # fmt: skip


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    target = tmp_path_factory.mktemp("source") / "sim"
    shutil.copytree(version.SOURCE, target, ignore=shutil.ignore_patterns("__pycache__", "*.so", "show"))
    return target


@pytest.fixture
def digest(copy, monkeypatch):
    def work_out() -> version.Digests:
        for known in (version._tree, version._imports):
            known.cache_clear()
        return version.work_out()

    monkeypatch.setattr(version, "SOURCE", copy)
    yield work_out
    for known in (version._tree, version._imports):
        known.cache_clear()


@pytest.fixture(scope="module")
def unchanged():
    return version.work_out()


@contextmanager
def edited(copy, *edits):
    """Some of `EDITS` made in the copy, and unmade."""
    kept = {}
    for _, file, old, new in edits:
        path: Path = copy / file
        text = path.read_text(encoding="utf-8")
        kept.setdefault(path, text)
        assert old in text, "the source has changed: edit this test"
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
    yield
    for path, text in kept.items():
        path.write_text(text, encoding="utf-8")


def test_what_only_people_read_changes_nothing(copy, digest, unchanged):
    """All of it at once; where that changes something, one after the other says what."""
    edits = {name: edit for name, edit in EDITS.items() if edit[0] == SAME}
    with edited(copy, *edits.values()):
        if digest() == unchanged:
            return
    for name, edit in edits.items():
        with edited(copy, edit):
            assert digest() == unchanged, name


MEANT = [name for name, edit in EDITS.items() if edit[0] != SAME]
SOON = {"a default", "a lever's rule", "a rule", "a parameter's name"}  # the default tier makes these


@pytest.mark.parametrize("edit", [name if name in SOON else pytest.param(name, marks=pytest.mark.slow) for name in MEANT])
def test_digests_change_with_the_meaning(copy, digest, unchanged, edit):
    with edited(copy, EDITS[edit]):
        after = digest()
    assert (after.model != unchanged.model, after.kernel != unchanged.kernel) == EDITS[edit][0]


def test_known_digests_are_those_worked_out(unchanged):
    assert version.digests() == unchanged


def test_a_file_that_comes_or_goes_is_noticed(copy, digest, unchanged):
    (copy / "model" / "more.py").write_text("X = 1\n", encoding="utf-8")
    try:
        assert digest().model != unchanged.model
    finally:
        (copy / "model" / "more.py").unlink()
    assert digest() == unchanged

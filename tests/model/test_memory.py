"""Nothing of a run outlives it, whatever Mesa keeps in its classes."""

import gc
from collections import Counter

import pytest
from cases import plan, scenario

from sim.model.agents import Cartel, Leader
from sim.model.model import Cartelitos
from sim.model.run import simulate

SHORT = scenario(plan("kingpin_targeting", 4.0), years=0.5)


def living() -> Counter[str]:
    """Models and agents that the garbage collector cannot free."""
    gc.collect()
    return Counter(type(thing).__name__ for thing in gc.get_objects() if issubclass(type(thing), Cartelitos | Cartel | Leader))


def test_no_model_survives_its_release() -> None:
    before = living()
    for seed in range(60):
        model = Cartelitos(SHORT, rng=seed)
        model.run()
        model.release()
    del model
    assert living() == before


def test_no_failed_run_survives(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(self: Cartelitos) -> None:
        raise RuntimeError("stop")

    before = living()
    monkeypatch.setattr(Cartelitos, "run", fail)
    for seed in range(5):
        with pytest.raises(RuntimeError, match="stop"):
            simulate(SHORT, seed)
    assert living() == before


def test_the_count_sees_a_model_that_lives() -> None:
    before = living()
    model = Cartelitos(SHORT, rng=1)
    model.agents_by_type  # noqa: B018 (calls up every leader)
    assert (living() - before).keys() == {"Cartelitos", "Cartel", "Leader"}
    model.release()

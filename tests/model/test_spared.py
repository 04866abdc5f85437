"""A twin run: one removal that happened does not, and nothing else is touched."""

import numpy as np
import pytest

from sim.model.columns import Flow
from sim.model.model import Cartelitos, Removal
from sim.scenario import load

RANKS = ("kingpin", "lieutenant", "captive")
SEED = 3


def run(spared: Removal | None = None) -> Cartelitos:
    model = Cartelitos(load("baseline", ["world.years=4"]), rng=SEED, spared=spared)
    model.run()
    return model


@pytest.fixture(scope="module")
def original() -> Cartelitos:
    return run()


def removals(model: Cartelitos) -> dict[str, list[Removal]]:
    found: dict[str, list[Removal]] = {rank: [] for rank in RANKS}
    for week, kind, row, *_, cause in model.log.lines:
        if kind == "removal":
            rank = "lieutenant" if cause.startswith("lieutenant") else "kingpin"
        elif kind == "extradition":
            rank = "captive"
        else:
            continue
        found[rank].append(Removal(week, row, rank))
    return found


@pytest.mark.parametrize("rank", RANKS)
def test_one_removal_less_and_nothing_else_before_it(original: Cartelitos, rank: str) -> None:
    removal = removals(original)[rank][1]
    twin = run(removal)
    before, after = slice(0, removal.week), slice(removal.week, None)
    flows, others = original.state.country.flows, twin.state.country.flows
    assert np.array_equal(flows[before], others[before])
    assert not np.array_equal(flows[after], others[after])
    lines = [line for line in original.log.lines if line[0] < removal.week]
    assert twin.log.lines[: len(lines)] == lines
    assert [line[:3] for line in twin.log.lines if line[1] == "spared"] == [(removal.week, "spared", removal.row)]
    assert removal not in removals(twin)[rank]
    lost = Flow(flows[removal.week] - others[removal.week])
    assert lost.removals == (rank != "captive")
    assert lost.extraditions == (rank == "captive")


def test_sparing_what_never_happened_is_the_same_run(original: Cartelitos) -> None:
    twin = run(Removal(0, 0, "kingpin"))
    assert np.array_equal(original.state.country.flows, twin.state.country.flows)
    assert twin.log.lines == original.log.lines


def test_a_succession_says_how_contested_it_is(original: Cartelitos) -> None:
    sizes = [line[5] for line in original.log.lines if line[1] == "succession"]
    assert all(0 <= size <= 100 for size in sizes)
    assert len(set(sizes)) > 5

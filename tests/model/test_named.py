"""Tables by name: the same rule gives the same, compiled and in plain Python, and what compiled code could not do is refused."""

from __future__ import annotations

import pickle
from copy import deepcopy
from dataclasses import dataclass, replace
from typing import Annotated

import numpy as np
import pytest
from numba.core.errors import NumbaError
from numpy.typing import NDArray

from sim.model.compile.compiled import BARE, compiled
from sim.model.compile.named import Floats, Integers, Numbers, Record, Stack, Table


class Herd(Table):
    heads: Floats
    owner: Integers
    weight: Floats
    age: Integers


class Sold(Numbers):
    heads: float
    weight: float


class Rows(Numbers):
    herds: int


class Rates(Numbers, names=("growth", "sale"), constant=True):
    pass


class Places(Stack[Rates], part=Rates):
    pass


class Years(Stack[Places], part=Places):
    pass


@dataclass(frozen=True, eq=False)
class Farm(Record):
    herd: Herd
    sold: Sold
    rows: Rows
    rates: Years  # [year, place]
    near: Annotated[NDArray[np.int32], 2]  # [place, place]
    key: NDArray[np.uint64]
    seed: np.uint64
    luck: float


def year(farm: Farm, rates: Rates, number: int) -> float:
    herd, here, total = farm.herd, farm.rates[number], 0.0
    for i in range(farm.rows.herds):
        place = herd.owner[i]
        herd.heads[i] *= 1.0 + here[place].growth
        herd.owner[i] = farm.near[place, 1]
        sold = rates.sale * herd.heads[i] + farm.luck
        herd.heads[i] -= sold
        farm.sold.heads += sold
        farm.sold.weight += sold * herd.weight[i]
        total += herd.heads[i] + float(farm.key[i] ^ farm.seed)
    farm.rows.herds -= 1
    for column in range(herd.ints.shape[0] - 1, 0, -1):
        herd.ints[column, 0] += len(here) + farm.sold.size + herd.rows
    for number in range(farm.sold.size):
        total += farm.sold[number]
    return total


def farm(rows: int = 5) -> Farm:
    herd = Herd.blank(rows)
    herd.heads, herd.weight, herd.owner = np.arange(rows) + 0.25, np.linspace(1.0, 2.0, rows), np.arange(rows) % 3
    rates = np.random.default_rng(1).random((2, 3, 2))
    near, key = np.array([[0, 1], [1, 2], [2, 0]], np.int32), np.arange(rows, dtype=np.uint64)
    return Farm(herd, Sold.blank(), Rows.of(4), Years(rates), near, key, np.uint64(2**63 + 5), 0.125)


def state(farm: Farm) -> list[list[float]]:
    return [farm.herd.floats.tolist(), farm.herd.ints.tolist(), farm.sold.values.tolist(), farm.rows.values.tolist()]


def test_a_rule_gives_the_same_compiled_and_plain() -> None:
    one, two, rates, rule = farm(), farm(), Rates.of(0.0, 0.1), compiled(year)
    assert rule(one, rates, 1) == year(two, rates, 1)
    assert state(one) == state(two)
    wider = [replace(each, herd=each.herd.resized(9), key=np.arange(9, dtype=np.uint64)) for each in (one, two)]
    assert rule(wider[0], rates, 0) == year(wider[1], rates, 0)
    assert state(wider[0]) == state(wider[1])
    assert wider[0].herd.rows == 9
    assert wider[0].sold.heads == one.sold.heads > 0.0


@pytest.mark.parametrize("again", [deepcopy, lambda farm: pickle.loads(pickle.dumps(farm))], ids=["copied", "pickled"])
def test_a_copy_lies_elsewhere(again) -> None:
    one, rates = farm(), Rates.of(0.0, 0.1)
    addresses = {each.address for each in (one, one.herd, one.sold, one.rows, one.rates)}
    two = again(one)
    assert not addresses & {each.address for each in (two, two.herd, two.sold, two.rows, two.rates)}
    before = state(two)
    compiled(year)(one, rates, 1)
    assert state(two) == before != state(one)


def test_a_column_is_written_and_never_replaced() -> None:
    herd = Herd.blank(3)
    herd.heads = 2.0
    herd.owner[1:] = 7
    assert herd.floats.tolist() == [[2.0] * 3, [0.0] * 3]
    assert herd.ints.tolist() == [[0, 7, 7], [0, 0, 0]]
    assert (herd[1].heads, herd[1].owner) == (2.0, 7)
    herd[0] = herd[1]
    herd[:2].weight[:] = 1.0
    assert (herd.owner.tolist(), herd.weight.tolist()) == ([7, 7, 7], [1.0, 1.0, 0.0])
    assert [Herd.before(name) for name in Herd.names] == [0, 1, 1, 2]


def test_names_that_are_not_there_are_refused() -> None:
    herd, sold = Herd.blank(1), Sold.blank()
    with pytest.raises(AttributeError, match="Herd has no head"):
        herd.head = 1.0
    with pytest.raises(AttributeError, match="Sold has no head"):
        sold.head += 1.0
    with pytest.raises(AttributeError, match="Sold has no head"):
        sold.head = 1.0


def test_names_that_mean_something_else_are_refused() -> None:
    with pytest.raises(TypeError, match="rows"):
        type("Bad", (Table,), {"__annotations__": {"rows": Floats}})
    with pytest.raises(TypeError, match="size"):
        type("Bad", (Numbers,), {"__annotations__": {"size": float}})
    with pytest.raises(TypeError, match="heads"):
        type("Bad", (Table,), {"__annotations__": {"heads": float}})


@pytest.mark.skipif(BARE, reason="nothing is compiled")
def test_compiled_code_refuses_what_it_cannot_do() -> None:
    def unknown(herd: Herd) -> float:
        return herd.head[0]

    def constant(rates: Rates) -> None:
        rates.sale = 1.0

    with pytest.raises(NumbaError, match="head"):
        compiled(unknown)(Herd.blank(1))
    with pytest.raises((TypeError, NumbaError), match="constant"):
        compiled(constant)(Rates.of(0.0, 0.1))
    with pytest.raises(ValueError, match="whole tables"):
        compiled(year)(replace(farm(), herd=farm().herd[:2]), Rates.of(0.0, 0.1), 1)
    for rates in (Rates(np.zeros(3)), Rates(np.zeros(2, np.float32)), Rates(np.zeros((2, 2))[:, 0])):
        with pytest.raises(ValueError, match=r"Rates are|compiled code reads"):
            compiled(year)(farm(), rates, 1)
    with pytest.raises(ValueError, match="Years have 3 axes"):
        compiled(year)(replace(farm(), rates=Years(np.zeros((2, 2)))), Rates.of(0.0, 0.1), 1)

"""Addressed draws: the published generator, distributions by inversion, and keys."""

import math
from itertools import pairwise

import numpy as np
import pytest

from sim.model.chance import Chance, count, counts, decision, lineage, mix, name_key, normal, philox
from sim.model.columns import Plaza
from sim.model.compile.compiled import compiled
from sim.model.compile.named import Grid

U = np.uint64
VECTORS = [  # Random123, kat_vectors, philox4x32-10
    ("00000000 00000000 00000000 00000000", "00000000 00000000", "6627e8d5 e169c58d bc57ac4c 9b00dbd8"),
    ("ffffffff ffffffff ffffffff ffffffff", "ffffffff ffffffff", "408f276d 41c83b0e a20bc7c6 6d5451fd"),
    ("243f6a88 85a308d3 13198a2e 03707344", "a4093822 299f31d0", "d16cfe09 94fdcceb 5001e420 24126ea1"),
]


@pytest.mark.parametrize(("counter", "key", "expected"), VECTORS)
def test_philox_equals_the_published_vectors(counter: str, key: str, expected: str) -> None:
    words = [U(int(word, 16)) for word in (counter + " " + key).split()]
    assert [int(word) for word in philox(*words)] == [int(word, 16) for word in expected.split()]


@compiled
def count_them(plaza: Plaza, luck: Grid, length: int) -> None:
    counts(plaza.counted, plaza.work, luck, 1, length)


def test_counts_at_once_are_counts_one_by_one() -> None:
    means = [0.0, 5e-324, 1e-9, 0.3, 1.0, 4.0, 12.0, 29.999, 30.0, 55.5, 1e4]
    lanes = [2.0**-33, 1e-6, 0.05, 0.3679, 0.5, 0.97, 0.9999, 1.0 - 2.0**-33]
    plaza = Plaza.blank(len(means) * len(lanes))
    plaza.work[:], luck = np.repeat(means, len(lanes)), np.tile(lanes, (4, len(means)))
    count_them(plaza, luck, plaza.rows)
    assert plaza.counted.tolist() == [count(mean, u) for mean in means for u in lanes]
    assert plaza.counted.max() > 1e4


def test_luck_at_once_is_luck_one_by_one() -> None:
    chance, keys = Chance(11), np.array([name_key(name) for name in "abcdefg"])
    assert chance.uniforms("t", 5, keys) == [chance.uniform("t", 5, key) for key in keys]


def test_a_draw_depends_on_its_address_and_nothing_else() -> None:
    one, two = Chance(7), Chance(7)
    first = one.block("a", 3, 5)
    two.block("b", 1, 1)
    assert two.block("a", 3, 5) == first
    assert Chance(8).block("a", 3, 5) != first
    assert one.block("a", 4, 5) != first
    assert one.block("a", 3, 6) != first
    assert one.block("b", 3, 5) != first


def test_uniforms_are_uniform_and_their_lanes_independent() -> None:
    chance = Chance(3)
    draws = np.array([chance.block("t", week, week * 17) for week in range(20_000)])
    assert draws.min() > 0.0
    assert draws.max() < 1.0
    assert np.all(np.abs(draws.mean(axis=0) - 0.5) < 4 / math.sqrt(12 * 20_000))
    off = np.corrcoef(draws.T)[np.triu_indices(4, 1)]
    assert np.all(np.abs(off) < 4 / math.sqrt(20_000))


@pytest.mark.parametrize("mean", [0.01, 0.7, 4.2, 29.9])
def test_counts_invert_the_poisson_distribution(mean: float) -> None:
    for u in np.linspace(0.001, 0.999, 201):
        k = int(count(mean, u))
        below = sum(math.exp(-mean) * mean**i / math.factorial(i) for i in range(k))
        assert below <= u < below + math.exp(-mean) * mean**k / math.factorial(k) + 1e-12


@pytest.mark.parametrize("mean", [30.0, 300.0, 5000.0])
def test_large_counts_keep_mean_and_variance(mean: float) -> None:
    draws = np.array([count(mean, u) for u in (np.arange(20_000) + 0.5) / 20_000])
    assert draws.mean() == pytest.approx(mean, rel=2e-4)
    assert draws.var() == pytest.approx(mean, rel=0.01)


def test_counts_are_monotone_in_mean_so_that_twins_stay_coupled() -> None:
    for u in (0.05, 0.5, 0.97):
        counts = [count(mean, u) for mean in np.linspace(0, 80, 400)]
        assert all(later >= earlier for earlier, later in pairwise(counts))


def test_normal_quantiles() -> None:
    assert normal(0.5) == 0.0
    assert normal(0.975) == pytest.approx(1.959963985, abs=1e-8)
    assert normal(1e-6) == pytest.approx(-4.753424309, abs=1e-7)
    assert normal(0.3) == pytest.approx(-normal(0.7), abs=1e-9)


def test_keys() -> None:
    assert lineage(1, 2, 3) == mix(U(mix(U(1), U(2))), U(3))
    assert lineage(1, 2) != lineage(2, 1)
    names = [f"cartel-{i}" for i in range(5000)]
    assert len({int(name_key(name)) for name in names}) == len(names)
    assert decision("a.b") != decision("a.c")

"""exp, log and expm1 are as exact as they say, the same for a number and for arrays, and defined everywhere."""

import math

import numpy as np
import pytest

from sim.elementary import ORDINARY, exp, exp_all, exp_of_ordinary, expm1, expm1s, exps, interpolated, log, log_all, log_of_normal, logs
from sim.model.columns import Plaza
from sim.model.compile.compiled import compiled

LUCK, mixed = np.random.Generator(np.random.Philox(7)), lambda *parts: np.concatenate(parts)
CASES = {  # the function, that of arrays, the stated bound in ulp, arguments
    "exp": (exp, exps, 0.52, mixed(LUCK.uniform(-700, 700, 4_000), LUCK.uniform(-1, 1, 4_000), LUCK.normal(0, 1e-3, 1_000))),
    "expm1": (expm1, expm1s, 2.0, mixed(LUCK.uniform(-40, 700, 2_000), LUCK.uniform(-1, 1, 4_000), LUCK.normal(0, 1e-3, 2_000))),
    "log": (log, logs, 0.76, mixed(2.0 ** LUCK.uniform(-1000, 1000, 2_000), LUCK.uniform(0.5, 2, 4_000), LUCK.uniform(0.992, 1.01, 4_000))),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_errors_are_below_the_stated_bound(name):
    mpmath = pytest.importorskip("mpmath")
    mpmath.mp.prec = 140
    _, every, bound, arguments = CASES[name]
    exact = getattr(mpmath, name)
    for argument, found in zip(arguments.tolist(), every(arguments).tolist(), strict=True):
        true = exact(mpmath.mpf(argument))
        assert abs(mpmath.mpf(found) - true) <= bound * np.spacing(abs(float(true))), argument


@pytest.mark.parametrize("name", CASES)
def test_a_number_alone_an_array_and_compiled_code_give_the_same(name):
    one, every, _, arguments = CASES[name]
    plain = getattr(one, "py_func", one)
    compiled = [one(argument) for argument in arguments.tolist()]
    assert compiled == every(arguments).tolist()
    assert compiled[::10] == [float(plain(argument)) for argument in arguments[::10].tolist()]
    assert every(arguments[:12].reshape(3, 4)).tolist() == every(arguments[:12]).reshape(3, 4).tolist()


@pytest.mark.parametrize(
    ("function", "argument", "value"),
    [
        (exp, 0.0, 1.0), (exp, math.inf, math.inf), (exp, -math.inf, 0.0), (exp, 710.0, math.inf), (exp, -746.0, 0.0), (exp, -1e300, 0.0),
        (exp, -745.0, 5e-324), (expm1, 0.0, 0.0), (expm1, -math.inf, -1.0), (expm1, -800.0, -1.0), (expm1, math.inf, math.inf),
        (expm1, 1e-300, 1e-300), (log, 1.0, 0.0), (log, 0.0, -math.inf), (log, math.inf, math.inf), (log, -1.0, math.nan),
    ],
)  # fmt: skip
def test_the_ends(function, argument, value):
    for each in {function, getattr(function, "py_func", function)}:
        assert each(argument) == pytest.approx(value, abs=0.0, rel=0.0, nan_ok=True)
    assert math.isnan(function(math.nan))


def test_a_zero_keeps_its_sign():
    assert math.copysign(1.0, expm1(-0.0)) == -1.0


def test_far_and_subnormal_numbers_are_close():
    assert exp(709.7) == pytest.approx(math.exp(709.7), rel=1e-15)
    assert exp(-744.0) == pytest.approx(math.exp(-744.0), rel=0.5)
    for argument in (5e-324, 1e-310, 2.2e-308):
        assert log(argument) == pytest.approx(math.log(argument), rel=1e-15)


def test_arrays_beyond_the_ordinary_range_are_right_too():
    far = np.array([-800.0, -ORDINARY, 0.5, ORDINARY, 800.0])
    assert exps(far).tolist() == [exp(each) for each in far.tolist()]
    assert logs(np.array([0.0, 5e-324, 1.0, math.inf])).tolist() == [log(each) for each in (0.0, 5e-324, 1.0, math.inf)]
    assert exp_of_ordinary(0.5) == exp(0.5)
    assert log_of_normal(0.5) == log(0.5)


def test_interpolation_goes_through_its_points_and_is_level_beyond():
    at, values = np.array([0.0, 1.0, 3.0]), np.array([2.0, 4.0, -2.0])
    asked = np.array([-5.0, 0.0, 0.25, 1.0, 2.0, 3.0, 9.0])
    assert interpolated(asked, at, values).tolist() == [2.0, 2.0, 2.5, 4.0, 1.0, -2.0, -2.0]
    np.testing.assert_allclose(interpolated(asked, at, values), np.interp(asked, at, values), rtol=1e-15)


@compiled
def both(plaza: Plaza, length: int) -> None:
    exp_all(plaza.work, length)
    log_all(plaza.counted, length)


@pytest.mark.parametrize("odd", [[], [math.inf, -math.inf, math.nan, 800.0, -745.2, -0.0]], ids=["ordinary", "odd"])
def test_whole_columns_are_their_numbers_one_by_one(odd):
    x = np.concatenate([np.linspace(-700.0, 700.0, 997), np.linspace(-1.0, 1.0, 500), odd])
    y = np.concatenate([np.geomspace(1e-300, 1e300, 997), np.linspace(0.5, 2.0, 500), [*np.abs(odd), 0.0, 5e-324, -1.0] if odd else []])
    rows = max(len(x), len(y))
    plaza = Plaza.blank(rows)
    plaza.work, plaza.counted = np.resize(x, rows), np.resize(y, rows)
    both(plaza, rows)
    assert plaza.work.tobytes() == np.array([exp(each) for each in np.resize(x, rows)]).tobytes()
    assert plaza.counted.tobytes() == np.array([log(each) for each in np.resize(y, rows)]).tobytes()

import numpy as np
import pairs
import pyarrow as pa
import pytest

from sim.analysis.ensemble import PairingError, gather, paired_only, summarise


def test_row_order_does_not_matter():
    series = pairs.experiment({"a": 1.0, "b": 1.2})
    shuffled = series.take(np.random.default_rng(3).permutation(series.num_rows))
    one, other = gather(series), gather(shuffled)
    for name in one.arms:
        np.testing.assert_array_equal(one["homicides"][one.arm(name)], other["homicides"][other.arm(name)])


def test_arrays_hold_each_run_in_its_place():
    ensemble = gather(pairs.experiment({"a": 1.0, "b": 2.0}, replicates=3))
    assert ensemble.arms == ("a", "b")
    assert ensemble["homicides"].shape == (2, 3, 24)
    np.testing.assert_array_equal(ensemble["homicides"][1, 2, 12:], 2.0 * pairs.world(2)[12:])
    np.testing.assert_array_equal(ensemble.days, pairs.DAYS)
    assert ensemble.run_id(1, 2) == "b-0-2"


def test_points_of_a_sweep_are_arms_of_their_own():
    runs = [pairs.run("swept", 0, point=point, homicides=1.0) for point in (0, 1)]
    assert gather(pairs.series(pairs.run("plain", 0, homicides=1.0), *runs)).arms == ("plain", "swept@0", "swept@1")


@pytest.mark.parametrize(
    ("runs", "message"),
    [
        ([("a", 0), ("a", 1), ("b", 0)], r"replicates of 'b' differ from those of 'a' \(1\)"),
        ([("a", 0), ("b", 1)], r"replicates of 'b' differ from those of 'a' \(0, 1\)"),
        ([("a", 0), ("b", 0), ("b", 0)], "stored twice"),
    ],
)
def test_unequal_arms_are_refused(runs, message):
    with pytest.raises(PairingError, match=message) as caught:
        gather(pairs.series(*(pairs.run(*run, homicides=1.0) for run in runs)))
    assert caught.value.exit_code == 2


def test_unequal_calendars_are_refused():
    short = pairs.run("b", 0, months=pairs.MONTHS[:20], homicides=1.0)
    with pytest.raises(PairingError, match=r"months of 'b' differ from those of 'a' \(2008-08, "):
        gather(pairs.series(pairs.run("a", 0, homicides=1.0), short))


def test_nothing_to_compare():
    with pytest.raises(PairingError, match="no finished runs"):
        gather(pa.table({}))


def test_incomplete_replicates_can_be_left_out():
    series = pairs.series(*(pairs.run(*key, homicides=1.0) for key in (("a", 0), ("a", 1), ("b", 1), ("b", 2))))
    kept, dropped = paired_only(series)
    assert dropped == (0, 2)
    assert gather(kept).replicates.tolist() == [1]


def test_unknown_names_get_a_suggestion():
    ensemble = gather(pairs.experiment({"a": 1.0}))
    with pytest.raises(PairingError, match="did you mean 'homicides'"):
        ensemble["homicide"]
    with pytest.raises(PairingError, match="no runs of scenario 'b'; stored: a"):
        ensemble.arm("b")


@pytest.mark.parametrize("window", [("2006-11", "2007-01"), ("2007-05", "2007-01"), ("2008-01", "2009-01")])
def test_windows_stay_within_the_run(window):
    with pytest.raises(PairingError, match="is not within the simulated months 2006-12 to 2008-11"):
        gather(pairs.experiment({"a": 1.0})).within(window)


def test_flows_add_up_and_stocks_average():
    ensemble = gather(pairs.series(pairs.run("a", 0, homicides=pairs.DAYS, members=np.arange(24.0))))
    months = ensemble.within(("2007-01", "2007-03"))
    assert ensemble.level("homicides", months) == 90
    assert ensemble.level("homicides", months, yearly=True) == pytest.approx(365.25)
    assert ensemble.level("members", months) == 2.0


def test_a_stock_is_averaged_where_it_is_defined():
    months = np.array([[np.nan, 2.0, 4.0], [np.nan, np.nan, np.nan]])
    np.testing.assert_array_equal(summarise(months, np.ones(3), "stock"), [3.0, np.nan])

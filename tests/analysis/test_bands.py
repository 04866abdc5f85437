import numpy as np
import pairs
import pytest

from sim.analysis.ensemble import LEVELS, bands, calendar, gather


def test_quantiles_over_replicates():
    ensemble = gather(pairs.series(*(pairs.run("a", r, members=float(r)) for r in range(101))))
    found = bands(ensemble, "members")
    assert found.quantiles.shape == (1, len(LEVELS), 24)
    np.testing.assert_allclose(found.quantiles[0, :, 5], LEVELS)


def test_flows_are_yearly_rates_whatever_the_length_of_the_month():
    ensemble = gather(pairs.series(pairs.run("a", 0, homicides=2 * pairs.DAYS)))
    for by in ("month", "year"):
        np.testing.assert_allclose(bands(ensemble, "homicides", by).quantiles, 2 * 365.25)


def test_a_year_that_was_hardly_simulated_is_left_out():
    ensemble = gather(pairs.experiment({"a": 1.0}))
    assert calendar(ensemble.months, ensemble.days, "year") == [slice(1, 13), slice(13, 24)]
    years = bands(ensemble, "homicides", "year").times.astype("datetime64[Y]").astype(int) + 1970
    assert years.tolist() == [2007, 2008]


def test_a_run_of_a_few_weeks_keeps_its_only_year():
    series = pairs.run("a", 0, months=pairs.MONTHS[:1], homicides=31.0)
    assert bands(gather(series), "homicides", "year").quantiles[0, 2, 0] == pytest.approx(365.25)


def test_a_month_without_any_defined_value_stays_undefined():
    values = np.where(np.arange(24) < 3, np.nan, 1.0)
    found = bands(gather(pairs.run("a", 0, largest_share=values)), "largest_share")
    assert np.isnan(found.quantiles[0, :, :3]).all()
    assert (found.quantiles[0, :, 3:] == 1.0).all()

"""Calibration on models whose answers are known."""

from types import SimpleNamespace

import numpy as np
import pytest

from sim.analysis.calibration import calibrate
from sim.analysis.calibration.calibrate import Emulator, Target, even, identifiability, posterior, scaled, transform
from sim.analysis.calibration.waves import AXES, Wave, conclude, plausible_csv, reweighed, unscaled, vectors
from sim.catalogue.evidence import EVIDENCE, Evidence
from sim.catalogue.parameters import PARAMETERS
from sim.catalogue.priors import BAND, PRIORS, Prior
from sim.model.uncertainty import plausible_set


def row(name, low=-1.0, high=1.0, observed=None):
    return Evidence(
        name,
        name,
        "members",
        "change",
        ("2008-01", "2008-12"),
        observed,
        low,
        high,
        "",
        ("envipe",),
        "seen",
        "calibrate",
        base=("2007-01",) * 2,
    )


def unit_priors(count):
    return [Prior(f"p{d}", 0.0, 1.0, False, "") for d in range(count)]


@pytest.fixture(autouse=True)
def few_candidates(monkeypatch):
    monkeypatch.setattr(calibrate, "CANDIDATES", 4_000)


class Linear:
    """Rows that are linear in the parameters, with normal luck."""

    def __init__(self, slopes, noise, seed=0):
        self.slopes, self.noise, self.luck = np.asarray(slopes), noise, np.random.default_rng(seed)

    def __call__(self, points):
        return points @ self.slopes.T + self.noise * self.luck.normal(size=(len(points), len(self.slopes)))


def test_at_most_ten_parameters_are_fitted_and_the_catalogue_knows_them():
    assert 0 < len(PRIORS) <= 10
    for prior in PRIORS:
        assert PARAMETERS[prior.name].low <= prior.low < prior.high <= PARAMETERS[prior.name].high
        assert not prior.log or prior.low > 0
        assert prior.why
    assert BAND.name == "members"


def test_points_fill_the_cube_evenly():
    points = even(1_000, 11)
    assert ((points > 0) & (points < 1)).all()
    counts = np.array([np.histogram(column, 10, (0, 1))[0] for column in points.T])
    assert np.abs(counts - 100).max() <= 15
    assert np.abs(np.corrcoef(points.T) - np.eye(11)).max() < 0.15


def test_values_and_points_are_inverse():
    points = even(20, len(AXES))
    assert unscaled(scaled(AXES, points)) == pytest.approx(points, abs=1e-12)


def test_ratios_are_compared_as_logarithms_and_changes_as_they_are():
    assert transform([EVIDENCE["H1"], EVIDENCE["PC3"]], np.array([np.e, 5.0])).tolist() == [1.0, 5.0]


def test_the_emulator_knows_a_quadratic_and_its_slopes():
    x = even(300, 3)
    y = np.column_stack([1 + x[:, 0] ** 2 - 2 * x[:, 1] * x[:, 2]])
    emulator, at = Emulator.fit(x, y), np.array([0.3, 0.6, 0.2])
    assert emulator(at[None])[0, 0] == pytest.approx(1 + 0.09 - 2 * 0.12, abs=0.01)
    assert emulator.slopes(at)[0] == pytest.approx([0.6, -0.4, -1.2], abs=0.02)
    assert emulator.explained[0] > 0.99


def test_the_posterior_of_a_linear_model_is_the_one_of_the_textbook():
    """One parameter, one row with slope 10 and noise 1: mean y / 10, standard deviation 0.1."""
    model = Linear([[10.0]], 1.0)
    x = even(2_000, 1)
    found = posterior(Emulator.fit(x, model(x)), Target.exactly([row("a")], np.array([5.0])))
    assert found.mean[0] == pytest.approx(0.5, abs=0.01)
    assert found.spread()[0] == pytest.approx(0.1, abs=0.005)
    assert found.quantile(0.05)[0] == pytest.approx(0.5 - 0.1645, abs=0.01)
    assert found.effective > 500


def test_the_band_of_a_row_is_a_doubt():
    model = Linear([[10.0]], 0.01)
    x = even(500, 1)
    found = posterior(Emulator.fit(x, model(x)), Target.of([row("a", 3.0, 7.0)]))
    assert found.mean[0] == pytest.approx(0.5, abs=0.01)
    assert found.spread()[0] == pytest.approx(0.4 / (2 * 1.645), rel=0.05)


def test_a_row_is_believed_to_lie_where_it_was_observed():
    model = Linear([[10.0]], 0.01)
    x = even(500, 1)
    found = posterior(Emulator.fit(x, model(x)), Target.of([row("a", 3.0, 7.0, observed=4.0)]))
    assert found.mean[0] == pytest.approx(0.4, abs=0.01)


def test_vectors_of_another_world_are_weighed_as_the_textbook_says():
    """A row with slope 10 and noise 1 after five histories each; the others hold nothing, and one that no vector meets is let go."""
    model, points = Linear([[10.0, *[0.0] * 10], [0.0] * 11], 1.0), np.repeat(even(400, len(AXES)), 5, axis=0)
    values = model(points)
    fit, drawn = reweighed(Wave(points, values, values[:, 0]), Target.exactly([row("a"), row("b")], np.array([5.0, 99.0])))
    assert fit.found.mean[0] == pytest.approx(0.5, abs=0.02)
    assert fit.found.spread()[0] == pytest.approx((1.0 + 1.0 / 5 + 1.0 / 5) ** 0.5 / 10, rel=0.15)  # histories, their mean twice
    assert fit.found.discrepancy[0] == 0.0
    assert fit.found.discrepancy[1] > 40.0
    assert [pinned.only_prior for pinned in fit.pinned] == [False, *[True] * 9]
    assert drawn.points.shape == (400, len(AXES) - 1)
    assert drawn.points[:, 0].mean() == pytest.approx(fit.found.mean[0], abs=0.005)
    assert fit.found.effective < 250


def test_stated_intervals_hold_the_truth():
    rng = np.random.default_rng(1)
    slopes = rng.normal(size=(12, 6))
    model, x = Linear(slopes, 0.3), even(400, 6)
    emulator, rows = Emulator.fit(x, model(x)), [row(f"r{k}") for k in range(12)]
    hits = []
    for truth in 0.1 + 0.8 * rng.random((8, 6)):
        found = posterior(emulator, Target.exactly(rows, model(truth[None])[0]))
        hits += ((found.quantile(0.05) <= truth) & (truth <= found.quantile(0.95))).tolist()
    assert 0.82 <= np.mean(hits) <= 0.98


def test_it_is_said_what_holds_a_parameter_and_where_only_the_prior_speaks():
    model, x = Linear([[8.0, 0.0, 0.0], [0.0, 3.0, 0.0]], 0.5), even(400, 3)
    emulator, target = Emulator.fit(x, model(x)), Target.exactly([row("a"), row("b")], np.array([4.0, 1.5]))
    first, second, third = identifiability(emulator, target, posterior(emulator, target), unit_priors(3))
    assert first.rows[0][0] == "a"
    assert second.rows[0][0] == "b"
    assert first.width < second.width < 0.8 < 0.9 < third.width
    assert (first.only_prior, third.only_prior, third.rows) == (False, True, ())


def test_a_row_that_nothing_meets_is_named_and_does_not_drag_the_rest_along():
    model, x = Linear([[10.0], [10.0], [10.0]], 0.5), even(400, 1)
    emulator = Emulator.fit(x, model(x))
    found = posterior(emulator, Target.exactly([row("a"), row("b"), row("odd")], np.array([3.0, 3.0, 40.0])))
    assert (found.discrepancy > 0).tolist() == [False, False, True]
    assert found.mean[0] < 0.5


def test_families_are_kept_apart():
    model, x = Linear([[5.0, 0.0], [0.0, 4.0]], 0.3), even(600, 2)
    y = model(x) - np.array([0.0, 2.0])
    emulator = Emulator.fit(x, y)
    for sign in (-1.0, 1.0):
        found = posterior(emulator, Target.exactly([row("a")], np.array([2.5])), region=sign)
        assert (np.sign(emulator(found.sample(50))[:, 1]) == sign).all()


def test_a_plausible_set_is_what_the_model_reads(tmp_path):
    rows = [EVIDENCE["PC2"], EVIDENCE["PC3"]]
    points = even(400, len(AXES))
    values = np.column_stack([150_000 * np.exp(points[:, 0] - 0.5), 60_000 + 90_000 * (points[:, 1] - 0.5)])
    wave = Wave(points, values * np.random.default_rng(2).normal(1, 0.05, values.shape), points[:, 6] - 0.5)
    fit = conclude(wave, Target.of(rows))
    text = plausible_csv(fit, wave, ["made for a test"])
    (tmp_path / "plausible-32.csv").write_text(text, encoding="utf-8")
    read = plausible_set(tmp_path, 32)
    assert text.startswith("# made for a test\nfamily,recruit_rate,")
    assert len(read) == 400
    assert {line["family"] for line in read} == {"split", "entry"}
    assert set(read[0]) - {"family", "members"} <= set(PARAMETERS)
    central = np.array([read[0][axis.name] for axis in AXES])
    assert np.abs(unscaled(central[None])[0] - fit.found.mean).max() < 0.45
    assert vectors(points[:1])[0] in [{key: value for key, value in line.items() if key != "family"} for line in read]


def fake_trial(scenario, seed):
    """Rows as smooth functions of the vector, with a little luck that depends on it."""
    from sim.experiment.trial import FAMILY, ROWS, VECTOR
    from sim.model.log import EventLog

    vector = {name: scenario.parameters[name] for name in VECTOR}
    point = unscaled(np.array([list(vector.values())]))[0]
    luck = np.sin(1e4 * point.sum() + np.arange(len(ROWS)))
    totals = {}
    for k, each in enumerate(ROWS):
        lean = point[k % len(point)] - 0.5 + 0.3 * (point[(3 * k + 1) % len(point)] - 0.5)
        middle, half = (each.low + each.high) / 2, (each.high - each.low) / 2
        if scenario.years > 8 or each.last <= "2011-12":
            totals[each.id] = middle + half * (2.0 * lean + 0.15 * luck[k])
    totals[FAMILY] = 2.0 * (point[6] - 0.5)
    nothing = {"series": {}, "events": EventLog.of([]), "genealogy": [], "warnings": []}
    nothing |= {"family": "default", "tables": {}, "digest": "0" * 16}
    months = np.array([], dtype="datetime64[M]")
    return SimpleNamespace(months=months, days=np.array([]), parameters=vector, totals=totals, **nothing)

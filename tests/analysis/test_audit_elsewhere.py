"""The audit's estimators against kept-up libraries, on histories of the model: statsmodels and pysyncon say the same.

`pip install -e '.[crosscheck]'`; without them these tests are skipped.
"""

import numpy as np
import pytest

import sim
from sim.analysis.removals.event_study import CLEAR, FEWEST, FOLLOWED, FORMS, MONTHS, _cases, _distant, fit, histories, mixture, quarters
from sim.experiment.reading import read_events, read_further

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def history(tmp_path_factory):
    """Organised homicides by place and month, and who fell where, of one world of business as usual."""
    folder = tmp_path_factory.mktemp("audit") / "twins"
    sim.twins(removals=4, places=[32], replicates=1, engine="serial", quiet=True, folder=folder)
    ((outcome, dated),) = histories(read_further(folder, "panel"), read_events(folder))
    assert dated[0].sum() > 50
    return outcome, dated


def test_the_event_study_is_least_squares_with_dummies_and_clustered_errors(history):
    statsmodels = pytest.importorskip("statsmodels.api")
    outcome, dated = history
    places, months = outcome.shape
    y = np.log1p(outcome)
    bins = quarters()
    ends = [(-months, bins[0][0] - 1), (bins[-1][1] + 1, months)]
    events = np.stack([_distant(kind, *span).ravel() for kind in dated for span in (*bins, *ends)], axis=1)
    place, month = (index.ravel() for index in np.indices(y.shape))
    design = np.hstack([events, np.eye(places)[place], np.eye(months)[month][:, 1:]])
    found = statsmodels.OLS(y.ravel(), design).fit(cov_type="cluster", cov_kwds={"groups": place})
    freedom = (y.size - 1) / (y.size - design.shape[1])  # which statsmodels counts, and the audit does not
    own = fit(outcome, dated, FORMS[1])  # the other form is the same of deaths as they are
    for kind in range(2):
        chosen = slice(kind * (len(bins) + 2), kind * (len(bins) + 2) + len(bins))
        assert own.coefficient[kind] == pytest.approx(found.params[chosen], abs=1e-8)
        assert own.covariance[kind] == pytest.approx(found.cov_params()[chosen, chosen] / freedom, rel=1e-6, abs=1e-10)


def test_difference_in_differences_is_a_poisson_regression(history):
    """Deaths in two places and two periods, by place, period and both; exp of the interaction is the ratio of what happened to expected."""
    statsmodels = pytest.importorskip("statsmodels.api")
    outcome, dated = history
    cases = list(_cases(outcome, dated))
    expected = np.array([numbers for _, numbers in cases]).reshape(len(cases), len(MONTHS), -1)
    checked = 0
    for (k, m), numbers in zip(_studied(outcome, dated), expected, strict=True):
        clear = _clear(dated, m)
        for (first, stop), (deaths, _, did, *_) in zip(MONTHS.values(), numbers, strict=True):
            spans = slice(m - CLEAR, m), slice(m + first, m + stop)
            counts = [values[..., span].sum() for values in (outcome[clear], outcome[k]) for span in spans]
            if min(counts) == 0.0:
                continue
            months = np.log([len(clear) * CLEAR, len(clear) * (stop - first), CLEAR, stop - first])
            design = np.array([[1, 0, 0, 0], [1, 0, 1, 0], [1, 1, 0, 0], [1, 1, 1, 1]], float)
            model = statsmodels.GLM(counts, design, family=statsmodels.families.Poisson(), offset=months)
            assert deaths / did == pytest.approx(np.exp(model.fit().params[3]), rel=1e-6)
            checked += 1
    assert checked > 50


@pytest.mark.parametrize("demeaned", [False, True])
def test_synthetic_controls_are_those_of_pysyncon(history, demeaned):
    """Its weights follow the two years before as well, to a hundredth, and expect as many deaths afterwards, to one in two hundred."""
    synth, frames = pytest.importorskip("pysyncon").Synth, pytest.importorskip("pandas")
    outcome, dated = history
    after = {"own": 0.0, "theirs": 0.0}
    for k, m in _studied(outcome, dated):
        clear = _clear(dated, m)
        followed, others = outcome[k, m - FOLLOWED : m], outcome[clear, m - FOLLOWED : m]
        if demeaned:
            followed, others = followed - followed.mean(), others - others.mean(axis=1, keepdims=True)
        x0, x1 = frames.DataFrame(others.T), frames.Series(followed, name="own")
        plain = np.var(np.column_stack([others.T, followed]), axis=1, ddof=1)  # takes its scaling of months back
        reference = synth()
        reference.fit(X0=x0, X1=x1, Z0=x0, Z1=x1, custom_V=plain)
        weights = mixture(others, followed)
        own, theirs = (np.sqrt(np.square(each @ others - followed).mean()) for each in (weights, reference.W))
        assert own <= 1.01 * theirs
        later = outcome[clear, m + 1 : m + 7].sum(axis=1)
        after["own"] += weights @ later
        after["theirs"] += reference.W @ later
    assert after["own"] == pytest.approx(after["theirs"], rel=5e-3)


def _clear(dated, m):
    """Places where nobody falls within a year of a month."""
    return np.flatnonzero(dated.sum(axis=0)[:, max(0, m - CLEAR) : m + CLEAR + 1].sum(axis=1) == 0)


def _studied(outcome, dated):
    """Place and month of every removal that the audit looks at."""
    for k, m in zip(*np.nonzero(dated[0]), strict=True):
        clear, year = _clear(dated, m), slice(m - CLEAR, m)
        if FOLLOWED <= m < outcome.shape[1] - CLEAR and len(clear) >= FEWEST and outcome[k, year].any() and outcome[clear, year].any():
            yield int(k), int(m)

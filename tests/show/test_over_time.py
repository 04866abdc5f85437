"""What a policy changes over time and where, and what was observed."""

from dataclasses import replace

import numpy as np
import pytest
from formula import scenario

import sim
from sim import cli
from sim.analysis.ensemble import PairingError
from sim.analysis.evidence import Score, Scorecard, history
from sim.analysis.places import read_places
from sim.analysis.why import DIRECT, INTERACTION, Decomposition, Estimate, Part
from sim.catalogue.evidence import EVIDENCE
from sim.experiment.execute import execute
from sim.experiment.plan import Plan
from sim.experiment.reading import read_series
from sim.experiment.switching import THIN, arm
from sim.experiment.twins import Panel
from sim.scenario.scenario import LeverPlan
from sim.show.charts.evidence import draw_scorecard
from sim.show.charts.over_time import gaps, outcomes
from sim.show.charts.reasons import bars
from sim.show.charts.state_maps import state_maps


def test_the_paired_difference_by_year_is_that_of_the_pairs(results):
    figure = gaps(results.ensemble, results.rows, "usual", "source", ["homicides"])
    zeal = figure.axes[0]
    assert zeal.get_title(loc="left") == "zeal"
    line = next(line for line in zeal.lines if len(line.get_xdata()) > 2)
    monthly = results.ensemble["homicides"]
    own, base = (monthly[results.ensemble.arm(name)][:, 1:13].sum(axis=1) for name in ("zeal", "usual"))
    assert line.get_ydata()[0] == pytest.approx(100 * (own - base).mean() / base.mean())
    row = next(row for row in results.rows if (row.scenario, row.baseline, row.metric) == ("zeal", "usual", "homicides"))
    (said,) = [text.get_text() for text in zeal.texts]
    assert float(said.split()[0].replace(",", "")) == pytest.approx(row.total, rel=0.01)
    low, high = zeal.get_ylim()
    assert low <= -1
    assert high >= 1


def test_what_was_observed_is_drawn_where_it_is_known(results):
    years, deaths = history("mexico-2006", "homicides")
    assert dict(zip(years.tolist(), deaths.tolist(), strict=True))[2007] == pytest.approx(8867, rel=0.001)
    assert years.max() == 2011, "later years are held out"
    assert history("grid", "homicides")[0].size == 0
    assert history("mexico-2006", "extortion_incidents")[0].size == 0, "the sources count something else"
    for world, count in (("mexico-2006", 1), ("grid", 0)):
        figure = outcomes(results.ensemble, "usual", "source", ["homicides"], world)
        crosses = [line for line in figure.axes[0].lines if line.get_marker() == "x" and line.get_xdata().size]
        assert len(crosses) == count


@pytest.fixture(scope="module")
def places(tmp_path_factory):
    folder = tmp_path_factory.mktemp("places") / "out"
    usual = replace(scenario("usual"), world="grid", years=1.0, world_options={"rows": 2, "columns": 2, "cartels": 2}, policy=())
    hunted = replace(usual, name="hunted", policy=(LeverPlan("kingpin_targeting", ((usual.start, 2.0),)),))
    beside = replace(hunted, name=arm("hunted", THIN))
    execute(replace(Plan.of([usual, hunted, beside], 2, 1), panel=True), folder, engine="serial", simulate=Panel())
    return folder


def test_places_add_up_and_are_drawn(places):
    found = read_places(places)
    assert (found.arms, found.values.shape) == (("usual", "hunted"), (2, 2, 4))
    series = read_series(places, ["homicides"]).to_pandas()
    own = series[series["scenario"] == "usual"]
    yearly = own["homicides"].sum() / 2 * 365.25 / own[own["replicate"] == 0]["days"].sum()
    assert found.values[0].sum(axis=1).mean() == pytest.approx(yearly, rel=0.1)  # a run ends within a month
    tiles = {place: (number % 2, number // 2) for number, place in enumerate(found.ids)}
    figure = state_maps(found, "usual", "source", tiles)
    assert sum(len(axes.patches) >= 4 for axes in figure.axes) == 2
    with pytest.raises(PairingError, match="did you mean 'homicides'"):
        read_places(places, "homicide")


def test_a_panel_is_read_mapped_and_exported(places, capfd, folder, tmp_path):
    results = sim.Results(places)
    assert {"territory", "month", "homicides", "members"} <= {*results.panel().columns}
    assert results.map("members").axes
    assert cli.status(["export", str(places), "--table", "panel", "--out", str(tmp_path / "panel")]) == 0
    capfd.readouterr()
    with pytest.raises(PairingError, match="the same command with --panel records it"):
        sim.Results(folder).panel()
    assert np.isfinite(read_places(places, "taken_usd").values).all()


def test_the_title_of_every_row_is_within_the_figure():
    scores = [Score(row, 8, row.low, row.low, row.high, 1.0, 0.5, "pass", "pass") for row in EVIDENCE.values() if row.form != "twins"]
    figure = draw_scorecard(Scorecard((*scores,), {}), "What does the model get right?", "source")
    figure.draw_without_rendering()
    labels = [label for axes in figure.axes for label in axes.get_yticklabels()]
    assert min(label.get_window_extent().x0 for label in labels) >= 0


def test_an_interval_that_leaves_the_axis_is_given_in_figures():
    told = Estimate(1.0, 0.5, 1.5, 1.0)
    parts = (Part("war", told), Part(DIRECT, told), Part(INTERACTION, Estimate(41.0, -36.0, 119.0, 0.8)))
    found = Decomposition("policy", "usual", "homicides", "2007-01/2008-12", 4, 100.0, told, parts, identical=False)
    assert any(text.get_text() == "+41 (-36 to +119)" for text in bars(found, "source").axes[0].texts)

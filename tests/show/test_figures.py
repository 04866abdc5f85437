from dataclasses import replace
from xml.etree import ElementTree

import matplotlib
import numpy as np
import pytest
from matplotlib.colors import to_rgb

from sim.show import figures, style
from sim.show.charts.changes import forest
from sim.show.charts.over_time import CAUSES, PANELS, causes, outcomes
from sim.show.charts.trade_off import plane

NAMES = {"outcomes", "over_time", "trade_off", "differences", "worlds", "causes", "genealogy"}


def saved(folder):
    return [path for name, figure in figures.draw(figures.read(folder)) for path in figures.save(folder, name, figure)]


def words(figure):
    """All text of a figure."""
    return [text.get_text() for text in figure.findobj(matplotlib.text.Text) if text.get_text()]


def test_every_figure_as_png_and_svg(folder):
    written = saved(folder)
    assert {(path.stem, path.suffix) for path in written} == {(name, kind) for name in NAMES for kind in (".png", ".svg")}
    for path in written:
        if path.suffix == ".png":
            assert path.read_bytes().startswith(b"\x89PNG")
        else:
            ElementTree.parse(path)
    assert sorted(path.name for path in (folder / "figures").iterdir()) == sorted(path.name for path in written)


@pytest.mark.parametrize("kind", ["png", "svg"])
def test_the_same_results_give_the_same_bytes(results, kind):
    one, other = (figures.encode(plane(results.rows, "usual", "source"), kind) for _ in range(2))
    assert one == other


def test_every_figure_has_title_and_source(results):
    for name, figure in figures.draw(results):
        text = words(figure)
        assert any(line.endswith("?") for line in text), name
        n = "n = 1 replicate per scenario" if name == "genealogy" else "n = 3 replicates per scenario"  # one run is one run
        assert any("world grid" in line and n in line for line in text), name


def test_business_as_usual_alone_draws_what_it_can(alone):
    assert {path.stem for path in saved(alone)} == {"outcomes", "causes", "genealogy"}


def test_a_big_sweep_draws_only_what_can_be_read(results):
    many = tuple(f"usual@{point}" for point in range(figures.MOST_ARMS + 1))
    sweep = results._replace(ensemble=replace(results.ensemble, arms=many), usual=many[0])
    assert [name for name, _ in figures.draw(sweep)] == ["genealogy"]


def test_incomplete_replicates_are_owned_up_to(results):
    assert "(2 incomplete left out)" in results._replace(dropped=(1, 4)).source


def test_outcomes_show_medians_and_bands(results):
    figure = outcomes(results.ensemble, "usual", "source")
    panels = [axes for axes in figure.axes if axes.get_visible()]
    assert len(panels) == len(PANELS)
    homicides = panels[0]
    usual = homicides.lines[0].get_ydata() * 1000  # the axis counts thousands
    runs = results.ensemble["homicides"][0]
    year = runs[:, 1:13].sum(axis=1) * 365.25 / results.ensemble.days[1:13].sum()
    assert usual[0] == pytest.approx(np.median(year))
    assert len(homicides.collections) == 1, "bands of policies would hide each other: what they change is drawn over time"
    assert homicides.get_ylim()[0] == 0


def test_plane_places_scenarios_by_their_percent_change(results):
    figure = plane(results.rows, "usual", "source")
    found = {(row.scenario, row.metric): row for row in results.rows if row.baseline == "usual"}
    points = {tuple(line.get_xydata()[0]) for line in figure.axes[0].lines if len(line.get_xydata()) == 1}
    for name in ("zeal", "calm <b>&"):
        assert (found[name, "homicides"].percent, found[name, "overdose_deaths"].percent) in points
    assert (0.0, 0.0) in points
    areas = [disc.get_sizes()[0] for disc in figure.axes[0].collections if len(disc.get_offsets())]
    costs = [abs(found[name, "homicides"].cost_usd) for name in ("zeal", "calm <b>&")]
    assert areas[0] / areas[1] == pytest.approx(costs[0] / costs[1])
    assert {"fewer homicides,\nmore overdose deaths", "more homicides,\nfewer overdose deaths"} <= set(words(figure))


def test_forest_says_what_lies_beyond_its_edge(results):
    rows = [row._replace(percent=250.0) if row.scenario == "zeal" else row for row in results.rows]
    figure = forest(rows, "usual", "source")
    assert "+250 % >" in words(figure)
    assert figure.axes[0].get_xlim()[1] <= 102
    far = [row._replace(percent_high=250.0) if row.scenario == "zeal" else row for row in results.rows]
    assert "difference from usual, % (cut at 100)" in words(forest(far, "usual", "source"))


def test_forest_without_intervals(results):
    rows = [row._replace(low=None, high=None, percent_low=None, percent_high=None) for row in results.rows]
    assert figures.encode(forest(rows, "usual", "source"), "png")


def test_causes_stack_to_the_total(results):
    figure = causes(results.ensemble, "usual", "source")
    tops = [patch.get_data().values for patch in figure.axes[0].patches]
    runs = results.ensemble["homicides"][0]
    year = runs[:, 1:13].sum(axis=1).mean() * 365.25 / results.ensemble.days[1:13].sum() / 1000
    assert tops[len(CAUSES) - 1][0] == pytest.approx(year)


def test_figures_leave_the_settings_of_others_alone(results):
    before = dict(matplotlib.rcParams)
    figures.encode(forest(results.rows, "usual", "source"), "png")
    assert dict(matplotlib.rcParams) == before


def test_a_dozen_scenarios_differ_without_colour():
    found = style.looks([f"s{number}" for number in range(12)], "s0")
    assert len({look.marker for look in found.values()}) == 12


def test_neighbouring_causes_differ_without_colour():
    grey = [np.dot(to_rgb(colour), (0.299, 0.587, 0.114)) for _, _, colour, _ in CAUSES]
    hatches = [hatch for *_, hatch in CAUSES]
    for one, other in zip(range(len(CAUSES) - 1), range(1, len(CAUSES)), strict=True):
        assert abs(grey[one] - grey[other]) > 0.15 or hatches[one] != hatches[other]


def test_decimal_years():
    days = np.array(["2006-12-01", "2007-01-01", "2008-07-02"], dtype="datetime64[D]")
    np.testing.assert_allclose(style.decimal_years(days), [2006 + 334 / 365, 2007.0, 2008.5])

"""The charts that can be pointed at: drawn from the numbers of the report, on a page that asks nobody."""

import re
import sys

from sim import cli
from sim.show.interactive import TITLES, charts


def test_every_chart_is_of_the_numbers_of_the_report(results):
    found = dict(charts(results))
    assert {*found} == {*TITLES}
    row = next(row for row in results.rows if (row.scenario, row.baseline, row.metric) == ("zeal", "usual", "homicides"))
    drawn = next(each for each in found["differences"]["data"]["values"] if (each["scenario"], each["outcome"]) == ("zeal", "Homicides"))
    assert (drawn["change, %"], drawn["low"], drawn["high"]) == (row.percent, row.percent_low, row.percent_high)
    plane = {each["scenario"]: each["homicides change, %"] for each in found["trade_off"]["data"]["values"]}
    assert plane["zeal"] == row.percent


def test_without_the_library_it_says_how_to_get_it(folder, monkeypatch, capfd):
    monkeypatch.setitem(sys.modules, "vl_convert", None)
    assert cli.status(["report", str(folder), "--interactive"]) == 2
    assert re.search(r"--interactive: needs Vega-Lite; pip install .*interactive", capfd.readouterr().err)
    assert not (folder / "interactive.html").exists()

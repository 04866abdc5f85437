"""The charts of a report, in a real browser: drawn, pointed at, and asking nobody."""


import pytest
from formula import EFFECTS, scenario, simulate

from sim import cli
from sim.experiment.execute import execute
from sim.experiment.plan import Plan
from sim.show.interactive import TITLES

pytestmark = [pytest.mark.slow, pytest.mark.journey]


def test_the_page_draws_them_and_asks_nobody(browser, tmp_path):
    pytest.importorskip("vl_convert", reason="needs the extra interactive")
    folder = tmp_path / "out"
    execute(Plan.of([scenario(name) for name in EFFECTS], 3, 1), folder, engine="serial", simulate=simulate)
    assert cli.status(["report", str(folder), "--interactive", "-q"]) == 0
    asked, said = [], []
    page = browser.new_page()
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto((folder / "interactive.html").as_uri())
    page.wait_for_selector(f"#chart-{len(TITLES) - 1} svg")
    assert (len(asked), said) == (1, []), "and its policy lets no other script run"
    page.locator("#chart-1 select").select_option("Armed groups")
    page.locator("#chart-0 svg path[aria-roledescription='point']").first.hover()
    assert "change, %" in page.locator(".vg-tooltip").inner_text()
    page.close()

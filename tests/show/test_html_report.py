import json
import re
import shutil
from base64 import b64decode
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from types import SimpleNamespace

import numpy as np
import pytest
from formula import START, scenario, simulate

from sim.catalogue.levers import LEVERS
from sim.catalogue.parameters import PARAMETERS
from sim.experiment.errors import FolderError
from sim.experiment.execute import execute
from sim.experiment.plan import Plan
from sim.experiment.switching import decomposition
from sim.scenario.scenario import LeverPlan
from sim.studies.finding import write_report

pytestmark = pytest.mark.journey

LATER = date(2008, 1, 1)


def simulate_from_start(scenario, seed):
    """The formula's country from a scenario's own start."""
    outcome = simulate(scenario, seed)
    kept = outcome.months >= np.datetime64(scenario.start, "M")
    series = {name: values[kept] for name, values in outcome.series.items()}
    return SimpleNamespace(**vars(outcome) | {"months": outcome.months[kept], "days": outcome.days[kept], "series": series})


def simulate_whatever_is_off(scenario, seed):
    return simulate(replace(scenario, name=scenario.name.partition(" [")[0]), seed)


class Page(HTMLParser):
    """Collects what the tests ask about; complains about tags that do not match."""

    def __init__(self, text):
        super().__init__()
        self.images, self.open, self.words = [], [], []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        if tag == "img":
            self.images.append(dict(attrs))
        if tag not in {"img", "meta"}:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.words.append(data)


@pytest.fixture(scope="module")
def text(folder):
    return write_report(folder).read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def page(text):
    return Page(text)


def test_tags_match(page):
    assert page.open == []


def test_pictures_are_inside_and_described(page):
    assert len(page.images) == 7
    assert all(image["src"].startswith("data:image/svg+xml;base64,") and image["alt"] for image in page.images)


def test_asks_nothing_of_any_server(text):
    assert not re.search(r"(src|href)\s*=\s*[\"'](?!data:|#)", text)
    assert "http://" not in text
    assert "https://" not in text


def test_holds_questions_table_and_provenance(page, results):
    words = "".join(page.words)
    assert "What does zeal do?" in words
    assert "AGAINST BUSINESS AS USUAL (usual)" in words
    assert "AGAINST THE FIRST YEAR" in words
    assert results.plan["model_version"] in words
    assert results.plan["arms"][1]["digest"] in words


def test_every_part_is_linked_from_the_top(text):
    links = re.findall(r'href="#([a-z-]+)"', text)
    assert links == re.findall(r'<h2 id="([a-z-]+)"', text)
    assert links == ["answer", "question", "policies-and-costs", "what-changes", "in-how-many-worlds", "one-world", "limits", "provenance",
                     "not-in-this-folder"]  # fmt: skip
    assert "@media print" in text


def test_worlds_are_counted_as_they_are(page, results):
    words = "".join(page.words)
    ((better, same, worse),) = {(w.better, w.same, w.worse) for w in results.worlds if w.scenario == "zeal" and w.metric == "homicides"}
    assert (better, same, worse) == (0, 0, 3)
    assert "zeal: Homicides003" in words


def test_limits_are_the_catalogues_and_the_runs(page):
    words = "".join(page.words)
    assumed = sum(parameter.source == "ASSUMED" for parameter in PARAMETERS.values())
    assert f"{assumed} of the model's {len(PARAMETERS)} constants are assumed" in words
    assert "not a forecast" in words


def test_what_other_studies_left_is_shown(folder, tmp_path):
    copy = shutil.copytree(folder, tmp_path / "copy")
    parts = [
        {"heading": "Why", "body": ["Zeal <b> raises homicides.", ["Parts", ["part", ""], [["succession", "+120"]], "numbers"]],
         "pictures": {"why-homicides": "Bars."}},
        {"heading": "How well it is known", "body": ["1 pass"], "pictures": {"never-drawn": "Nothing."}},
    ]  # fmt: skip
    (copy / "report").mkdir()
    (copy / "report/why-homicides.json").write_text(json.dumps(parts))
    (copy / "figures").mkdir(exist_ok=True)
    (copy / "figures" / "why-homicides.svg").write_text("<svg/>")
    page = Page(write_report(copy).read_text(encoding="utf-8"))
    words = "".join(page.words)
    assert "Zeal <b> raises homicides." in words
    assert "succession+120" in words
    assert "1 pass" in words
    assert len(page.images) == 8
    (copy / "report/why-homicides.json").write_bytes(b"\xff\xfe")
    with pytest.raises(FolderError, match="cannot be read"):
        write_report(copy)


def test_a_sweep_of_many_points_has_a_line_each(tmp_path):
    points = [replace(scenario("usual"), parameters={"horizon": 0.1 * n}) for n in range(1, 15)]
    execute(Plan.of(points, 2, 1, points=range(1, 15)), tmp_path / "sweep", engine="serial", simulate=simulate)
    page = Page(write_report(tmp_path / "sweep").read_text(encoding="utf-8"))
    words = "".join(page.words)
    assert "Difference from usual@1 in %" in words
    assert "usual@14" in words
    assert words.count("What does usual do?") == 1
    assert "Fixed by the scenarios instead of drawn from their plausible ranges: horizon." in words


def test_levers_that_differ_say_how_well_they_are_known(tmp_path):
    policy = (LeverPlan("treatment", ((START, 1.5),)),)
    pair = [scenario("usual"), replace(scenario("zeal"), policy=policy)]
    execute(Plan.of(pair, 2, 1), tmp_path / "pair", engine="serial", simulate=simulate)
    words = "".join(Page(write_report(tmp_path / "pair").read_text(encoding="utf-8")).words)
    assert "Treatment 1.5 (0)" in words
    assert LEVERS["treatment"].effect_note in words


def test_hostile_names_stay_text(page, text):
    assert "calm <b>&" in "".join(page.words)
    assert "<b>" not in text


def test_a_lone_run_has_a_report(alone):
    assert len(Page(write_report(alone).read_text(encoding="utf-8")).images) == 3


def test_what_is_missing_is_said(alone):
    words = "".join(Page(write_report(alone).read_text(encoding="utf-8")).words)
    assert "Not in this folder" in words
    assert "needs two scenarios or more that have the same months" in words
    assert "`cartelitos why BASE POLICY` answers it" in words


def test_arms_with_other_months_are_listed_and_not_compared(tmp_path):
    arms = [scenario("usual"), scenario("zeal"), replace(scenario("calm <b>&"), start=LATER)]
    execute(Plan.of(arms, 2, 1), tmp_path / "mixed", engine="serial", simulate=simulate_from_start)
    words = "".join(Page(write_report(tmp_path / "mixed").read_text(encoding="utf-8")).words)
    assert "These have other months than usual" in words
    assert "calm <b>&2008-01 to 2010-112" in words
    assert "What does calm <b>& do?" in words
    other = "".join(Page(write_report(tmp_path / "mixed", "calm <b>&").read_text(encoding="utf-8")).words)
    assert "zeal2006-12 to 2010-112" in other
    assert "TRADE-OFFS, 2008-01 to 2010-11, 2 paired worlds" in other


def test_arms_in_which_something_is_off_are_left_out(tmp_path):
    pair = [scenario("usual"), scenario("zeal")]
    execute(Plan.of(decomposition(pair, ["succession"]), 2, 1), tmp_path / "why", engine="serial", simulate=simulate_whatever_is_off)
    text = write_report(tmp_path / "why").read_text(encoding="utf-8")
    assert "<title>Cartelitos: usual, zeal</title>" in text


@pytest.mark.parametrize("content", ["[1]", '[{"heading": "Why"}]', '[{"heading": "Why", "body": [["x"]], "pictures": {}}]', "[[]]"])
def test_what_a_study_never_wrote_is_named(folder, tmp_path, content):
    copy = shutil.copytree(folder, tmp_path / "copy")
    (copy / "report").mkdir()
    (copy / "report/why.json").write_text(content)
    with pytest.raises(FolderError, match="cannot be read") as found:
        write_report(copy)
    assert found.value.problem.file.endswith("why.json")


def test_every_picture_has_its_numbers_behind_one_click(text):
    figures = re.findall(r"<figure>(.*?)</figure>", text, flags=re.DOTALL)
    assert figures
    for figure in figures:
        assert figure.count("<details>") >= 1, figure[:300]
        data = re.search(r'download="[\w-]+\.csv" href="data:text/csv;base64,([^"]+)"', figure)
        lines = b64decode(data[1]).decode("utf-8-sig").splitlines()
        assert len(lines) > 1
        assert figure.count("<tr>") == min(len(lines), 401)
    assert text.index("<img") < text.index('id="question"')

"""The page that simulates: its bundle is that of its sources, its texts are whole, and it is one small file without a network."""

import json
import re

import pytest

from sim.experiment.plan import replicate_seed
from sim.kernel.beginning import plans
from sim.page import build, bundle, data
from sim.scenario import load

APP = {path.name: path.read_text(encoding="utf-8") for path in bundle.APP.iterdir()}
MAIN = ("main.jsx", "levers.jsx", "charts.jsx", "story.jsx", "why.jsx", "predict.jsx")
FAMILIES = ("militarized", "demand", "roots", "cross")
FORMED = {"family": FAMILIES, "evidence": ("strong", "mixed", "thin"), "map": ("rate", "groups", "dominant"),
          "view": ("charts", "why", "map", "tree", "events"), "column": ("low", "middle", "high"), "look": ("auto", "light", "dark"),
          "budget": ("merida", "deployment"), "equal": ("met", "far", "saves", "empty"), "events": ("few", "some", "all"),
          "why": ("direct", "interaction", "contribution", "interval", "up", "without", "alone"),
          "tree": ("group", "parent", "born", "died", "peak")}  # fmt: skip


@pytest.fixture(scope="module")
def page():
    return build.html("baseline", 3, [])


def test_the_bundle_is_that_of_the_present_sources():
    assert [*bundle.APP.parent.glob("*.js")] == [bundle.path()]


def test_it_is_one_small_file_that_asks_nobody(page):
    assert len(page.encode()) < 1.5e6
    assert "connect-src 'none'" in page
    assert not re.findall(r'(?:src|href)="?https?:', page)


def test_it_knows_worlds_and_policies(page):
    known = json.loads(page.split('id="told">', 1)[1].split("</script>", 1)[0])
    assert known["engine"]["header"]["seeds"] == [str(replicate_seed(load("baseline").seed, k)) for k in range(3)]
    assert {"baseline", "merida", "kingpin", "demand-side", "mixed"} <= known["policies"].keys()
    assert known["policies"]["merida"]["plans"] == json.loads(json.dumps(plans(load("merida"))))
    assert known["country"]["places"][0]["name"] == "Aguascalientes"


def test_what_a_browser_shows_that_cannot_simulate_was_computed():
    (_, *heads), *rows = build.kept("baseline", 1, ("homicides", "overdose_deaths"))
    assert heads == ["Homicides", "Overdose deaths, US"]
    assert {load(name).title for name in ("merida", "demand-side")} <= {row[0] for row in rows}
    assert all(re.fullmatch(r"[+-]\d+\.\d %", text) for row in rows for text in row[1:])


def test_texts_are_whole_in_both_languages():
    english, spanish = (json.loads((data.TEXTS / f"{language}.json").read_text(encoding="utf-8")) for language in data.LANGUAGES)
    assert english.keys() == spanish.keys()
    for key, text in english.items():
        assert set(re.findall(r"{\w+}", text)) == set(re.findall(r"{\w+}", spanish[key])), key
    used = {key for name in MAIN for key in re.findall(r'say\("(\w+)"', APP[name])}
    used |= {"world_most", "world_middle", "world_least", "mission_fewer", "mission_cost", "mission_extortion", "map_outlines", "map_tiles"}
    formed = {f"{head}_{tail}" for name in MAIN for head in re.findall(r"say\(`(\w+)_\$", APP[name]) for tail in FORMED[head]}
    assert used | formed <= english.keys()

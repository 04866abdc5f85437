"""The model in a tab: a page from disk plays every shipped scenario to the same last bit as Python."""

import base64
import json

import pytest

from sim.kernel.beginning import plans, worlds
from sim.model.compile.compiled import LIST, SHIPPED
from sim.model.run import simulate
from sim.scenario import library, load
from sim.scenario.read import shipped_folder

pytestmark = pytest.mark.slow

SEEDS = (1, 2, 3)
PAGE = """<!doctype html><meta charset="utf-8"><title>waiting</title>
<script>%s</script>
<script>
const told = %s;
const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
async function play() {
  const kernel = await Kernel.load(bytes(told.wasm)), found = {};
  for (const [name, {header, blob, plans}] of Object.entries(told.scenarios)) {
    const worlds = await Worlds.open(kernel, header, bytes(blob));
    found[name] = header.seeds.map((_, number) => worlds.country(number, plans).run().digest());
  }
  return found;
}
</script>
"""


def test_a_page_from_disk_gives_pythons_digests(browser, tmp_path):
    scenarios, expected = {}, {}
    for name in library(shipped_folder()):
        scenario = load(name, folder=shipped_folder())
        header, blob = worlds(scenario, SEEDS)
        scenarios[name] = {"header": header, "blob": base64.b64encode(blob).decode(), "plans": plans(scenario)}
        expected[name] = [simulate(scenario, seed).digest for seed in SEEDS]
    file = json.loads((SHIPPED / LIST).read_text(encoding="utf-8"))["kernels"]["wasm32"]["file"]
    told = {"wasm": base64.b64encode((SHIPPED / file).read_bytes()).decode(), "scenarios": scenarios}
    page = tmp_path / "page.html"
    page.write_text(PAGE % ((SHIPPED / "country.js").read_text(encoding="utf-8"), json.dumps(told)), encoding="utf-8")
    tab = browser.new_page()
    asked = []
    tab.on("request", lambda request: asked.append(request.url))
    tab.goto(page.as_uri())
    assert tab.evaluate("play()") == expected
    assert [url for url in asked if not url.startswith(("file:", "data:", "blob:"))] == []
    tab.close()

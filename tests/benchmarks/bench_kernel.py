"""What a kernel saves: kernel, compiler and interpreter side by side, a page's engine, and an idiomatic Mesa model of simple rules.

Run by hand: `python tests/benchmarks/bench_kernel.py` (some two minutes). Times are CPU time, least of several; compare the ratios.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import mesa

from sim.model.compile.compiled import LIST, SHIPPED

YEARS, SEEDS, WEEKS, PLACES = 15, (1, 3, 5, 11), 782, 32
ONE = """
import sys, time
began = time.process_time()
from sim.model.run import simulate
from sim.scenario import load
imported = time.process_time() - began
scenario = load("baseline", [f"world.years={sys.argv[1]}"])
began = time.process_time()
simulate(scenario, 1)
first, least = time.process_time() - began, []
for seed in map(int, sys.argv[2:]):
    spent = []
    for _ in range(5 if float(sys.argv[1]) > 1 else 1):
        began = time.process_time()
        simulate(scenario, seed)
        spent.append(time.process_time() - began)
    least.append(min(spent))
print(imported, first, sum(least) / len(least))
"""
PAGE = """
const fs = require("fs"), [code, wasm, file] = process.argv.slice(1), { Kernel, Worlds } = require(code);
(async () => {
  const kernel = await Kernel.load(fs.readFileSync(wasm)), { header, blob, plans } = JSON.parse(fs.readFileSync(file));
  const worlds = await Worlds.open(kernel, header, Buffer.from(blob, "base64"));
  const least = header.seeds.map((_, number) => Math.min(...[1, 2, 3, 4, 5].map(() => {
    const country = worlds.country(number, plans), began = process.cpuUsage();
    country.run();
    return process.cpuUsage(began).user / 1e3;
  })));
  console.log(least.reduce((sum, each) => sum + each, 0) / least.length);
})();
"""


class Group(mesa.Agent):
    """A group in one place: it recruits, loses members, fights whoever is there, and may split when it loses its head."""

    def __init__(self, model: Peer, place: int, members: float) -> None:
        super().__init__(model)
        self.place, self.members = place, members

    def step(self) -> None:
        draw = self.model.random.random
        rivals = [other for other in self.model.agents if other.place == self.place and other is not self]
        self.members += 0.004 * self.members - 0.003 * self.members * (1 + len(rivals)) * draw()
        if draw() < 0.002 and self.members > 100.0:
            Group(self.model, self.place, self.members / 2)
            self.members /= 2
        elif draw() < 0.01:
            self.place = self.model.random.randrange(PLACES)
        if self.members < 20.0:
            self.remove()


class Peer(mesa.Model):
    """Some hundred groups in 32 places, as a Mesa tutorial would write them."""

    def __init__(self, rng: int) -> None:
        super().__init__(rng=rng)
        for _ in range(100):
            Group(self, self.random.randrange(PLACES), 500.0)
        self.datacollector = mesa.DataCollector({"groups": lambda model: len(model.agents)})

    def step(self) -> None:
        self.agents.shuffle_do("step")
        self.datacollector.collect(self)


def run(years: float, seeds: tuple[int, ...], **environment: str) -> list[float]:
    """Seconds to import, of the first run, of later ones."""
    command = [sys.executable, "-W", "ignore", "-c", ONE, str(years), *map(str, seeds)]
    told = subprocess.run(command, env=os.environ | environment, stdout=subprocess.PIPE, check=True, text=True).stdout
    return [float(each) for each in told.split()]


def in_node() -> float | None:
    """Milliseconds of the weeks of a run in Node; building it and reading it out are left out."""
    if not shutil.which("node"):
        return None
    import base64

    from sim.kernel.beginning import plans, worlds
    from sim.scenario import load

    scenario = load("baseline", [f"world.years={YEARS}"])
    header, blob = worlds(scenario, SEEDS)
    file = json.loads((SHIPPED / LIST).read_text(encoding="utf-8"))["kernels"]["wasm32"]["file"]
    with tempfile.TemporaryDirectory() as folder:
        there = Path(folder, "worlds.json")
        told = {"header": header, "blob": base64.b64encode(blob).decode(), "plans": plans(scenario)}
        there.write_text(json.dumps(told), encoding="utf-8")
        command = ["node", "-e", PAGE, str(SHIPPED / "country.js"), str(SHIPPED / file), str(there)]
        return float(subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True).stdout)


def peer() -> float:
    """Seconds of a week of the Mesa model, over a year."""
    model = Peer(1)
    model.step()
    began = time.process_time()
    for _ in range(52):
        model.step()
    return (time.process_time() - began) / 52


def batch() -> float:
    """Seconds of a week of the same under `mesa.batch_run`: several years, one after the other, with what each collected."""
    began = time.process_time()
    runs = mesa.batch_run(Peer, {"rng": list(SEEDS)}, max_steps=51, display_progress=False)
    return (time.process_time() - began) / sum(run["Step"] + 1 for run in runs)


def main() -> None:
    with tempfile.TemporaryDirectory() as cache:
        cold = run(YEARS, SEEDS, CARTELITOS_KERNEL="jit", CARTELITOS_CACHE=str(Path(cache, "cache")))
        kept = run(YEARS, SEEDS, CARTELITOS_KERNEL="jit", CARTELITOS_CACHE=str(Path(cache, "cache")))
    kernel, bare, page = run(YEARS, SEEDS), run(0.1, (1,), CARTELITOS_KERNEL="python"), in_node()
    week = kernel[2] / WEEKS
    print(f"{'':34}{'import s':>10}{'first run s':>13}{'run ms':>9}{'week ms':>9}{'ratio':>8}")
    rows = {"kernel that ships": kernel, "compiled here, nothing kept": cold, "compiled here, kept": kept}
    for name, (imported, first, later) in rows.items():
        print(f"{name:34}{imported:10.2f}{first:13.2f}{1e3 * later:9.1f}{1e3 * later / WEEKS:9.3f}{later / kernel[2]:8.2f}")
    if page:
        print(f"{'weeks as WebAssembly in Node':34}{'':23}{page:9.1f}{page / WEEKS:9.3f}{page / 1e3 / kernel[2]:8.2f}")
    print(f"{'plain Python':34}{'':32}{1e3 * bare[2] / 5:9.1f}{bare[2] / 5 / week:8.0f}")
    for name, spent in {"Mesa model of simple rules": peer(), "the same under mesa.batch_run": batch()}.items():
        print(f"{name:34}{'':32}{1e3 * spent:9.1f}{spent / week:8.0f}")


if __name__ == "__main__":
    main()

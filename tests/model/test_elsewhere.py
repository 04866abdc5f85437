"""The same model elsewhere gives the same to the last bit: in Node, and on a processor without what this one has."""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from cases import history, plan

from sim.catalogue.parameters import PARAMETERS
from sim.catalogue.switches import CHANNELS, off
from sim.kernel.beginning import plans, worlds
from sim.model.compile.compiled import LIST, SHIPPED, machine
from sim.model.compile.named import Table
from sim.model.digest import digest
from sim.model.model import Cartelitos, Removal
from sim.model.run import outcome
from sim.scenario import library, load
from sim.scenario.read import shipped_folder
from sim.scenario.scenario import Event, Scenario

SEEDS = (1, 2, 3)
HERE = Path(__file__).parent
KERNELS = json.loads((SHIPPED / LIST).read_text(encoding="utf-8"))["kernels"]
MASKS = {  # what is taken away from NumPy and from the C library, whose exp and log have variants
    "NPY_DISABLE_CPU_FEATURES": "X86_V3 X86_V4 AVX512_ICL AVX512_SPR",
    "GLIBC_TUNABLES": "glibc.cpu.hwcaps=-FMA,-AVX2,-FMA4,-AVX512F,-AVX512VL",
}


def played(scenario: Scenario, seed: int, spared: Removal | None = None):
    """Digest, events and groups of a run, as `elsewhere.js` tells them."""
    model = Cartelitos(scenario, rng=seed, spared=spared)
    model.run()
    run = outcome(model)
    lines = zip(model.log.lines, run.events, strict=True)
    events = [[week, row.kind, row.cartel, row.other, row.territory, row.size, row.cause] for (week, *_), row in lines]
    c = model.state.country.cartel
    groups = [
        [row.cartel, row.parent, int(c.born[j]), None if row.died is None else int(c.ended[j]), row.origin, row.peak_members, row.cell]
        for j, row in enumerate(run.genealogy)
    ]
    model.release()
    return [run.digest, events, groups]


def in_node(folder: Path, cases: list[tuple[Scenario, tuple[int, ...], Removal | None]], parameters: Mapping[str, float] | None = None):
    """The same of every seed of every case, played in Node, under parameters that the worlds know nothing of."""
    if not shutil.which("node"):
        pytest.skip("needs Node")
    told = []
    for scenario, seeds, spared in cases:
        header, blob = worlds(scenario, seeds)
        who = spared and {"week": spared.week, "row": spared.row, "rank": {"kingpin": 1, "lieutenant": 2, "captive": 3}[spared.rank]}
        given = {"plans": plans(scenario), "spared": who, "parameters": parameters or {}}
        told.append({"header": header, "blob": base64.b64encode(blob).decode()} | given)
    (folder / "worlds.json").write_text(json.dumps(told), encoding="utf-8")
    command = ["node", HERE / "elsewhere.js", SHIPPED / "country.js", SHIPPED / KERNELS["wasm32"]["file"], folder / "worlds.json"]
    return json.loads(subprocess.run(list(map(str, command)), stdout=subprocess.PIPE, check=True, text=True).stdout)


@pytest.mark.parametrize(("names", "seeds"), [(("merida",), (1,)), pytest.param(library(shipped_folder()), (4,), marks=pytest.mark.slow)])
def test_shipped_scenarios_are_the_same_in_node(tmp_path, names, seeds):
    scenarios = [load(name, folder=shipped_folder()) for name in names]
    told = in_node(tmp_path, [(scenario, seeds, None) for scenario in scenarios])
    assert told == [played(scenario, seed) for scenario in scenarios for seed in seeds]


@pytest.mark.slow
@pytest.mark.parametrize("channel", CHANNELS)
def test_a_response_is_switched_off_in_node(tmp_path, channel):
    scenario, values = load("merida", folder=shipped_folder()), off([channel])
    changed = replace(scenario, parameters={**scenario.parameters, **values})
    assert in_node(tmp_path, [(scenario, SEEDS[:1], None)], values) == [played(changed, SEEDS[0])]


@pytest.mark.slow
@pytest.mark.parametrize("end", ["low", "high"])
def test_every_assumption_is_moved_in_node(tmp_path, end):
    scenario, values = load("merida", folder=shipped_folder()), {name: getattr(one, end) for name, one in PARAMETERS.items() if one.switch}
    changed = replace(scenario, parameters={**scenario.parameters, **values})
    assert in_node(tmp_path, [(scenario, SEEDS, None)], values) == [played(changed, seed) for seed in SEEDS]


def scripted() -> Scenario:
    """Every kind of event, names that are and that are not there, and aims of every kind."""
    day, made = date(2008, 3, 1), []
    for kind, cartel, other in (
        ("alliance", "sinaloa", "gulf"), ("rupture", "sinaloa", "gulf"), ("alliance", "sinaloa", "nobody"), ("split", "gulf", None),
        ("removal", "sinaloa", None), ("removal", "nobody", None),
    ):  # fmt: skip
        made.append(Event(day, kind, cartel, other))
        day = day.replace(month=day.month + 1)
    levers = [
        plan("kingpin_targeting", 2.0, rank="kingpin", mode="killing"), plan("kingpin_targeting", 1.0, target=("sinaloa",), mode="capture"),
        plan("military_deployment", 1.0, where=("MIC", "CHH"), ramp_weeks=30), plan("anti_corruption", 2.0, where=("SIN",)),
    ]  # fmt: skip
    return replace(history(*levers, years=8, parameters={"entry_rate": 60.0}), events=tuple(made), worlds="plausible")


def test_events_ties_aims_and_growth_are_the_same_in_node(tmp_path):
    scenario = scripted()
    here = [played(scenario, seed) for seed in SEEDS]
    kinds = {row[1] for _, events, _ in here for row in events}
    assert {"alliance", "rupture", "skipped", "removal", "split"} <= kinds
    assert max(len(groups) for *_, groups in here) > 350, "no table had to grow"
    assert in_node(tmp_path, [(scenario, SEEDS, None)]) == here


def test_a_spared_leader_is_spared_in_node_too(tmp_path):
    scenario = history(years=6)
    model = Cartelitos(scenario, rng=4)
    model.run()
    week, row = next((line[0], line[2]) for line in model.log.lines if line[1] == "removal" and not line[-1].startswith("lieutenant"))
    spared = Removal(week, row, "kingpin")
    here = played(scenario, 4, spared)
    assert here[0] != played(scenario, 4)[0]
    assert in_node(tmp_path, [(scenario, (4,), spared)]) == [here]


# other processors ------------------------------------------------------------------------------------------------------------------


MASKED = """
import sys
from sim.model.run import simulate
from sim.scenario import library, load
from sim.scenario.read import shipped_folder
for name in library(shipped_folder()):
    print(name, simulate(load(name, folder=shipped_folder()), 3).digest)
"""


@pytest.mark.slow
@pytest.mark.skipif(machine() != "x86_64-linux", reason="masks are those of x86-64 and glibc")
def test_the_last_bit_does_not_depend_on_the_processor():
    def told(**environment: str) -> str:
        command = [sys.executable, "-W", "ignore", "-c", MASKED]
        return subprocess.run(command, env=os.environ | environment, stdout=subprocess.PIPE, check=True, text=True).stdout

    assert told() == told(**MASKS)


ADDRESS = 0x600000000  # where `arm64.c` puts a country's memory


def memory(country) -> list[np.ndarray]:
    """Every array of a country."""
    parts = [getattr(country, field.name) for field in fields(country)]
    found = []
    for part in parts:
        found += [part.floats, part.ints] if isinstance(part, Table) else [getattr(part, "values", part)]
    return [array for array in found if isinstance(array, np.ndarray)]


def image(country) -> tuple[bytes, list[int]]:
    """A country's memory for another place, and where in it every array begins."""
    words, content, starts = country.words.copy(), bytearray(8), []
    for array in memory(country):
        starts.append(len(content))
        here = array.__array_interface__["data"][0]
        inside = (words >= here) & (words < here + max(8, array.nbytes))
        words[inside] += ADDRESS + len(content) - here
        content += array.tobytes() + bytes(-array.nbytes % 64 + 64)
    content[:8] = np.int64(ADDRESS + len(content)).tobytes()
    return bytes(content) + words.tobytes(), starts


@pytest.fixture(scope="module")
def arm64(tmp_path_factory):
    """The command that plays weeks as an arm64 processor would."""
    qemu = shutil.which("qemu-aarch64-static") or shutil.which("qemu-aarch64")
    if not qemu or machine() != "x86_64-linux":
        pytest.skip("needs qemu for arm64, on another processor")
    pytest.importorskip("ziglang")
    made = tmp_path_factory.mktemp("arm64") / "arm64"
    compiler = [sys.executable, "-m", "ziglang", "cc", "-target", "aarch64-linux-musl", "-static", "-O1"]
    subprocess.run([*compiler, "-o", str(made), str(HERE / "arm64.c")], check=True)
    return [qemu, str(made), str(SHIPPED / KERNELS["aarch64-linux"]["file"])]


@pytest.mark.slow
@pytest.mark.parametrize(("name", "seed"), [("baseline", 1), ("merida", 2), ("mixed", 3)])
def test_arm64_gives_the_same(tmp_path, arm64, name, seed):
    scenario = load(name, folder=shipped_folder())
    model, expected = Cartelitos(scenario, rng=seed), played(scenario, seed)[0]
    for _ in range(4):
        model.state.make_room(2_000)
        for table in ("plaza", "pair", "tie", "broker", "event", "log"):
            model.state._widen(table)
    c = model.state.country
    content, starts = image(c)
    (tmp_path / "image").write_bytes(content)
    command = [*arm64, str(tmp_path / "image"), str(model.calendar.weeks)]
    told = subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True).stdout
    assert told.split() == [str(model.calendar.weeks), "-1"]
    after = (tmp_path / "image").read_bytes()
    for array, start in zip(memory(c), starts, strict=True):
        array[...] = np.frombuffer(after, array.dtype, array.size, start).reshape(array.shape)
    c.flows[model.calendar.weeks - 1] = c.flow.values
    assert digest(c, model.record.series(c.flows, model.policy.costs)) == expected

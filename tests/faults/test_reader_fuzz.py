"""Whatever bytes stand in the tables of a world or in a results folder: it is read, or one of the project's own errors says why not."""

import json
import shutil
from contextlib import contextmanager, suppress
from copy import deepcopy
from pathlib import Path

import fakes
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.experiment.errors import ExperimentError
from sim.experiment.plan import Plan
from sim.experiment.pool.worker import run_one
from sim.experiment.reading import committed, read_arms, read_events, read_genealogy, read_plan, read_runs, read_series
from sim.experiment.store import Store
from sim.model.worlds.reader import read_tables
from sim.scenario import ScenarioError
from sim.scenario.read import shipped_folder

FUZZ = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=100, deadline=None)
SHRAPNEL = [b"", b"\0", b"\xff", b",", b'"', b"\n", b"\r", b"nan", b"-1", b"1e999", b"9" * 400, b"[", b"]", b"{}", b"null", b"true"]
EDITS = st.lists(st.tuples(st.floats(0, 1), st.integers(0, 12), st.sampled_from(SHRAPNEL) | st.binary(max_size=4)), min_size=1, max_size=4)


def edited(raw: bytes, edits: list[tuple[float, int, bytes]]) -> bytes:
    """Bytes with pieces replaced: where, as a share of the length, how many, and by what."""
    for share, length, piece in edits:
        at = int(share * len(raw))
        raw = raw[:at] + piece + raw[at + length :]
    return raw


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    return Path(shutil.copytree(shipped_folder() / "worlds", tmp_path_factory.mktemp("fuzz") / "worlds")) / "mexico-2006"


@contextmanager
def damaged(path: Path, edits):
    """A file with edits, for a while."""
    whole = path.read_bytes()
    path.write_bytes(edited(whole, edits))
    try:
        yield
    finally:
        path.write_bytes(whole)


TABLES = ("world.toml", "territories.csv", "borders.csv", "cartels.csv", "presence.csv", "ties.csv", "clocks.csv")


@FUZZ
@given(file=st.sampled_from(TABLES), edits=EDITS)
def test_tables_of_a_world(world, file, edits):
    with damaged(world / file, edits), suppress(ScenarioError):
        read_tables(world)


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    plan = Plan.of([fakes.scenario("a"), fakes.scenario("b", parameters={"lethality": 2.0})], 2, 1)
    folder = tmp_path_factory.mktemp("fuzz") / "results"
    with Store(folder, plan, fakes.ABOUT) as store:
        store.commit([run_one(spec, fakes.simulate) for spec in plan])
    read_all(folder)  # as it is, it is right
    return folder


def read_all(folder: Path) -> None:
    list(read_arms(folder, read_plan(folder)))
    committed(folder)
    for read in (read_series, read_events, read_genealogy, read_runs):
        read(folder)


FILES = ("plan.json", *(f"{kind}/part-00000.parquet" for kind in ("series", "events", "genealogy", "runs")))


@FUZZ
@given(file=st.sampled_from(FILES), edits=EDITS)
def test_files_of_results(results, file, edits):
    with damaged(results / file, edits), suppress(ExperimentError):
        read_all(results)


VALUES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4) | st.sampled_from([[], {}, [[]], [{}], {"a": 1}])


@FUZZ
@given(data=st.data())
def test_entries_of_a_plan(results, data):
    path = results / "plan.json"
    whole = path.read_bytes()
    plan = json.loads(whole)
    for _ in range(data.draw(st.integers(1, 3))):
        spot: dict | list = plan
        while True:
            key = data.draw(st.sampled_from(sorted(spot) if isinstance(spot, dict) else range(len(spot))))
            if not (isinstance(spot[key], dict | list) and spot[key] and data.draw(st.booleans())):
                break
            spot = spot[key]
        spot[key] = deepcopy(data.draw(VALUES))
    path.write_text(json.dumps(plan), encoding="utf-8")
    try:
        with suppress(ExperimentError):
            read_all(results)
    finally:
        path.write_bytes(whole)

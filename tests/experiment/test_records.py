"""How the tables of a run travel and are joined."""

import io
from datetime import date
from types import SimpleNamespace

import fakes
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sim.experiment.plan import Plan
from sim.experiment.pool.worker import run_one
from sim.experiment.reading import read_events, read_runs
from sim.experiment.records import EVENTS, LABELS, RUN, finished, join, unpack
from sim.experiment.store import Store, write_parquet
from sim.model.log import EventLog, EventRow

EVENT = EventRow(date(2007, 1, 8), "removal", "sinaloa", "", "SIN", 0, "capture")


def outcome(**changes):
    return SimpleNamespace(**vars(fakes.simulate(fakes.scenario("a"), 1)) | changes)


def specs(*names, replicates=1):
    return list(Plan.of([fakes.scenario(name) for name in names], replicates, seed=1))


def test_a_table_comes_back_with_plain_types():
    tables = {kind: unpack(stream) for kind, stream in run_one(specs("a")[0], fakes.simulate).tables.items()}
    assert dict(zip(tables["events"].schema.names, tables["events"].schema.types, strict=True)) == LABELS | EVENTS
    assert {**LABELS, **RUN}.items() <= dict(zip(tables["runs"].schema.names, tables["runs"].schema.types, strict=True)).items()
    assert tables["series"].column("scenario").to_pylist() == ["a"] * fakes.MONTHS.size


def test_a_long_log_travels_in_a_few_bytes_a_row():
    """The texts of a run repeat; what a plain table sends is five times as much."""
    stream = finished(specs("a")[0], outcome(events=EventLog.of([EVENT] * 5_000)), 0.0)["events"]
    plain = unpack(stream)
    assert plain.num_rows == 5_000
    assert plain.to_pylist()[-1] | {"run_id": "", "replicate": 0} == {
        "run_id": "", "scenario": "a", "point": 0, "replicate": 0, **EVENT._asdict()
    }  # fmt: skip
    assert len(stream) < 0.6 * plain.nbytes


def test_runs_with_other_numbers_and_none_at_all_are_joined():
    one, other, failed = specs("a", "b", "broken")
    streams = [
        finished(one, outcome(parameters={"lethality": 2.0}), 0.0)["runs"],
        finished(other, outcome(parameters={"wage": 3.0}), 0.0)["runs"],
        run_one(failed, fakes.broken).tables["runs"],
    ]
    rows = join(streams).to_pylist()
    assert [row["parameter.lethality"] for row in rows] == [2.0, None, None]
    assert [row["parameter.wage"] for row in rows] == [None, 3.0, None]
    assert [row["scenario"] for row in rows] == ["a", "b", "broken"]
    assert list(rows[0])[-1] == "parameter.wage"
    assert "parameter.lethality" not in unpack(streams[2]).schema.names


@pytest.mark.parametrize("kind", ["series", "events", "genealogy", "runs"])
def test_what_lies_on_the_disk_is_the_plain_rows(kind):
    streams = [run_one(spec, fakes.simulate).tables[kind] for spec in specs("a", "b", replicates=3)]
    file = io.BytesIO()
    write_parquet(join(streams), file, {"done": ["x"]})
    stored = pq.read_table(file)
    assert not any(pa.types.is_dictionary(type_) for type_ in stored.schema.types)
    assert stored.to_pylist() == pa.concat_tables([unpack(stream) for stream in streams]).to_pylist()


def test_parts_written_by_earlier_versions_are_read_beside_new_ones(tmp_path):
    """They kept the schema of what was in memory, had other encodings, and a footer in the same place."""
    plan = Plan.of([fakes.scenario("a")], 2, seed=1)
    first, second = [run_one(spec, fakes.simulate) for spec in plan]
    with Store(tmp_path, plan, fakes.ABOUT) as store:
        store.commit([first])
        for kind in first.tables:
            path = tmp_path / kind / "part-00000.parquet"
            metadata = pq.read_schema(path).metadata
            pq.write_table(unpack(first.tables[kind]).replace_schema_metadata(metadata), path, compression="zstd")
        store.commit([second])
    assert read_runs(tmp_path).column("replicate").to_pylist() == [0, 1]
    rows = [row for result in (first, second) for row in unpack(result.tables["events"]).to_pylist()]
    assert read_events(tmp_path).to_pylist() == rows

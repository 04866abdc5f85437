"""Forecasts sealed, and written for forecast hubs."""

import csv
import random
from dataclasses import replace
from io import BytesIO

import numpy as np
import pyarrow.parquet as pq
import pytest

from sim.analysis.forecasts.draws import Draws, hubverse, seal, unseal, views
from sim.scenario.problems import ScenarioError

ABOUT = {"scenario": "s", "world": "w", "model_version": "0" * 16, "code": None, "seed": 1, "start": "2006-12-01"}
DRAWS = Draws(("AGU", "MEX"), np.arange(12 * 2007 + 11, 12 * 2008 + 2), np.arange(12, dtype=np.float32).reshape(2, 2, 3) + 0.25, ABOUT)


def test_what_is_sealed_can_be_scored_by_anybody(tmp_path):
    file = tmp_path / "forecast.parquet"
    with file.open("wb") as stream:
        seal(DRAWS, stream)
    again = unseal(file)
    assert again.json == DRAWS.json
    assert np.array_equal(again.values, DRAWS.values)
    assert len(DRAWS.digest) == 64


def test_a_forecast_changed_after_it_was_sealed_is_refused(tmp_path):
    file = tmp_path / "forecast.parquet"
    with file.open("wb") as stream:
        seal(DRAWS, stream)
    table = pq.read_table(file)
    values = table.column("homicides").to_numpy().copy()
    values[0] += 1.0
    pq.write_table(table.set_column(3, "homicides", [values]), file)
    with pytest.raises(ScenarioError, match="it was changed after it was sealed"):
        unseal(file)


def test_nothing_of_a_sealed_forecast_changes_without_a_word(tmp_path):
    """Its draws, and who made them: the scenario, the world, the model, the seed."""
    stream, file = BytesIO(), tmp_path / "forecast.parquet"
    seal(DRAWS, stream)
    raw, told = stream.getvalue(), 0
    for seed in range(600):
        luck, found = random.Random(seed), bytearray(raw)
        found[luck.randrange(len(raw))] ^= 1 << luck.randrange(8)
        file.write_bytes(found if luck.random() < 0.9 else raw[: luck.randrange(len(raw))])
        try:
            assert unseal(file).json == DRAWS.json, seed
        except ScenarioError:
            told += 1
    assert told > 300


@pytest.mark.parametrize(
    "about",
    [{"scenario": "\x1b[2J"}, {"world": None}, {"model_version": 3}, {"start": "=cmd()"}, {"start": 5}, {"seed": ""}, {"code": []}],
)
def test_what_a_stranger_sealed_is_neither_a_formula_nor_an_escape(tmp_path, about):
    for draws in (replace(DRAWS, about=ABOUT | about), replace(DRAWS, places=("=cmd()", "MEX")), replace(DRAWS, places=("\x1b[2J", "MEX"))):
        with (tmp_path / "forecast.parquet").open("wb") as stream:
            seal(draws, stream)
        with pytest.raises(ScenarioError, match="is no sealed forecast"):
            unseal(tmp_path / "forecast.parquet")


@pytest.mark.parametrize("content", [b"", b"place,period\n", b"PAR1"])
def test_something_else_is_no_sealed_forecast(tmp_path, content):
    file = tmp_path / "forecast.parquet"
    file.write_bytes(content)
    with pytest.raises(ScenarioError, match="is no sealed forecast"):
        unseal(file)
    with pytest.raises(ScenarioError, match="cannot be read"):
        unseal(tmp_path / "missing.parquet")


def test_rows_for_views():
    stream = BytesIO()
    views(DRAWS, stream)
    rows = pq.read_table(stream).to_pylist()
    assert rows[0] == {"month_id": 336, "place": "AGU", "draw": 0, "outcome": 0}  # December 2007; January 1980 is 1
    assert rows[-1] == {"month_id": 338, "place": "MEX", "draw": 1, "outcome": 11}


def test_rows_for_hubverse():
    stream = BytesIO()
    hubverse(DRAWS, stream)
    rows = list(csv.DictReader(stream.getvalue().decode().splitlines()))
    assert len(rows) == 2 * 3 * 3  # the nation as well
    assert rows[0] == {
        "origin_date": "2006-12-01", "target": "homicides", "horizon": "1", "location": "AGU", "target_end_date": "2007-12-31",
        "output_type": "sample", "output_type_id": "0", "value": "0.25",
    }  # fmt: skip
    assert (rows[6]["location"], rows[6]["value"], rows[8]["target_end_date"]) == ("NATION", "3.5", "2008-02-29")

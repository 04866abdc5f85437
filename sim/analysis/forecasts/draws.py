"""A forecast as draws: simulated deaths by history, state and month; read from results, sealed in a file, written for forecast hubs."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import IO, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq
from numpy.typing import NDArray

from sim.experiment.folder.integrity import DIGEST, sealed
from sim.experiment.reading import read_arms, read_further, read_plan
from sim.model.worlds import load_world
from sim.scenario.evidence_file import period_name
from sim.scenario.problems import Problem, ScenarioError, brief
from sim.scenario.read import WORLDS, scenario_folder, shown
from sim.scenario.worlds import NATION

FOOTER = b"cartelitos-forecast"
SEAL = "seal"  # of the footer, the entry that holds a digest of the others
ABOUT = ("scenario", "world", "model_version", "code", "seed", "start")  # who made a forecast
SCHEMA = 1
SEALED = ("draw", "place", "month", "homicides")  # columns of a sealed file, in this order
VIEWS_ORIGIN = 12 * 1980 - 1  # VIEWS numbers months from January 1980 = 1
TARGET = "homicides"
UNSEAL = "take the file as `score --seal` wrote it"


@dataclass(frozen=True)
class Draws:
    """Simulated deaths."""

    places: tuple[str, ...]  # ids of states, (K,)
    months: NDArray[np.int64]  # counted from January of year 0, (M,), those that the runs cover whole
    values: NDArray[np.float32]  # deaths in the month, float32, (R, K, M)
    about: Mapping[str, Any]  # who made them: scenario, world, model version, revision, seed

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the ids joined by commas, a line feed, the names of the months joined by commas, a line feed, and the values as
        little-endian 32-bit floats by draw, place and month.
        """  # noqa: D205
        head = f"{','.join(self.places)}\n{','.join(period_name(int(month), 1) for month in self.months)}\n"
        return hashlib.sha256(head.encode() + self.values.astype("<f4").tobytes()).hexdigest()

    @property
    def json(self) -> dict[str, Any]:
        """What a document says about a forecast."""
        first, last = (period_name(int(month), 1) for month in self.months[[0, -1]])
        return dict(self.about) | {"draws": len(self.values), "first_month": first, "last_month": last, "digest": self.digest}


def read_draws(folder: Path) -> Draws:
    """The histories of the first arm of a results folder that has a panel.

    Raises FolderError: it is no results folder, or has no panel; ScenarioError: its plan holds no panel.
    """
    plan = read_plan(folder)
    if not plan.get("panel"):
        raise ScenarioError([Problem(shown(folder), None, "panel", "these runs did not record places", "run them with --panel")])
    arm = next(iter(read_arms(folder, plan)))
    scenario = arm.scenario
    world = load_world(scenario.world, scenario.world_options, scenario_folder() / WORLDS)
    panel = read_further(folder, "panel")
    panel = panel.filter(pc.equal(panel.column("scenario"), scenario.name))
    places = tuple(dict.fromkeys(world.states))
    rows = np.array([places.index(state) for state in world.states])
    ids = pc.index_in(panel.column("territory"), value_set=pa.array(world.ids)).to_numpy()
    dates = panel.column("month").to_numpy().astype("datetime64[M]").astype(np.int64) + 12 * 1970
    replicates, run = np.unique(panel.column("replicate").to_numpy(), return_inverse=True)
    months, month = np.unique(dates, return_inverse=True)
    values = np.zeros((replicates.size, len(places), months.size), np.float64)
    np.add.at(values, (run, rows[ids], month), panel.column("homicides").to_numpy())
    start = 12 * scenario.start.year + scenario.start.month - 1
    whole = (months > start - (scenario.start.day == 1)) & (months < months[-1])  # the last month seldom is
    about = {
        "scenario": scenario.name, "world": scenario.world, "model_version": plan["model_version"],
        "code": plan["code"]["revision"], "seed": plan["seed"], "start": f"{scenario.start}",
    }  # fmt: skip
    return Draws(places, months[whole], values[:, :, whole].astype(np.float32), about)


# sealed ----------------------------------------------------------------------------------------------------------------------


def seal(draws: Draws, file: IO[bytes]) -> None:
    """Write a forecast that anybody can score later: the draws, who made them, and their digest."""
    draw, place, month = _axes(draws.values)
    names = pa.array([period_name(int(each), 1) for each in draws.months])
    table = pa.table(
        {
            "draw": draw,
            "place": pa.DictionaryArray.from_arrays(place, pa.array(draws.places)),
            "month": pa.DictionaryArray.from_arrays(month, names),
            "homicides": draws.values.ravel(),
        }
    )
    footer = {"schema": SCHEMA} | draws.json
    footer[SEAL] = sealed(footer)[DIGEST]
    pq.write_table(table.replace_schema_metadata({FOOTER: json.dumps(footer).encode()}), file, compression="zstd")


def unseal(path: Path) -> Draws:
    """Read a sealed forecast. Raises ScenarioError: it is none, or its draws are not those that were sealed."""
    name = shown(path)
    try:
        table = pq.read_table(path)
        footer = json.loads(table.schema.metadata[FOOTER])
        if footer.pop(SEAL) != sealed(footer)[DIGEST]:
            message, hint = "what it says of itself is not what was sealed", "it was changed after it was sealed; take the original"
            raise ScenarioError([Problem(name, None, "", message, hint)])
        about = {key: footer[key] for key in ABOUT}
        assert isinstance(about["seed"], int)
        assert isinstance(about["code"], str | None)
        assert all(about[key].isprintable() for key in ("scenario", "world", "model_version"))
        date.fromisoformat(about["start"])
        assert tuple(table.column_names) == SEALED
        count = int(footer["draws"])
        places, months = (list(dict.fromkeys(table.column(key).to_pylist())) for key in ("place", "month"))
        values = table.column("homicides").to_numpy().astype(np.float32).reshape(count, len(places), len(months))
        assert all(re.fullmatch(r"\w[\w .-]*", place) for place in places)
        at = np.array([12 * int(month[:4]) + int(month[5:]) - 1 for month in months], np.int64)
    except OSError as error:
        raise ScenarioError([Problem(name, None, "", f"cannot be read: {error.strerror or error}", UNSEAL)]) from None
    except (pa.ArrowException, TypeError, KeyError, ValueError, AttributeError, OverflowError, RecursionError, AssertionError):
        raise ScenarioError([Problem(name, None, "", "is no sealed forecast", UNSEAL)]) from None
    draws = Draws(tuple(places), at, values, about)
    if draws.digest != footer.get("digest"):
        message = f"its draws have the digest {draws.digest[:16]}, it was sealed with {brief(str(footer.get('digest'))[:16])}"
        raise ScenarioError([Problem(name, None, "digest", message, "it was changed after it was sealed; take the original")])
    return draws


# for forecast hubs -----------------------------------------------------------------------------------------------------------


def views(draws: Draws, file: IO[bytes]) -> None:
    """Parquet as the VIEWS prediction challenge takes it: `month_id`, unit, `draw`, `outcome` (whole deaths).

    The unit is `place`: an ISO 3166-2:MX suffix, since VIEWS numbers countries and grid cells only.
    """
    draw, place, month = _axes(draws.values)
    table = pa.table(
        {
            "month_id": (draws.months - VIEWS_ORIGIN)[month].astype(np.int32),
            "place": np.array(draws.places, object)[place],
            "draw": draw,
            "outcome": np.rint(draws.values.ravel()).astype(np.int32),
        }
    )
    pq.write_table(table, file, compression="zstd")


def hubverse(draws: Draws, file: IO[bytes]) -> None:
    """CSV of a hubverse model output: samples by location and month; the sum of all locations is NATION."""
    everywhere = np.concatenate([draws.values, draws.values.sum(axis=1, keepdims=True)], axis=1)
    draw, place, month = _axes(everywhere)
    ends = [f"{np.datetime64(int(month) - 12 * 1970 + 1, 'M').astype('datetime64[D]') - 1}" for month in draws.months]
    table = pa.table(
        {
            "origin_date": [draws.about["start"]] * draw.size,
            "target": [TARGET] * draw.size,
            "horizon": month + 1,
            "location": np.array([*draws.places, NATION], object)[place],
            "target_end_date": np.array(ends, object)[month],
            "output_type": ["sample"] * draw.size,
            "output_type_id": draw,
            "value": np.round(everywhere.ravel().astype(np.float64), 3),
        }
    )
    pyarrow.csv.write_csv(table, file)


def _axes(values: NDArray[np.float32]) -> tuple[NDArray[np.int32], ...]:
    """The number of draw, place and month of every value in a row."""
    return tuple(axis.ravel() for axis in np.indices(values.shape, np.int32))

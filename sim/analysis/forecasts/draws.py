"""A forecast as draws: simulated deaths by history, state and month; read from results, sealed in a file, written for forecast hubs."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping
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
from scipy import stats

from sim.analysis.evidence import GOLDEN, SILVER
from sim.catalogue.statistics import Array
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
DRAWS = 120  # of a naive forecast
RECENT = 36  # months that conflictology resamples if periods are years; 12 if they are months, as in the VIEWS challenge
YEAR = 12  # months
HALF = 0.5  # deaths a month that keep a quotient from having no divisor
KEPT = 0.5  # effective share of histories that weights leave: where a particle filter would resample
EVEN = (np.arange(DRAWS) + 0.5) / DRAWS
Naive = Callable[[Array, Array, int], Array]


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
            "origin_date": [draws.about["start"]] * draw.size, "target": [TARGET] * draw.size, "horizon": month + 1,
            "location": np.array([*draws.places, NATION], object)[place], "target_end_date": np.array(ends, object)[month],
            "output_type": ["sample"] * draw.size, "output_type_id": draw, "value": np.round(everywhere.ravel().astype(np.float64), 3),
        }
    )  # fmt: skip
    pyarrow.csv.write_csv(table, file)


def _axes(values: NDArray[np.float32]) -> tuple[NDArray[np.int32], ...]:
    """The number of draw, place and month of every value in a row."""
    return tuple(axis.ravel() for axis in np.indices(values.shape, np.int32))


def last_value(past: Array, ahead: Array, step: int) -> Array:
    """The last period again, with Poisson scatter."""
    return np.repeat(stats.poisson.ppf(EVEN[:, None], past[:, -1])[:, :, None], ahead.size, axis=2)


def random_walk(past: Array, ahead: Array, step: int) -> Array:
    """The last period, and steps of the logarithm as large as the place's own so far, to and fro alike."""
    changes = np.diff(np.log(past + HALF * step), axis=1)
    spread = np.sqrt(np.square(changes).mean(axis=1))[:, None] * np.sqrt(ahead)
    return np.asarray(past[None, :, -1:] * np.exp(stats.norm.ppf(EVEN)[:, None, None] * spread))


def climatology(past: Array, ahead: Array, step: int) -> Array:
    """All that the place has seen, each period as likely."""
    return _resampled(past, ahead)


def conflictology(past: Array, ahead: Array, step: int) -> Array:
    """What the place saw of late: its last twelve months, or three years, each as likely."""
    return _resampled(past[:, -(RECENT // YEAR if step == YEAR else YEAR) :], ahead)


def mixture(past: Array, ahead: Array, step: int) -> Array:
    """The four others, as likely each."""
    return np.concatenate([forecast(past, ahead, step) for forecast in (last_value, random_walk, climatology, conflictology)])


NAIVE: Mapping[str, Naive] = {
    "last value": last_value, "random walk": random_walk, "climatology": climatology, "conflictology": conflictology, "mixture": mixture,
}  # fmt: skip


def _resampled(values: Array, ahead: Array) -> Array:
    chosen = values[:, (EVEN * values.shape[1]).astype(np.int64)].T
    return np.repeat(chosen[:, :, None], ahead.size, axis=2)


def told(histories: Array, past: Array, targets: Array, step: int) -> Array:
    """The model told the past: histories like it count more, and each goes on from where the place is; (R, K, T).

    No parameter is fitted again. For every place histories, which differ in parameters and in luck, are weighted by how far their path,
    (R, K, P), strays from the observed one, (K, P), there and in all places together; weights are tempered until as many histories count as
    half of them. A forecast is the place's last observed year, times what the history's path does from its own last year on, (R, K, T).
    """
    year = YEAR // step
    away = _strayed(histories, past, step) + _strayed(histories.sum(axis=1, keepdims=True), past.sum(axis=0, keepdims=True), step)
    found = np.empty_like(targets)
    now, then = past[:, -year:].sum(axis=1) + HALF * YEAR, histories[:, :, -year:].sum(axis=2) + HALF * YEAR
    for k in range(past.shape[0]):
        chosen = systematic(tempered(away[:, k]))
        found[:, k] = targets[chosen, k] * (now[k] / then[chosen, k])[:, None]
    return found


def widened(histories: Array, known: Array, learned: NDArray[np.bool_], step: int) -> Array:
    """The model with its discrepancy by place: histories, (R, K, P), times a factor that none knows, one for all periods of a place.

    Its logarithm is normal; its variance is what other places stray from the model beyond what histories do in `learned` periods, (P,).
    Of the place itself nothing is known, so that coverage is out of sample, place by place.
    """
    paths = np.log(histories[:, :, learned] + HALF * step)
    beyond = np.square(np.log(known[:, learned] + HALF * step) - paths.mean(axis=0)) - paths.var(axis=0, ddof=1)
    places = beyond.mean(axis=1)
    spread = np.sqrt(np.maximum((places.sum() - places) / (places.size - 1), 0.0))
    shuffled = (np.arange(1, len(histories) + 1)[:, None] * SILVER + np.arange(places.size) * GOLDEN) % 1.0
    return np.asarray(histories * np.exp(stats.norm.ppf(shuffled) * spread)[:, :, None])


def _strayed(histories: Array, past: Array, step: int) -> Array:
    """Sum over years of squared differences of logarithms, (R, K); what is left of a year is left out."""
    year = YEAR // step
    whole = past.shape[1] // year * year

    def yearly(values: Array) -> Array:
        kept = values[..., values.shape[-1] - whole :]
        return np.asarray(np.log(kept.reshape(*kept.shape[:-1], -1, year).sum(axis=-1) + HALF * YEAR))

    return np.asarray(np.square(yearly(histories) - yearly(past)).sum(axis=-1))


def tempered(distance: Array) -> Array:
    """Weights exp(-distance / temperature), (R,), sum 1, at the temperature that leaves KEPT of them."""
    least = distance - distance.min()
    low, high = 1e-9, 1e9
    weights = np.full(distance.size, 1.0 / distance.size)
    for _ in range(60):
        middle = (low * high) ** 0.5
        weights = np.exp(-least / middle)
        weights /= weights.sum()
        enough = 1.0 / np.square(weights).sum() >= KEPT * distance.size
        low, high = (low, middle) if enough else (middle, high)
    return weights


def systematic(weights: Array) -> Array:
    """As many indices as weights, in proportion to them, (R,)."""
    steps = (np.arange(weights.size) + 0.5) / weights.size
    return np.minimum(np.searchsorted(np.cumsum(weights), steps), weights.size - 1)

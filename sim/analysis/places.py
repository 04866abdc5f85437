"""What happened in every place, as far as a panel was recorded (`--panel`)."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sim.analysis.ensemble import PairingError, Window
from sim.analysis.paired import Array
from sim.experiment.reading import read_batches, read_further
from sim.experiment.switching import switched_names
from sim.scenario.problems import suggest

QUANTITIES = {  # column of the panel -> title, unit, and whether it adds up over time
    "homicides": ("Homicides", "deaths a year", True),
    "organised": ("Homicides of organised crime", "deaths a year", True),
    "taken_usd": ("Predation revenue", "US$ a year", True),
    "groups": ("Armed groups", "groups", False),
    "members": ("Cartel members", "people", False),
}
OF_METRIC = {"homicides": "homicides", "members": "members", "predation_revenue_usd": "taken_usd", "groups_active": "groups"}
DAYS = 365.25


class Places(NamedTuple):
    """One quantity in every place, by scenario and replicate: flows as rates a year, stocks as means."""

    quantity: str  # a key of QUANTITIES
    arms: tuple[str, ...]  # scenarios in order of appearance, (A,)
    ids: tuple[str, ...]  # of the places; parts of a state are added up, (K,)
    values: Array  # (A, R, K)
    window: Window  # first and last month


def has_panel(folder: Path) -> bool:
    """Whether places were recorded."""
    return (folder / "panel").is_dir()


def read_panel(folder: Path) -> pa.Table:
    """One row per run, place and month. Raises PairingError: no panel was recorded."""
    if not has_panel(folder):
        raise PairingError("holds no panel; the same command with --panel records it")
    return read_further(folder, "panel")


def read_places(folder: Path, quantity: str = "homicides", window: Window | None = None) -> Places:
    """One of QUANTITIES in every place, by its own arms. Raises PairingError: no panel, no such quantity, or arms with other replicates."""
    if quantity not in QUANTITIES:
        raise PairingError(f"a panel has no {quantity!r}; {suggest(quantity, QUANTITIES) or 'it has: ' + ', '.join(QUANTITIES)}")
    if not has_panel(folder):
        raise PairingError("holds no panel; the same command with --panel records it")
    keys = ["scenario", "replicate", "state"]
    sums, span = list[pa.Table](), set[np.datetime64]()
    for part in read_batches(folder, "panel")[1]:
        month = part.column("month").to_numpy().astype("datetime64[M]")
        if window is not None:
            inside = (month >= np.datetime64(window[0], "M")) & (month <= np.datetime64(window[1], "M"))
            part, month = part.filter(pa.array(inside)), month[inside]  # noqa: PLW2901
        span |= {*np.unique(month)}
        state = pc.replace_substring_regex(part.column("territory"), r"-[0-9]+$", "")
        sums.append(part.append_column("state", state).group_by(keys).aggregate([(quantity, "sum")]))
    names = list(dict.fromkeys(name for part in sums for name in part.column("scenario").to_pylist()))
    names = [name for name in names if name not in switched_names(names)]
    table = pa.concat_tables(sums).sort_by([(key, "ascending") for key in keys])
    table = table.filter(pc.is_in(table.column("scenario"), pa.array(names, pa.string())))
    ids = sorted(set(table.column("state").to_pylist()))
    replicates = sorted(set(table.column("replicate").to_pylist()))
    if table.num_rows != len(names) * len(ids) * len(replicates):
        raise PairingError("places cannot be paired: not every replicate is finished in every scenario")
    months = sorted(span)
    days = float((months[-1] + np.timedelta64(1, "M")).astype("datetime64[D]").astype(int) - months[0].astype("datetime64[D]").astype(int))
    scale = DAYS / days if QUANTITIES[quantity][2] else 1.0 / len(months)
    cube = table.column(f"{quantity}_sum").to_numpy().reshape(len(names), len(replicates), len(ids)) * scale
    order = [sorted(names).index(name) for name in names]
    return Places(quantity, tuple(names), tuple(ids), cube[order], (str(months[0]), str(months[-1])))

"""A made-up ensemble of yearly values, stored as the series of runs would be."""

import numpy as np
import pyarrow as pa

from sim.analysis.ensemble import gather
from sim.analysis.evidence import Histories
from sim.catalogue.metrics import METRICS

GENEALOGY = pa.schema(
    {
        "run_id": pa.string(),
        "scenario": pa.string(),
        "point": pa.int32(),
        "replicate": pa.int32(),
        "cartel": pa.string(),
        "root": pa.string(),
    }
    | dict.fromkeys(("born", "died"), pa.date32())
)


def histories(first, lines=(), **yearly):
    """Yearly values, (R, Y) per metric, from January of `first`; `lines` are (replicate, root, born, died)."""
    runs, years = np.shape(next(iter(yearly.values())))
    months = np.arange(f"{first}-01", f"{first + years}-01", dtype="datetime64[M]")
    days = (months + np.timedelta64(1, "M")).astype("datetime64[D]").astype(float) - months.astype("datetime64[D]").astype(float)
    columns = {
        "run_id": pa.array([f"r{r}" for r in range(runs) for _ in months]),
        "scenario": pa.array(["baseline"] * runs * months.size),
        "point": pa.array([0] * runs * months.size, pa.int32()),
        "replicate": pa.array(np.repeat(np.arange(runs), months.size), pa.int32()),
        "month": pa.array(np.tile(months.astype("datetime64[D]"), runs), pa.date32()),
        "days": pa.array(np.tile(days, runs)),
    }
    for name, values in yearly.items():
        monthly = np.repeat(np.asarray(values, float), 12, axis=1) * (days / 365.25 if METRICS[name].kind == "flow" else 1.0)
        columns[name] = pa.array(monthly.ravel())
    rows = [(f"r{r}", "baseline", 0, r, f"c{i}", root, born, died) for i, (r, root, born, died) in enumerate(lines)]
    genealogy = pa.table(
        [pa.array(column, kind) for column, kind in zip(zip(*rows, strict=True) if rows else [()] * 8, GENEALOGY.types, strict=True)],
        schema=GENEALOGY,
    )
    return Histories(gather(pa.table(columns)), 0, genealogy)

"""Small series tables with a known answer."""

import numpy as np
import pyarrow as pa

MONTHS = np.arange("2006-12", "2008-12", dtype="datetime64[M]")
DAYS = ((MONTHS + np.timedelta64(1, "M")).astype("datetime64[D]") - MONTHS.astype("datetime64[D]")).astype(float)


def run(scenario, replicate, months=MONTHS, point=0, **metrics):
    """One run; a metric is a number (the same every month) or one value per month."""
    count = len(months)
    columns = {
        "run_id": [f"{scenario}-{point}-{replicate}"] * count,
        "scenario": [scenario] * count,
        "point": pa.array([point] * count, pa.int32()),
        "replicate": pa.array([replicate] * count, pa.int32()),
        "month": pa.array(months.astype("datetime64[D]")),
        "days": DAYS[:count],
    }
    values = {name: np.broadcast_to(np.asarray(value, float), count) for name, value in metrics.items()}
    return pa.table(columns | values)


def series(*runs):
    return pa.concat_tables(runs)


def world(replicate):
    """Monthly homicides of a world under business as usual: irregular, never round."""
    return (700 + 37 * replicate) * (1 + 0.3 * np.sin(np.arange(MONTHS.size) * (1 + replicate) / 3)) / 7


def experiment(effects, replicates=5, cost=None):
    """Every scenario multiplies homicides by its effect from the second year on; members answer half as much.

    Args:
        effects: scenario -> factor.
        replicates: how many worlds.
        cost: scenario -> US$ a month.
    """
    later = np.arange(MONTHS.size) >= 12
    return series(
        *(
            run(
                scenario,
                replicate,
                homicides=world(replicate) * np.where(later, factor, 1.0),
                members=1000.0 * (replicate + 1) * np.where(later, 1 + (factor - 1) / 2, 1.0),
                groups_active=10.0,
                policy_cost_usd=(cost or {}).get(scenario, 0.0),
            )
            for replicate in range(replicates)
            for scenario, factor in effects.items()
        )
    )

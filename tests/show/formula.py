"""A country that is a formula."""

from datetime import date, timedelta
from types import SimpleNamespace

import numpy as np

from sim.catalogue.metrics import METRICS
from sim.model.log import EventLog
from sim.scenario.scenario import Scenario

MONTHS = np.arange("2006-12", "2010-12", dtype="datetime64[M]")
START = date(2006, 12, 1)
EFFECTS = {"usual": 1.0, "zeal": 1.3, "calm <b>&": 0.8}


def lineage():
    """Two founders; every group splits once a year while there are fewer than forty."""
    rows = [
        ("north", "", "north", START, None, "founder", 900, False),
        ("south", "", "south", START, None, "founder", 500, False),
    ]
    for week in range(20, 200, 6):
        parent = rows[week % len(rows)]
        born = START + timedelta(weeks=week)
        died = born + timedelta(weeks=60) if week % 4 else None
        name = f"{parent[0]}.{week}"
        rows.append((name, parent[0], parent[2], born, died, "split", 10 + week % 37, week % 3 == 0))
    return rows


def simulate(scenario, seed):
    """Metrics that depend on seed and scenario; the causes add up to the homicides."""
    time, luck = np.arange(MONTHS.size), 1 + (seed % 997) / 2000
    effect = np.where(time < 6, 1.0, EFFECTS[scenario.name])
    series = {name: luck * effect * (50.0 + time) * (1e6 if metric.unit == "US$" else 1.0) for name, metric in METRICS.items()}
    series["homicides"] = sum(series[f"homicides_{cause}"] for cause in ("turf", "succession", "predation", "confrontation", "background"))
    event = (START + timedelta(weeks=30), "removal", "north", "", "SIN", 0, "capture")
    return SimpleNamespace(
        months=MONTHS,
        days=np.full(MONTHS.size, 30.4375),
        series=series,
        events=EventLog.of([event]),
        genealogy=lineage(),
        tables={},
        parameters={},
        totals={},
        family="",
        warnings=[],
        digest="0" * 16,
    )


def scenario(name):
    return Scenario(name=name, title=f"Title of {name}", question=f"What does {name} do?", world="grid", start=START, years=4)

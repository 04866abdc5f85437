"""What happened, as far as the library knows it: a few series to lay under what the model says."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import numpy as np

from sim.analysis.contrast import Array
from sim.catalogue.evidence import EVIDENCE
from sim.scenario.evidence_file import read_truth
from sim.scenario.read import scenario_folder

OBSERVED = Path("observed") / "homicides.csv"
METRICS = ("homicides", "overdose_deaths")  # that mean in the model what the sources count
COUNTRIES = ("mexico-2006", "municipal")  # worlds whose history that is
YEAR = 12  # months


@lru_cache(maxsize=16)
def history(world: str, metric: str) -> tuple[Array, Array]:
    """Calendar years, (Y,), and what was observed in each, (Y,), by which the model was judged; both empty where nothing is known.

    Homicides are those that were registered; years that are held out of the library's table are not here.
    """
    if world not in COUNTRIES or metric not in METRICS:
        return np.array([]), np.array([])
    found: dict[int, float] = {}
    for row in EVIDENCE.values():
        first, last = row.window
        whole_year = first[:4] == last[:4] and first.endswith("-01") and last.endswith("-12")
        if row.metric == metric and row.form == "level" and whole_year and row.observed is not None:
            found[int(first[:4])] = row.observed
    path = scenario_folder() / OBSERVED
    if metric == "homicides" and path.is_file():
        truth = read_truth(path)
        if truth.step == YEAR:
            by_year = [{month // YEAR: deaths for month, deaths in own.items()} for own in truth.deaths.values()]
            found |= {year: sum(own[year] for own in by_year) for year in by_year[0] if all(year in own for own in by_year)}
    years = sorted(found)
    return np.array(years, dtype=np.float64), np.array([found[year] for year in years])

"""What the catalogue says a lever does holds in the model, over plausible worlds; where it does not, the catalogue has to say so."""

import math
from functools import cache

import numpy as np
import pytest
from cases import plan, scenario

from sim.catalogue.levers import LEVERS
from sim.catalogue.metrics import METRICS
from sim.model.run import simulate

PAIRS, YEARS = 32, 10  # effects of one to three percent are told from none
STATED = [(name, metric, sign) for name, lever in LEVERS.items() for metric, sign in lever.expected.items() if sign in ("less", "more")]


HISTORY = {"kingpin_targeting": 1.0, "military_deployment": 0.5}


def runs(lever: str, intensity: float) -> tuple[dict[str, float], ...]:
    """Flows summed and stocks averaged from the third year on, of each replicate, in a country that hunts kingpins and deploys troops."""
    return of_policy(tuple(sorted((name, value) for name, value in (HISTORY | {lever: intensity}).items() if value)))


@cache
def of_policy(levers: tuple[tuple[str, float], ...]) -> tuple[dict[str, float], ...]:
    """Of levers at work; one at zero is none (`test_laws`), so that most of them share what they are compared with."""
    policy = [plan(name, value) for name, value in levers]
    series = [simulate(scenario(*policy, years=YEARS, worlds="plausible"), seed).series for seed in range(1, PAIRS + 1)]
    return tuple(
        {name: values[24:].sum() if METRICS[name].kind == "flow" else values[24:].mean() for name, values in run.items()} for run in series
    )


@pytest.mark.slow
@pytest.mark.parametrize(("lever", "metric", "sign"), STATED)
def test_a_stated_sign_holds(lever: str, metric: str, sign: str) -> None:
    """Full intensity against none: the mean paired difference lies three standard errors or more on the stated side of zero."""
    change = np.array([full[metric] - none[metric] for full, none in zip(runs(lever, LEVERS[lever].high), runs(lever, 0.0), strict=True)])
    z = change.mean() / (change.std(ddof=1) / math.sqrt(PAIRS))
    assert z > 3 if sign == "more" else z < -3


def test_something_is_stated() -> None:
    assert len(STATED) > 20
    assert {sign for lever in LEVERS.values() for sign in lever.expected.values()} == {"less", "more", "mixed", "unknown"}

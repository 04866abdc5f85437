"""What calibration may move: at most ten parameters, each with the range believed before looking at any evidence row.

The stock of members in 2006 is not one of them: nobody knows it, flows alone say something about it, and so it is a band that every
calibrated vector samples. Every other parameter stays at its default in the parameter catalogue.
"""

from __future__ import annotations

from typing import NamedTuple

MEMBERS = "members"  # people in all groups at the start


class Prior(NamedTuple):
    """A uniform belief about a parameter, or about its logarithm."""

    name: str
    low: float
    high: float
    log: bool
    why: str


# fmt: off  (one belief, one line)
PRIORS: tuple[Prior, ...] = (
    Prior("recruit_rate", 0.0025, 0.0048, False, "from a slow decline to a doubling of members in ten years"),
    Prior("desertion", 5e-5, 1.2e-3, True, "0.3 to 6 % of members a year"),
    Prior("lethality", 2e-7, 2.0e-6, True, "a factor of ten around the value of the prototype"),
    Prior("arms_weight", 0.0, 1.0, False, "from guns that do not count to strength in proportion to them"),
    Prior("leader_loss_weight", 0.0, 2.0, False, "from leaders who ignore the removal of others to none who looks ahead"),
    Prior("leave_base", -1.0, 1.5, False, "decides how many groups a removal makes: split worlds"),
    Prior("entry_rate", 0.5, 40.0, True, "decides how many groups come by themselves: entry worlds"),
    Prior("learning", 0.2, 1.5, True, "ASSUMED: from a trade that takes a decade to spread to one that takes two years"),
    Prior("fuel_2006", 0.01, 0.15, True, "ASSUMED: from the taps of 2006 over those of 2018 (0.015) to ten times as much"),
    Prior("predation_usd", 1.2e9, 4.5e9, True, "the literature gives no better than a factor of four"),
)
BAND = Prior(MEMBERS, 60_000.0, 130_000.0, True, "the band of the world's table")
# fmt: on

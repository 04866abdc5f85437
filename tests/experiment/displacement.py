"""People leave their homes where organised crime kills: a mechanism as a criminologist would write one, in a file of its own."""

import math

from sim.model.mechanism import Country, Metric, mechanism, param


@mechanism(
    after="contest",
    parameters={
        "displaced_per_death": param(
            1.5, "people", (0, 20), "ASSUMED", "people who leave home for each organised killing in their place",
            why="An example, not an estimate.",
        ),
    },
    metrics=[Metric("displaced", "People displaced", "people", "flow", "less", "People who leave their homes because of killings.")],
    columns={"territory": {"fled": "people who left since the start"}},
    off={"displaced_per_death": 0.0},
)  # fmt: skip
def displacement(c: Country) -> None:
    """Residents leave places in which organised crime kills.

    Reads:  organised killings
    Writes: population, fled; flow displaced
    Rule:   people = displaced_per_death x organised killings of the week, whole people
    Source: ASSUMED
    """
    t = c.territory
    for k in range(c.zone.size):
        people = math.floor(c.p.displaced_per_death * t.organised[k])
        t.population[k] -= people
        t.fled[k] += people
        c.flow.displaced += people

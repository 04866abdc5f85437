"""Functions of whole numbers that the week asks for everywhere, tabulated once a run: powers of people, and how old grudges fade."""

from __future__ import annotations

from typing import NamedTuple

from sim.elementary import exp, log
from sim.model.columns import Country
from sim.model.compile.compiled import compiled, inner

PEOPLE = 4096  # members of a plaza up to which powers are looked up


class Power(NamedTuple):
    """Exponents of the number of members."""

    foe: int
    own: int
    decisive: int


POWER = Power(0, 1, 2)


@compiled
def tabulate(c: Country) -> None:
    """Fill the tables: powers of 0 (which counts as half a person), 1, 2 ... people, and the fading of a grudge week by week."""
    p = c.p
    for n in range(c.powers.shape[0]):
        c.powers[n, POWER.foe] = raised(p.foe_exponent, n)
        c.powers[n, POWER.own] = raised(p.own_exponent, n)
        c.powers[n, POWER.decisive] = raised(p.decisiveness, n)
    for weeks in range(c.fading.size):
        c.fading[weeks] = exp(-weeks / p.grudge_memory)


@inner
def raised(exponent: float, people: float) -> float:
    """People to an exponent."""
    return exp(exponent * log(max(people, 0.5)))


@inner
def power(c: Country, which: int, exponent: float, people: float) -> float:
    """The same for whole people, from the table of powers if it reaches so far; `which` is the number of the exponent there."""
    n = int(people)
    return float(c.powers[n, which]) if n < c.powers.shape[0] else raised(exponent, people)


@inner
def left_of_grudge(c: Country, weeks: int) -> float:
    """Part of a grudge that is left so many weeks after the war."""
    p = c.p
    return float(c.fading[weeks]) if weeks < c.fading.size else exp(-weeks / p.grudge_memory)

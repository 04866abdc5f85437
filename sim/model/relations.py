"""Who is at war with whom, and who helps whom: pairs by place, and directed ties."""

from __future__ import annotations

from sim.model.columns import CAUSE, KIND, Country
from sim.model.compile.compiled import compiled, inner
from sim.model.tables import blank_row, copy_row, tell


@inner
def link_pairs(c: Country) -> None:
    """Renew the list of pairs of every place."""
    for k in range(c.zone.size):
        c.territory.pairs[k] = -1
    for row in range(c.count.pairs):
        link_pair(c, row)
    c.count.unlinked = 0


@inner
def link_pair(c: Country, row: int) -> None:
    """Put a pair at the head of its place's list."""
    k = c.pair.territory[row]
    c.pair.next[row] = c.territory.pairs[k]
    c.territory.pairs[k] = row


@inner
def find_pair(c: Country, a: int, b: int, k: int) -> int:
    """Row of a pair in a place, or -1."""
    if c.count.unlinked > 0:
        link_pairs(c)
    row = c.territory.pairs[k]
    while row >= 0:
        x, y = c.pair.a[row], c.pair.b[row]
        if (x == a and y == b) or (x == b and y == a):
            break
        row = c.pair.next[row]
    return int(row)


@compiled
def open_war(c: Country, a: int, b: int, k: int, kin_until: int) -> bool:
    """Two cartels go to war in a place, heirs over a succession until week `kin_until` (0: no heirs); false if they already are."""
    row = find_pair(c, a, b, k)
    if row < 0:
        row = c.count.pairs
        if row >= c.pair.rows:
            return False
        c.count.pairs = row + 1
        blank_row(c.pair, row)
        c.pair.a[row], c.pair.b[row], c.pair.territory[row] = a, b, k
        link_pair(c, row)
    elif c.pair.open[row] > 0.0:
        return False
    c.pair.open[row] = 1.0
    c.pair.pact[row] = 0
    c.pair.heat[row] = max(c.p.heat_start, c.pair.heat[row])
    c.pair.kin[row] = max(c.pair.kin[row], kin_until)
    tell(c, KIND.war, a, b, k, 0.0, CAUSE.succession if kin_until > 0 else CAUSE.none)
    return True


@compiled
def make_pact(c: Country, a: int, b: int, k: int) -> None:
    """Two heirs in one place live in peace: no hostility between them at all."""
    row = c.count.pairs
    c.count.pairs = row + 1
    blank_row(c.pair, row)
    c.pair.a[row], c.pair.b[row], c.pair.territory[row] = a, b, k
    c.pair.pact[row] = 1
    c.count.unlinked = 1


@inner
def drop_pair(c: Country, row: int) -> None:
    """Forget a pair; the last row takes its place."""
    last = c.count.pairs - 1
    copy_row(c.pair, row, last)
    c.count.pairs = last
    c.count.unlinked = 1


@inner
def fight(c: Country, a: int, b: int) -> bool:
    """Whether two cartels are at war anywhere."""
    for row in range(c.count.pairs):
        if c.pair.open[row] > 0.0:
            x, y = c.pair.a[row], c.pair.b[row]
            if (x == a and y == b) or (x == b and y == a):
                return True
    return False


@inner
def helps(c: Country, a: int, b: int) -> bool:
    """Whether cartel b is an ally of a."""
    for row in range(c.count.ties):  # noqa: SIM110 (numba has no `any`)
        if c.tie.a[row] == a and c.tie.b[row] == b:
            return True
    return False


@compiled
def add_tie(c: Country, a: int, b: int, weight: float) -> None:
    """Record that b helps a."""
    row = c.count.ties
    if row < c.tie.rows:
        c.tie.a[row], c.tie.b[row] = a, b
        c.tie.weight[row] = weight
        c.count.ties = row + 1


@inner
def link_ties(c: Country) -> None:
    """Renew the list of ties of every cartel."""
    for j in range(c.count.cartels):
        c.cartel.ties[j] = -1
    for row in range(c.count.ties):
        a = c.tie.a[row]
        c.tie.next[row] = c.cartel.ties[a]
        c.cartel.ties[a] = row

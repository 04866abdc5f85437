"""Every constant of the model: default, unit, plausible range, source or FITTED or ASSUMED, what it is, and why it is that.

Mechanisms read constants only from here. `sampled` constants are the uncertain ones, varied unless a user names others.

What no publication gives says under `why` what it rests on: the arithmetic, the passage, the evidence rows it was fitted to, or that it is
a round number. Words in brackets name a source of the bibliography, H1 and the like rows of the evidence, "switched off" the table that
`cartelitos parsimony` makes. `calibrate` moves the ten parameters of `priors.py` and no others; what else is FITTED was set by hand, or
comes from *the prototype*: a throw-away model of the same design, fitted by 20,000 runs to rows like these, whose best vectors fell into
*split worlds* and *entry worlds* too.
"""

from __future__ import annotations

from dataclasses import field
from typing import Any


def param(
    default: float, unit: str, bounds: tuple[float, float], source: str, meaning: str, *, sampled: bool = False, switch: bool = False,
    why: str = "",
) -> Any:  # noqa: ANN401
    """Declare one constant; `switch` marks an assumption the literature disagrees about, `why` says what it rests on if nothing published."""
    entry = {"unit": unit, "low": bounds[0], "high": bounds[1], "source": source, "meaning": meaning, "sampled": sampled, "switch": switch}
    return field(default=default, metadata=entry | {"why": why})

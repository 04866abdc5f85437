"""Outlines of the Mexican states for maps, compiled once.

Source: Natural Earth 1:10m admin-1 (public domain, naturalearthdata.com), without islets, simplified to about 0.035 degrees.
Equirectangular at 24° N: x = 30 cos(24°) (longitude + 118.5), y = 30 (32.8 - latitude); SVG path data, relative lines.
"""

from __future__ import annotations

import json
from pathlib import Path

_KEPT = json.loads(Path(__file__).with_suffix(".json").read_text(encoding="utf-8"))

WIDTH: int = _KEPT["width"]  # of the box around all paths
HEIGHT: int = _KEPT["height"]
OUTLINES: dict[str, str] = _KEPT["outlines"]
LABELS: dict[str, tuple[int, int]] = {state: (x, y) for state, (x, y) in _KEPT["labels"].items()}

"""What cannot be generated: why the model exists, what it leaves out, and the ideas it is built on. The text is in `prose.md`."""

from __future__ import annotations

import re
from pathlib import Path

_TOLD = re.findall(r"^(##+) (.+)\n\n((?:.+\n)+)", Path(__file__).with_suffix(".md").read_text(encoding="utf-8"), re.MULTILINE)
_PARTS = {name: text.rstrip() for depth, name, text in _TOLD if depth == "##"}

PURPOSE, PATTERNS, SCOPE = _PARTS["Purpose"], _PARTS["Patterns"], _PARTS["Scope"]
SCHEDULING, STOCHASTICITY, OBSERVATION = _PARTS["Scheduling"], _PARTS["Stochasticity"], _PARTS["Observation"]
CONCEPTS = {name: text.rstrip() for depth, name, text in _TOLD if depth == "###"}

"""One HTML file: the page's code, the kernel, and every world's first day."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np

from sim.catalogue.metrics import METRICS
from sim.experiment.plan import replicate_seed
from sim.model.run import simulate
from sim.page import bundle, data
from sim.scenario import load
from sim.scenario.scenario import Scenario

HERE = Path(__file__).parent
BESIDE = "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
NOSCRIPT = "This page simulates a country in your browser, which needs JavaScript. · Esta página necesita JavaScript."


def html(usual: str, count: int, kept: Sequence[Sequence[str]]) -> str:
    """The page.

    Args:
        usual: scenario that stands for business as usual.
        count: worlds that it simulates, each with and without a policy.
        kept: rows that a browser shows which cannot simulate.

    Raises:
        ScenarioError: the scenario is wrong.
        BundleError: the page's code was edited and not bundled since.
    """
    return fill(data.collect(usual, count) | {"kept": kept})


def kept(usual: str, count: int, metrics: Sequence[str]) -> list[list[str]]:
    """Change of outcomes under the library's policies, in per cent of business as usual over the whole run, as rows of text.

    Args:
        usual: scenario that stands for business as usual.
        count: worlds, the first of `compare`.
        metrics: outcomes.
    """
    base = load(usual)
    seeds = [replicate_seed(base.seed, replicate) for replicate in range(count)]

    def means(scenario: Scenario) -> dict[str, float]:
        runs = [simulate(scenario, seed).series for seed in seeds]
        return {metric: float(np.mean([run[metric].mean() for run in runs])) for metric in metrics}

    before = means(base)
    rows = [["", *(METRICS[metric].title for metric in metrics)]]
    for name, one in data.alike(base).items():
        if name != usual:
            after = means(one)
            rows.append([one.title, *(f"{100.0 * (after[metric] / before[metric] - 1.0):+.1f} %" for metric in metrics)])
    return rows


def policy(html: str) -> str:
    """What a page's own `Content-Security-Policy` says, with what only a server may say."""
    said = html.split('http-equiv="Content-Security-Policy" content="', 1)[1].split('"', 1)[0]
    return f"{said}; {BESIDE}"


def fill(known: Mapping[str, Any]) -> str:
    """The page around what it knows."""
    told = json.dumps(known, ensure_ascii=False, separators=(",", ":"), default=float).replace("</", "<\\/")
    parts = {
        "title": known["words"]["en"]["page_title"],
        "style": (bundle.APP / "style.css").read_text(encoding="utf-8"),
        "noscript": NOSCRIPT,
        "data": f"window.COUNTRY = {told};",
        "bundle": bundle.read(),
    }
    parts["scripts"] = " ".join(f"'sha256-{b64encode(sha256(parts[name].encode()).digest()).decode()}'" for name in ("data", "bundle"))
    before, *rest = (HERE / "page.html").read_text(encoding="utf-8").split("{{")
    return before + "".join(parts[name] + text for name, text in (piece.split("}}", 1) for piece in rest))

"""One HTML file: the page's code, the kernel, and every world's first day."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Mapping, Sequence
from hashlib import sha256
from html import escape
from typing import Any

import numpy as np

from sim.catalogue.metrics import METRICS
from sim.experiment.plan import replicate_seed
from sim.model.run import simulate
from sim.page import bundle, data
from sim.scenario import load
from sim.scenario.scenario import Scenario

BLANK = re.compile(r"{{(language|policy|title|style|told|code)}}")  # of page.html
META = (
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; script-src 'sha256-{digest}' 'wasm-unsafe-eval' blob:; "
    "style-src 'unsafe-inline'; worker-src blob:; img-src data: blob:; connect-src 'none'\">"
)
BESIDE = "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"


def html(usual: str, count: int, kept: Sequence[Sequence[str]]) -> str:
    """The page: `usual` stands for business as usual, in `count` worlds; `kept` are rows that a browser shows which cannot simulate.

    Raises ScenarioError: the scenario is wrong; BundleError: the page's code was edited and not bundled since.
    """
    known = data.collect(usual, count) | {"kept": kept}
    return document("en", known["words"]["en"]["page_title"], ["style.css"], known)


def kept(usual: str, count: int, metrics: Sequence[str]) -> list[list[str]]:
    """Change of outcomes under the library's policies, in per cent of business as usual over the whole run, as rows of text.

    The worlds are the first `count` of `compare`.
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


def document(language: str, title: str, styles: Sequence[str], told: Mapping[str, Any], script: str | None = None) -> str:
    """An HTML file around what a page is told; its code lies within, or is fetched as `script` from where the page came."""
    code = bundle.read()
    blanks = {
        "language": language,
        "title": escape(title),
        "policy": "" if script else META.format(digest=b64encode(sha256(code.encode()).digest()).decode()),
        "style": "".join((bundle.APP / name).read_text(encoding="utf-8") for name in styles),
        "told": as_json(told),
        "code": f'<script src="{script}"></script>' if script else f"<script>{code}</script>",
    }
    return BLANK.sub(lambda match: blanks[match[1]], (bundle.APP.parent / "page.html").read_text(encoding="utf-8"))


def as_json(what: Any) -> str:  # noqa: ANN401
    """JSON that can stand within a script."""
    return json.dumps(what, ensure_ascii=False, separators=(",", ":"), default=float).replace("<", "\\u003c")

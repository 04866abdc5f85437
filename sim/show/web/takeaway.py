"""What a visitor takes home: the scenario, the figures and the numbers behind them, in one archive."""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO
from math import isnan
from zipfile import ZIP_DEFLATED, ZipFile

import numpy as np

from sim.analysis.csv_text import csv_text
from sim.show.web.chart import HATCH
from sim.show.web.choice import Choice, to_file, to_link
from sim.show.web.fragments import axis, drawing
from sim.show.web.picture import Curve
from sim.show.web.style import STANDALONE
from sim.show.web.words import Words


def archive(choice: Choice, curves: Iterable[tuple[str, Curve]], pictures: Iterable[tuple[str, str]], words: Words) -> bytes:
    """A zip file: `mine.toml`, per outcome an SVG file and a CSV file, and further pictures.

    Args:
        choice: what is shown.
        curves: outcome -> its curve.
        pictures: name -> SVG.
        words: the language of the figures.
    """
    memory = BytesIO()
    with ZipFile(memory, "w", ZIP_DEFLATED) as files:
        files.writestr("mine.toml", to_file(choice, to_link(choice)))
        for metric, curve in curves:
            drawn, unit = drawing(metric, curve, choice, words)
            files.writestr(f"{metric}.svg", standalone(drawn))
            files.writestr(f"{metric}.csv", numbers(metric, curve, unit, words))
        for name, picture in pictures:
            files.writestr(f"{name}.svg", standalone(picture))
    return memory.getvalue()


def standalone(svg: str) -> str:
    """A picture of the page as a file of its own, in light colours."""
    start = svg.index(">") + 1
    head = svg[:start].replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
    return f"{head}<style>{STANDALONE}</style>{HATCH}{svg[start:]}"


def numbers(metric: str, curve: Curve, unit: str, words: Words) -> str:
    """The numbers behind a chart as CSV; empty cells are undefined."""
    divisor, _ = axis(metric, curve, words)
    lines = {"usual": curve.usual} | ({} if curve.policy is None else {"policy": curve.policy})
    columns = np.concatenate([*lines.values()]) / divisor
    cells = [["" if isnan(value) else f"{value:.6g}" for value in row] for row in columns.T.tolist()]
    rows = ([year, unit, *row] for year, row in zip(curve.years.tolist(), cells, strict=True))
    return csv_text(["year", "unit", *(f"{name}_{level}" for name in lines for level in ("5", "50", "95"))], rows)

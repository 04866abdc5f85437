"""What every study gives: a finding, which is a table, a text, figures, a page and a document at once."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from html import escape
from importlib.util import find_spec
from pathlib import Path
from textwrap import fill
from types import MappingProxyType
from typing import Any, ClassVar, NamedTuple

import pyarrow as pa
from matplotlib.figure import Figure

from sim.analysis.table import Table
from sim.experiment.reading import PLAN, read_plan
from sim.experiment.store import attach
from sim.show.figures import encode, save
from sim.show.markup import document, paragraphs, picture, table
from sim.studies.running import Run

__all__ = ["ANSWER", "Finding", "Part", "Table", "frame", "markup", "printed"]

WIDTH = 114  # characters of a line in a terminal
ANSWER = 3  # sentences that come first
PARTS = "report"  # folder, within that of the results, of what each study has to say in the report
NOTHING: Mapping[str, str] = MappingProxyType({})


class Part(NamedTuple):
    """What a study says in a report."""

    heading: str  # which part of the report it belongs to
    body: Sequence[str | Table]  # paragraphs and tables
    pictures: Mapping[str, str] = NOTHING  # what each of its figures shows, by name


class Finding(ABC):
    """What a study found.

    Attributes:
        folder: of the results; `sim.Results(folder)` reads their tables.
        language: of the text, "en" or "es".
        ran: whether it ran something.
        failed: runs that failed.
        left_out: replicates that are left out, since some scenario lacks them.
        notes: what somebody should know besides, one sentence each.
    """

    name: ClassVar[str]

    def __init__(self, run: Run | Path, *, language: str = "en", left_out: Sequence[int] = (), notes: Sequence[str] = ()) -> None:
        self.folder, self.failed = (run, 0) if isinstance(run, Path) else (run.folder, run.failed)
        self.ran = not isinstance(run, Path)
        self.language, self.left_out, self.notes = language, tuple(left_out), tuple(notes)

    @property
    def key(self) -> str:
        """What its files are called."""
        return self.name

    @property
    @abstractmethod
    def json(self) -> dict[str, Any]:
        """The document that the command prints with `--json`."""

    @property
    def text(self) -> str:
        """What the command prints: if not said otherwise, what it says in a report."""
        return printed(self.parts)

    @property
    def rows(self) -> Sequence[Mapping[str, Any]]:
        """The rows of the document."""
        rows: Sequence[Mapping[str, Any]] = self.json["rows"]
        return rows

    @property
    def table(self) -> Any:  # noqa: ANN401
        """The rows: a pandas data frame where pandas is installed, else a pyarrow table."""
        return frame(pa.Table.from_pylist([{key: _flat(value) for key, value in row.items()} for row in self.rows]))

    @property
    def parts(self) -> Sequence[Part]:
        """What it says in a report."""
        return ()

    def draw(self) -> Iterator[tuple[str, Figure]]:
        """Names and figures."""
        return iter(())

    def files(self) -> Iterator[tuple[str, str]]:
        """Names and texts of further files that it leaves in the folder."""
        return iter(())

    @cached_property
    def figures(self) -> dict[str, Figure]:
        """Figures by name."""
        return dict(self.draw())

    @property
    def html(self) -> str:
        """A page of its own, which asks nothing of any server."""
        def drawn(part: Part) -> Iterator[str]:
            for name, shows in part.pictures.items():
                if name in self.figures:
                    yield picture(encode(self.figures[name], "svg"), shows)

        parts = {part.heading: [*markup(part), *drawn(part)] for part in self.parts}
        return document(f"Cartelitos: {self.name}", parts or {self.name.capitalize(): [f"<pre>{escape(self.text)}</pre>"]}, self.language)

    @property
    def origin(self) -> Path:
        """The folder that holds the runs."""
        return self.folder

    @property
    def provenance(self) -> dict[str, Any]:
        """Where it comes from: digest of the plan, version of the model, seed, runs, replicates that are left out."""
        own = {"study": self.name, "folder": str(self.folder), "failed": self.failed, "left_out": list(self.left_out)}
        if not (self.origin / PLAN).exists():
            return own
        plan = read_plan(self.origin)
        told = {"plan": plan["digest"], "model_version": plan["model_version"], "seed": plan["seed"], "replicates": plan["replicates"]}
        return own | told | {"runs": len(plan["runs"]), "command": plan["command"]}

    def publish(self) -> Path:
        """Leave its files, its figures and what it says in a report in the folder; where to look first."""
        left = [attach(self.folder, name, text) for name, text in self.files()]
        drawn = [path for name, figure in self.figures.items() for path in save(self.folder, name, figure)]
        if self.parts:
            attach(self.folder, f"{PARTS}/{self.key}.json", json.dumps([part._asdict() for part in self.parts], default=dict))
        return next(iter([*drawn, *left]), self.folder)

    def __repr__(self) -> str:
        return self.text

    def _repr_html_(self) -> str:
        said = [line for part in self.parts for line in markup(part)]
        return "\n".join(said or [f"<pre>{escape(self.text)}</pre>"])


def markup(part: Part) -> list[str]:
    """Paragraphs and tables as HTML."""
    return [line for each in part.body for line in (paragraphs([each]) if isinstance(each, str) else [table(*each)])]


def printed(parts: Sequence[Part]) -> str:
    """Paragraphs and tables for a terminal."""
    return "\n\n".join(fill(each, WIDTH) if isinstance(each, str) else _aligned(each) for part in parts for each in part.body) + "\n"


def _aligned(table: Table) -> str:
    """A caption over columns, those of numbers, but for the first, set to the right; in blocks, if the table's kind says so."""
    columns = []
    for number, column in enumerate(zip(table.heads, *table.rows, strict=True)):
        right = number and all(cell.lstrip("+-")[:1].isdigit() for cell in column[1:] if cell.strip("-"))
        columns.append([f"{cell:{'>' if right else '<'}{max(map(len, column))}}" for cell in column])
    names, *rest = columns
    blocks: list[list[Sequence[str]]] = [[names]]
    for each in rest:
        wide = sum(len(own[0]) + 2 for own in blocks[-1]) + len(each[0])
        if wide > WIDTH and len(blocks[-1]) > 1 and "blocks" in table.kind:
            blocks.append([names])
        blocks[-1].append(each)
    drawn = ("\n".join("  ".join(cells).rstrip() for cells in zip(*block, strict=True)) for block in blocks)
    return "\n".join([table.caption, "\n\n".join(drawn)])


def frame(table: Any) -> Any:  # noqa: ANN401
    """A pyarrow table as a pandas data frame where pandas is installed, else as it is."""
    return table.to_pandas(date_as_object=False) if find_spec("pandas") else table


def _flat(value: Any) -> Any:  # noqa: ANN401
    """A cell of a table: lists and mappings as JSON."""
    return json.dumps(value) if isinstance(value, dict | list | tuple) else value

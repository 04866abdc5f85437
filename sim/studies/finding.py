"""What every study gives: a finding, which is a table, a text, figures, a page and a document at once."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from textwrap import fill
from typing import Any, Generic, NamedTuple, TypeVar

import pyarrow as pa
from markupsafe import Markup
from matplotlib.figure import Figure

from sim.analysis.table import WIDTH, Table, as_text
from sim.experiment.reading import PLAN, read_plan
from sim.experiment.store import attach
from sim.show.figures import encode, save
from sim.show.markup import NOTHING, Block, Picture, document, fragment
from sim.studies.running import Run

__all__ = ["ANSWER", "NOTHING", "Finding", "Part", "Table", "frame", "printed"]

ANSWER = 3  # sentences that come first
PARTS = "report"  # folder, within that of the results, of what each study has to say in the report
T = TypeVar("T")


class Part(NamedTuple):
    """What a study says in a report."""

    heading: str  # which part of the report it belongs to
    body: Sequence[str | Table]  # paragraphs and tables
    pictures: Mapping[str, str] = NOTHING  # what each of its figures shows, by name


@dataclass(repr=False, eq=False)
class Finding(Generic[T]):
    """What a study found: what it prints, what it says in a report, what it draws and what it leaves in its folder."""

    run: Run | Path  # what it rests on: runs, or a folder
    name: str  # of the study
    found: T  # what the study's own functions made of it
    json: dict[str, Any]  # the document that the command prints with `--json`
    parts: Sequence[Part] = ()  # what it says in a report
    text: str = ""  # what the command prints; by default what `parts` say
    rows: Sequence[Mapping[str, Any]] = ()  # of `table`; by default those of the document
    key: str = ""  # what its files are called; by default as the study
    draw: Callable[[], Iterable[tuple[str, Figure]]] = lambda: ()  # names and figures, when somebody looks at them
    files: Mapping[str, str] = field(default_factory=dict)  # names and texts of further files that it leaves in the folder
    home: Path | None = None  # folder of the results, where that is not the run's
    leaves: bool = True  # whether it leaves anything there
    page: Callable[[], Path] | None = None  # writes a report of its own into the folder, when all else is there
    language: str = "en"  # of the text, "en" or "es"
    left_out: Sequence[int] = ()  # replicates that are left out, since some scenario lacks them
    notes: Sequence[str] = ()  # what somebody should know besides, one sentence each

    def __post_init__(self) -> None:
        """Fill in what goes without saying."""
        self.text, self.rows, self.key = self.text or printed(self.parts), self.rows or self.json.get("rows", ()), self.key or self.name

    @property
    def ran(self) -> bool:
        """Whether it ran something."""
        return not isinstance(self.run, Path)

    @property
    def failed(self) -> int:
        """Runs that failed."""
        return 0 if isinstance(self.run, Path) else self.run.failed

    @property
    def origin(self) -> Path:
        """The folder that holds the runs."""
        return self.run if isinstance(self.run, Path) else self.run.folder

    @property
    def folder(self) -> Path:
        """Of the results; `sim.Results(folder)` reads their tables."""
        return self.home or self.origin

    @property
    def table(self) -> Any:  # noqa: ANN401
        """The rows: a pandas data frame where pandas is installed, else a pyarrow table."""
        return frame(pa.Table.from_pylist([{key: _flat(value) for key, value in row.items()} for row in self.rows]))

    @cached_property
    def figures(self) -> dict[str, Figure]:
        """Figures by name."""
        return dict(self.draw())

    @property
    def html(self) -> str:
        """A page of its own, which asks nothing of any server; that of a study which writes a report is in its folder then."""
        if self.page:
            return self.publish().read_text(encoding="utf-8")

        parts: dict[str, Sequence[Block]] = {}
        for part in self.parts:
            drawn = (Picture(encode(self.figures[name], "svg"), shows) for name, shows in part.pictures.items() if name in self.figures)
            parts[part.heading] = [*part.body, *drawn]
        return document(f"Cartelitos: {self.name}", parts or {self.name.capitalize(): [_as_printed(self.text)]}, self.language)

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
        if not self.leaves:
            return self.folder
        left = [attach(self.folder, name, text) for name, text in self.files.items()]
        drawn = [path for name, figure in self.figures.items() for path in save(self.folder, name, figure)]
        if self.parts:
            attach(self.folder, f"{PARTS}/{self.key}.json", json.dumps([part._asdict() for part in self.parts], default=dict))
        return self.page() if self.page else next(iter([*drawn, *left]), self.folder)

    def __repr__(self) -> str:
        return self.text

    def _repr_html_(self) -> str:
        return fragment([block for part in self.parts for block in part.body] or [_as_printed(self.text)])


def _as_printed(text: str) -> Markup:
    return Markup("<pre>{}</pre>").format(text)


def printed(parts: Sequence[Part]) -> str:
    """Paragraphs and tables for a terminal."""
    return "\n\n".join(fill(each, WIDTH) if isinstance(each, str) else as_text(each) for part in parts for each in part.body) + "\n"


def frame(table: Any) -> Any:  # noqa: ANN401
    """A pyarrow table as a pandas data frame where pandas is installed, else as it is."""
    return table.to_pandas(date_as_object=False) if find_spec("pandas") else table


def _flat(value: Any) -> Any:  # noqa: ANN401
    """A cell of a table: lists and mappings as JSON."""
    return json.dumps(value) if isinstance(value, dict | list | tuple) else value

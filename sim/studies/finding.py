"""What every study gives: a finding, which is a table, a text, figures, a page and a document at once."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from textwrap import fill
from typing import Any, Generic, NamedTuple, TypeVar

import pyarrow as pa
from markupsafe import Markup
from matplotlib.figure import Figure

from sim.analysis import country
from sim.analysis.ensemble import Window
from sim.analysis.table import WIDTH, Table, as_text
from sim.experiment.errors import FolderError, PlanError
from sim.experiment.folder.integrity import as_written
from sim.experiment.reading import PLAN, read_arms, read_plan, read_runs
from sim.experiment.store import attach
from sim.show import passages
from sim.show.figures import FOLDER, encode, save
from sim.show.markup import NAME, NOTHING, Block, Numbers, Picture, document, fragment
from sim.studies.running import Run
from sim.words import texts

__all__ = ["ANSWER", "NOTHING", "Finding", "Part", "Table", "frame", "printed"]

ANSWER = 3  # sentences that come first
PARTS = "report"  # folder, within that of the results, of what each study has to say in the report
T = TypeVar("T")
ORDER = (
    "Answer", "Question", "Policies and costs", "What changes", "Other months", "What decides", "What a removal changes",
    "What was learned", "In how many worlds", "Why", "One world", "How well it is known",
)  # fmt: skip
ENDING = ("Limits", "Provenance")  # after the headings that no other study has
CAMPAIGN = ("set", "truth", "wave-1", "recovery-wave-1", "screen")  # folders of a calibration, the one that says most first


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


def write_report(folder: Path, usual: str | None = None, window: Window | None = None, *, interactive: bool = False) -> Path:
    """Write the page of any results folder; of a comparison or a sweep also the figures and comparison.csv.

    Args:
        folder: of the results.
        usual: business as usual; None = the plan's first scenario, or what a sweep was compared with.
        window: of the comparison; None = the whole run.
        interactive: also write `interactive.html`, where the charts of a comparison can be pointed at and zoomed; where that is.

    Raises:
        PairingError: nothing that can be compared.
        PlanError: `interactive`, `usual` or `window` where no scenarios are compared; a sweep is compared as it was laid out.
        FolderError: not a results folder, or not readable.
    """
    from sim.studies.compare import Comparison  # noqa: PLC0415  these write reports themselves
    from sim.studies.sweep import swept as of_sweep  # noqa: PLC0415

    wave = next((folder / name for name in CAMPAIGN if (folder / name / PLAN).exists()), None)
    home = folder if (folder / PLAN).exists() or not wave else wave
    plan = read_plan(home)
    country.tell_of(plan)
    swept = plan.get("sweep")
    other = home != folder or swept or plan.get("twins")
    if other and (usual or window or interactive):
        told = swept and swept.get("usual")
        said = "a sweep is compared as it was laid out, over whole runs" if told else "holds no comparison of scenarios"
        raise PlanError(said, file=folder, hint="leave --usual, --window and --interactive out")
    if not other:
        found = Comparison(folder, usual=usual, window=window)
        return found.publish_interactive() if interactive else found.publish()
    return of_sweep(folder).publish() if swept and swept.get("usual") else write_page(folder, home)


def write_page(folder: Path, home: Path) -> Path:
    """Write the page of what studies left in a folder whose runs lie in `home`."""
    plan = read_plan(home)
    arms = list(read_arms(home, plan))
    fixed: list[Mapping[str, float]] = []
    if plan.get("sweep"):
        title, kind, about = f"what decides in {arms[0].scenario.name}", "What decides", points(plan, len(arms))
        fixed, arms = [arms[0].scenario.parameters], arms[:1]
    elif plan.get("twins"):
        title, kind = f"twins of {', '.join(arm.scenario.name for arm in arms)}", "What a removal changes"
        about, fixed = "What does the fall of a leader change?", [arm.scenario.parameters for arm in arms]
    else:
        title, kind, arms = f"calibration of {arms[0].scenario.name}", "What was learned", arms[:1]
        about = "Which values of the fitted parameters agree with the calibration rows? Rows held out were not looked at."
    asked = passages.questions(arm.scenario for arm in arms)
    own: dict[str, Sequence[Block]] = {"Question": [about, asked], kind: [], "How well it is known": []}
    return attach(folder, NAME, page(folder, title, {**own, **ending(plan, home, fixed)}))


def page(folder: Path, title: str, own: Mapping[str, Sequence[Block]], absent: str = "absent from a report") -> str:
    """A page of what a study says, and what studies have left in the folder."""
    found = left(folder)
    order = [*ORDER, *(name for name in found if name not in {*ORDER, *ENDING}), *ENDING]
    parts = {name: [*own.get(name, ()), *found.get(name, ())] for name in order if name in own or name in found}
    return document(f"Cartelitos: {title}", parts, absent=texts(absent, "en"))


def left(folder: Path) -> dict[str, list[Block]]:
    """What studies have left to be said in a report, by heading. Raises FolderError: a file is not what a study writes."""
    said: dict[str, list[Block]] = {}
    for path in sorted((folder / PARTS).glob("*.json")):
        try:
            stored = json.loads(as_written(folder, path).read_text(encoding="utf-8"))
            json.dumps(stored, ensure_ascii=False).encode()  # half a character pair cannot be written into a page
            for heading, lines in _sections(folder, path.stem, stored):
                said.setdefault(heading, []).extend(lines)
        except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            problem = f"{error} is missing" if isinstance(error, KeyError) else str(error)
            raise FolderError(f"cannot be read: {problem}", file=path, hint="delete it and repeat what wrote it") from error
    return said


def _sections(folder: Path, name: str, stored: Any) -> Iterator[tuple[str, list[Block]]]:  # noqa: ANN401
    """Heading and blocks of every part of a stored file."""
    for part in _parts(stored):
        drawn = {folder / FOLDER / f"{picture}.svg": shows for picture, shows in part.pictures.items()}
        own = [each for each in part.body if isinstance(each, Table)]
        behind = [Numbers(f"{name}-{number}", each.heads, each.rows) for number, each in enumerate(own, start=1)]
        pictures = [Picture(as_written(folder, file).read_bytes(), shows, behind) for file, shows in drawn.items() if file.exists()]
        yield part.heading, [*part.body, *pictures]


def _parts(stored: Any) -> Iterator[Part]:  # noqa: ANN401
    """Parts as `Finding.publish` stores them; every text is a text."""
    for each in stored:
        body = [one if isinstance(one, str) else _table(*one) for one in each["body"]]
        yield Part(str(each["heading"]), body, {Path(name).name: str(shows) for name, shows in each["pictures"].items()})


def _table(caption: object, heads: Iterable[object], rows: Iterable[Iterable[object]], kind: object) -> Table:
    table = Table(str(caption), [*map(str, heads)], [[*map(str, row)] for row in rows], str(kind))
    if not all(table.rows):
        raise ValueError("a row of a table is empty")
    return table


def ending(plan: Mapping[str, Any], folder: Path, fixed: Iterable[Mapping[str, float]]) -> dict[str, list[Block]]:
    """What every page ends with."""
    return {"Limits": [passages.limits(fixed, read_runs(folder))], "Provenance": [passages.provenance(plan)]}


def points(plan: Mapping[str, Any], count: int) -> str:
    """What is swept."""
    swept = plan["sweep"]
    return f"{count:,} design points of {swept['scenario']}: {', '.join(swept['fields'])} ({swept['method']})."

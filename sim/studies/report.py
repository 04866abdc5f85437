"""`report.html`: one page that asks nothing of any server, of what a study says and what others have left in its folder."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from sim.analysis import country
from sim.analysis.ensemble import Window
from sim.experiment.errors import FolderError, PlanError
from sim.experiment.folder.integrity import as_written
from sim.experiment.reading import PLAN, read_arms, read_plan, read_runs
from sim.experiment.store import attach
from sim.show import passages
from sim.show.figures import FOLDER
from sim.show.markup import NAME, Block, Numbers, Picture, document
from sim.studies.finding import PARTS, Part, Table
from sim.words import texts

ORDER = (
    "Answer", "Question", "Policies and costs", "What changes", "Other months", "What decides", "What a removal changes",
    "What was learned", "In how many worlds", "Why", "One world", "How well it is known",
)  # fmt: skip
ENDING = ("Limits", "Provenance")  # after the headings that no other study has
CAMPAIGN = ("set", "truth", "wave-1", "recovery-wave-1", "screen")  # folders of a calibration, the one that says most first

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

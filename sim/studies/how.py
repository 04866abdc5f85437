"""What the questions have in common: how they are asked, how runs are carried out, and what is refused before anything runs."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import NoneType, SimpleNamespace, UnionType
from typing import TYPE_CHECKING, Annotated, Any, Literal, NamedTuple, TypedDict, Union, get_args, get_origin, get_type_hints

from sim.scenario.given import ANY_SCENARIO, Between, checked, misfits, unknown
from sim.scenario.problems import Problem, ScenarioError

if TYPE_CHECKING:
    from sim.scenario import Scenario

    AnyScenario = str | Path | Scenario
else:
    AnyScenario = ANY_SCENARIO  # a name of the library, a path, a question, or what `load` gave

Named = Annotated[str, "scenario"]  # the same without what `load` gave: it is loaded more than once, each time with other overrides

Metric = Annotated[str, "metric"]
Lever = Annotated[str, "lever"]
Month = Annotated[str, "month"]
Window = Annotated[tuple[str, str], "window"]
Language = Literal["en", "es"]
Money = Annotated[str | float, "budget"]  # merida, deployment, or US$ a year
Prices = Literal["low", "mid", "high"]
Engine = Literal["process", "serial", "dask"]
study = checked  # what a study cannot take is refused before anything runs, all at once


class How(TypedDict, total=False):
    """How runs are carried out, the same for every study; what is left out is as the first scenario says, or by default."""

    replicates: Annotated[int, Between(1, 1_000_000)] | None  # runs per scenario
    seed: Annotated[int, Between(0, 2**63 - 1)] | None  # of the experiment
    overrides: Sequence[str]  # "dotted.field=value" or a change, as after `--set`: of the policy for the policies alone, others for all
    mechanisms: Sequence[str | Path]  # of one's own: files, or names of installed ones (`sim.model.mechanism`)
    folder: str | Path | None  # of the results; by default `results/<study>-<scenarios>`, and `-<tag>` if there is a tag
    tag: str | None  # ends the name of the folder
    engine: Engine | None  # "process", "serial" (this process, for debuggers) or "dask"
    scheduler: str | None  # of the Dask cluster, "tcp://HOST:PORT"
    workers: Annotated[int, Between(1, 1024)] | None  # processes; by default one per CPU
    shard: str | None  # "2/8" runs the second piece of eight, and then raises `Piece`
    panel: bool  # whether every place is recorded by month
    quiet: bool  # no progress on stderr
    verbose: int  # 1 = failed runs with where they failed
    fresh: bool  # delete the folder's earlier results first
    retry_failed: bool  # run again what failed before
    mix_versions: bool  # keep what another version of the model gave
    command: Sequence[str]  # for the record
    confirm: Callable[[Path], None]  # asked with the folder before `fresh` deletes it; raises if it may not


@dataclass(frozen=True)
class Setup:
    """The same with every default; see `How`."""

    replicates: int | None = None
    seed: int | None = None
    overrides: Sequence[str] = ()
    mechanisms: Sequence[str | Path] = ()
    folder: str | Path | None = None
    tag: str | None = None
    engine: str | None = None
    scheduler: str | None = None
    workers: int | None = None
    shard: str | None = None
    panel: bool = False
    quiet: bool = False
    verbose: int = 0
    fresh: bool = False
    retry_failed: bool = False
    mix_versions: bool = False
    command: Sequence[str] = ("sim",)
    confirm: Callable[[Path], None] = field(default=lambda _: None, repr=False)

    def __post_init__(self) -> None:
        """Refuse what cannot be, and let this Python know the mechanisms of one's own. Raises ScenarioError: everything that is wrong."""
        wrong = [*misfits(get_type_hints(How, include_extras=True), vars(self))]
        if isinstance(self.tag, str) and not re.fullmatch(r"[\w.-]*\w[\w.-]*", self.tag):
            wrong.append(Problem("", None, "tag", f"{self.tag!r} is no word that ends the name of a folder", "letters, digits and -"))
        if wrong:
            raise ScenarioError(wrong)
        if self.mechanisms:
            from sim.experiment.outside import loaded  # noqa: PLC0415

            loaded(self.mechanisms)

    def home(self, name: str) -> Path:
        """Where results go that nobody gave a folder."""
        return Path(self.folder) if self.folder else Path("results") / (f"{name}-{self.tag}" if self.tag else name)


class Kind(NamedTuple):
    """What an annotation says."""

    type: Any  # of one value
    note: Any  # what `Annotated` or `Literal` says of it
    many: bool  # whether it is a sequence of such values
    optional: bool  # whether it may be None


def kind(hint: Any) -> Kind:  # noqa: ANN401
    """Take an annotation apart."""
    inner = [each for each in get_args(hint) if each is not NoneType] if get_origin(hint) in (Union, UnionType) else [hint]
    optional, hint = len(inner) < len(get_args(hint)) and inner != [hint], inner[0]
    hint = next((each for each in inner if get_origin(each) is Sequence), hint)
    if get_origin(hint) is Sequence:
        return kind(get_args(hint)[0])._replace(many=True, optional=optional)
    if get_origin(hint) is Annotated:
        bare, note = get_args(hint)
        return Kind(bare, note, many=False, optional=optional)
    if get_origin(hint) is Literal:
        return Kind(str, get_args(hint), many=False, optional=optional)
    return Kind(hint, None, many=False, optional=optional)


def kinds(function: Callable[..., Any]) -> dict[str, Kind]:
    """What the annotations of a study's arguments say; those that say how runs are carried out, and what it returns, are left out."""
    return {name: kind(hint) for name, hint in _hints(function).items()}


def _hints(of: Callable[..., Any]) -> dict[str, Any]:
    own = {name: text for name, text in of.__annotations__.items() if name not in ("how", "return")}
    space = getattr(inspect.unwrap(of), "__globals__", globals())
    return get_type_hints(SimpleNamespace(__annotations__=own), globalns=space, include_extras=True)


def refuse_unknown_metrics(metrics: Iterable[str]) -> None:
    """Before anything runs. Raises ScenarioError: metrics that the catalogue does not have."""
    wrong = [problem for metric in metrics if (problem := unknown("metric", metric))]
    if wrong:
        raise ScenarioError(wrong)

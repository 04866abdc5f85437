"""What the questions have in common: how they are asked, how runs are carried out, and what is refused before anything runs."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import wraps
from pathlib import Path
from types import NoneType, SimpleNamespace, UnionType
from typing import (
    TYPE_CHECKING,
    Annotated,
    Any,
    Literal,
    NamedTuple,
    ParamSpec,
    TypedDict,
    TypeVar,
    Union,
    get_args,
    get_origin,
    get_type_hints,
)

from sim.catalogue.metrics import METRICS
from sim.scenario.given import ANY_SCENARIO, Between, misfits
from sim.scenario.problems import Problem, ScenarioError, suggest

if TYPE_CHECKING:
    from sim.scenario import Scenario

    AnyScenario = str | Path | Scenario
else:
    AnyScenario = ANY_SCENARIO  # a name of the library, a path, a question, or what `load` gave

Named = Annotated[str, "scenario"]  # the same without what `load` gave: it is loaded more than once, each time with other overrides

P = ParamSpec("P")
T = TypeVar("T")

Metric = Annotated[str, "metric"]
Lever = Annotated[str, "lever"]
Month = Annotated[str, "month"]
Window = Annotated[tuple[str, str], "window"]
Language = Literal["en", "es"]
Money = Annotated[str | float, "budget"]  # merida, deployment, or US$ a year
Prices = Literal["low", "mid", "high"]
Engine = Literal["process", "serial", "dask"]
MONTH = r"[0-9]{4}-(?:0[1-9]|1[0-2])"


class How(TypedDict, total=False):
    """How runs are carried out, the same for every study; what is left out is as the first scenario says, or by default.

    Keys:
        replicates: runs per scenario.
        seed: of the experiment.
        overrides: "dotted.field=value" or a change, as after `--set`: of the policy for the policies alone, others for every scenario.
        mechanisms: of one's own: files, or names of installed ones (`sim.model.mechanism`).
        folder: of the results; by default `results/<study>-<scenarios>`, and `-<tag>` if there is a tag.
        tag: ends the name of the folder.
        engine: "process", "serial" (this process, for debuggers) or "dask".
        scheduler: of the Dask cluster, "tcp://HOST:PORT".
        workers: processes; by default one per CPU.
        shard: "2/8" runs the second piece of eight, and then raises `Piece`.
        panel: whether every place is recorded by month.
        quiet: no progress on stderr.
        verbose: 1 = failed runs with where they failed.
        fresh: delete the folder's earlier results first.
        retry_failed: run again what failed before.
        mix_versions: keep what another version of the model gave.
        command: for the record.
        confirm: asked with the folder before `fresh` deletes it; raises if it may not.
    """

    replicates: Annotated[int, Between(1, 1_000_000)] | None
    seed: Annotated[int, Between(0, 2**63 - 1)] | None
    overrides: Sequence[str]
    mechanisms: Sequence[str | Path]
    folder: str | Path | None
    tag: str | None
    engine: Engine | None
    scheduler: str | None
    workers: Annotated[int, Between(1, 1024)] | None
    shard: str | None
    panel: bool
    quiet: bool
    verbose: int
    fresh: bool
    retry_failed: bool
    mix_versions: bool
    command: Sequence[str]
    confirm: Callable[[Path], None]


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
        """Refuse what cannot be; let this Python know the mechanisms of one's own, so that scenarios may set their parameters.

        Raises ScenarioError: everything that is wrong.
        """
        wrong = [*misfits(_hints(How), vars(self))]
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


def study(function: Callable[P, T]) -> Callable[P, T]:
    """A study that refuses arguments it cannot take before anything runs, all at once.

    Raises ScenarioError: an unknown metric, month, window, language or choice, or a number out of its bounds.
    """
    shape = inspect.signature(function)

    @wraps(function)
    def checked(*args: P.args, **kwargs: P.kwargs) -> T:
        given = shape.bind(*args, **kwargs).arguments
        how = given.pop("how", {})
        hints, told = _hints(function) | _hints(How), kinds(function)
        wrong = [*misfits(hints, given | how)]
        odd = {problem.field for problem in wrong}
        wrong += [problem for name in given.keys() & told.keys() - odd for problem in _wrong(name, given[name], told[name])]
        for name in how.keys() - hints.keys():
            wrong.append(Problem("", None, name, "there is no such argument", suggest(name, [*hints])))
        if wrong:
            raise ScenarioError(wrong)
        return function(*args, **kwargs)

    return checked


def refuse_unknown_metrics(metrics: Iterable[str]) -> None:
    """Before anything runs. Raises ScenarioError: metrics that the catalogue does not have."""
    wrong = [problem for metric in metrics if (problem := _unknown("metric", metric))]
    if wrong:
        raise ScenarioError(wrong)


def _unknown(kind: str, name: str) -> Problem | None:
    """A name that the catalogue does not have."""
    from sim.catalogue.levers import LEVERS  # noqa: PLC0415  numpy

    known: Iterable[str] = METRICS if kind == "metric" else LEVERS
    if name in known:
        return None
    return Problem("", None, "", f"there is no {kind} '{name}'", suggest(name, known) or f"cartelitos list {kind}s names them")


def _wrong(name: str, value: Any, told: Kind) -> Iterator[Problem]:  # noqa: ANN401
    """What is wrong with one argument."""
    values = value if told.many and value is not None and not isinstance(value, str) else [value]
    for each in values:
        if each is None and (told.optional or told.many):
            continue
        if told.note in ("metric", "lever"):
            yield from filter(None, [_unknown(told.note, each)])
        elif told.note == "month" and not re.fullmatch(MONTH, each):
            yield Problem("", None, name, f"'{each}' is no month", "write it as 2024-12")
        elif told.note == "window" and not (len(each) == 2 and all(re.fullmatch(MONTH, end) for end in each) and each[0] <= each[1]):
            yield Problem("", None, name, f"{each} is no window", 'write it as ("2008-01", "2012-12")')

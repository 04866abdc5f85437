"""Experiments with mechanisms from outside: tried before anything is stored, on record, and at work in every process."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from sim.scenario.problems import Problem, ScenarioError
from sim.scenario.scenario import Scenario

if TYPE_CHECKING:
    from sim.experiment.plan import Plan
    from sim.experiment.pool.worker import Simulate
    from sim.model.mechanism import Mechanism
    from sim.model.model import Cartelitos
    from sim.model.run import Outcome

LONGEST = 120.0  # seconds that compiling one rule may take
TRIED = 26  # weeks of a small country, in plain Python
CHECKED = 13  # weeks after which a run's books and numbers are looked at
BOOKED = "what it takes and gives has to be booked in the ledger"


@dataclass(frozen=True)
class Outside:
    """Simulates with mechanisms from outside; travels to worker processes."""

    sources: tuple[str, ...]  # files
    shas: tuple[str, ...]  # their digests when the experiment was planned
    inside: Simulate | None = None  # what simulates, None for the model's own function

    @classmethod
    def of(cls, sources: Sequence[str | Path], inside: Simulate | None = None) -> Self:
        """With mechanisms as they are now."""
        shas = {each.file: each.sha for each in loaded(sources)}
        return cls(tuple(shas), tuple(shas.values()), inside)

    @property
    def record(self) -> dict[str, str]:
        """Name of every file, and its digest."""
        return {Path(source).name: sha for source, sha in zip(self.sources, self.shas, strict=True)}

    def __call__(self, scenario: Scenario, seed: int) -> Outcome:
        """A run of the extended country."""
        from sim.model.mechanism import activate  # noqa: PLC0415  numpy

        mechanisms = self._loaded()
        activate(mechanisms)
        try:
            return self.inside(scenario, seed) if self.inside else _simulate(scenario, seed, mechanisms)
        except ScenarioError:
            raise
        except Exception as error:
            raise _blamed(mechanisms, error) from error

    def _loaded(self) -> list[Mechanism]:
        """The mechanisms, as they were planned."""
        found = loaded(self.sources)
        if tuple(dict.fromkeys(each.sha for each in found)) != self.shas:
            raise ScenarioError([Problem(self.sources[0], None, "mechanisms", "has changed since the experiment was planned", None)])
        return found


def loaded(sources: Iterable[str | Path]) -> list[Mechanism]:
    """The mechanisms of some sources, in their order."""
    from sim.model.mechanism import load  # noqa: PLC0415  numpy

    return [made for source in sources for made in load(source)]


def version(model: str, shas: Sequence[str]) -> str:
    """Sixteen hex digits of a model's version and the mechanisms it runs with; without any the model's own."""
    return hashlib.sha256("/".join([model, *shas]).encode()).hexdigest()[:16] if shas else model


def planned(plan: Plan, sources: Sequence[str | Path], inside: Simulate | None = None) -> tuple[Plan, Simulate | None]:
    """The plan with mechanisms on record, and what simulates it; the mechanisms are tried first."""
    if not sources:
        return plan, inside
    outside = Outside.of(sources, inside)
    rehearse(loaded(sources), max(arm.scenario.years for arm in plan.arms))
    return replace(plan, mechanisms=outside.record, model_version=version(plan.model_version, outside.shas)), outside


def told(mechanisms: Mapping[str, str] | None) -> str:
    """Which mechanisms made results, in words."""
    return ", ".join(f"{file}, sha {sha}" for file, sha in mechanisms.items()) if mechanisms else "no mechanism from outside"


def _simulate(scenario: Scenario, seed: int, mechanisms: Sequence[Mechanism]) -> Outcome:
    from sim.model.model import Cartelitos  # noqa: PLC0415  mesa
    from sim.model.run import outcome  # noqa: PLC0415

    model = Cartelitos(scenario, rng=seed)
    try:
        while model.running:
            for _ in range(CHECKED):
                if model.running:
                    model.step()
            if wrong := wrongs(model):
                raise mechanisms[0].problem(f"by week {model.week}: {wrong}", BOOKED if "off by" in wrong else None)
        model.run()
        return outcome(model)
    except RuntimeError:
        for made in mechanisms:  # once more, in plain Python, on the country in which compiled code failed: what raises again has a line
            try:
                made.rule(model.state.country)
            except Exception as error:
                raise _blamed([made], error) from error
        raise
    finally:
        model.release()


def wrongs(model: Cartelitos) -> str:
    """What is no number, no longer adds up, or is less than nothing in a country; empty if nothing."""
    import numpy as np  # noqa: PLC0415

    c = model.state.country
    tables = {"territory": c.territory.floats, "cartel": c.cartel.floats, "plaza": c.plaza.floats[:, : c.count.plazas]}
    vectors = {"nation": c.nation, "flow": c.flow, "ledger": c.ledger}
    found = []
    for name, block in tables.items():
        rows = ~np.isfinite(block).all(axis=1)
        found += [f"{name} {column} is no number" for column, bad in zip(getattr(c, name).real, rows, strict=True) if bad]
    for name, numbers in vectors.items():
        found += [f"{name} {each} is no number" for each, at in numbers.index.items() if not np.isfinite(numbers.values[at])]
    if not found:
        found = [f"{name} off by {value:+,.0f}" for name, value in model.state.residuals().items() if value != 0.0]
        every = (each for names, least in model.state.counted() for each in zip(names, least, strict=True))
        found += [f"{name} is below zero" for name, number in every if number < 0.0]
    return "; ".join(found[:3])


def _blamed(mechanisms: Sequence[Mechanism], error: Exception) -> ScenarioError:
    """An error of a run, with the place in a mechanism's file that it names, or that it went through."""
    import re  # noqa: PLC0415

    from sim.model.mechanism import line_in  # noqa: PLC0415

    for each in mechanisms:
        named = re.search(rf'File "[^"]*{re.escape(Path(each.file).name)}", line (\d+)', str(error))
        line = int(named[1]) if named else line_in(each.file, error)
        if line:
            short = next((text for text in str(error).splitlines() if text and not text.startswith(("Failed", "During"))), "")
            return each.problem(f"{type(error).__name__}: {short}", None, line)
    hint = "with CARTELITOS_KERNEL=python it names the line" if isinstance(error, RuntimeError) else None
    return mechanisms[0].problem(f"the run failed: {type(error).__name__}: {error}", hint)


def rehearse(mechanisms: Sequence[Mechanism], years: float) -> None:
    """Let the mechanisms run for half a year of a small country in plain Python, compile them, then run for so many years compiled.

    All in processes of their own; the kernel that the last one makes is kept for the experiment.
    """
    files = list(dict.fromkeys(each.file for each in mechanisms))
    from sim.model.compile.compiled import BARE  # noqa: PLC0415  numpy

    for way, bare, longest in (("plain", "1", LONGEST), ("compiled", "0", LONGEST), *([] if BARE else [("whole", "0", None)])):
        asked = [sys.executable, "-W", "ignore", "-m", "sim.experiment.outside", way, str(years), *files]
        here = os.environ | {"NUMBA_DISABLE_JIT": bare}
        try:
            done = subprocess.run(asked, env=here, capture_output=True, text=True, timeout=longest, check=False)
        except subprocess.TimeoutExpired:
            raise mechanisms[0].problem(
                f"takes more than {LONGEST:.0f} s to compile", "write loops over numbers: no lists, dictionaries or generated code"
            ) from None
        try:
            problems = [Problem(**each) for each in json.loads(done.stdout)]
        except ValueError:
            problems = mechanisms[0].problem(f"ended its trial: {done.stderr.strip().splitlines()[-1:] or done.returncode}").problems
        if problems:
            raise ScenarioError(problems)


def _try(way: str, years: float, files: Sequence[str]) -> list[Problem]:
    """What is wrong with mechanisms, in this process, which does nothing else."""
    from sim.model.mechanism import activate, compile_alone  # noqa: PLC0415

    try:
        mechanisms = loaded(files)
        if way == "whole":
            Outside.of(files)(_small(years), 1)
        elif way == "plain":
            _walk(mechanisms)
        else:
            activate(mechanisms)
            for made in mechanisms:
                try:
                    compile_alone(made)
                except Exception as error:
                    raise _blamed([made], error) from error
    except ScenarioError as error:
        return list(error.problems)
    return []


def _small(years: float) -> Scenario:
    return Scenario("trial", "", "", "grid", date(2006, 12, 1), years, {"rows": 2, "columns": 2, "cartels": 3}, worlds="fitted")


def _walk(mechanisms: Sequence[Mechanism]) -> None:
    """Plain Python: whatever a rule raises has a line, and its own call is looked at, before and after."""
    from sim.model.mechanism import activate  # noqa: PLC0415
    from sim.model.model import Cartelitos  # noqa: PLC0415

    model: list[Cartelitos] = []

    def watched(made: Mechanism) -> Any:  # noqa: ANN401
        def rule(c: Any) -> None:  # noqa: ANN401
            books = model[0].state.residuals() if model else {}
            try:
                made.rule(c)
            except Exception as error:
                raise _blamed([made], error) from error
            if not model:
                return
            moved = {name: value - books[name] for name, value in model[0].state.residuals().items()}
            if wrong := [f"{name} off by {value:+,.0f}" for name, value in moved.items() if abs(value) > 0.0]:
                raise made.problem(f"week {model[0].week}: {'; '.join(wrong)}", BOOKED)
            if wrong_ := wrongs(model[0]):
                raise made.problem(f"week {model[0].week}: {wrong_}")

        rule.__name__ = made.name
        return rule

    activate([replace(made, rule=watched(made)) for made in mechanisms])
    model.append(Cartelitos(_small(1.0), rng=1))
    for _ in range(TRIED):
        model[0].step()


if __name__ == "__main__":
    json.dump([asdict(problem) for problem in _try(sys.argv[1], float(sys.argv[2]), sys.argv[3:])], sys.stdout)

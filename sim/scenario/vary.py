"""A sweep as it is written on the command line: `--vary FIELD=0:2:9` and its companions."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from sim.catalogue.levers import LEVERS
from sim.catalogue.parameters import PARAMETERS
from sim.scenario.draft import VARY, toml_value
from sim.scenario.phrase import template
from sim.scenario.problems import Problem, ScenarioError, brief, suggest

FREE = 1000.0  # least and greatest number of a change, whose schedule the lever itself bounds
POLICY, INTENSITY = "policy.", ".intensity"
FORMS = "write FIELD=0:2:9 (nine values), FIELD=0:2 (bounds, for lhs and sobol) or FIELD=0,0.5,2; :log for a log scale"


def sweep_table(
    vary: Sequence[str], method: str | None = None, samples: int | None = None, points: str | None = None
) -> tuple[dict[str, Any] | None, list[Problem]]:
    """The `[sweep]` that the options spell, None without any; and what of them cannot be read.

    A field varied may be the bare name of a lever or a parameter, or a change whose number is varied ("kingpin_targeting*", "treatment+
    from 2012"). The method is by default grid, or lhs where there are samples; `points` is a CSV file of points instead.
    """
    if points is not None:
        return {"method": "csv", "file": points}, []
    if not vary and method is None and samples is None:
        return None, []
    axes: dict[str, Any] = {}
    problems = []
    for text in vary:
        name, equals, values = text.partition("=")
        try:
            field = field_of(name.strip())
            if field in axes:
                raise ValueError("is varied twice")
            axes[field] = _values(values.strip() if equals else "")
        except ValueError as error:
            problems.append(Problem(VARY, None, name.strip(), *error.args))
    counted = {} if samples is None else {"samples": samples}
    laid = {"method": method or ("lhs" if counted else "grid"), **counted, **axes}
    return laid if axes or not problems else {}, problems


def field_of(name: str) -> str:
    """The field that a bare name of a lever or parameter means; anything with a dot is a field already.

    Raises:
        ValueError: message and hint: neither.
    """
    found = template(name)
    if found is not None:
        lever = found[0].rstrip("*+ ").removeprefix(POLICY).removesuffix(INTENSITY)
        if lever not in LEVERS:
            raise ValueError(f"there is no lever {brief(lever)}", suggest(lever, LEVERS))
        return f"{lever}{found[0].rstrip()[-1]}{found[1]}"
    if "." in name:
        return name
    if name in LEVERS:
        return f"policy.{name}.intensity"
    if name in PARAMETERS:
        return f"parameters.{name}"
    hint = suggest(name, [*LEVERS, *PARAMETERS]) or "`cartelitos list levers` and `cartelitos list parameters` name them"
    raise ValueError(f"there is no lever or parameter {brief(name)}", hint)


def spelt(field: str, value: object) -> str:
    """One coordinate as an override."""
    parts = template(field)
    return f"{parts[0]}{value}{parts[1]}" if parts else f"{field}={json.dumps(value, default=str)}"


def factor_bounds(vary: Sequence[str]) -> dict[str, tuple[float, float]]:
    """Field -> least and greatest value, of factors given as "name" or "name=low:high".

    Without bounds: what the catalogue allows. Without factors: every parameter that is sampled.

    Raises:
        ScenarioError: everything that is wrong with them.
    """
    found: dict[str, tuple[float, float]] = {}
    problems = []
    for text in vary or [name for name, parameter in PARAMETERS.items() if parameter.sampled]:
        name, given, values = text.partition("=")
        try:
            field = field_of(name.strip())
            if field in found:
                raise ValueError("is varied twice")
            if template(field) and not given:
                raise ValueError("needs bounds", f'write "{field}=0:2"')
            found[field] = _within((-FREE, FREE) if template(field) else _catalogued(field), values.strip() if given else None)
        except ValueError as error:
            problems.append(Problem(VARY, None, name.strip(), *error.args))
    if problems:
        raise ScenarioError(problems)
    return found


def _catalogued(field: str) -> tuple[float, float]:
    """Least and greatest value that the catalogue allows."""
    known: dict[str, Any] = {f"parameters.{name}": each for name, each in PARAMETERS.items()}
    known |= {f"policy.{name}.intensity": each for name, each in LEVERS.items()}
    if field not in known:
        raise ValueError("is no parameter and no intensity of a lever", suggest(field, known))
    return known[field].low, known[field].high


def _within(allowed: tuple[float, float], text: str | None) -> tuple[float, float]:
    """The bounds that are asked for."""
    if text is None:
        return allowed
    ends = [toml_value(part) for part in text.split(":")]
    if len(ends) != 2 or any(isinstance(end, bool) or not isinstance(end, int | float) for end in ends) or not ends[0] < ends[1]:
        raise ValueError(f"{brief(text)} are no bounds", "write NAME=0:2, or NAME alone")
    if ends[0] < allowed[0] or ends[1] > allowed[1]:
        raise ValueError(f"{text} leaves {brief(allowed[0])}..{brief(allowed[1])}")
    return float(ends[0]), float(ends[1])


def _values(text: str) -> Any:  # noqa: ANN401 (a value of a TOML file)
    """What `[sweep]` would hold."""
    if not text:
        raise ValueError("says no values", FORMS)
    if ":" not in text:
        listed = toml_value(text if text.startswith("[") else f"[{text}]")
        return listed if isinstance(listed, list) else [toml_value(value.strip()) for value in text.split(",")]
    parts = text.split(":")
    scale = {"scale": parts.pop()} if parts[-1] in ("log", "linear") else {}
    numbers = [toml_value(part) for part in parts]
    if len(numbers) not in (2, 3) or any(isinstance(n, bool) or not isinstance(n, int | float) for n in numbers):
        raise ValueError(f"{brief(text)} are no bounds", FORMS)
    return dict(zip(("from", "to", "points"), numbers, strict=False)) | scale

"""Every submodel: mechanisms, the fall of a leader, levers, parameters, and what all of it rests on."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Iterator

from sim.catalogue import push
from sim.catalogue.levers import LEVERS, Lever, definition
from sim.catalogue.parameters import PARAMETERS, Parameter
from sim.catalogue.push import HANDLES
from sim.catalogue.sources import SOURCES
from sim.show.description import source
from sim.show.description.document import Part, Row
from sim.show.description.purposes import purposes

PARAMETER = ("Parameter", "Default", "Unit", "Low", "High", "Rests on", "Sampled", "Switch", "Meaning", "Why")
LEVER = (
    "Lever", "Family", "Unit of intensity 1", "Most", "US$ million a year", "US pays", "Lag, weeks", "Take-up",
    "Leakage", "Ceiling", "Effect", "Evidence",
)  # fmt: skip
ACTS = ("Lever", "Acts", "Presses", "Aimed by", "Expected", "No effect on homicides, because", "Sources")
HANDLE = ("Handle", "Combine", "Aimed at", "Unit", "Meaning", "Pressed by")
SUMS = ("Mechanism", "Parameters", "Sourced", *source.UNSOURCED, "Sampled", "Switches")


def submodels() -> Iterator[Part]:
    """Mechanisms in the order of the week, then the fall of a leader, levers and parameters."""
    in_week = [step.function for step in source.week()]
    order = dict.fromkeys(function.module for function in in_week if function.module in source.mechanisms())
    for module in order:
        yield from _mechanism(module, {function.name for function in in_week})
    yield from _outside()
    yield from _fall()
    yield from _levers()
    yield from _parameters()
    yield from purposes()
    yield _references()


def _mechanism(module: str, in_week: set[str]) -> Iterator[Part]:
    title = module.partition("/")[2].capitalize()
    functions = source.functions(module)
    helpers = [f for f in functions.values() if f.name not in in_week]
    rows = [(f.name, " ".join([f.summary, *(f"{line}: {text}" for line, text in f.lines.items())])) for f in helpers]
    yield Part(title, source.about(module), rows=rows)
    for name in (name for name in functions if name in in_week):
        yield Part(f"{title}: {name}", functions[name].summary, rows=list(functions[name].lines.items()))
    own = [p for p in PARAMETERS.values() if p.mechanism == title.lower()]
    if own:
        yield Part(f"{title}: parameters", "", PARAMETER, [_parameter(p) for p in own])


def _outside() -> Iterator[Part]:
    for function, made in source.outside():
        title = f"From outside: {made.name}"
        rows = [*function.lines.items(), ("File", f"{function.module}, sha {made.sha}"), ("Runs", f"after {made.after}")]
        rows += [(f"{table} {name}", meaning) for table, names in made.columns.items() for name, meaning in names.items()]
        yield Part(title, function.summary, rows=rows)
        own = [p for p in PARAMETERS.values() if p.mechanism == made.name]
        if own:
            yield Part(f"{title}: parameters", "", PARAMETER, [_parameter(p) for p in own])


def _fall() -> Iterator[Part]:
    yield Part("The fall of a leader", source.about(f"{source.FALL}__init__"))
    for module in source.fall():
        yield from _mechanism(module, {name for name, function in source.functions(module).items() if function.lines})
    rest = source.functions("opening").values()
    yield Part("Opening", source.about("opening"), rows=[(f.name, f.summary) for f in rest])


def _levers() -> Iterator[Part]:
    formula = (inspect.getdoc(definition.deliver) or "").partition("\n\nArgs:")[0]
    numbers = [_numbers(lever) for lever in LEVERS.values()]
    yield Part("Levers", f"{inspect.getdoc(definition)}\n\n{formula}", LEVER, numbers)
    signs = {lever.name: [f"{metric} {sign}" for metric, sign in lever.expected.items()] for lever in LEVERS.values()}
    rows = [(v.name, v.summary, v.mechanism, sorted(v.aims), signs[v.name], v.silent, v.sources) for v in LEVERS.values()]
    yield Part("Levers: how they act", "", ACTS, rows)
    notes = [(v.name, v.cost_note, v.effect_note) for v in LEVERS.values()]
    yield Part("Levers: what their numbers rest on", "", ("Lever", "Cost", "Effect"), notes)
    pressed = [(h.name, h.combine, h.scope, h.unit, h.meaning, _pressing(h.name)) for h in HANDLES]
    yield Part("Handles", inspect.getdoc(push) or "", HANDLE, pressed)


def _parameters() -> Iterator[Part]:
    every = list(PARAMETERS.values())
    groups = {name: [p for p in every if p.mechanism == name] for name in dict.fromkeys(p.mechanism for p in every)}
    rows = [_sums(name, own) for name, own in groups.items()] + [_sums("all", every)]
    yield Part("What the parameters rest on", "", SUMS, rows)
    switches = [(p.name, p.default, p.low, p.high, p.meaning) for p in every if p.switch]
    text = "What the literature disagrees about; look at what hangs on it."
    yield Part("Assumption switches", text, ("Parameter", "Default", "Low", "High", "Meaning"), switches)
    fixed = [(c.name, c.value, module, c.meaning) for module in source.modules() for c in source.constants(module)]
    yield Part("Constants outside the catalogue", "", ("Constant", "Value", "Module", "Meaning"), fixed)


def _references() -> Part:
    lines = (f.lines.get("Source", "") for m in source.mechanisms() for f in source.functions(m).values())
    keys = {key for line in lines for key in source.cited(line)} | {p.source for p in PARAMETERS.values()}
    keys |= {key for lever in LEVERS.values() for key in lever.sources}
    cited = sorted((SOURCES[key] for key in keys if key in SOURCES), key=str)
    return Part("References", "", ("Key", "Reference", "Status"), [(s.key, s, s.status) for s in cited])


def _parameter(p: Parameter) -> Row:
    return p.name, p.default, p.unit, p.low, p.high, p.source, p.sampled, p.switch, p.meaning, p.why


def _sums(name: str, own: Iterable[Parameter]) -> Row:
    own = list(own)
    by_kind = [sum(p.source == kind for p in own) for kind in source.UNSOURCED]
    return name, len(own), len(own) - sum(by_kind), *by_kind, sum(p.sampled for p in own), sum(p.switch for p in own)


def _numbers(v: Lever) -> Row:
    chain = (v.lag_weeks, v.takeup, v.leakage, v.ceiling)
    return v.name, v.family, v.unit, v.high, v.cost, v.payer, *chain, v.effect, v.evidence


def _pressing(handle: str) -> list[str]:
    return [lever.name for lever in LEVERS.values() if handle in lever.mechanism]

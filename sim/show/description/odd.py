"""The description, section by section, in the order of ODD; what cannot be generated is told in `prose.md`."""

from __future__ import annotations

import inspect
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from sim.analysis.ablation import NOTHING, findings
from sim.analysis.csv_text import csv_rows
from sim.catalogue import push
from sim.catalogue.levers import LEVERS, definition
from sim.catalogue.metrics import METRICS
from sim.catalogue.parameters import PARAMETERS, Parameter
from sim.catalogue.push import HANDLES
from sim.catalogue.sources import SOURCES
from sim.catalogue.switches import CHANNELS, SWITCHES
from sim.catalogue.year import DAYS, WEEKS
from sim.model.compile.version import model_version
from sim.scenario.read import scenario_folder
from sim.scenario.worlds import GRID, GRID_SIZES, LONGEST_SIDE, MUNICIPALITIES, TERRITORIES
from sim.show.description import source
from sim.show.description.countries import Country, countries
from sim.show.description.document import SECTIONS, Part, Row, Section

BOOKS = ("Flow", "Stock", "Ledger", "Count", "Event", "Kind", "Cause", "Spared")  # tables that keep account of the others
STATE = ("State variable", "Meaning")
STATUSES = ("seen", "recalled", "derived", "assumed")
REFERENCE = ("publisher", "year", "title", "status")
TOLD_APART = ("title", "description", "reliability", "tables", "sources")  # in the section on input data
PARAMETER = ("Parameter", "Default", "Unit", "Low", "High", "Rests on", "Sampled", "Switch", "Meaning", "Why")
LEVER = (
    "Lever", "Family", "Unit of intensity 1", "Most", "US$ million a year", "US pays", "Lag, weeks", "Take-up",
    "Leakage", "Ceiling", "Effect", "Evidence",
)  # fmt: skip
ACTS = ("Lever", "Acts", "Presses", "Aimed by", "Expected", "No effect on homicides, because", "Sources")
HANDLE = ("Handle", "Combine", "Aimed at", "Unit", "Meaning", "Pressed by")
SUMS = ("Mechanism", "Parameters", "Sourced", *source.UNSOURCED, "Sampled", "Switches")
TABLES = Path("findings")  # a folder of the scenario folder
TITLE = "What each mechanism is for"
SWITCH = ("Mechanism", "Submodel", "Channel", "Off", "What is gone", "Why it stays though nothing hangs on it")
USE = ("Mechanism", "Shows in", "Evidence worse", "Evidence better", "Outcomes that move", "Policies that change")
_TOLD = re.findall(r"^(##+) (.+)\n\n((?:.+\n)+)", Path(__file__).with_name("prose.md").read_text(encoding="utf-8"), re.MULTILINE)
PROSE = {name: text.rstrip() for _, name, text in _TOLD}
CONCEPTS = [name for depth, name, _ in _TOLD if depth == "###"]


def purpose() -> Iterator[Part]:
    """Why, judged by what, and what is left out."""
    for title, key in (("Purpose", "Purpose"), ("Patterns", "Patterns"), ("Out of scope", "Scope")):
        yield Part(title, PROSE[key])
    origin = f"Generated from the code of model version {model_version()}."
    yield Part("This description", f"{origin} Its order is that of {SOURCES['grimm2020']}")


def entities() -> Iterator[Part]:
    """State variables by entity, then the scales."""
    for record in source.records("columns").values():
        if record.name not in BOOKS:
            yield _state(record.name, record)
    for name in ("Cartel", "Leader"):
        yield _state(f"{name}, an agent", source.agent(name))
    yield Part("Scales", rows=list(_scales()))


def process() -> Iterator[Part]:
    """The week, the rare events, and what is conserved."""
    steps = [
        (number, step.function.name, step.when, step.function.summary, step.function.module) for number, step in enumerate(source.week(), 1)
    ]
    model = source.methods("model", "Cartelitos")
    yield Part("Scheduling", f"{model['step'].summary}\n\n{PROSE['Scheduling']}")
    yield Part("The compiled week", source.about("week"), ("Step", "Name", "When", "What it does", "Module"), steps)
    events = source.happenings()
    yield Part("Rare events, in their order within a week", "", ("Event", "Noticed by", "What follows"), events)
    ledger = source.records("columns")["Ledger"]
    yield Part("What is conserved", ledger.summary, ("Flow", "Meaning"), [(f.name, f.meaning) for f in ledger.fields])


def concepts() -> Iterator[Part]:
    """The eleven design concepts."""
    yield from (Part(title, PROSE[title]) for title in CONCEPTS)
    yield Part("Stochasticity", f"{PROSE['Stochasticity']} {', '.join(source.decisions())}.")
    rows = [(m.name, m.kind, m.unit, m.better, m.meaning) for m in METRICS.values()]
    yield Part("Observation", PROSE["Observation"], ("Metric", "Kind", "Unit", "Better", "Meaning"), rows)


def _state(title: str, record: source.Record) -> Part:
    return Part(title, record.summary, STATE, [(field.name, field.meaning) for field in record.fields])


def _scales() -> Iterator[tuple[str, str]]:
    yield "Time step", f"one week; {WEEKS} weeks in a year, {DAYS} / 7"
    slow = {step.when for step in source.week() if not step.when.startswith("every week")}
    yield "Slow steps", ", ".join(sorted(slow))
    yield "Output", source.about("record")
    sizes = ", ".join(f"{size} {name}" for name, size in GRID_SIZES.items())
    yield f"World {GRID}", f"{sizes} unless a scenario says otherwise, at most {LONGEST_SIDE} places a side"
    for country in countries():
        split = ", split into municipalities" if MUNICIPALITIES in country.rows else ""
        yield f"World {country.name}", f"{len(country.rows.get(TERRITORIES, ()))} states{split}"


def initialization() -> Iterator[Part]:
    """Where a run starts: the rule for places, what is drawn, the worlds, parameters that set stocks."""
    yield Part("From states to places", source.about("worlds/places"))
    found = source.functions("uncertainty")
    drawn = "\n\n".join(found[name].summary for name in ("draw", "balanced"))
    yield Part("What a run draws", f"{source.about('uncertainty')}\n\n{drawn}")
    for country in countries():
        start = [(key, _flat(value)) for key, value in country.header.items() if key not in TOLD_APART]
        yield Part(f"Start of {country.name}", rows=start)
    read = source.uses("P", "state") | source.uses("parameters", "state")
    rows = [(p.name, p.default, p.unit, p.meaning) for p in PARAMETERS.values() if p.name in read]
    yield Part("Starting values that parameters set", "", ("Parameter", "Default", "Unit", "Meaning"), rows)


def inputs() -> Iterator[Part]:
    """The tables of every world: rows by status, columns, sources."""
    yield Part("Synthetic world", source.about("worlds/grid"))
    for country in countries():
        yield from _input(country)


def _input(country: Country) -> Iterator[Part]:
    header, name = country.header, country.name
    text = "\n\n".join(" ".join(str(header.get(key, "")).split()) for key in ("title", "description", "reliability"))
    tallies = {file: Counter(row.get("status") for row in rows) for file, rows in country.rows.items()}
    counts = [(file, tally.total(), *(tally[status] for status in STATUSES)) for file, tally in tallies.items()]
    yield Part(f"{name}: tables", text, ("File", "Rows", *STATUSES), counts)
    columns = [(table, column, note) for table, notes in header["tables"].items() for column, note in notes.items()]
    yield Part(f"{name}: columns", "", ("Table", "Column", "What it is"), columns)
    sources = [(key, *(said.get(part, "") for part in REFERENCE)) for key, said in header["sources"].items()]
    yield Part(f"{name}: sources", "", ("Key", *map(str.capitalize, REFERENCE)), sources)


def _flat(value: object) -> str:
    """A table of world.toml in one line."""
    if isinstance(value, dict):
        told = {key: f"({_flat(inner)})" if isinstance(inner, dict) else _flat(inner) for key, inner in value.items()}
        return ", ".join(map(" ".join, told.items()))
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return f"{value:,}" if isinstance(value, int | float) and abs(value) > 1e4 else str(value)


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
    fields = ("name", "family", "unit", "high", "cost", "payer", "lag_weeks", "takeup", "leakage", "ceiling", "effect", "evidence")
    numbers = [tuple(getattr(lever, name) for name in fields) for lever in LEVERS.values()]
    yield Part("Levers", f"{inspect.getdoc(definition)}\n\n{formula}", LEVER, numbers)
    signs = {lever.name: [f"{metric} {sign}" for metric, sign in lever.expected.items()] for lever in LEVERS.values()}
    rows = [(v.name, v.summary, v.mechanism, sorted(v.aims), signs[v.name], v.silent, v.sources) for v in LEVERS.values()]
    yield Part("Levers: how they act", "", ACTS, rows)
    notes = [(v.name, v.cost_note, v.effect_note) for v in LEVERS.values()]
    yield Part("Levers: what their numbers rest on", "", ("Lever", "Cost", "Effect"), notes)
    pressed = [(h.name, h.combine, h.scope, h.unit, h.meaning, [v.name for v in LEVERS.values() if h.name in v.mechanism]) for h in HANDLES]
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


def _sums(name: str, own: Sequence[Parameter]) -> Row:
    by_kind = [sum(p.source == kind for p in own) for kind in source.UNSOURCED]
    return name, len(own), len(own) - sum(by_kind), *by_kind, sum(p.sampled for p in own), sum(p.switch for p in own)


def purposes() -> Iterator[Part]:
    """Off positions, then a table per world for which one is kept."""
    channels = "; ".join(f"{channel.name}: {channel.meaning}" for channel in CHANNELS.values())
    off = {switch.name: [f"{name} = {value:g}" for name, value in switch.off.items()] for switch in SWITCHES.values()}
    rows = [(s.name, s.mechanism, s.channel, off[s.name], s.meaning, s.stays) for s in SWITCHES.values()]
    yield Part("Switches", f"How every mechanism is switched off, and the channels that `why` explains by. {channels}", SWITCH, rows)
    for path in sorted((scenario_folder() / TABLES).glob("ablation-*.csv")):
        provenance, found = csv_rows(path.read_text(encoding="utf-8"))
        order = sorted(found, key=lambda row: row["shows_in"] == NOTHING)
        uses = [tuple(row[key] for key in ("mechanism", "shows_in", "worse", "better", "outcomes", "effects")) for row in order]
        yield Part(f"{TITLE}: {path.stem.removeprefix('ablation-')}", f"{' '.join(provenance)} {findings(found)}", USE, uses)


_PARTS: tuple[Callable[[], Iterator[Part]], ...] = (purpose, entities, process, concepts, initialization, inputs, submodels)


def describe(names: Iterable[str] = SECTIONS) -> list[Section]:
    """The named sections, all by default. Raises ScenarioError: a world in the scenario folder is broken."""
    parts = dict(zip(SECTIONS, _PARTS, strict=True))
    return [Section(name, tuple(parts[name]())) for name in names]

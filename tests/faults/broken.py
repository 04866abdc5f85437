"""Valid files, and the table of what can be wrong with each: one row of a table is one kind of damage, not one file."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

Damage = Callable[[Path], object]  # to the file or folder at a path


class Broken(NamedTuple):
    """One broken input: where the damage is done, and what the message must say beside the file's name."""

    name: str
    file: str
    damage: Damage
    says: tuple[str, ...] = ()
    command: tuple[str, ...] = ("check", "own.toml")  # that meets it


SCENARIO = """\
extends = "usual"
title = "Own"
question = "What?"
[world]
name = "own"
start = "2006-12"
years = 3.5
places = 32
[parameters]
demand_elasticity = 0.5
[policy.treatment]
intensity = 0.5
start = "2010-01"
end = "2012-01"
ramp_weeks = 52
[policy.recruitment_prevention]
intensity = 1
where = ["SIN", "MIC"]
[policy.kingpin_targeting]
intensity = [["2007-01", 0.5], ["2010-01-31", 1.0]]
target = ["sinaloa"]
rank = "kingpin"
mode = "capture"
[[event]]
date = 2008-01-01
kind = "alliance"
cartel = "juarez"
other = "sinaloa"
[run]
replicates = 4
seed = 3
worlds = "plausible"
panel = false
[sweep]
method = "grid"
"policy.treatment.intensity" = {from = 0, to = 2, points = 9}
"world.years" = [1, 2]
"""
POINTS = "policy.treatment.intensity,parameters.demand_elasticity\n0.5,0.4\n1.0,0.6\n"
EVIDENCE = """\
id,metric,window,base,observed,low,high,unit,over,per,recorded,source,status,use
later,homicides,2008,2007,1.1,0.8,1.4,ratio,,,0.5,press,seen,hold out
often,extortion_incidents,2008,,10,5,50,a year,homicides,0.5,0.1/0.2/0.3,press,recalled,hold out
"""
EVIDENCE_TOML = """\
[[row]]
id = "later"
metric = "homicides"
window = "2008"
base = "2007"
observed = 1.1
tolerance = 0.2
recorded = [0.1, 0.2, 0.3]
per = 1.0
form = "ratio"
status = "seen"
use = "hold out"
"""
TWINS = json.dumps(
    {"rows": [{"where": "place", "months": "1-6", "metric": "homicides", "n": 3, "relative": 0.1, "low": 0.0, "high": 0.2}]}, indent=1
)

# any file of text ------------------------------------------------------------------------------------------------------------

PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01"


def loop(path: Path) -> None:
    path.unlink()
    path.symlink_to(path.name)


def folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def dangling(path: Path) -> None:
    path.unlink()
    path.symlink_to("nowhere")


def sealed(path: Path) -> None:
    """What no reader may open; root may open everything, so the path leads through a file."""
    path.unlink()
    path.symlink_to(path.parent / "wall" / "x")
    (path.parent / "wall").write_bytes(b"")


def recoded(encoding: str) -> Damage:
    return lambda path: path.write_bytes((path.read_text(encoding="utf-8") + "# é\n").encode(encoding))


def appended(tail: bytes) -> Damage:
    return lambda path: path.write_bytes(path.read_bytes() + tail)


NOT_TEXT: dict[str, Damage] = {
    "binary": lambda path: path.write_bytes(PNG * 9),
    "utf-16": recoded("utf-16"),
    "latin-1": recoded("latin-1"),
    "cut in a letter": appended(b"# \xc3"),
}
NOT_THERE: dict[str, Damage] = {"missing": Path.unlink, "folder": folder, "loop": loop, "dangling": dangling, "through a file": sealed}

# scenarios -------------------------------------------------------------------------------------------------------------------

LINES = SCENARIO.splitlines()
VALUES = {
    "table": "{a = 1}",
    "list": "[[]]",
    "nan": "nan",
    "beyond integers": "9" * 400,
    "moment": "1979-05-27T07:32:00Z",
    "text": '"no such thing"',
}
FREE = {"title", "question"}  # any text is one


def scenario_values() -> Iterator[Broken]:
    """Every field of a scenario with every value that it cannot have, told with its line."""
    for number, line in enumerate(LINES, 1):
        key, equals, _ = line.partition(" = ")
        for kind, value in VALUES.items() if equals else ():
            if kind == "text" and key in FREE:
                continue
            yield Broken(f"{key} in line {number} is {kind}", "own.toml", put_line(number, f"{key} = {value}"), (f", line {number}, ",))


def put_line(number: int, text: str) -> Damage:
    """One line of a text replaced."""

    def damage(path: Path) -> None:
        lines = path.read_text(encoding="utf-8").splitlines()
        lines[number - 1] = text
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")

    return damage


def headed(text: str) -> Damage:
    """A text put before what a file holds."""
    return lambda path: path.write_bytes(text.encode() + path.read_bytes())


SCENARIO_FILES: dict[str, tuple[Damage, tuple[str, ...]]] = {
    "byte order mark": (headed("\ufeff"), ("line 1", "byte order mark")),
    "empty": (lambda path: path.write_bytes(b""), ("world: is missing",)),
    "only a NUL": (lambda path: path.write_bytes(b"\0"), ("line 1", "not valid TOML")),
    "cut in a string": (lambda path: path.write_bytes(path.read_bytes()[:15]), ("line 1",)),
    "nested lists": (appended(b"a = " + b"[" * 5000 + b"]" * 5000), ("nested too deep",)),
    "nested keys": (appended(b".".join([b"a"] * 5000) + b" = 1"), ("nested too deep",)),
    "larger than any": (appended(b"#" * 1_000_000), ("larger than",)),
    "one key twice": (appended(b"[world]\n"), ("line 38", "not valid TOML")),
    "a number without end": (put_line(7, "years = " + "9" * 5000), ("not valid TOML",)),
    "lone carriage returns": (lambda path: path.write_bytes(path.read_bytes().replace(b"\n", b"\r")), ("not valid TOML",)),
    "conflict markers": (headed("<<<<<<< ours\n"), ("line 1", "not valid TOML")),
}
TRICKS = {
    "itself": "own.toml",
    "up and out": "../../../etc/passwd",
    "a root": "/etc/passwd",
    "a device": "/dev/zero",
    "home": "~/x.toml",
    "nothing": "",
    "a NUL": "a\\u0000b",
    "a folder": "scenarios",
    "a backslash": "..\\\\own",
    "a url": "https://example.org/a.toml",
    "a link out": "out.toml",
    "a linked loop": "loop.toml",
    "too long": "x" * 5000,
    "a binary": "picture.toml",
    "a chain": "chain0.toml",
}
WORLD_TRICKS = {
    "up and out": "../../..",
    "a root": "/",
    "a device": "/dev/null",
    "nothing": "",
    "a NUL": "a\\u0000b",
    "a link loop": "./round",
    "a file": "./own.toml",
    "a near miss": "onw",
    "too long": "x" * 5000,
    "dots": "..",
    "an empty folder": "./hollow",
}


def scenario_paths() -> Iterator[Broken]:
    """Names and paths that lead nowhere good."""
    for kind, text in TRICKS.items():
        yield Broken(f"extends {kind}", "own.toml", put_line(1, f'extends = "{text}"'), ("line 1",))
    for kind, text in WORLD_TRICKS.items():
        yield Broken(f"world {kind}", "own.toml", put_line(5, f'name = "{text}"'), ("line 5, world.name",))


# tables of a world -----------------------------------------------------------------------------------------------------------

WORLD = "scenarios/worlds/own/"
NUMBERS = {
    "territories.csv": ("population", "young_men", "crossing", "port", "poppy", "pipeline", "economy", "homicides", "lon", "lat", "tile_x"),
    "borders.csv": ("km",),
    "cartels.csv": ("strength", "suppliers", "financiers", "dealers"),
    "ties.csv": ("since",),
    "clocks.csv": ("year", "synthetic_share", "population_growth", "background_trend", "cocaine"),
}
NAMES = {
    "territories.csv": ("id", "source", "status"),
    "borders.csv": ("a", "b", "source", "status"),
    "cartels.csv": ("id", "base", "source", "status"),
    "presence.csv": ("cartel", "state", "level", "source", "status"),
    "ties.csv": ("a", "b", "kind", "source", "status"),
    "clocks.csv": ("source", "status"),
}
HEADER = {  # a text of world.toml, and another for it
    "year = 2006\ndescription": 'year = "x"\ndescription',
    "[members]": "[memebrs]",
    "low = 60_000": "low = -60_000",
    "high = 130_000": "high = nan",
    "[value]": "[[value]]",
    "dominant = 6": 'dominant = "six"',
    "crossing = 0.50": "crossing = -0.50",
    "columns = [": "columns = 3 # [",
    "port = 0.25": "prot = 0.25",
    "dominant =": "dominant = inf #",
    "mid =": "mid = true #",
}
NO_NUMBERS = {"empty": "", "nan": "nan", "infinite": "-1e999"}
NO_NAMES = {"unknown": "no such thing", "a NUL": "a\0b"}


def cell(column: str, text: str) -> Damage:
    """The first row of a table with another text in one column."""

    def damage(path: Path) -> None:
        rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"))))
        rows[1][rows[0].index(column)] = text
        write_rows(path, rows)

    return damage


def write_rows(path: Path, rows: list[list[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


def replaced(old: str, new: str) -> Damage:
    """A text of a file with another in its place."""

    def damage(path: Path) -> None:
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1, old
        path.write_text(text.replace(old, new), encoding="utf-8")

    return damage


def without(column: int) -> Damage:
    """A table without one of its columns."""

    def damage(path: Path) -> None:
        rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"))))
        write_rows(path, [row[:column] + row[column + 1 :] for row in rows])

    return damage


TABLE_FILES: dict[str, Damage] = {
    "empty": lambda path: path.write_bytes(b""),
    "a longer row": appended(b"a,b,c,d,e,f,g,h,i,j,k,l,m,n,o,p,q,r,s,t,u,v,w,x\n"),
    "a shorter row": appended(b"a\n"),
    "a quote without end": appended(b'"a,b\n'),
    "a huge cell": appended(b"a" * 140_000 + b"\n"),
    "another table": lambda path: path.write_bytes(b"name;value\n1;2\n"),
}


def world_tables() -> Iterator[Broken]:
    """Every column of every table with every cell that it cannot hold; every table that is none."""
    for wrong, columns in ((NO_NUMBERS, NUMBERS), (NO_NAMES, NAMES)):
        for file, names in columns.items():
            for name in names:
                for kind, text in wrong.items():
                    yield Broken(f"{name} is {kind}", WORLD + file, cell(name, text), ("line",))
    for file in NAMES:
        for kind, damage in (NOT_TEXT | NOT_THERE | TABLE_FILES).items():
            yield Broken(kind, WORLD + file, damage)
        yield Broken("no first column", WORLD + file, without(0), ("line 1",))
    for kind, damage in NOT_TEXT.items():
        yield Broken(kind, WORLD + "world.toml", damage)
    for old, new in HEADER.items():
        yield Broken(f"{new!r} for {old!r}", WORLD + "world.toml", replaced(old, new), ("line", new.strip("[]").split(" = ")[0]))


# tables beside a command ----------------------------------------------------------------------------------------------------

CELLS = {
    "window": "soon", "base": "2008-13", "observed": "nan", "low": "9", "high": "-inf", "metric": "homicide", "over": "no such thing",
    "per": "1e999", "recorded": "2", "status": "sure", "use": "sell",
}  # fmt: skip


def side_files() -> Iterator[Broken]:
    """Tables of points, evidence of one's own, a document of twins."""
    sweep = ("sweep", "own.toml", "--points", "points.csv", "--out", "swept")
    for kind, damage in (NOT_TEXT | NOT_THERE | {k: TABLE_FILES[k] for k in ("empty", "a longer row", "a shorter row")}).items():
        yield Broken(kind, "points.csv", damage, command=sweep)
        yield Broken(kind, "rows.csv", damage, command=("evidence", "own.toml", "--blind", "rows.csv", "--out", "scored"))
    for kind, text in {"nan": "nan", "a word": "much", "a list": "[1]", "out of bounds": "99", "huge": "1" + "0" * 400}.items():
        yield Broken(f"a value is {kind}", "points.csv", cell("policy.treatment.intensity", text), ("line 2",), sweep)
    for field in ("policy.treatmnt.intensity", "run.seed", "nothing", "a..b", "\0", "extends"):
        yield Broken(f"a field is {field!r}", "points.csv", put_line(1, f"{field},parameters.demand_elasticity"), ("line",), sweep)
    yield Broken("a column twice", "points.csv", put_line(1, "world.years,world.years"), ("line 1",), sweep)
    evidence = ("evidence", "own.toml", "--blind", "rows.csv", "--out", "scored")
    for field, text in CELLS.items():
        yield Broken(f"{field} is {text}", "rows.csv", cell(field, text), ("line 2", field), evidence)
    toml = ("evidence", "own.toml", "--blind", "rows.toml", "--out", "scored")
    for kind, damage in NOT_TEXT.items():
        yield Broken(kind, "rows.toml", damage, command=toml)
    for number, line in enumerate(EVIDENCE_TOML.splitlines()[1:], 2):
        key = line.partition(" = ")[0]
        for kind in ("table", "nan", "list"):
            if key != "id":
                yield Broken(f"{key} is {kind}", "rows.toml", put_line(number, f"{key} = {VALUES[kind]}"), ("line", key), toml)
    twins = ("evidence", "own.toml", "--twins", "twins.json", "--out", "scored")
    for kind, damage in (NOT_TEXT | NOT_THERE).items():
        yield Broken(kind, "twins.json", damage, command=twins)
    for kind, text in {"a list": "[]", "no rows": "{}", "rows of numbers": '{"rows": [1]}', "nested": "[" * 100_000}.items():
        yield Broken(kind, "twins.json", lambda path, text=text: path.write_text(text), command=twins)
    for key in ("where", "months", "metric", "n", "relative", "low", "high"):
        row = {**json.loads(TWINS)["rows"][0], key: {"a": []}}
        text = json.dumps({"rows": [row]})
        yield Broken(f"{key} is a table", "twins.json", lambda path, text=text: path.write_text(text), (key,), twins)

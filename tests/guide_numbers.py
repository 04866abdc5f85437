"""What the guide and the README say of the model's results: blocks of numbers and one picture, made of `scenarios/findings/` alone.

    python tests/guide_numbers.py               # writes the blocks and the picture anew
    python tests/guide_numbers.py --recompute   # runs `compare`, `twins` and `evidence` first, and keeps what they find; it resumes
    python tests/guide_numbers.py --recompute compare   # only that
    python tests/guide_numbers.py --recompute trace     # fit, its proof and scores, for the record (a quarter of an hour)

A block begins with `<!-- numbers: NAME -->` and ends with `<!-- end -->`. Every block says which model made it. `test_guide_numbers.py`
holds the guide to it, and its slow tests hold the findings to the model.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import redirect_stdout
from hashlib import sha256
from io import StringIO
from itertools import groupby
from pathlib import Path
from typing import Any

from sim import cli
from sim.analysis.ablation import findings
from sim.analysis.csv_text import csv_rows, csv_text
from sim.analysis.evidence import COUNTED, GIVEN, KINGPINS, USES, VERDICTS, number
from sim.analysis.forecasts.score import WIDER
from sim.analysis.paired import Row as Difference
from sim.catalogue.evidence import EVIDENCE as CATALOGUE
from sim.catalogue.metrics import HEADLINE
from sim.catalogue.parameters import PARAMETERS
from sim.experiment.reading import read_plan
from sim.model.compile.version import model_version
from sim.scenario.read import WORLDS, shipped_folder
from sim.show.charts.changes import forest
from sim.show.figures import encode
from sim.show.guide import FOLDER as GUIDE

README = shipped_folder().parent / "README.md"
TEXTS = (README, *sorted(GUIDE.glob("*.md")))
PICTURE = GUIDE / "compare.svg"
USUAL = "baseline"
FINDINGS = shipped_folder() / "findings"
PLAUSIBLE = shipped_folder() / WORLDS / "mexico-2006" / "plausible-32.csv"
TWINS = ("twins", "-n", "40")
EVIDENCE = ("evidence", "-n", "300")
COMPARE = ("compare",)
CALIBRATE = ("calibrate", USUAL, "-n", "600")
PROVE = ("calibrate", USUAL, "-n", "600", "--prove", "200")
SCORE = ("score", "-n", "100")
SHOWN = ("scenario", "baseline", "metric", "window", "n", "difference", "low", "high", "percent", "percent_low", "percent_high")
BLOCK = re.compile(r"(<!-- numbers: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)

Row = Mapping[str, str]


def recompute(only: Sequence[str]) -> None:
    """Run the commands, each in a folder of this version of the model, and keep their rows."""
    folder = Path("results") / f"guide-{model_version()[:8]}"
    folder.mkdir(parents=True, exist_ok=True)
    if only == ["trace"]:
        return trace(folder)
    keep("compare", COMPARE, folder / "compare", differences(said(*COMPARE, "--no-thin", "--out", str(folder / "compare"))["rows"]))
    if only == ["compare"]:
        return
    effects = folder / "twins.json"
    document = said(*TWINS, "--out", str(folder / "twins"))
    effects.write_text(json.dumps(document), encoding="utf-8")
    shown = [row for row in document["rows"] if row["situation"] == KINGPINS and "homicides" in row["metric"]]
    keep("twins", TWINS, folder / "twins", shown)
    keep("audit", TWINS, folder / "twins", document["audit"])
    document = said(*EVIDENCE, "--twins", str(effects), "--out", str(folder / "evidence"))
    families = ", ".join(f"{count} {family}" for family, count in document["families"].items())
    keep("evidence", EVIDENCE, folder / "evidence", document["rows"], f"{document['histories']} histories ({families} worlds)")


def trace(folder: Path) -> None:
    """What the record of trust needs beside the other findings."""
    fit = folder / "calibrate"
    document = said(*CALIBRATE, "--out", str(fit))
    keep("fit", CALIBRATE, fit / "set", [row | {"pinned_by": " ".join(row["pinned_by"])} for row in document["parameters"]])
    document = said(*PROVE, "--out", str(fit))
    ranks = ({"ranks": " ".join(map(str, document["ranks"][row["name"]]))} for row in document["coverage"])
    keep("honesty", PROVE, fit / "proof-wave", [row | more for row, more in zip(document["coverage"], ranks, strict=True)])
    document = said(*SCORE, "--out", str(folder / "score"))
    keep("score", SCORE, folder / "score", [row for row in document["rows"] if " to " in row["periods"]])


def differences(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """What the picture shows: headline metrics of every policy against business as usual."""
    shown = [row for row in rows if row["baseline"] == USUAL != row["scenario"] and row["metric"] in HEADLINE]
    return [{field: row[field] for field in SHOWN} for row in shown]


def said(*arguments: str) -> dict[str, Any]:
    """The document that a command prints."""
    with redirect_stdout(StringIO()) as text:
        status = cli.status([*arguments, "--json"])
    if status:
        sys.exit(status)
    return dict(json.loads(text.getvalue()))


def keep(name: str, command: Iterable[str], folder: Path, rows: Sequence[Mapping[str, Any]], *more: str) -> None:
    """Rows of a document as a table, with where they come from above it."""
    plan = read_plan(folder)
    made = [f"`cartelitos {' '.join(command)}`", f"model {plan['model_version']}", f"seed {plan['seed']}", *more]
    text = csv_text(list(rows[0]), (row.values() for row in rows), [", ".join(made)])
    (FINDINGS / f"{name}.csv").write_text(text, encoding="utf-8")


def kept(name: str) -> tuple[str, list[dict[str, str]]]:
    """Where a table comes from, and its rows."""
    (made,), rows = csv_rows((FINDINGS / f"{name}.csv").read_text(encoding="utf-8"))
    return made, rows


def summary() -> Iterator[str]:
    """How many rows pass, by use, and what the plausible set says of itself."""
    made, rows = kept("evidence")
    yield f"By {made}:\n"
    for use in COUNTED:
        verdicts = [row["verdict"] for row in rows if row["use"] == use]
        yield f"- {verdicts.count('pass')} of {len(verdicts)} pass. {USES[use]}."
    yield f"- {USES[GIVEN]}: {', '.join(row['id'] for row in rows if row['use'] == GIVEN)}."
    fit = " ".join(csv_rows(PLAUSIBLE.read_text(encoding="utf-8"))[0])
    version = re.search(r"model version \w+", fit)
    yield f"\nOf the fit (`calibrate`, {version[0] if version else 'no model named'}) the plausible set for 32 places says itself:\n"
    yield from (f"> {sentence}" for sentence in re.findall(r"(?:Calibration rows passed|One history of one vector).*?\.(?= [A-Z])", fit))


def rows() -> Iterator[str]:
    """The scorecard as a table, by use, failures first."""
    _, found = kept("evidence")
    yield from head("", "row", "what", "simulated, central 90 %", "observed", "band")
    for use in USES:
        for row in sorted((row for row in found if row["use"] == use), key=lambda row: (*VERDICTS, GIVEN).index(row["verdict"])):
            middle, low, high, least, most = (digits(row[key]) for key in ("simulated", "simulated_low", "simulated_high", "low", "high"))
            band = f"{least} to {most} {row['unit']}"
            yield line(row["verdict"], f"{row['id']}, {use}", row["title"], f"{middle} ({low} to {high})", digits(row["observed"]), band)


def removals() -> Iterator[str]:
    """What the fall of a kingpin does, by number of places."""
    made, found = kept("twins")
    bands = {(row["metric"], row["where"], row["months"]): row for row in removal_rows()}
    cells: dict[tuple[str, ...], dict[str, str]] = {}
    for row in found:
        if row["where"] in ("place", "same cartel") and row["metric"] in ("homicides", "organised_homicides"):
            cells.setdefault((row["metric"], row["where"], row["months"]), {})[row["scenario"]] = effect(row)
    worlds = list(dict.fromkeys(row["scenario"] for row in found))
    yield f"By {made}:\n"
    yield from head("what", "where", "months since", *worlds, "evidence row and its band")
    for key, own in cells.items():
        band = bands.get(key)
        evidence = f"{band['id']}: {percent(band['low'])} to {percent(band['high'])} %" if band else ""
        yield line(key[0].replace("_", " "), *key[1:], *(own.get(world, "") for world in worlds), evidence)


def removal_rows() -> Iterator[Row]:
    """Evidence rows about removals, with the place and the months that the catalogue gives them."""
    for row in kept("evidence")[1]:
        if row["form"] == "twins" and row["id"] in CATALOGUE:
            yield {**row, "where": CATALOGUE[row["id"]].where, "months": CATALOGUE[row["id"]].months}


def effect(row: Row) -> str:
    """Effect with its interval, and how many removals of a hundred were followed by more, and by less."""
    middle, low, high = (percent(row[key]) for key in ("relative", "low", "high"))
    return f"{middle} ({low} to {high}) %, {100 * float(row['share_up']):.0f}:{100 * float(row['share_down']):.0f}"


def percent(fraction: str) -> str:
    """With its sign; nothing where it is undefined."""
    return f"{100 * float(fraction):+.0f}" if fraction else "-"


def digits(value: str) -> str:
    """A number of a table in a few digits."""
    return number(float(value)) if value else ""


def scale() -> Iterator[str]:
    """Ten million runs by what `tests/benchmarks/bench_runs.py --keep` measured: ten folders of fifty pieces of 20,000 runs."""
    (made,), found = csv_rows((FINDINGS / "runs.csv").read_text(encoding="utf-8"))
    of = {row["quantity"]: float(row["value"]) for row in found}
    run, driver = of["worker_ms"], of["driver_ms"]
    a_second, piece, busy = 1e3 / driver, 20 * run / 8, 20 * driver
    cores = a_second * run / 1e3
    yield (
        f"By {made}: {of['runs']:,.0f} runs of 15 years took {of['wall_s']:.0f} s on {of['workers']:.0f} workers, {run:.0f} ms of a "
        f"worker's CPU each. A driver spends {driver:.1f} ms of CPU on a run if workers have nothing to simulate, receives "
        f"{of['sent_kb']:.0f} kB and stores {of['stored_kb']:.0f} kB; it held {of['memory_1000_mb']:.0f} MB after 1,000 runs and "
        f"{of['memory_10000_mb']:.0f} MB after 10,000.\n"
    )
    yield from head("", "per run", "ten million runs")
    yield line("simulation", f"{run:.0f} ms", f"{run * 1e7 / 3.6e6:.0f} core hours")
    yield line("store", f"{of['stored_kb']:.0f} kB", f"{10 * of['stored_kb']:.0f} GB; 100,000 parts of 100 runs, in four files each")
    yield line("a driver", f"{driver:.1f} ms", f"keeps up with {a_second:.0f} runs a second, those of {cores:.0f} cores")
    yield line("`plan.json`", f"{of['plan_bytes']:.0f} bytes", f"{of['plan_bytes'] / 100:.1f} GB, too long for one folder")
    yield (
        f"\nSo: ten folders of a million runs (one per set of scenarios or design points), each in 50 pieces of 20,000 runs. A job array "
        f"of 500 jobs with 8 cores each needs {piece:.0f} s for its runs; its driver is busy for {busy:.0f} s, {100 * busy / piece:.0f} % "
        f"of one core. A plan of a million runs ({of['plan_bytes']:.0f} MB) is read in {of['plan_s_per_million']:.0f} s by "
        f"every job. Through one Dask scheduler this would take {driver * 1e7 / 3.6e6:.1f} hours, "
        f"with {a_second * of['sent_kb'] / 1e3:.0f} MB a second on its network: Dask is for up to {cores:.0f} cores, pieces are for more, "
        "and each piece may have a scheduler of its own."
    )


def audit() -> Iterator[str]:
    """What designs would have reported, beside what is true."""
    made, found = kept("audit")
    yield f"By {made}; kingpins, organised homicides at the place:\n"
    yield from head("design", "in", "months since", "median history (80 %)", "truth", "95 % interval holds the truth")
    for row in found:
        middle = f"{percent(row['relative'])} ({percent(row['tenth'])} to {percent(row['ninetieth'])}) %"
        where = row["scenario"].rpartition(", ")[2]
        yield line(row["design"], where, row["months"], middle, f"{percent(row['truth'])} %", f"{100 * float(row['covered']):.0f} of 100")


def inputs() -> Iterator[str]:
    """How well inputs and observations are known."""
    kinds = Counter(p.source if p.source in ("FITTED", "ASSUMED") else "sourced" for p in PARAMETERS.values())
    seen = Counter(row.status for row in CATALOGUE.values())
    yield f"- {len(PARAMETERS)} parameters: {', '.join(f'{count} {kind}' for kind, count in sorted(kinds.items()))}; each says why."
    yield f"- {len(CATALOGUE)} observations: {', '.join(f'{count} {status}' for status, count in sorted(seen.items()))}."


def mechanisms() -> Iterator[str]:
    """What shows that a mechanism is gone."""
    made, rows = csv_rows(next(FINDINGS.glob("ablation-*.csv")).read_text(encoding="utf-8"))
    shows = Counter(row["shows_in"] for row in rows)
    yield f"{made[0].removesuffix(',')}. Of {len(rows)} mechanisms the absence of each shows first in:\n"
    yield from (f"- {where}: {count}" for where, count in shows.most_common())
    yield f"\n{findings(rows)}"


def fit() -> Iterator[str]:
    """Prior beside posterior, and what holds a parameter."""
    made, rows = kept("fit")
    yield f"By {made}. Width is that of the posterior over that of the prior.\n"
    yield from head("parameter", "prior", "posterior, central 90 %", "width", "held by")
    for row in rows:
        spans = (f"{float(row[low]):.3g} to {float(row[high]):.3g}" for low, high in (("prior_low", "prior_high"), ("low", "high")))
        held = "only the prior speaks" if row["only_prior"] == "True" else row["pinned_by"] or "all together"
        yield line(row["name"], *spans, f"{100 * float(row['width']):.0f} %", held)


def honesty() -> Iterator[str]:
    """Coverage of intervals over histories of known vectors."""
    made, rows = kept("honesty")
    levels = sorted({row["level"] for row in rows})
    yield f"By {made}, {rows[0]['n']} histories. Honest: within three standard errors of what the interval says.\n"
    yield from head("parameter", *(f"in {100 * float(level):.0f} %" for level in levels), "", "ranks by tenth")
    for name, own in groupby(rows, key=lambda row: row["name"]):
        each = list(own)
        shares = (f"{100 * float(row['share']):.0f} ± {100 * float(row['error']):.0f} %" for row in each)
        yield line(name, *shares, "honest" if all(row["honest"] == "True" for row in each) else "NOT HONEST", each[0]["ranks"])


def posterior() -> Iterator[str]:
    """The fit beside ABC-SMC, `tests/crosscheck.py`."""
    made, rows = kept("posterior")
    shifts, overlaps = ([float(row[key]) for row in rows] for key in ("shift", "overlap"))
    furthest, least = max(map(abs, shifts)), 100 * min(overlaps)
    yield f"By {made}. No median is further off than {furthest:.2f} standard deviations of the fit; marginals overlap by {least:.0f} % or"
    yield "more.\n"
    yield from head("parameter", "median of the fit", "by ABC-SMC", "shift in standard deviations", "width, fit", "ABC-SMC", "overlap")
    for row in rows:
        widths = (f"{100 * float(row[key]):.0f} %" for key in ("spread", "other_spread"))
        shift, overlap = f"{float(row['shift']):+.2f}", f"{100 * float(row['overlap']):.0f} %"
        yield line(row["name"], digits(row["median"]), digits(row["other_median"]), shift, *widths, overlap)


def corroboration() -> Iterator[str]:
    """Check rows that do not pass, and skill over forecasts that need no model."""
    made, rows = kept("evidence")
    check = [row for row in rows if row["use"] == "hold out"]
    said = {verdict: [row["id"] for row in check if row["verdict"] == verdict] for verdict in VERDICTS}
    missed = "; ".join(f"{verdict}: {', '.join(said[verdict])}" for verdict in ("near", "fail"))
    yield f"By {made}: {len(said['pass'])} of {len(check)} check rows pass; {missed}.\n"
    made, rows = kept("score")
    yield f"By {made}:\n"
    yield from head("homicides by", "the model knows", "its CRPS", "in its 90 %", "best without a model", "skill", "seen by the fit")
    for key, own in groupby(rows, key=lambda row: (row["level"], row["told"])):
        model, *others = own
        best = min((row for row in others if row["forecaster"] != WIDER), key=lambda row: float(row["crps"]))
        skill = f"{percent(best['skill'])} ({percent(best['skill_low'])} to {percent(best['skill_high'])}) %"
        naive = f"{best['forecaster']}, {float(best['crps']):,.0f}"
        for each in (model, *(row for row in others if row["forecaster"] == WIDER)):
            gain = skill if each is model else f"{percent(1.0 - float(each['crps']) / float(best['crps']))} %, {WIDER}"
            yield line(*key, f"{float(each['crps']):,.0f}", f"{100 * float(each['inside']):.0f} %", naive, gain, model["seen"])
    yield f"\n*{WIDER}*: its histories widened state by state, by as much as the *other* states stray from theirs until 2011."


def head(*names: str) -> Iterator[str]:
    """The first two lines of a table."""
    yield line(*names)
    yield "|" + "---|" * len(names)


def line(*cells: str) -> str:
    """A line of a table."""
    return f"| {' | '.join(cells)} |"


BLOCKS: Mapping[str, Callable[[], Iterator[str]]] = {
    each.__name__: each for each in (summary, rows, removals, audit, scale, inputs, mechanisms, fit, honesty, posterior, corroboration)
}


def picture() -> bytes:
    """The README's picture, as `compare` draws it, with the digest of the rows that it is made of."""
    made, rows = kept("compare")
    words = ("scenario", "baseline", "metric", "window")
    cells = [{key: value if key in words else float(value) if value else None for key, value in row.items()} for row in rows]
    empty = dict.fromkeys(Difference._fields)
    figure = forest([Difference(**{**empty, **each, "n": int(each["n"])}) for each in cells], USUAL, f"By {made.replace('`', '')}.")
    return encode(figure, "svg") + f"<!-- scenarios/findings/compare.csv, sha256 {digest()} -->\n".encode()


def digest() -> str:
    """Of what the picture is made of."""
    return sha256((FINDINGS / "compare.csv").read_bytes()).hexdigest()


def rendered(text: str) -> str:
    """A text with its blocks as the findings make them."""
    return BLOCK.sub(lambda found: found[1] + "\n".join(BLOCKS[found[2]]()) + "\n" + found[3], text)


def main() -> None:
    if sys.argv[1:2] == ["--recompute"]:
        recompute(sys.argv[2:])
    for path in TEXTS:
        path.write_text(rendered(path.read_text(encoding="utf-8")), encoding="utf-8")
    PICTURE.write_bytes(picture())


if __name__ == "__main__":
    main()

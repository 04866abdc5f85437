"""What each mechanism is for: the switches, and the tables that `cartelitos ablation` left with the library."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from sim.analysis.ablation import NOTHING, findings
from sim.analysis.csv_text import csv_rows
from sim.catalogue.switches import CHANNELS, SWITCHES
from sim.scenario.read import scenario_folder
from sim.show.description.document import Part

TABLES = Path("findings")  # a folder of the scenario folder
TITLE = "What each mechanism is for"
SWITCH = ("Mechanism", "Submodel", "Channel", "Off", "What is gone", "Why it stays though nothing hangs on it")
USE = ("Mechanism", "Shows in", "Evidence worse", "Evidence better", "Outcomes that move", "Policies that change")


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

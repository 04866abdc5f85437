"""Switches name parameters that exist and change them; channels do not overlap."""

import pytest

from sim.analysis.ablation import NOTHING
from sim.analysis.csv_text import csv_rows
from sim.catalogue.parameters import PARAMETERS
from sim.catalogue.switches import CHANNELS, SWITCHES, off
from sim.scenario.read import shipped_folder


@pytest.mark.parametrize("switch", SWITCHES.values(), ids=lambda switch: switch.name)
def test_a_switch_changes_parameters_that_exist(switch):
    assert switch.off
    assert all(PARAMETERS[name].default != value for name, value in switch.off.items())
    assert switch.channel in {*CHANNELS, ""}


def test_every_channel_has_switches_and_two_names():
    assert {switch.channel for switch in SWITCHES.values()} - {""} == CHANNELS.keys()
    assert all(0 < len(text) <= 32 for channel in CHANNELS.values() for text in (channel.title, channel.titulo))


def test_channels_share_no_parameter():
    assert len(off(CHANNELS)) == sum(len(off([name])) for name in CHANNELS)


def test_every_submodel_can_be_switched():
    assert {p.mechanism for p in PARAMETERS.values()} == {switch.mechanism for switch in SWITCHES.values()}


def test_off_means_off():
    assert off(["rout", "spread"]) == {"rout": 0.0, "background_pull": 0.0, "arms_pull": 0.0}


def test_what_changes_nothing_says_why_it_stays() -> None:
    """By the ablation that the library keeps."""
    path = shipped_folder() / "findings" / "ablation-mexico-2006-32.csv"
    idle = {row["mechanism"] for row in csv_rows(path.read_text(encoding="utf-8"))[1] if row["shows_in"] == NOTHING}
    assert {name for name, switch in SWITCHES.items() if switch.stays} == idle

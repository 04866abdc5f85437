"""Switches name parameters that exist and change them; channels do not overlap."""

import pytest

from sim.catalogue.parameters import PARAMETERS
from sim.catalogue.switches import CHANNELS, SWITCHES, off


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

"""Whatever stands in a file, or after `--set`: a scenario, or a ScenarioError."""

from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.scenario import ScenarioError, load, resolved_toml

VALID = b"""\
extends = "baseline"
title = "x"
[world]
name = "mexico-2006"
places = 8
years = 3.5
[parameters]
demand_elasticity = 0.5
[policy.treatment]
intensity = [["2007-01", 0.5], ["2010-01-31", 1.0]]
end = "2012"
[[policy.arms_control]]
intensity = 1
where = ["SIN", "CHH-2"]
[[event]]
date = 2008-01-01
kind = "alliance"
cartel = "juarez"
other = "sinaloa"
[run]
seed = 3
[sweep]
method = "grid"
"policy.treatment.intensity" = {from = 0, to = 2, points = 9}
"world.years" = [1, 2]
"""
SHRAPNEL = [b'"', b"'", b"'''", b"[", b"]]", b"{", b"}", b"=", b",", b".", b"\n", b"#", b"nan", b"inf", b"-1", b"true"]
SHRAPNEL += [b"0x" + b"f" * 40, b"1e999", b"2007-13", b"0001-01-01", b"\\u0000", b"\xff", b"[]", b"{}", b'""', b"event"]
SHRAPNEL += [b"'policy'", b"from", b"kind = 'removal'\n", b"[sweep]", b"[[policy.treatment]]\n", b"name = 'grid'\n"]
FUZZ = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=100, deadline=None)


@pytest.fixture
def load_bytes(folder):
    path = folder / "scenarios" / "mine.toml"

    def load_bytes(raw: bytes, *overrides: str) -> None:
        path.write_bytes(raw)
        with suppress(ScenarioError):
            resolved_toml(load("mine", overrides))

    return load_bytes


def test_the_seed_of_the_fuzz_is_valid(folder, load_bytes):
    load_bytes(VALID)
    assert load("mine").title == "x"


@FUZZ
@given(raw=st.binary(max_size=200))
def test_arbitrary_bytes(load_bytes, raw):
    load_bytes(raw)


@FUZZ
@given(st.data())
def test_mutated_files(load_bytes, data):
    raw = bytearray(VALID)
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(raw)))
        stop = start + data.draw(st.integers(0, 12))
        raw[start:stop] = data.draw(st.sampled_from(SHRAPNEL) | st.binary(max_size=4))
    load_bytes(bytes(raw))


LINES = VALID.splitlines(keepends=True)
VALUES = [b"nan", b"true", b"[]", b"[[]]", b"{}", b"{a = {}}", b"'x'", b"-0.0", b"1979-05-27T07:32:00Z", b"07:32:00"]
VALUES += [
    b"[[['2007', 1]]]",
    b"[{}, 1]",
    b"9" * 400,
    b"{from = [], to = {}}",
    b"[[nan, nan]]",
    b"'\\u0000'",
    b"[true]",
]


@FUZZ
@given(st.lists(st.tuples(st.integers(0, len(LINES) - 1), st.sampled_from(VALUES)), min_size=1, max_size=3))
def test_replaced_values(load_bytes, changes):
    lines = list(LINES)
    for number, value in changes:
        key, equals, _ = lines[number].partition(b" = ")
        lines[number] = key + equals + value + b"\n" if equals else lines[number]
    load_bytes(b"".join(lines))


FIELDS = [
    "world",
    "world.name",
    "policy.treatment",
    "policy.treatment.intensity.0",
    "event.0",
    "event",
    "sweep",
    "policy",
]
FIELDS += [
    "sweep.'world.years'",
    "run.seed",
    "",
    "extends",
    "policy.arms_control.where.1",
    "policy.arms_control.7.where",
]


@FUZZ
@given(st.lists(st.tuples(st.sampled_from(FIELDS) | st.text(), st.text() | st.sampled_from(VALUES).map(bytes.decode))))
def test_arbitrary_overrides(load_bytes, overrides):
    load_bytes(VALID, *(f"{field}={value}" for field, value in overrides))


@FUZZ
@given(name=st.text(max_size=30))
def test_arbitrary_names(folder, name):
    with suppress(ScenarioError):
        load(name)

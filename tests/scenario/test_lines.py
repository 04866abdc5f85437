import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.scenario.lines import DEEPEST, key_lines, overlong_key
from sim.scenario.load import _toml


def test_lines_of_every_form():
    text = "\n".join(
        [
            '# [not] = "a key"',
            'title = """',
            "[nor.this]",
            '"""" # four quotes close with one inside',
            "'odd.key' = 'a = b'",
            'a.b . "c d" = 1979-05-27 07:32:00',
            "[world]",
            'name = "x" # }',
            "points = [",
            '  ["2007-01", 0.5],  # ]',
            "",
            '  ["2010-01", 1.0],',
            "]",
            "[[policy.two]]",
            "x = 1",
            "[[policy.two]]",
            "y = {from = 0, to = [1, 2]}",
            "[policy.two.below]",
            "z = '''",
            "[neither]'''",
        ]
    )
    lines = key_lines(text)
    assert lines["title",] == 2
    assert lines["odd.key",] == 5
    assert lines["a", "b", "c d"] == 6
    assert lines["world", "name"] == 8
    assert lines["world", "points", 0] == 10
    assert lines["world", "points", 1, 1] == 12
    assert lines["policy",] == lines["policy", "two"] == lines["policy", "two", 0] == 14
    assert lines["policy", "two", 1] == 16
    assert lines["policy", "two", 1, "y", "to", 1] == 17
    assert lines["policy", "two", 1, "below", "z"] == 19
    assert not any("nor" in path or "neither" in path for path in lines)


def test_windows_line_ends_count_once():
    assert key_lines("a = 1\r\nb = 2\r\n") == {("a",): 1, ("b",): 2}


@pytest.mark.parametrize(
    "text", [".".join("a" * 5000) + " = 1", "[" + " . ".join("a" * 5000) + "]", "a . " * 200 + "a = 1"]
)
def test_an_overlong_key_is_found_before_parsing(text):
    assert overlong_key("ok = 1.5\n" + text) == 2


def test_long_texts_and_lists_are_no_overlong_keys():
    assert overlong_key(f'a = "{"b." * 5000}"\nc = [{"1.5, " * 5000}]') is None


def test_too_deep():
    with pytest.raises(RecursionError):
        key_lines("a = " + "[" * (DEEPEST + 1) + "]" * (DEEPEST + 1))


KEYS = st.text(st.characters(codec="utf-8", categories=["L", "P", "Zs"]), max_size=5)
VALUES = st.recursive(
    st.integers() | st.booleans() | st.text(st.characters(codec="utf-8", categories=["L", "P", "Zs"])),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(KEYS, VALUES, max_size=4))
def test_every_value_has_a_line(tables):
    text = "\n".join(f"{_toml(key)} = {_toml(value)}" for key, value in tables.items())
    assert tomllib.loads(text) == tables
    assert set(key_lines(text)) == set(_paths((), tables))


def _paths(path, node):
    items = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, value in items:
        yield (*path, key)
        yield from _paths((*path, key), value)

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.collections import LineCollection

from sim.show.charts.genealogy import Group, arrange, genealogy, largest, read


@st.composite
def trees(draw):
    """Groups whose parents were alive when they were born."""
    groups = [Group("0", "", "0", 0.0, draw(st.floats(1, 10)), 100, cell=False, founder=True)]
    for number in range(1, draw(st.integers(2, 40))):
        parent = groups[draw(st.integers(0, len(groups) - 1))]
        born = draw(st.floats(parent.born, parent.died))
        died = draw(st.floats(born, 10))
        size = draw(st.integers(1, 1000))
        groups.append(Group(str(number), parent.name, parent.root, born, died, size, cell=False, founder=False))
    return groups


@given(trees())
def test_no_split_crosses_a_living_group(groups):
    ordered = arrange(groups)
    row = {group.name: index for index, group in enumerate(ordered)}
    assert sorted(row) == sorted(group.name for group in groups)
    for group in ordered:
        if group.parent:
            between = ordered[row[group.parent] + 1 : row[group.name]]
            assert not [other.name for other in between if other.born < group.born < other.died]


@given(trees(), st.integers(1, 12))
def test_who_is_drawn_comes_with_all_ancestors(groups, count):
    kept = largest(groups, count)
    names = {group.name for group in kept}
    assert 1 <= len(kept) <= count
    assert {group.name for group in groups if group.founder} <= names
    assert all(group.parent in names for group in kept if group.parent)


def test_heavier_groups_are_drawn_first():
    founder = Group("f", "", "f", 0.0, 1.0, 1, cell=False, founder=True)
    big = Group("big", "f", "f", 0.5, 9.0, 500, cell=False, founder=False)
    brief = Group("brief", "f", "f", 0.5, 0.6, 500, cell=False, founder=False)
    assert largest([founder, brief, big], 2) == [founder, big]


@pytest.fixture
def drawn(results):
    run = results.ensemble.run_id(0, 0)
    lineage, events = (table.filter(pa.compute.equal(table["run_id"], run)) for table in (results.genealogy, results.events))
    return lineage, genealogy(lineage, events, np.datetime64("2010-12-01"), "usual, replicate 0", "source")


def test_every_group_has_a_line_and_every_split_a_joint(drawn):
    lineage, figure = drawn
    joints, lives = (part for part in figure.axes[0].collections if isinstance(part, LineCollection))
    assert len(lives.get_segments()) == lineage.num_rows
    assert len(joints.get_segments()) == lineage.num_rows - 2


def test_thickness_follows_size(drawn):
    _, figure = drawn
    _, lives = (part for part in figure.axes[0].collections if isinstance(part, LineCollection))
    assert lives.get_linewidths()[0] == max(lives.get_linewidths())


def test_removals_and_founders_are_named(drawn):
    _, figure = drawn
    marks = figure.axes[0].collections[-1].get_offsets()
    assert marks.tolist() == [[pytest.approx(2007 + 180 / 365, abs=0.01), 0.0]]
    assert {"north", "south"} <= {text.get_text() for text in figure.axes[0].texts}


def test_survivors_last_to_the_end(results):
    groups = read(results.genealogy.slice(0, 10), np.datetime64("2010-12-01"))
    assert groups[0].died == pytest.approx(2010 + 334 / 365)
    assert [group.founder for group in groups[:3]] == [True, True, False]


def test_a_world_without_events_can_be_drawn(results):
    nothing = results.events.slice(0, 0)
    assert genealogy(results.genealogy.slice(0, 2), nothing, np.datetime64("2010-12-01"), "usual", "source").axes

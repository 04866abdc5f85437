"""`cartelitos twins` on short worlds."""

import csv
import json
from pathlib import Path
from types import SimpleNamespace

import pytest

from sim import cli

SHORT = ("--engine", "serial", "-q", "--set", "world.years=5", "--removals", "4")


@pytest.fixture
def twins(tmp_path, monkeypatch, capfd):
    """Call the command in an empty folder: exit status, stdout, stderr."""
    monkeypatch.chdir(tmp_path)

    def call(*arguments: str) -> SimpleNamespace:
        capfd.readouterr()
        status = cli.status(["twins", *arguments])
        return SimpleNamespace(status=status, **dict(zip(("out", "err"), capfd.readouterr(), strict=True)))

    return call


@pytest.mark.journey
def test_both_scales_are_reported_and_kept(twins, page_of):
    found = twins(*SHORT, "-n", "2", "--json")
    assert found.status == 0, found.err
    document = json.loads(found.out)
    assert document["schema"] == 1
    assert {"where", "months", "metric", "n", "relative", "low", "high", "share_up"} <= document["rows"][0].keys()
    assert {row["scenario"] for row in document["rows"]} == {"baseline, 128 places", "baseline, 32 places"}
    assert {row["months"] for row in document["rows"]} == {"1-6", "7-12", "13-36"}
    assert {row["scenario"] for row in document["event_study"]} == {"baseline, 128 places", "baseline, 32 places"}
    assert {row["design"] for row in document["audit"]} >= {"before and after", "event study"}
    (folder,) = Path("results").iterdir()
    with (folder / "twins.csv").open() as file:
        assert len(list(csv.DictReader(file))) == len(document["rows"])
    assert {path.name for path in (folder / "figures").iterdir()} == {
        f"twins-baseline-{places}-places.{kind}" for places in (128, 32) for kind in ("png", "svg")
    }
    page = page_of(folder)
    assert page.count("Homicides of organised crime, removals of kingpins") == page.count("<img ") == 2
    assert "The econometrician" in page
    again = twins(*SHORT, "-n", "2", "--json")
    assert json.loads(again.out) == document
    other = twins(*SHORT[:-1], "5", "-n", "2")
    assert other.status == 2
    assert "other twins" in other.err


def test_a_world_is_told_its_places(twins):
    found = twins(*SHORT, "-n", "1", "--places", "64")
    assert found.status == 0, found.err
    assert "WHAT A REMOVAL CHANGES, baseline, 64 places" in found.out
    assert "32 places" not in found.out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--places", "33"), "33 places cannot be shared out"),
        (("--set", "world.years=2", "-n", "1", "--engine", "serial"), "no removal to spare"),
        (("nowhere",), "nowhere"),
    ],
)
def test_what_cannot_be_done_is_said(twins, arguments, said):
    found = twins(*arguments)
    assert found.status == 2
    assert said in found.err
    assert "Traceback" not in found.err

"""The README's page on right and wrong names rows of the scorecard; they are what it says they are."""

import json
import re
from pathlib import Path

import pytest

import sim
from sim import cli
from sim.catalogue.evidence import EVIDENCE

TEXT = (Path(sim.__file__).parents[1] / "README.md").read_text(encoding="utf-8")
PAGE = TEXT.split("### What it gets right, what it gets wrong, what it cannot say\n", 1)[1].split("\n#", 1)[0]


def named(heading):
    """Ids of rows in brackets, in the paragraph that begins with a bold heading."""
    paragraph = next(part for part in PAGE.split("\n\n") if part.startswith(f"**{heading}"))
    return {key for group in re.findall(r"\(([^()]*)\)", paragraph) for key in re.findall(r"\b[A-Z]{1,2}\d+[a-z]?\b", group)}


KINGPINS = ("kingpins", "place", "1-6", "organised_homicides")
RIGHT, WRONG = named("Right"), named("Wrong")


def test_the_page_names_rows_that_exist_and_none_twice():
    assert len(RIGHT) >= 10
    assert len(WRONG) >= 3
    assert set(EVIDENCE) >= RIGHT | WRONG
    assert not RIGHT & WRONG


@pytest.mark.slow
def test_the_page_says_what_the_scorecard_says(tmp_path, monkeypatch, capfd):
    monkeypatch.chdir(tmp_path)
    assert cli.status(["evidence", "--json", "--quiet"]) == 0
    document = json.loads(capfd.readouterr().out)
    verdicts = {row["id"]: row["verdict"] for row in document["rows"]}
    assert {key: verdicts[key] for key in RIGHT if verdicts[key] != "pass"} == {}
    assert {key for key, verdict in verdicts.items() if verdict == "fail"} <= WRONG
    assert {key for key in WRONG if verdicts[key] == "pass"} == set()
    calibrate = document["passed"]["calibrate"]
    assert calibrate["passed"] >= 0.75 * calibrate["scored"]


@pytest.mark.slow
def test_the_page_says_what_removals_do(tmp_path, monkeypatch, capfd):
    """Fewer worlds than the page's, so only what they can tell: the effect is there, and its interval meets the band of the evidence."""
    monkeypatch.chdir(tmp_path)
    assert cli.status(["twins", "--places", "128", "--vectors", "32", "-n", "16", "--removals", "6", "--json", "--quiet"]) == 0
    effects = json.loads(capfd.readouterr().out)["rows"]
    found = next(row for row in effects if (row["situation"], row["where"], row["months"], row["metric"]) == KINGPINS)
    assert found["low"] > 0
    assert found["high"] > EVIDENCE["K1"].low
    assert found["share_up"] > found["share_down"] > 0

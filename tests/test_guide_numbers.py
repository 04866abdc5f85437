"""The guide's numbers and picture are what the findings make them, and the findings are what the model says."""

import re

import guide_numbers
import pytest
from guide_numbers import BLOCK, BLOCKS, COMPARE, EVIDENCE, GUIDE, PICTURE, TEXTS, differences, digest, kept, picture, rendered, said

from sim.catalogue.evidence import EVIDENCE as CATALOGUE

PAGE = (GUIDE / "evidence.md").read_text(encoding="utf-8").partition("\n## Score it yourself\n")[0]
KINGPINS = ("place", "1-6", "organised_homicides")


def test_the_blocks_are_what_the_command_makes():
    texts = [path.read_text(encoding="utf-8") for path in TEXTS]
    assert sorted(name for text in texts for _, name, _ in BLOCK.findall(text)) == sorted(BLOCKS)
    for text in texts:
        assert rendered(text) == text, "python tests/guide_numbers.py writes them anew"


def test_the_picture_is_what_the_command_makes():
    """To the byte under the matplotlib that drew it; under another one, every word and number."""
    kept, drawn = PICTURE.read_bytes().decode(), picture().decode()
    assert len(kept) < 100_000
    assert digest() in kept, "python tests/guide_numbers.py draws it anew"
    assert re.findall(r"<text.*?>(.*?)</text>", kept) == re.findall(r"<text.*?>(.*?)</text>", drawn) != []
    version = re.compile(r"Matplotlib v[\d.]+")
    assert kept == drawn or version.findall(kept) != version.findall(drawn)


def test_outside_the_blocks_stands_no_number():
    """But names of rows, and what the rule of the scorecard and its intervals are."""
    words = re.sub(r"`[^`]*`|\b[A-Z]{1,2}\d+[a-z]?\b|95 % interval", "", BLOCK.sub("", PAGE))
    assert re.findall(r"\S*\d\S*", words) == []


def test_every_block_names_the_model_that_made_it():
    for made, _ in map(kept, ("evidence", "twins")):
        assert re.search(r"model [0-9a-f]{16}, seed \d+", made)
        assert made in PAGE
    assert re.search(r"model version [0-9a-f]{16}", PAGE)


def test_rows_are_those_of_the_catalogue():
    _, rows = kept("evidence")
    assert {row["id"]: row["use"] for row in rows}.items() <= {key: row.use for key, row in CATALOGUE.items()}.items()
    assert set(re.findall(r"\b[A-Z]{1,2}\d+[a-z]?\b", BLOCK.sub("", PAGE))) <= CATALOGUE.keys()


def test_a_sentence_follows_its_table(monkeypatch):
    rows = [{"id": "a", "use": "calibrate", "verdict": "pass"}, {"id": "b", "use": "calibrate", "verdict": "near"}]
    monkeypatch.setattr(guide_numbers, "kept", lambda name: ("`cartelitos x`, model 0, seed 1", rows))
    text = "\n".join(guide_numbers.summary())
    assert "- 1 of 2 pass. Calibration rows" in text
    assert "- 0 of 0 pass. Check rows" in text


@pytest.mark.slow
def test_the_pictures_rows_are_what_the_model_says(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    fresh = differences(said(*COMPARE, "--no-thin", "--quiet")["rows"])
    old = kept("compare")[1]
    assert [(row["scenario"], row["metric"]) for row in fresh] == [(row["scenario"], row["metric"]) for row in old]
    for new, row in zip(fresh, old, strict=True):
        assert new["difference"] == pytest.approx(float(row["difference"]), rel=1e-6), row["metric"]


@pytest.mark.slow
def test_the_findings_are_what_the_model_says(tmp_path, monkeypatch):
    """The same histories again, to the digits that the page shows; rows about removals have a test of their own."""
    monkeypatch.chdir(tmp_path)
    fresh = {row["id"]: row for row in said(*EVIDENCE, "--quiet")["rows"]}
    old = {row["id"]: row for row in kept("evidence")[1] if row["form"] != "twins" or CATALOGUE[row["id"]].where.startswith("without")}
    assert fresh.keys() == old.keys()
    assert {key: row["verdict"] for key, row in fresh.items()} == {key: row["verdict"] for key, row in old.items()}
    for key, row in fresh.items():
        assert row["simulated"] == pytest.approx(float(old[key]["simulated"]), rel=1e-3), key


@pytest.mark.slow
def test_the_findings_about_removals_are_what_the_model_says(tmp_path, monkeypatch):
    """Fewer worlds than the page's, so only what they can tell: the intervals meet."""
    monkeypatch.chdir(tmp_path)
    fresh = said("twins", "--places", "128", "-n", "16", "--removals", "6", "--quiet")["rows"]
    found = next(row for row in fresh if row["situation"] == "kingpins" and (row["where"], row["months"], row["metric"]) == KINGPINS)
    row = next(row for row in kept("twins")[1] if (row["where"], row["months"], row["metric"]) == KINGPINS)
    assert found["low"] < float(row["high"])
    assert float(row["low"]) < found["high"]

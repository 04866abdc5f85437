"""Citations: what a scenario touches, why, and BibTeX that parses."""

import re
from dataclasses import replace
from datetime import date

import pytest

import sim
from sim.catalogue.levers import LEVERS
from sim.catalogue.sources import SOURCES, Source
from sim.scenario import LeverPlan, Scenario, ScenarioError
from sim.show.citations import Citation, bibtex, citations, software, text

BARE = Scenario("bare", "Bare", "?", "grid", date(2006, 12, 1), 1.0)
ENTRY = re.compile(r"@(article|misc)\{([\w-]+),\n((?:  \w+ = \{.*\},\n)+)\}\n")


def treated(intensity):
    return replace(BARE, policy=(LeverPlan("treatment", ((date(2008, 1, 1), intensity),)),))


def reasons(*scenarios):
    return {citation.source.key: citation.reasons for citation in citations(scenarios)}


def test_the_software_comes_first_and_is_the_version_that_runs():
    first, *rest = citations(())
    assert first.source.key == "cartelitos"
    assert sim.__version__ in first.source.venue
    assert first.source.authors == "The Cartelitos authors"
    assert [str(each.source) for each in rest] == sorted(str(each.source) for each in rest)


def test_without_a_scenario_only_the_model_is_cited():
    kinds = {reason.split()[0] for found in reasons().values() for reason in found}
    assert kinds == {"every", "parameter", "submodel"}


def test_a_lever_brings_its_sources_if_it_is_pressed():
    for key in LEVERS["treatment"].sources:
        assert "lever treatment" in reasons(treated(1.0))[key]
        assert "lever treatment" not in reasons(treated(0.0)).get(key, ())


def test_a_parameter_the_scenario_sets_does_not_rest_on_the_source_of_its_default():
    fixed = replace(BARE, parameters={"wage": 5000.0})
    assert "parameter wage" in reasons(BARE)["prieto2025"]
    assert "parameter wage" not in reasons(fixed)["prieto2025"]
    assert "parameter wage" in reasons(fixed, BARE)["prieto2025"]


def test_a_world_brings_the_sources_of_its_tables():
    found = reasons(replace(BARE, world="mexico-2006"))
    assert "mexico-2006: borders.csv" in found["inegi-frame"]
    assert "mexico-2006: members" in found["prieto2023"], "cited once, under the catalogue's key"
    assert "conapo-2023" in found, "the catalogue's conapo2023 has another title"
    assert not any(reason.startswith("mexico") for why in reasons(BARE).values() for reason in why)


def test_a_world_that_adds_to_another_brings_the_sources_of_both():
    found = reasons(replace(BARE, world="municipal"))
    assert "municipal: municipalities.csv" in found["inegi-2020"]
    assert "municipal: borders.csv" in found["inegi-frame"]


def test_people_read_why_and_what_to_check():
    shown = text(citations([treated(1.0)]))
    assert "\n    because of parameter treatment_success, treatment_years, treatment_use; lever treatment\n" in shown
    assert re.search(r"^Everingham.*\[from memory: check before use\]$", shown, re.MULTILINE)


@pytest.mark.parametrize("key", list(SOURCES))
def test_every_source_makes_a_valid_entry(key):
    entry = ENTRY.fullmatch(bibtex([Citation(SOURCES[key], ("lever x_y",))]))
    assert entry
    kind, name, body = entry.groups()
    fields = dict(re.findall(r"^  (\w+) = \{(.*)\},$", body, re.MULTILINE))
    assert name == key
    assert {"author", "title", "year", "annote"} <= fields.keys()
    assert kind == "misc" or {"journal", "volume"} <= fields.keys()
    for field, value in fields.items():
        plain = re.sub(r"\\([&%$#_{}]|text\w+\{\})", "", value)
        assert plain.count("{") == plain.count("}")
        assert field in ("doi", "url") or not re.search(r"[&%$#_^~\\]", plain), value


def test_people_are_told_from_bodies_and_articles_from_the_rest():
    keys = ("calderon2015", "cdc_wonder", "bohorquez2009", "gao2010")
    made = bibtex([Citation(SOURCES[key], ("x",)) for key in keys])
    assert "author = {Calderón, G. and Robles, G. and Díaz-Cayeros, A. and Magaloni, B.}" in made
    assert "volume = {59},\n  number = {8},\n  pages = {1455--1485}" in made
    assert "author = {{Centers for Disease Control and Prevention}}" in made
    assert "Dixon, A. R. and others}" in made
    assert "howpublished = {GAO-10-837; GAO-10-253R}" in made


def test_special_characters_are_escaped():
    made = bibtex([Citation(Source("k", "A & B", 2000, "50 % of {x}_y", "", "", "seen"), ("x",))])
    assert r"author = {{A \& B}}" in made
    assert r"title = {{50 \% of \{x\}\_y}}" in made


def test_a_citation_file_with_a_doi(tmp_path):
    file = tmp_path / "CITATION.cff"
    head = 'title: "T: u"\nauthors:\n  - name: "A"\n  - name: B\n'
    file.write_text(f"{head}version: 1.2\ndate-released: 2027-01-02\ndoi: 10.1/x\n")
    assert software(file) == Source("cartelitos", "A & B", 2027, "T: u", "Software, version 1.2", "doi:10.1/x", "seen")


def test_a_world_of_ones_own_need_not_be_complete(tmp_path):
    (tmp_path / "world.toml").write_text('title = "Mine"\n[sources.me]\ntitle = "Notes"\nstatus = "seen"\n')
    (tmp_path / "territories.csv").write_text("id,source\nA,me\nB\n")
    found = citations([replace(BARE, world=str(tmp_path))])
    assert next(str(each.source) for each in found if each.source.key == "me") == "Unknown (0). Notes."


def test_a_world_that_cannot_be_read_is_a_problem_with_its_file(tmp_path):
    (tmp_path / "world.toml").write_text('title = "Mine"\n')
    (tmp_path / "territories.csv").write_bytes(b"id\n\xff\n")
    with pytest.raises(ScenarioError, match=r"territories\.csv: cannot be read"):
        citations([replace(BARE, world=str(tmp_path))])

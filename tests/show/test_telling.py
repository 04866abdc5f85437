"""A run is told by the rules that are stated: every moment can be found again in the run itself."""

import re
from datetime import date
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from sim.experiment.plan import replicate_seed
from sim.model.log import EventLog
from sim.scenario import library, load
from sim.scenario.scenario import LeverPlan, Scenario
from sim.show.charts.state_maps import outline
from sim.show.telling.history import KEPT, RULES, events, moments, tell
from sim.show.telling.page import About, document, page, pictures
from sim.show.telling.pictures import film, films, stacked
from sim.show.telling.prose import Namer, sentence, tell_moment, vocabulary
from sim.words import section

ABOUT = About("baseline", "Usual <&>", 0, 7, "ab12", "v1", "cartelitos story baseline")


@pytest.fixture(scope="module")
def told():
    return tell(load("baseline"), replicate_seed(1, 0))


@pytest.fixture(scope="module")
def short():
    """A year on a grid, which has no outlines."""
    plan = LeverPlan("kingpin_targeting", ((date(2006, 12, 1), 1.0),))
    return tell(Scenario("town", "Town", "Who wins?", "grid", date(2006, 12, 1), 1, policy=(plan,)), 3)


@pytest.fixture(scope="module")
def filmed(short):
    """Its film, and how much was done of how much while it was made."""
    seen = []
    return film(short, "gif", vocabulary("es"), "baseline", 1, lambda done, planned: seen.append((done, planned))), seen


def paged(told, films, say):
    chosen = moments(told)
    return page(told, chosen, ABOUT, films, pictures(told, chosen, ABOUT, say), say)


def of(told, rule):
    return [moment for moment in moments(told) if moment.rule == rule]


def test_moments_are_in_order_and_every_rule_speaks(told):
    chosen = moments(told)
    assert [moment.day for moment in chosen] == sorted(moment.day for moment in chosen)
    assert {moment.rule for moment in chosen} == set(RULES)
    assert all(len(of(told, rule)) == count for rule, count in KEPT.items())


def test_the_worst_year_is_worse_than_any_other(told):
    (worst,) = of(told, "worst_year")
    sums = [told.homicides[k : k + 12].sum() for k in range(told.homicides.size - 11)]
    assert worst.size == pytest.approx(max(sums))
    assert worst.day == told.months[int(np.argmax(sums))].astype("datetime64[D]").item()


def test_the_worst_place_is_worse_than_any_other(told):
    (worst,) = of(told, "worst_place")
    assert worst.size == told.rate[11:].max()
    assert worst.place in told.places


def test_the_largest_falls_and_splits_are_told(told):
    log = [row for row in EventLog(**told.events) if row.kind == "split"]
    assert sorted(moment.size for moment in of(told, "splits")) == sorted(row.size for row in log)[-KEPT["splits"] :]
    assert {moment.size for moment in of(told, "falls")} == {*sorted(fall.members for fall in told.falls)[-KEPT["falls"] :]}
    for fall in of(told, "falls"):
        born = [line.born for line in told.lineage if line.parent == fall.cartel]
        assert fall.followers == sum(0 <= (day - fall.day).days <= 365 for day in born)


def test_rates_around_a_fall_are_those_of_its_place(told):
    fall = of(told, "falls")[0]
    month = int(np.flatnonzero(told.months == np.datetime64(fall.day, "M"))[0])
    row = told.places.index(fall.place)
    assert (fall.before, fall.after) == (told.rate[month - 1, row], told.rate[month + 12, row])


def war(told, *rows):
    """The run with no events but these."""
    table = EventLog.of((day, kind, one, two, place, 0, "") for day, kind, one, two, place in rows)
    return told._replace(events=table.columns(), falls=())


def test_a_war_is_all_its_places_until_a_truce_or_the_end(told):
    one, two, *_ = (line.cartel for line in told.lineage if line.died is None)
    only = war(
        told,
        (date(2010, 1, 1), "war", one, two, "SIN"),
        (date(2010, 2, 1), "war", two, one, "SON"),
        (date(2011, 1, 1), "truce", two, one, "SIN"),
        (date(2010, 5, 1), "truce", one, two, "SON"),
    )
    (found,) = of(only, "wars")
    assert (found.day, found.last, found.places, found.place) == (date(2010, 1, 1), date(2011, 1, 1), 2, "SIN")
    assert found.size == pytest.approx((365 + 89) / (365.25 / 12))
    (open_,) = of(war(told, (date(2010, 1, 1), "war", one, two, "SIN")), "wars")
    assert open_.last is None
    dead = next(line for line in told.lineage if line.died)
    (ended,) = of(war(told, (dead.born, "war", one, dead.cartel, "SIN")), "wars")
    assert ended.last == dead.died


def test_ended_groups_ended(told):
    died = {line.cartel: line for line in told.lineage if line.died}
    for moment in of(told, "ends"):
        assert moment.size == died[moment.cartel].peak_members
    least = min(moment.size for moment in of(told, "ends"))
    larger = {line.cartel for line in died.values() if line.peak_members > least}
    assert larger < {moment.cartel for moment in of(told, "ends")}


def test_growth_counts_groups(told):
    for moment in of(told, "growth"):
        assert moment.places >= moment.size * told.alive[0]
    assert [moment.size for moment in of(told, "growth")] == [2.0**k for k in range(1, 1 + len(of(told, "growth")))]


@pytest.mark.parametrize("language", ["en", "es"])
def test_moments_are_sentences(told, language):
    say = vocabulary(language)
    for moment in moments(told):
        text = tell_moment(moment, told, say)
        assert text.endswith(".")
        assert text[0].isupper() or text[0].isdigit()
        assert "{" not in text
        assert " de el " not in text
        assert "nan" not in text.split()


def test_sentences_have_articles():
    spanish_, english_ = vocabulary("es"), vocabulary("en")
    said = sentence("removal", "capture", 0, "Cártel del Golfo", "", "Tamaulipas", spanish_)
    assert said == "El capo del Cártel del Golfo es capturado en Tamaulipas."
    said = sentence("absorbed", "", 0, "Gulf Cartel", "Gulf Cartel 2", "Sinaloa", english_)
    assert said == "In Sinaloa the men of the Gulf Cartel pass to Gulf Cartel 2."


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_group_rules_no_verb(language):
    """A group may be one cartel or "the Iguala people": its verb would have to agree."""
    several = re.compile(r"{cartel} (and|y) {other} ")
    for kind, text in vocabulary(language).events.items():
        assert not re.search(r"(^|\. |\b(In|En) {place} ){(cartel|other)} ", several.sub("", text)), kind


def test_every_title_of_the_library_has_a_spanish_one():
    assert {load(name).title for name in library()} <= section("titles", "es").keys()


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_page_stands_alone(told, language):
    html = paged(told, {}, vocabulary(language))
    assert f'<html lang="{language}">' in html
    assert "Usual &lt;&amp;&gt;" in html
    assert not re.search(r"(src|href)=\"(?!#|data:)", html)
    assert "default-src 'none'" in html
    assert all(' alt="' in image for image in re.findall("<img[^>]*>", html))
    assert all('aria-label="' in drawing for drawing in re.findall("<svg[^>]*>", html))
    assert html.count("<li><b>") == len(moments(told))
    assert f"{told.homicides.sum():,.0f}" in html


def test_a_short_run_elsewhere_is_told_too(short):
    html = paged(short, {}, vocabulary("en"))
    assert 'class="map"' in html
    assert "nan" not in re.sub(r'src="[^"]*"', "", html).split()


def test_the_document_for_machines_has_no_nan(short):
    import json

    found = document(short, moments(short), ABOUT, [], "en")
    assert "NaN" not in json.dumps(found)
    assert {event["rule"] for event in found["events"]} <= found["rules"].keys()


def test_an_outline_is_the_polygon_of_its_path_data():
    shape = outline("M10 20l5 0 0 5 -5 0zM1 1l1 0 0 1z")
    assert shape.to_polygons()[0].tolist() == [[10, 20], [15, 20], [15, 25], [10, 25], [10, 20]]
    assert len(shape.to_polygons()) == 2


def test_marks_that_are_close_are_stacked():
    assert stacked([0.0, 0.1, 0.2, 1.0, 1.0], 0.5) == [0, 1, 2, 0, 1]


def test_a_film_moves(filmed):
    data, seen = filmed
    picture = Image.open(BytesIO(data))
    assert picture.n_frames > 5
    first = np.asarray(picture.convert("RGB"))
    picture.seek(picture.n_frames - 1)
    assert (first != np.asarray(picture.convert("RGB"))).any()
    assert seen[-1][0] + 1 == seen[-1][1]


@pytest.mark.skipif("mp4" not in films(), reason="no ffmpeg here")
def test_a_film_may_be_an_mp4(short):
    assert film(short, "mp4", vocabulary("en"), "baseline", 1, lambda done, planned: None)[4:8] == b"ftyp"


def test_a_gif_can_always_be_made():
    assert films()[0] == "gif"


def test_a_spared_leader_is_told(told):
    fall = max(told.falls, key=lambda fall: fall.members)
    twin = tell(load("baseline"), replicate_seed(1, 0), fall.removal)
    assert (fall.day, fall.cartel) not in {(moment.day, moment.cartel) for moment in of(twin, "falls")}


def test_groups_that_broke_away_are_named_as_papers_name_them(told):
    name = Namer(told, vocabulary("en"))
    splits = list(events(told, "split"))
    assert splits
    names = [name(row.other) for row in splits]
    places = dict(zip(told.places, told.titles, strict=True))
    for row, said in zip(splits, names, strict=True):
        assert said.startswith(f"{places[row.territory]} people ({row.date.year}")
    assert len(set(names)) == len(names)
    assert Namer(told, vocabulary("es"))(splits[0].other).startswith("los de ")


def test_a_film_can_be_paused_in_the_page(told, filmed):
    gif, _ = filmed
    html = paged(told, {"story.gif": gif}, vocabulary("en"))
    assert html.count('src="data:image/png;base64,') == Image.open(BytesIO(gif)).n_frames
    assert "infinite paused" in html
    assert "#play:checked ~ .film img { animation-play-state: running; }" in html
    assert "<script" not in html
    assert "<label" not in paged(told, {}, vocabulary("en"))

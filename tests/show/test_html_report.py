import re
from html.parser import HTMLParser

import pytest

from sim.show.report import write_report


class Page(HTMLParser):
    """Collects what the tests ask about; complains about tags that do not match."""

    def __init__(self, text):
        super().__init__()
        self.images, self.open, self.words = [], [], []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        if tag == "img":
            self.images.append(dict(attrs))
        if tag not in {"img", "meta"}:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.words.append(data)


@pytest.fixture(scope="module")
def text(folder):
    return write_report(folder).read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def page(text):
    return Page(text)


def test_tags_match(page):
    assert page.open == []


def test_pictures_are_inside_and_described(page):
    assert len(page.images) == 5
    assert all(image["src"].startswith("data:image/svg+xml;base64,") and image["alt"] for image in page.images)


def test_asks_nothing_of_any_server(text):
    assert not re.search(r"(src|href)\s*=\s*[\"'](?!data:)", text)
    assert "http://" not in text
    assert "https://" not in text


def test_holds_questions_table_and_provenance(page, results):
    words = "".join(page.words)
    assert "What does zeal do?" in words
    assert "AGAINST BUSINESS AS USUAL (usual)" in words
    assert "AGAINST THE FIRST YEAR" in words
    assert results.plan["model_version"] in words
    assert results.plan["arms"][1]["digest"] in words


def test_hostile_names_stay_text(page, text):
    assert "calm <b>&" in "".join(page.words)
    assert "<b>" not in text


def test_a_lone_run_has_a_report(alone):
    assert len(Page(write_report(alone).read_text(encoding="utf-8")).images) == 3

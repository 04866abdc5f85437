"""Constants: what no publication gives says why it is what it is, in words that can be checked."""

import math
import re
from collections import Counter

import pytest

from sim.catalogue.evidence import EVIDENCE
from sim.catalogue.levers import LEVERS
from sim.catalogue.metrics import METRICS
from sim.catalogue.parameters import PARAMETERS
from sim.catalogue.priors import PRIORS
from sim.catalogue.sources import SOURCES

UNSOURCED = {name: p for name, p in PARAMETERS.items() if p.source in {"ASSUMED", "FITTED"}}
WORD = re.compile(r"[a-z]{3,}")
KEY = re.compile(r"\b[a-z]+(?:_[a-z0-9]+)+\b|\b[a-z]+_?(?:19|20)\d\d[a-z]?\b")  # what looks like the name of a source
NUMBER = r"\d[\d,]*(?:\.\d+)?(?:e-?\d+)?"
TERM = re.compile(rf"(?<![\w.])-?{NUMBER}(?![\w.]*[a-zA-Z])|\b(?:million|billion|exp|ln|x)\b|[-+/^()]")
CODE = {"million": "*1e6", "billion": "*1e9", "x": "*", "^": "**", "ln": "ln "}
every_unsourced = pytest.mark.parametrize("parameter", UNSOURCED.values(), ids=list(UNSOURCED))


def plain(text):
    """Without what stands between backticks."""
    return re.sub(r"`[^`]*`", "", text)


@every_unsourced
def test_why_says_more_than_what_it_is(parameter):
    said, more = set(WORD.findall(parameter.meaning)), set(WORD.findall(parameter.why))
    assert len(parameter.why) >= 80
    assert parameter.why.endswith(".")
    assert len(more - said) >= 8


def test_no_why_stands_twice():
    assert [why for why, times in Counter(p.why for p in UNSOURCED.values()).items() if times > 1] == []


@every_unsourced
def test_what_a_why_names_exists(parameter):
    ids = re.findall(r"\b[A-Z]{1,2}\d+[a-z]?\b", parameter.why)
    named = set(re.findall(r"`([^`]*)`", parameter.why)) - {"calibrate"}
    assert set(KEY.findall(plain(parameter.why))) - SOURCES.keys() == set()
    assert "et al" not in parameter.why
    assert set(ids) - EVIDENCE.keys() == set()
    assert named - {*PARAMETERS, *METRICS, *LEVERS} == set()


@pytest.mark.parametrize("parameter", [p for p in UNSOURCED.values() if p.source == "FITTED"], ids=lambda p: p.name)
def test_a_fitted_one_names_rows_that_may_be_tuned_on(parameter):
    rows = re.findall(r"\b[A-Z]{1,2}\d+[a-z]?\b", parameter.why)
    assert rows
    assert {EVIDENCE[row].use for row in rows} == {"calibrate"}


def test_what_calibration_searches_is_said_with_its_range():
    pattern = re.compile(rf"`calibrate` searches (-?{NUMBER}) to ({NUMBER})( billion)? \(priors.py\)")
    said = {name: pattern.search(p.why) for name, p in UNSOURCED.items()}
    ranges = {name: [float(m[i]) * (1e9 if m[3] else 1.0) for i in (1, 2)] for name, m in said.items() if m}
    assert ranges == {prior.name: [prior.low, prior.high] for prior in PRIORS}


def equations(why):
    """Every `expression = number` of a text: the words before the sign, the number after it and half of its last digit."""
    for left, right in re.findall(rf"([^;=]*?) = (?=(-?{NUMBER}(?: %| million| billion)?))", plain(why)):
        digits, _, unit = right.partition(" ")
        scale = {"%": 0.01, "million": 1e6, "billion": 1e9}.get(unit, 1.0)
        digits = digits.replace(",", "")
        places = len(digits.partition(".")[2]) or len(digits.rstrip("0")) - len(digits)
        yield left, float(digits) * scale, 0.5001 * scale * 10.0**-places


def values(words):
    """What the end of a text comes to, by where one begins to read; words between numbers do not count."""
    terms = [CODE.get(term, term.replace(",", "")) for term in TERM.findall(words)]
    for start in range(len(terms)):
        code = re.sub(r"ln ([\d.]+)", r"log(\1)", "".join(terms[start:]))
        if re.search(r"\d\(", code):  # a remark in brackets
            continue
        try:
            yield float(eval(code, {"exp": math.exp, "log": math.log}))
        except (SyntaxError, TypeError, ValueError, ArithmeticError):
            continue


def test_the_arithmetic_is_right():
    found = [(p.name, left, right, error) for p in UNSOURCED.values() for left, right, error in equations(p.why)]
    assert len(found) > 70
    wrong = [(name, left, right) for name, left, right, error in found if not any(abs(v - right) <= error for v in values(left))]
    assert wrong == []

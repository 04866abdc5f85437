"""The equal-cost statement says everything a reader of the table must know, and judges nobody."""

import pytest

from sim.analysis.table import amount, cost_section, statement


def solution(status="met", factor=1.5, usd=15e9):
    return {"status": status, "factor": factor, "usd": usd}


def row(name, **low):
    mid = solution()
    return {
        "scenario": name,
        **mid,
        "usd_as_written": 10e9,
        "usd_at_prices": {"low": 8e9, "mid": 15e9, "high": 30e9},
        "solutions": {"low": solution(**low), "mid": mid, "high": solution(factor=0.75)},
    }


@pytest.fixture
def found():
    return {
        "baseline": "usual",
        "prices": "mid",
        "budget_usd": 15e9,
        "budget_usd_per_year": 1e9,
        "budget_usd_at_prices": {"low": 7e9, "mid": 15e9, "high": 31e9},
        "years": 15.0,
        "basis": "what soldiers costs as written",
        "scenarios": [row("soldiers"), row("clinics", status="not reachable", factor=9.0, usd=4e9)],
    }


def test_budget_prices_and_factors(found):
    text = statement(found)
    head, *_ = text.split("\n\n")
    assert " ".join(head.split()) == (
        "EQUAL COST: US$ 1.00 bn a year more than usual, US$ 15.00 bn in 15.0 years, at mid prices "
        "(what soldiers costs as written)."
    )
    assert "the factors at low prices (for US$ 7.00 bn) and high prices (for US$ 31.00 bn)" in " ".join(text.split())
    lines = {line[:27].strip(): line.split()[-2:] for line in text.splitlines() if line.startswith("Factor ")}
    assert lines == {
        "Factor": ["1.5", "1.5"],
        "Factor at low prices": ["not", "reachable"],
        "Factor at high prices": ["0.75", "0.75"],
    }
    assert "trade-off tables" not in text


def test_who_misses_the_budget_is_named(found):
    short, saver, same = row("short"), row("saver"), row("same")
    short |= solution("not reachable", 80.0, 7e9)
    saver |= solution("no extra cost", 1.0, -2e9)
    same |= solution("no extra cost", 1.0, 0.0)
    text = statement(found | {"scenarios": [short, saver, same]})
    assert "short: the budget is not reachable; at most US$ 7.00 bn can be spent this way" in text
    assert "saver: costs US$ 2.00 bn less than usual and is compared as written." in text
    assert "same: costs no more than usual and is compared as written." in text


def test_other_prices_than_those_of_the_table_are_announced(found):
    assert "count costs at mid prices" in statement(found | {"prices": "high"})
    labels = [row[0] for row in cost_section(found | {"prices": "high"}).rows]
    assert labels[3:] == ["Factor at low prices", "Factor at mid prices"]


def test_no_line_is_too_long(found):
    many = found | {"scenarios": [row(f"a-scenario-with-a-long-name-{number}") for number in range(9)]}
    for width in (80, 114):
        assert max(map(len, statement(many, width).splitlines())) <= width


def test_no_word_takes_sides(found):
    text = statement(found).lower()
    assert not any(word in text for word in ("best", "better", "worse", "waste", "win", "fair", "fail"))


@pytest.mark.parametrize(
    ("usd", "text"),
    [(13.54e9, "+13.54 bn"), (-2e9, "-2.00 bn"), (3.25e8, "+0.33 bn"), (2.5e6, "+2.5 million"), (0.0, "0")],
)
def test_amounts(usd, text):
    assert amount(usd) == text

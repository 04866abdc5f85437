"""The sentences with which a comparison begins."""

from types import SimpleNamespace

import numpy as np
import pairs
import pyarrow as pa
import pytest

from sim.analysis.answer import answers, beginning, paragraphs, rest, to_json
from sim.analysis.ensemble import gather
from sim.analysis.paired import compare

COST = {"usual": 1e8, "zeal": 1.5e8, "calm": 1e8, "twin": 1e8}


def told(effects, replicates=12, **drawn):
    """Answers of an experiment whose worlds drew these parameters."""
    series = pairs.experiment(effects, replicates, cost=COST)
    count = replicates * len(effects)
    runs = {"scenario": [name for name in effects for _ in range(replicates)], "replicate": [*range(replicates)] * len(effects)}
    runs |= {"status": ["ok"] * count} | {f"parameter.{name}": [*values] * len(effects) for name, values in drawn.items()}
    return answers(compare(series, "usual"), gather(series), pa.table(runs))


def test_a_change_is_told_with_size_interval_worlds_and_cost():
    (zeal,) = told({"usual": 1.0, "zeal": 1.5})
    (said,) = paragraphs([zeal])
    row = zeal.row
    assert said.startswith(
        f"zeal raises homicides by {row.percent:.1f} % against usual (95 % interval {row.percent_low:+.1f} to {row.percent_high:+.1f} %): "
        f"{row.difference:+.0f} deaths a year, +"
    )
    assert " deaths over 2 years; worse in 12 of 12 worlds. It costs US$ 1.20 bn more over the window, US$ 0.60 bn a year." in said
    assert "Also told" not in said
    assert rest([zeal]) == ["Also told from zero: cartel members +12.5 %."]
    assert len(zeal.sentences()) == len(zeal.sentences("es")) == 3
    assert said.endswith("No single assumption stands out among 12 worlds.")


def test_the_same_in_spanish():
    (said,) = paragraphs(told({"usual": 1.0, "calm": 0.5}), "es")
    assert said.startswith("calm reduce «homicidios» en ")
    assert "peor en 0 de 12 mundos. Cuesta lo mismo." in said


def test_nothing_is_nothing():
    assert [*paragraphs(told({"usual": 1.0, "twin": 1.0}))] == ["twin leaves homicides exactly as it is under usual, in all 12 worlds."]
    assert told({"usual": 1.0}) == []


def test_several_policies_begin_with_three_sentences_in_all():
    found = told({"usual": 1.0, "zeal": 1.5, "calm": 0.5, "twin": 1.0})
    (said,) = beginning(found)
    assert said.startswith("Homicides against usual in 12 worlds (95 % interval of the mean): zeal +24.8 % (+24.4 to +25.2), +386 deaths")
    assert said.count(". ") == 2
    assert f"; calm {found[1].row.percent:+.1f} %" in said
    assert "deaths a year, worse in 12; calm" in said
    assert said.endswith(
        "Not told from zero: twin 0. Cost over the window against usual: zeal US$ 1.20 bn more; calm as much; twin as much."
    )
    (said,) = beginning([found[2]] * 2, "es")
    assert said.startswith("Homicidios frente a usual en 12 mundos (intervalo de 95 % de la media): no se distinguen de cero: twin 0;")
    assert [*beginning(found[:1])] == [*paragraphs(found[:1])]


def test_one_world_is_not_sure():
    (said,) = paragraphs(told({"usual": 1.0, "zeal": 1.5}, replicates=1))
    assert "how sure that is, one world cannot tell" in said


def test_what_cannot_be_told_says_how_many_worlds_would():
    luck = np.resize([40.0, -39.0], 10)
    usual = [pairs.run("usual", r, homicides=100.0) for r in range(10)]
    series = pairs.series(*usual, *(pairs.run("zeal", r, homicides=100.0 + luck[r]) for r in range(10)))
    rows = compare(series, "usual")
    (found,) = answers(rows, gather(series), pa.table({"scenario": ["zeal"] * 10, "replicate": [*range(10)], "status": ["ok"] * 10}))
    (said,) = paragraphs([found])
    assert said.startswith("Whether zeal changes homicides cannot be told with 10 worlds: +0.5 % against usual")
    assert f"; an interval of +-5 % takes {found.row.needed:,} worlds." in said
    assert len(found.sentences()) <= 3
    assert "hangs" not in said


def test_the_assumption_that_it_hangs_on_most_is_named_if_chance_would_not_do_as_well():
    worlds = np.arange(12)
    series = pairs.series(
        *(pairs.run("usual", r, homicides=100.0) for r in worlds), *(pairs.run("zeal", r, homicides=110.0 + 2.0 * r) for r in worlds)
    )
    rows = compare(series, "usual")
    runs = {"scenario": ["zeal"] * 12, "replicate": worlds, "status": ["ok"] * 12}
    runs |= {f"parameter.noise{k}": (worlds * k) % 12 for k in (5, 7)} | {"parameter.constant": [1.0] * 12}
    (found,) = answers(rows, gather(series), pa.table(runs | {"parameter.lethality": worlds * 1.0}))
    assert found.hinge.assumption == "lethality"
    assert (found.hinge.above, found.hinge.below) == pytest.approx((10 + 2 * 8.5, 10 + 2 * 2.5))
    assert "It hangs most on lethality (" in next(paragraphs([found]))
    assert to_json([found])[0]["hangs_on"]["correlation"] == pytest.approx(1.0)
    (found,) = answers(rows, gather(series), pa.table(runs | {"parameter.lethality": (worlds * 5) % 12}))
    assert found.hinge is None


def test_totals_and_rates_never_share_a_name():
    series = pairs.series(pairs.run("usual", 0, homicides=0.0), pairs.run("zeal", 0, homicides=10.0))
    row = next(row for row in compare(series, "usual") if (row.scenario, row.baseline) == ("zeal", "usual"))
    assert row.total == pytest.approx(240.0)
    assert row.difference == row.mean == pytest.approx(240.0 * 365.25 / pairs.DAYS.sum())


def test_levers_with_thin_evidence_are_named_in_both_languages():
    (zeal,) = told({"usual": 1.0, "zeal": 1.5})
    said = zeal._replace(thin=SimpleNamespace(levers=("justice",), share=0.8))
    assert "justice institutions, which make 80 % of it" in said.sentences()[-1]
    assert "instituciones de justicia, que hacen 80 %" in said.sentences("es")[-1]

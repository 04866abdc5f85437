"""Weeks become months whatever the length of a run."""

from datetime import date
from typing import Any

import numpy as np
import pytest
from cases import scenario

from sim.model import model as module
from sim.model.clock import YEAR, Calendar
from sim.model.run import simulate


def test_every_month_has_stocks_its_own_or_in_the_last_those_of_the_month_before() -> None:
    for weeks in range(1, 160):
        calendar = Calendar(date(2006, 12, 1), weeks)
        weeks_read = np.flatnonzero(calendar.ends >= 0)
        assert calendar.ends[weeks_read].tolist() == sorted(set(calendar.known.tolist()))
        late = np.arange(len(calendar.months)) - calendar.known
        assert late[:-1].max(initial=0) == 0
        assert late[-1] in (0, 1)


def test_compiled_code_comes_back_at_least_once_a_year(monkeypatch: pytest.MonkeyPatch) -> None:
    """Until then Python hears neither Ctrl-C nor that its driver is gone."""
    spans = []

    def watched(*arguments: Any) -> tuple[int, int]:
        stopped = module_weeks(*arguments)
        spans.append(stopped[0] - arguments[1])
        return stopped

    module_weeks = module.weeks
    monkeypatch.setattr(module, "weeks", watched)
    simulate(scenario(years=5), 1)
    assert max(spans) <= YEAR
    assert sum(spans) == int(5 * 365.2425 / 7)


@pytest.mark.parametrize("weeks", [101, 102])  # the last of 101 weeks begins in one month and ends in the next
def test_no_month_of_a_run_is_without_groups(weeks: int) -> None:
    active = simulate(scenario(years=(weeks + 0.5) * 7 / 365.2425), 1).series["groups_active"]
    assert active.min() > 0

"""Reporting clocks: awareness is day 0, and each jurisdiction has its own days."""

import datetime as dt
import re
from dataclasses import replace

import pytest

from earlyphase.faults import InvalidInput
from earlyphase.toxicity.clocks import Reportable, load_jurisdictions, reporting_deadlines

AWARE = dt.date(2026, 5, 3)
FATAL = Reportable(AWARE, serious=True, related=True, unexpected=True, fatal_or_life_threatening=True)
SERIOUS = replace(FATAL, fatal_or_life_threatening=False)


@pytest.mark.parametrize(
    ("event", "where", "due"),
    [
        (FATAL, "ICH", [("first report", 7), ("follow-up report", 15)]),
        (FATAL, "EU", [("first report", 7), ("follow-up report", 15)]),
        (FATAL, "CN", [("first report", 7), ("follow-up report", 15)]),
        (FATAL, "US", [("report", 7)]),
        (SERIOUS, "ICH", [("report", 15)]),
        (SERIOUS, "EU", [("report", 15)]),
        (SERIOUS, "CN", [("report", 15)]),
        (SERIOUS, "US", [("report", 15)]),
        (replace(FATAL, related=False), "CN", []),
        (replace(FATAL, unexpected=False), "CN", []),
        (replace(SERIOUS, serious=False), "CN", []),
    ],
)
def test_a_report_is_due_so_many_days_after_awareness(event, where, due):
    deadlines = reporting_deadlines(event, [where])
    assert [(one.report, one.day) for one in deadlines] == due
    assert [one.due for one in deadlines] == [AWARE + dt.timedelta(days=days) for _, days in due]


def test_a_clock_does_not_wait_for_causality_or_expectedness():
    (deadline,) = reporting_deadlines(replace(SERIOUS, related=None, unexpected=None), ["CN"])
    assert "taken as related and unexpected until that is recorded" in deadline.reason


def test_the_soonest_report_comes_first_and_days_left_are_counted():
    deadlines = reporting_deadlines(FATAL, ["CN", "US"])
    assert [(one.jurisdiction, one.day) for one in deadlines] == [("CN", 7), ("US", 7), ("CN", 15)]
    assert deadlines[0].days_left(AWARE + dt.timedelta(days=9)) == -2


def test_every_jurisdiction_names_its_source():
    assert all(one.source for one in load_jurisdictions().values())


def test_an_unknown_jurisdiction_is_refused():
    with pytest.raises(InvalidInput, match=re.escape("Known: ICH, US, EU, CN.")):
        reporting_deadlines(FATAL, ["XX"])

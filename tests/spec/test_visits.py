"""Visits of the schedule: done, due, overdue, planned, each with its window."""

import datetime as dt

from tests.builders import Site, a_protocol, day
from tests.simulated import small

from earlyphase.study.visits import VisitState, open_visits, visits_of

INFUSED = day(60)


def after(days):
    return INFUSED + dt.timedelta(days)


def a_site():
    site = Site(small())
    site.treats("001", INFUSED)
    return site


def states(site, today):
    person = site.study.participants["001"]
    return {one.name: one.state for one in visits_of(site.protocol.schedule, person, today)}


def test_a_visit_is_planned_then_due_then_overdue():
    site = a_site()
    seen = [states(site, after(days))["Day 7"] for days in (5, 6, 8, 9)]
    assert seen == [VisitState.PLANNED, VisitState.DUE, VisitState.DUE, VisitState.OVERDUE]


def test_a_visit_that_was_held_is_done_and_one_beyond_its_window_says_so():
    site = a_site()
    site.says("visit", "coordinator", "001", on=after(7), name="Day 7")
    site.says("visit", "coordinator", "001", on=after(40), name="day 28")
    found = states(site, after(50))
    assert (found["Day 7"], found["Day 28"]) == (VisitState.DONE, VisitState.OUTSIDE)


def test_before_the_infusion_no_visit_has_a_date():
    site = Site(small())
    site.admits("001", day(3))
    assert set(states(site, day(10)).values()) == {VisitState.UNDATED}


def test_nobody_waits_for_who_has_died():
    site = a_site()
    site.says("death", "investigator", "001", on=after(10), cause="disease", cause_text="progression")
    found = states(site, after(100))
    assert (found["Day 7"], found["Day 28"], found["Month 3"]) == (
        VisitState.OVERDUE,
        VisitState.NOT_EXPECTED,
        VisitState.NOT_EXPECTED,
    )


def test_a_window_is_counted_from_the_infusion_with_both_ends():
    site = a_site()
    person = site.study.participants["001"]
    one = next(visit for visit in visits_of(site.protocol.schedule, person, after(1)) if visit.name == "Day 28")
    assert (one.first, one.planned, one.last) == (after(28), after(28), after(31))


def test_only_what_somebody_must_see_to_is_open():
    site = a_site()
    person = site.study.participants["001"]
    assert [one.name for one in open_visits(site.protocol.schedule, person, after(30))] == [
        "Screening",
        "Day 7",
        "Day 28",
    ]


def test_a_protocol_without_visits_asks_for_none():
    site = Site(a_protocol())
    site.admits("001", day(3))
    assert visits_of(site.protocol.schedule, site.study.participants["001"], day(9)) == ()

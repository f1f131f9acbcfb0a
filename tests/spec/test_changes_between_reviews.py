"""What a committee must know that it did not know at its last review."""

from tests.builders import Site, day, three_treated

from earlyphase.analysis.changes import Matter, changes_between
from earlyphase.study.commands import Correct, Void
from earlyphase.study.desk import Author


def a_cohort():
    site = Site()
    three_treated(site)
    return site, site.study


def about(site, before, matter):
    return [
        (one.participant, one.before, one.now) for one in changes_between(before, site.study) if one.matter is matter
    ]


def test_nothing_has_changed_in_an_unchanged_study():
    site, before = a_cohort()
    assert changes_between(before, site.study) == ()


def test_a_finding_changes_the_participant_and_the_recommendation():
    site, before = a_cohort()
    site.finds("001", day(100))
    assert about(site, before, Matter.PARTICIPANT) == [("001", f"level 1: pending until {day(58)}", "level 1: no DLT")]
    ((_, then, now),) = about(site, before, Matter.RECOMMENDATION)
    assert "start" in then
    assert "0 of 1" in now


def test_new_events_are_told_once_for_each_participant_where_they_are_severe_or_serious():
    site, before = a_cohort()
    site.sees("003", day(80), 2)
    site.sees("003", day(81), 3)
    site.sees("003", day(82), 1, serious=True)
    assert about(site, before, Matter.EVENT) == [("003", "", "new: Seizure 3; Seizure 1, serious")]


def test_an_event_that_was_regraded_or_voided_is_told_old_and_new():
    site, _ = a_cohort()
    kept, gone = site.sees("003", day(80), 2), site.sees("003", day(81), 2)
    before = site.study
    fields = site.study.participants["003"].adverse_events[0].payload.model_dump(mode="json", exclude_none=True)
    author = Author("Li Wei", "investigator")
    site.desk.do(
        Correct(command="correct", entry=kept.seq, payload=fields | {"grade": 3}, reason="query"), author, site.now
    )
    site.desk.do(Void(command="void", entry=gone.seq, reason="twice"), author, site.now)
    (regraded, voided) = about(site, before, Matter.EVENT)
    assert regraded[1].startswith("Seizure, grade 2, ")
    assert regraded[2].startswith("Seizure, grade 3, ")
    assert voided[2] == f"entry {gone.seq} was voided"


def test_a_decision_is_told_with_its_level():
    site, _ = a_cohort()
    for name in ("001", "002", "003"):
        site.finds(name, day(100))
    before = site.study
    site.decides(day(101))
    assert about(site, before, Matter.DECISION) == [(None, "", f"{day(101)}: escalate to level 2")]

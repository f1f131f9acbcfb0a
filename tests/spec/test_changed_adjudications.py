"""A grade that changes after the reviewers found shows the adjudication, and every decision that rests on it."""

from tests.builders import Site, day, three_treated

from earlyphase.journal.entry import Entry
from earlyphase.study.changed_basis import changed_bases
from earlyphase.study.commands import Correct, Void
from earlyphase.study.desk import Author
from earlyphase.study.status import status_of

TODAY = day(400)


def escalated(grade=2, verdict="no DLT"):
    """Treat three; the third has an event of a grade; the committee follows the recommendation."""
    site = Site()
    days = three_treated(site)
    event = site.sees("003", day(days[2] + 2), grade)
    named = {"adverse_event": event.seq} if verdict == "DLT" else {}
    for name in ("001", "002"):
        site.finds(name, day(100))
    site.finds("003", day(100), verdict, **named)
    decision = site.decides(day(101))
    assert isinstance(decision, Entry)
    return site, event, decision


def changes_grade(site, event, grade):
    fact = next(f for f in site.study.participants["003"].adverse_events if f.entry == event.seq)
    fields = fact.payload.model_dump(mode="json", exclude_none=True) | {"grade": grade}
    site.now = site.now.replace(year=2027)
    change = Correct(command="correct", entry=event.seq, payload=fields, reason="regraded after query")
    answer = site.desk.do(change, Author("Li Wei", "investigator"), site.now)
    assert isinstance(answer, Entry)
    return answer


def test_what_stands_as_it_was_found_is_not_shown():
    site, *_ = escalated()
    assert changed_bases(site.study, TODAY) == ()


def test_a_grade_raised_after_the_finding_shows_the_finding_and_the_decision_that_rests_on_it():
    site, event, decision = escalated()
    change = changes_grade(site, event, 4)
    (found,) = changed_bases(site.study, TODAY)
    assert (found.participant, found.found, found.proposed) == ("003", "no DLT", "DLT")
    assert [one.entry for one in found.decisions] == [decision.seq]
    assert f"entry {event.seq} was changed by entry {change.seq} and is now Seizure, grade 4" in str(found)
    assert str(found).endswith(f"Decisions that rest on it: entry {decision.seq}.")


def test_a_grade_lowered_after_a_dlt_was_found_shows_the_finding():
    site, event, _ = escalated(4, "DLT")
    changes_grade(site, event, 2)
    (found,) = changed_bases(site.study, TODAY)
    assert (found.found, found.proposed) == ("DLT", "no DLT")


def test_a_change_that_leaves_the_finding_right_is_not_shown():
    site, event, _ = escalated()
    changes_grade(site, event, 3)
    assert changed_bases(site.study, TODAY) == ()


def test_an_event_recorded_after_the_finding_is_shown_where_it_would_be_a_dlt():
    site, *_ = escalated()
    late = site.sees("003", day(80))
    (found,) = changed_bases(site.study, TODAY)
    assert found.changes == (f"Seizure, grade 4, was recorded afterwards (entry {late.seq})",)


def test_a_dlt_whose_event_was_voided_is_shown():
    site, event, _ = escalated(4, "DLT")
    void = Void(command="void", entry=event.seq, reason="another participant's")
    assert isinstance(site.desk.do(void, Author("Li Wei", "investigator"), site.now), Entry)
    (found,) = changed_bases(site.study, TODAY)
    assert found.changes == (f"the event of entry {event.seq} was voided",)


def test_a_reviewer_who_overrules_the_rule_is_not_shown_as_a_change():
    site, *_ = escalated(4, "no DLT")
    assert changed_bases(site.study, TODAY) == ()


def test_the_status_says_so():
    site, event, _ = escalated()
    changes_grade(site, event, 4)
    assert "adjudication on changed facts" in {alert.what for alert in status_of(site.study, TODAY).alerts}

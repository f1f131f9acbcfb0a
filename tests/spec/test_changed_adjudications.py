"""A grade that changes after the reviewers found shows the adjudication, and every decision that rests on it."""

from tests.builders import Site, day, three_treated

from earlyphase.journal.entry import Entry
from earlyphase.journal.payloads.safety import DltAdjudication, DltReview
from earlyphase.study.changed_basis import changed_bases
from earlyphase.study.commands import Correct, Void
from earlyphase.study.desk import Author
from earlyphase.study.discordance import discordant_decisions
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
    return corrects(site, event, grade=grade)


def corrects(site, event, **changes):
    fact = next(f for f in site.study.participants["003"].adverse_events if f.entry == event.seq)
    fields = fact.payload.model_dump(mode="json", exclude_none=True) | changes
    site.now = max(site.now, site.now.replace(year=2027))
    change = Correct(command="correct", entry=fact.latest, payload=fields, reason="regraded after query")
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
    assert found.changes == (f"entry {event.seq} (Seizure) was changed by entry {change.seq}: grade was 2, is 4",)
    assert found.changes[0] in str(found)
    assert str(found).endswith(f"Decisions that rest on it: entry {decision.seq}.")


def test_a_grade_changed_twice_is_told_from_what_the_reviewers_saw_to_what_is_known_now():
    site, event, _ = escalated(3)
    changes_grade(site, event, 2)
    last = changes_grade(site, event, 4)
    (found,) = changed_bases(site.study, TODAY)
    assert found.changes == (f"entry {event.seq} (Seizure) was changed by entry {last.seq}: grade was 3, is 4",)


def test_a_grade_changed_before_the_reviewers_found_is_what_they_saw():
    site = Site()
    days = three_treated(site)
    event = site.sees("003", day(days[2] + 2), 4)
    changes_grade(site, event, 2)
    site.now = site.now.replace(year=2028)
    site.finds("003", day(100))
    last = changes_grade(site, event, 4)
    (found,) = changed_bases(site.study, TODAY)
    assert found.changes == (f"entry {event.seq} (Seizure) was changed by entry {last.seq}: grade was 2, is 4",)


def test_every_change_that_a_clause_rests_on_is_told_old_and_new():
    site, event, _ = escalated(4, "DLT")
    corrects(site, event, onset=str(day(10)), relatedness="not related", cause="other")
    (found,) = changed_bases(site.study, TODAY)
    assert found.changes[0].endswith(
        f"onset was {day(74)}, is {day(10)}; relatedness was related, is not related; cause was not recorded, is other"
    )


def test_a_late_change_shows_every_decision_that_it_makes_discordant():
    site, event, first = escalated()
    days = three_treated(site, 130, ("004", "005", "006"))
    for name in ("004", "005", "006"):
        site.finds(name, day(days[2] + 30))
    second = site.decides(day(days[2] + 31))
    assert isinstance(second, Entry)
    changes_grade(site, event, 4)
    (found,) = changed_bases(site.study, TODAY)
    expected = every_decision_otherwise(site)
    assert [one.entry for one in found.decisions] == expected
    assert first.seq in expected


def every_decision_otherwise(site):
    """Give the decisions whose recommendation changes when the reviewers find anew: the change is really made."""
    site.now = site.now.replace(year=2029)
    person = site.study.participants["003"]
    event = person.adverse_events[0].entry
    finding = {"verdict": "DLT", "adverse_event": event, "because": "regraded"}
    for fact in (*person.all(DltReview), *person.all(DltAdjudication)):
        fields = fact.payload.model_dump(mode="json", exclude_none=True) | finding
        change = Correct(command="correct", entry=fact.latest, payload=fields, reason="the grade was changed")
        answer = site.desk.do(change, Author("Li Wei", "committee"), site.now)
        assert isinstance(answer, Entry), answer
    return [one.entry for one in discordant_decisions(site.study)]


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

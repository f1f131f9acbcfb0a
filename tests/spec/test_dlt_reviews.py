"""Two reviewers find alone; one more decides where they differ; the adjudication says what they found."""

import pytest
from tests.builders import Site, a_protocol, day, rules_of

from earlyphase.faults import InvalidInput
from earlyphase.journal.entry import Entry
from earlyphase.journal.payloads.safety import DltAdjudication, DltReview, DltVerdict
from earlyphase.study.commands import Correct
from earlyphase.study.desk import Author
from earlyphase.study.dlt_review import changed_unblinded, review_state, visible_reviews
from earlyphase.study.reconstruct import reconstruct
from earlyphase.study.status import status_of

INFUSED, OVER = 30, 58
A, B, C = "A. Reviewer", "B. Reviewer", "C. Reviewer"


def infused(**dlt):
    protocol = a_protocol()
    if dlt:
        protocol = protocol.model_copy(update={"dlt": protocol.dlt.model_copy(update=dlt)})
    site = Site(protocol)
    site.treats("001", day(INFUSED))
    return site


def state_of(site):
    return review_state(site.protocol, site.study.participants["001"])


def adjudicates(site, **fields):
    return site.says("dlt_adjudication", "committee", "001", on=day(OVER), because="as reviewed", **fields)


def a_split(site):
    """Have one reviewer find a DLT and the other none."""
    event = site.sees("001", day(INFUSED + 3))
    site.reviews("001", A, day(OVER), "DLT", adverse_event=event.seq)
    site.reviews("001", B, day(OVER))
    return event


def test_an_adjudication_waits_for_both_reviews():
    site = infused()
    site.reviews("001", A, day(OVER))
    assert rules_of(adjudicates(site, verdict="no DLT", reviewers=[A, B])) == {"reviews"}
    site.reviews("001", B, day(OVER))
    assert isinstance(adjudicates(site, verdict="no DLT", reviewers=[A, B]), Entry)


def test_what_the_reviews_say_is_filled_into_the_adjudication():
    site = infused()
    site.reviews("001", A, day(OVER))
    site.reviews("001", B, day(OVER))
    adjudicates(site)
    (finding,) = site.study.participants["001"].every(DltAdjudication)
    assert (finding.verdict, finding.reviewers) == (DltVerdict.NO_DLT, (A, B))


def test_without_complete_reviews_nothing_is_filled_in():
    site = infused()
    site.reviews("001", A, day(OVER))
    with pytest.raises(InvalidInput, match="verdict"):
        adjudicates(site)


def test_an_adjudication_cannot_say_otherwise_than_both_reviewers():
    site = infused()
    event = site.sees("001", day(INFUSED + 3))
    site.reviews("001", A, day(OVER))
    site.reviews("001", B, day(OVER))
    answer = adjudicates(site, verdict="DLT", adverse_event=event.seq, reviewers=[A, B])
    assert rules_of(answer) == {"reviews"}
    assert 'the adjudication says "DLT", the reviews "no DLT"' in str(answer)


def test_an_adjudication_names_those_who_reviewed_and_an_event_that_one_of_them_named():
    site = infused()
    first, second = site.sees("001", day(INFUSED + 3)), site.sees("001", day(INFUSED + 5))
    for reviewer in (A, B):
        site.reviews("001", reviewer, day(OVER), "DLT", adverse_event=first.seq)
    assert rules_of(adjudicates(site, reviewers=[A, C])) == {"reviews"}
    assert rules_of(adjudicates(site, adverse_event=second.seq)) == {"reviews"}


def test_reviewers_who_differ_need_one_more_who_decides():
    site = infused()
    event = a_split(site)
    assert state_of(site).says == "the reviewers differ: one more decides"
    assert rules_of(adjudicates(site, verdict="no DLT", reviewers=[A, B])) == {"reviews"}
    site.reviews("001", C, day(OVER), "DLT", adverse_event=event.seq)
    adjudicates(site)
    finding = site.study.participants["001"].last(DltAdjudication)
    assert (finding.verdict, finding.adverse_event, finding.reviewers) == (DltVerdict.DLT, event.seq, (A, B, C))


def test_the_one_who_decides_stands_alone_where_all_three_differ():
    site = infused()
    a_split(site)
    progressed = "progression or relapse before the end of the window"
    site.reviews("001", C, day(OVER), "not evaluable", not_evaluable=progressed)
    adjudicates(site)
    assert site.study.participants["001"].last(DltAdjudication).not_evaluable == progressed


def test_reviewers_who_give_different_reasons_for_not_evaluable_differ():
    site = infused()
    site.reviews("001", A, day(OVER), "not evaluable", not_evaluable="under-dosed")
    site.reviews("001", B, day(OVER), "not evaluable", not_evaluable="withdrawal before the end of the window")
    assert state_of(site).differ


def test_who_records_a_review_is_its_reviewer_unless_another_is_named():
    site = infused()
    site.says("dlt_review", "committee", "001", on=day(OVER), verdict="no DLT", because="reviewed")
    site.reviews("001", B, day(OVER))
    assert state_of(site).reviewers == ("Li Wei", B)


def test_nobody_reviews_twice_or_when_no_review_is_wanted():
    site = infused()
    site.reviews("001", A, day(OVER))
    assert rules_of(site.reviews("001", A, day(OVER))) == {"once"}
    site.reviews("001", B, day(OVER))
    assert rules_of(site.reviews("001", C, day(OVER))) == {"reviewed"}


def test_a_review_keeps_to_the_window_as_the_adjudication_does():
    site = infused()
    assert rules_of(site.reviews("001", A, day(OVER - 1))) == {"window open"}
    assert rules_of(site.reviews("001", A, day(OVER), "DLT", adverse_event=3)) == {"no event"}
    late = site.sees("001", day(OVER + 1))
    assert rules_of(site.reviews("001", A, day(OVER + 1), "DLT", adverse_event=late.seq)) == {"outside the window"}


def test_a_reviewer_sees_the_others_only_when_their_own_review_is_in():
    site = infused()
    event = site.sees("001", day(INFUSED + 3))
    site.reviews("001", A, day(OVER), "DLT", adverse_event=event.seq)
    state = state_of(site)
    assert [fact.payload.reviewer for fact in visible_reviews(state, A)] == [A]
    assert visible_reviews(state, B) == ()
    assert visible_reviews(state) == ()
    assert "DLT" not in state.says
    site.reviews("001", B, day(OVER))
    state = state_of(site)
    assert len(visible_reviews(state, B)) == 2
    assert visible_reviews(state, C) == (), "the one who decides is as blind as the others"
    assert visible_reviews(state) == ()
    site.reviews("001", C, day(OVER))
    assert len(visible_reviews(state_of(site))) == 3


def test_a_review_that_was_changed_when_the_other_was_in_is_marked():
    site = infused()
    event = site.sees("001", day(INFUSED + 3))
    first = site.reviews("001", A, day(OVER))
    site.reviews("001", B, day(OVER), "DLT", adverse_event=event.seq)
    assert changed_unblinded(state_of(site)) == ()
    fields = {"on": str(day(OVER)), "reviewer": A, "verdict": "DLT", "adverse_event": event.seq, "because": "again"}
    change = Correct(command="correct", entry=first.seq, payload=fields, reason="looked again")
    assert isinstance(site.desk.do(change, Author(A, "committee"), site.now), Entry)
    assert [fact.entry for fact in changed_unblinded(state_of(site))] == [first.seq]


def test_a_single_reviewer_records_the_adjudication_itself():
    site = infused(reviewers=1)
    assert rules_of(site.reviews("001", A, day(OVER))) == {"not reviewed"}
    assert isinstance(adjudicates(site, verdict="no DLT", reviewers=[A]), Entry)


def test_a_journal_from_before_reviews_reads_as_it_was_written():
    site = infused()
    site.finds("001", day(OVER))
    entries = [entry for entry in site.journal.read() if entry.record != f"{DltReview.record}/1"]
    study = reconstruct(site.protocols, entries)
    person = study.participants["001"]
    assert person.last(DltAdjudication) is not None
    assert review_state(study.protocol, person).says == "adjudicated without recorded reviews"


def test_no_reviewer_is_shown_in_a_state_that_nobody_reviewed():
    site = infused()
    assert state_of(site).says == "0 of 2 in"
    assert state_of(site).outcome is None


def test_an_adjudication_cannot_be_corrected_away_from_its_reviews():
    site = infused()
    event = site.sees("001", day(INFUSED + 3))
    found = site.finds("001", day(OVER))
    fields = {"on": str(day(OVER)), "verdict": "DLT", "adverse_event": event.seq, "reviewers": [A, B], "because": "new"}
    change = Correct(command="correct", entry=found.seq, payload=fields, reason="changed my mind")
    assert rules_of(site.desk.do(change, Author(A, "committee"), site.now)) == {"reviews"}


def test_a_review_that_changes_after_the_adjudication_is_shown_until_the_adjudication_is_corrected_too():
    site = infused()
    event = site.sees("001", day(INFUSED + 3))
    found = site.finds("001", day(OVER))
    assert "adjudication not as reviewed" not in alerts(site)
    reviews = [fact.entry for fact in state_of(site).reviews]
    fields = {"on": str(day(OVER)), "verdict": "DLT", "adverse_event": event.seq, "because": "new"}
    for entry, reviewer in zip(reviews, (A, B), strict=True):
        corrects(site, entry, fields | {"reviewer": reviewer})
    assert alerts(site)["adjudication not as reviewed"] == "001: the adjudication says no DLT, the reviews now say DLT."
    corrects(site, found.seq, fields | {"reviewers": [A, B]})
    assert "adjudication not as reviewed" not in alerts(site)


def test_a_corrected_review_still_keeps_to_the_window():
    site = infused()
    first = site.reviews("001", A, day(OVER), "not evaluable", not_evaluable="under-dosed")
    fields = {"on": str(day(OVER - 1)), "reviewer": A, "verdict": "no DLT", "because": "again"}
    change = Correct(command="correct", entry=first.seq, payload=fields, reason="looked again")
    assert rules_of(site.desk.do(change, Author(A, "committee"), site.now)) == {"window open"}


def test_a_corrected_review_does_not_become_the_others_second():
    site = infused()
    first = site.reviews("001", A, day(OVER))
    site.reviews("001", B, day(OVER))
    fields = {"on": str(day(OVER)), "reviewer": B, "verdict": "no DLT", "because": "reviewed"}
    change = Correct(command="correct", entry=first.seq, payload=fields, reason="wrong name")
    assert rules_of(site.desk.do(change, Author(A, "committee"), site.now)) == {"once"}


def corrects(site, entry, fields):
    change = Correct(command="correct", entry=entry, payload=fields, reason="looked again")
    answer = site.desk.do(change, Author(A, "committee"), site.now)
    assert isinstance(answer, Entry), answer


def alerts(site):
    return {alert.what: alert.message for alert in status_of(site.study, day(OVER)).alerts}

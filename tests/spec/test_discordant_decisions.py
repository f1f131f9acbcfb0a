"""A finding that changes after the committee met is shown against every decision that rested on it."""

from tests.builders import Site, day, rules_of, three_treated

from earlyphase.journal.entry import Entry
from earlyphase.journal.payloads.safety import DltReview
from earlyphase.study.commands import Correct
from earlyphase.study.desk import Author
from earlyphase.study.discordance import discordant_decisions


def escalated():
    site = Site()
    three_treated(site)
    findings = [site.finds(name, day(100)) for name in ("001", "002", "003")]
    site.decides(day(101))
    return site, findings


def test_a_decision_on_facts_that_stand_is_not_discordant():
    site, _ = escalated()
    assert discordant_decisions(site.study) == ()


CHAIR = Author("C. Chair", "committee")


def corrects(site, entry, **payload):
    change = Correct(command="correct", entry=entry, payload=payload, reason="grade revised after query")
    return site.desk.do(change, CHAIR, site.now)


def revised_to_a_dlt(site, finding):
    """Correct both reviews of 003 to a DLT, then the adjudication that rests on them."""
    event = site.sees("003", day(95))
    site.now = site.now.replace(year=2027)
    said = {"on": str(day(110)), "verdict": "DLT", "adverse_event": event.seq, "because": "the grade was revised to 4"}
    early = corrects(site, finding.seq, **said, reviewers=["A. Reviewer", "B. Reviewer"])
    for fact in site.study.participants["003"].all(DltReview):
        assert isinstance(corrects(site, fact.latest, **said, reviewer=fact.payload.reviewer), Entry)
    return early, corrects(site, finding.seq, **said, reviewers=["A. Reviewer", "B. Reviewer"])


def test_an_adjudication_is_corrected_after_the_reviews_that_it_rests_on():
    site, findings = escalated()
    early, late = revised_to_a_dlt(site, findings[2])
    assert rules_of(early) == {"reviews"}
    assert isinstance(late, Entry)


def test_a_late_dlt_makes_the_escalation_discordant():
    site, findings = escalated()
    revised_to_a_dlt(site, findings[2])
    (found,) = discordant_decisions(site.study)
    assert (found.then.decision, found.now.decision) == ("escalate", "stay")
    assert "0 of 3" in str(found)
    assert "1 of 3" in str(found)

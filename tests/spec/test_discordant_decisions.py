"""A finding that changes after the committee met is shown against every decision that rested on it."""

from tests.builders import Site, day, three_treated

from earlyphase.journal.entry import Entry
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


def test_a_late_dlt_makes_the_escalation_discordant():
    site, findings = escalated()
    event = site.sees("003", day(95))
    finding = {
        "on": str(day(110)),
        "verdict": "DLT",
        "adverse_event": event.seq,
        "reviewers": ["A. Reviewer", "B. Reviewer"],
        "because": "the grade was revised to 4",
    }
    change = Correct(command="correct", entry=findings[2].seq, payload=finding, reason="grade revised after query")
    site.now = site.now.replace(year=2027)
    assert isinstance(site.desk.do(change, Author("C. Chair", "committee"), site.now), Entry)
    (found,) = discordant_decisions(site.study)
    assert (found.then.decision, found.now.decision) == ("escalate", "stay")
    assert "0 of 3" in str(found)
    assert "1 of 3" in str(found)

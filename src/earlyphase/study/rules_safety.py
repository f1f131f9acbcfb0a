"""Rules for safety: the adjudication of a DLT window, the fatal event of a death, the event of a report."""

from collections.abc import Iterator

from earlyphase.journal.payloads.safety import AdverseEvent, Death, DltAdjudication, SafetyReport
from earlyphase.study.refusal import Reason
from earlyphase.study.rules_review import agrees_with_reviews
from earlyphase.study.rules_window import keeps_to_window
from earlyphase.study.state import Participant, Study
from earlyphase.toxicity.clocks import load_jurisdictions


def adjudication(study: Study, person: Participant, finding: DltAdjudication) -> Iterator[Reason]:
    """An adjudication names its reviewers, keeps to the window and says what the reviews say."""
    against = [*_reviewers(study, person, finding), *keeps_to_window(study, person, finding)]
    yield from against or agrees_with_reviews(study, person, finding)


def _reviewers(study: Study, person: Participant, finding: DltAdjudication) -> Iterator[Reason]:
    named, needed = len(set(finding.reviewers)), study.protocol.dlt.reviewers
    if named < needed:
        yield Reason(
            "reviewers",
            f"{person.id}: {named} reviewer is named; the protocol asks for {needed}.",
            "dlt.reviewers",
            "Name each of them once.",
        )


def fatal_event(study: Study, person: Participant, death: Death) -> Iterator[Reason]:
    """The fatal event that a death names is one of the participant's own."""
    del study
    if death.adverse_event is not None:
        yield from _own_event(person, death.adverse_event, "Name the entry of the fatal event, or leave it out.")


def safety_report(study: Study, person: Participant, report: SafetyReport) -> Iterator[Reason]:
    """A report is about one of the participant's own events, and goes to an authority whose clock is known."""
    del study
    yield from _own_event(person, report.adverse_event, "Name the entry of the event that was reported.")
    known = load_jurisdictions()
    if report.jurisdiction not in known:
        yield Reason(
            "jurisdiction",
            f"{person.id}: {report.jurisdiction!r} is no jurisdiction whose clock is known.",
            remedy=f"Known: {', '.join(known)}.",
        )


def _own_event(person: Participant, entry: int, remedy: str) -> Iterator[Reason]:
    if entry not in {fact.entry for fact in person.all(AdverseEvent)}:
        yield Reason(
            "no event", f"{person.id}: entry {entry} is not an adverse event of this participant.", remedy=remedy
        )

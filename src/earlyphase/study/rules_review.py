"""Rules for reviews of a DLT window: who may still review, and what the adjudication must agree with."""

from collections.abc import Iterator

from earlyphase.journal.payloads.safety import DltAdjudication, DltReview, DltVerdict
from earlyphase.study.dlt_review import ReviewState, review_state, same_finding
from earlyphase.study.refusal import Reason
from earlyphase.study.rules_window import keeps_to_window
from earlyphase.study.state import Participant, Study


def review(study: Study, person: Participant, finding: DltReview) -> Iterator[Reason]:
    """A review keeps to the window, is its reviewer's only one, and is still wanted."""
    state = review_state(study.protocol, person)
    if not state.required:
        yield Reason(
            "not reviewed",
            f"{person.id}: the protocol asks for one reviewer, who records the adjudication.",
            "dlt.reviewers",
            "Record `dlt_adjudication`.",
        )
        return
    if own := tuple(_own(state, person, finding)):
        yield from own
    elif not state.wanted:
        yield Reason(
            "reviewed",
            f"{person.id}: no further review is wanted: {state.says}.",
            "dlt.reviewers",
            None if state.adjudicated else "Record `dlt_adjudication`.",
        )
    yield from keeps_to_window(study, person, finding)


def corrected_review(study: Study, without: Participant, finding: DltReview) -> Iterator[Reason]:
    """A corrected review keeps to the window, and does not become another reviewer's second one."""
    yield from _own(review_state(study.protocol, without), without, finding)
    yield from keeps_to_window(study, without, finding)


def _own(state: ReviewState, person: Participant, finding: DltReview) -> Iterator[Reason]:
    if finding.reviewer in state.reviewers:
        own = state.reviews[state.reviewers.index(finding.reviewer)]
        yield Reason(
            "once",
            f"{person.id}: {finding.reviewer} has reviewed already, as entry {own.latest}.",
            "dlt.reviewers",
            f"Correct entry {own.latest}, with a reason.",
        )


def agrees_with_reviews(study: Study, person: Participant, finding: DltAdjudication) -> Iterator[Reason]:
    """An adjudication says what the reviewers agree on, or what the one decided who was asked because they differ."""
    state = review_state(study.protocol, person)
    if not state.required:
        return
    if state.outcome is None:
        yield Reason(
            "reviews",
            f"{person.id}: the reviews are not complete: {state.says}.",
            "dlt.reviewers",
            "Each reviewer records `dlt_review`, without knowing what the others found.",
        )
    elif problem := _disagreement(state, state.outcome, finding):
        yield Reason(
            "reviews", f"{person.id}: {problem}", "dlt.reviewers", "Leave out what the reviews say: it is filled in."
        )


def _disagreement(state: ReviewState, outcome: DltReview, finding: DltAdjudication) -> str | None:
    if not same_finding(outcome, finding):
        return f'the adjudication says "{_said(finding)}", the reviews "{_said(outcome)}" ({state.says}).'
    if set(finding.reviewers) != set(state.reviewers):
        return f"{', '.join(finding.reviewers)} are named; {', '.join(state.reviewers)} have reviewed."
    named = {fact.payload.adverse_event for fact in state.reviews}
    if finding.verdict is DltVerdict.DLT and finding.adverse_event not in named:
        return f"no reviewer found that entry {finding.adverse_event} is a DLT."
    return None


def _said(finding: DltReview | DltAdjudication) -> str:
    return finding.verdict.value + (f": {finding.not_evaluable}" if finding.not_evaluable else "")

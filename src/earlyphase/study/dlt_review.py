"""Reviews of a DLT window: each reviewer finds alone, blind to the others; where they differ, one more decides."""

from collections.abc import Iterable
from dataclasses import dataclass

from earlyphase.journal.payloads.safety import DltAdjudication, DltReview
from earlyphase.protocol.model import Protocol
from earlyphase.study.state import Fact, Participant


@dataclass(frozen=True, slots=True)
class ReviewState:
    """How far the reviews of one participant's DLT window are."""

    participant: str
    needed: int
    """How many reviewers the protocol asks for; one more decides where they differ."""
    reviews: tuple[Fact[DltReview], ...]
    """In the order in which they came in."""
    adjudicated: bool

    @property
    def required(self) -> bool:
        """Whether an adjudication rests on reviews: one reviewer alone records the adjudication itself."""
        return self.needed > 1

    @property
    def differ(self) -> bool:
        """Whether the reviewers that the protocol asks for are in, and do not agree."""
        first = self.reviews[: self.needed]
        return len(first) == self.needed and not _agree(first)

    @property
    def wanted(self) -> int:
        """How many reviews are still wanted."""
        return max(0, self.needed + self.differ - len(self.reviews))

    @property
    def outcome(self) -> DltReview | None:
        """The review that the adjudication follows: the common finding, or that of the one who decides."""
        if not self.required or self.wanted:
            return None
        return self.reviews[self.needed if self.differ else 0].payload

    @property
    def reviewers(self) -> tuple[str, ...]:
        """Who has reviewed, in order."""
        return tuple(fact.payload.reviewer for fact in self.reviews)

    def wants_review_of(self, name: str) -> bool:
        """Tell whether somebody may still review: a review is wanted, and theirs is not in."""
        return self.required and not self.adjudicated and bool(self.wanted) and name not in self.reviewers

    @property
    def wants_adjudication(self) -> bool:
        """Whether nothing but the adjudication is missing."""
        return not self.adjudicated and not (self.required and self.wanted)

    @property
    def says(self) -> str:
        """Say how far the reviews are, without saying what any of them found while one is wanted."""
        count = len(self.reviews)
        if not self.required:
            return "one reviewer"
        if not count and self.adjudicated:
            return "adjudicated without recorded reviews"
        if not self.wanted:
            return f"the reviewers differed; {self.reviewers[self.needed]} decided" if self.differ else "all agree"
        return "the reviewers differ: one more decides" if self.differ else f"{count} of {self.needed} in"


def review_state(protocol: Protocol, person: Participant) -> ReviewState:
    """Give how far the reviews of a participant's DLT window are.

    Source: the protocol's `dlt.reviewers`.
    """
    adjudicated = person.last(DltAdjudication) is not None
    return ReviewState(person.id, protocol.dlt.reviewers, person.all(DltReview), adjudicated)


def visible_reviews(state: ReviewState, viewer: str | None = None) -> tuple[Fact[DltReview], ...]:
    """Give the reviews that somebody may see.

    A reviewer sees what the others found once their own review is in; whoever does not review, once none is wanted.

    Args:
        state: how far the reviews are.
        viewer: the reviewer who looks; None for anybody else.
    """
    if state.adjudicated or not state.wanted or viewer in state.reviewers:
        return state.reviews
    return ()


def changed_unblinded(state: ReviewState) -> tuple[Fact[DltReview], ...]:
    """Find the reviews that were changed when another one was in already: whoever changed them could have seen it."""
    return tuple(
        fact
        for fact in state.reviews
        if fact.latest != fact.entry
        and any(other.entry < fact.latest for other in state.reviews if other.entry != fact.entry)
    )


def not_as_reviewed(state: ReviewState, finding: DltAdjudication) -> str | None:
    """Say how an adjudication differs from the reviews as they stand now; None where it does not, or without reviews.

    It agreed when it was recorded: the adjudication, or a review, was corrected since.
    """
    if not state.reviews or not state.required:
        return None
    if state.outcome is None:
        return f"{state.participant}: the adjudication ({finding.verdict}) stands, but {state.says}."
    if same_finding(state.outcome, finding):
        return None
    return f"{state.participant}: the adjudication says {finding.verdict}, the reviews now say {state.outcome.verdict}."


def same_finding(one: DltReview | DltAdjudication, other: DltReview | DltAdjudication) -> bool:
    """Tell whether two findings come to the same: the verdict, and the reason where it is "not evaluable".

    Two reviewers who find a DLT agree, also where each rests it on another event.
    """
    return (one.verdict, one.not_evaluable) == (other.verdict, other.not_evaluable)


def _agree(facts: Iterable[Fact[DltReview]]) -> bool:
    first, *others = (fact.payload for fact in facts)
    return all(same_finding(first, other) for other in others)

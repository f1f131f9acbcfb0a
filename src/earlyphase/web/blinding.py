"""Keeps what reviewers found from those who may not know it yet. Whom that is, the study's rules decide."""

from earlyphase.journal.entry import Entry
from earlyphase.journal.payloads import kind_of
from earlyphase.journal.payloads.safety import DltReview
from earlyphase.study.dlt_review import review_state, visible_reviews
from earlyphase.study.refusal import Reason, Refused
from earlyphase.web.access import Member


def hidden_from(member: Member) -> frozenset[int]:
    """Give the entries of which a person may not see yet what they say: the reviews of others, while one is wanted."""
    found = (entry for entry in member.seen.entries if kind_of(entry) is DltReview)
    return frozenset(entry.seq for entry in found if _hidden(member, entry))


def refused_export(member: Member) -> Refused | None:
    """Refuse the whole journal to who may still review: a file hides nothing."""
    if not hidden_from(member) or member.reasons_against(DltReview):
        return None
    message = "the journal holds reviews of a DLT window that you may not see before your own is in."
    return Refused(
        (Reason("reviews", message, "dlt.reviewers", "Record your review, or ask somebody who reviews none."),)
    )


def _hidden(member: Member, entry: Entry) -> bool:
    state = member.seen.state
    person = state.participants.get(entry.participant or "")
    if person is None or entry.recorded_by == member.person.full_name:
        return False
    review = review_state(state.protocol, person)
    return review.required and not review.adjudicated and not visible_reviews(review, member.person.full_name)

"""One DLT window: the protocol's proposal, the reviews as far as they may be seen, and the form that comes next."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from earlyphase.journal.payloads.payload import Payload
from earlyphase.journal.payloads.safety import DltAdjudication, DltReview
from earlyphase.study.dlt_proposals import dlt_proposal
from earlyphase.study.dlt_review import changed_unblinded, not_as_reviewed, review_state, visible_reviews
from earlyphase.web.access import Member, for_members
from earlyphase.web.clock import today_of
from earlyphase.web.pages import study_page
from earlyphase.web.views.in_place import InPlace, form_of, taken
from earlyphase.web.views.participant import events_of
from earlyphase.web.views.safety import next_act

FORMS: dict[str, type[Payload]] = {"review": DltReview, "adjudicate": DltAdjudication}


@require_http_methods(["GET", "HEAD", "POST"])
@for_members
def dlt(request: HttpRequest, member: Member, number: str) -> HttpResponse:
    """Show a window; take the review, or the adjudication, of who is logged in."""
    person, study = member.participant(number), member.seen.state
    review, today = review_state(study.protocol, person), today_of(study)
    act = next_act(member, review) if person.infusion else ""
    form = InPlace(())
    if act and request.method == "POST":
        form = taken(request, member, FORMS[act], person)
        if isinstance(form, HttpResponse):
            return form
    elif act:
        form = form_of(member, FORMS[act], person, {"on": today.isoformat()})
    finding = person.last(DltAdjudication)
    context = {
        "person": person,
        "today": today,
        "proposal": dlt_proposal(study.protocol, person, today),
        "definition": study.protocol.dlt,
        "review": review,
        "seen": visible_reviews(review, member.person.full_name),
        "unblinded": changed_unblinded(review) if not review.wanted else (),
        "finding": finding,
        "contradiction": not_as_reviewed(review, finding) if finding else None,
        "events": tuple(events_of(person, today)),
        "act": act,
        "form": form,
    }
    return study_page(request, "dlt.html", member, context, form.status)

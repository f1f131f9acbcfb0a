"""Empty forms to print, for when the system is not there. What is entered from them later says so."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from earlyphase.journal.payloads import BY_NAME, TYPES
from earlyphase.web.access import Member, for_members
from earlyphase.web.forms.form import Maker
from earlyphase.web.forms.offers import offers_for
from earlyphase.web.forms.shapes import PAPER, parts_of
from earlyphase.web.pages import study_page


@require_safe
@for_members
def papers(request: HttpRequest, member: Member) -> HttpResponse:
    """List the forms."""
    records = tuple(kind.record for kind in TYPES if kind.about == "participant")
    return study_page(request, "papers.html", member, {"records": records})


@require_safe
@for_members
def paper(request: HttpRequest, member: Member, record: str) -> HttpResponse:
    """Show one form, empty, to print."""
    kind = BY_NAME.get(record)
    if kind is None or kind.about != "participant":
        raise Http404(f"form {record}")
    maker = Maker({}, offers_for(member.seen.state, kind, None), {}, frozenset({PAPER}))
    context = {"record": record, "about": (kind.__doc__ or "").strip(), "fields": maker.fields(parts_of(record))}
    return study_page(request, "paper.html", member, context)

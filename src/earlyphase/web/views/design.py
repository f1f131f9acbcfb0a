"""The design: what the study's rule does under assumed curves, from the start and from here, beside other designs."""

from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from earlyphase.web.access import Member, for_members
from earlyphase.web.computed import Bounded
from earlyphase.web.pages import study_page
from earlyphase.web.studies import site_folders

if TYPE_CHECKING:
    from earlyphase.web.designs import Designs

_designs: "Bounded[Designs]" = Bounded(12)


@require_safe
@for_members
def design(request: HttpRequest, member: Member) -> HttpResponse:
    """Show the operating characteristics for this study, from here."""
    from earlyphase.web.designs import designs_of  # noqa: PLC0415 - reads numpy and scipy

    state = member.seen.state
    found = _designs.get((member.study, state.head.hash), lambda: designs_of(state, site_folders()[member.study]))
    context = {"found": found, "rule": state.protocol.escalation.rule, "planned": state.protocol.planned_enrolment}
    return study_page(request, "design.html", member, context)

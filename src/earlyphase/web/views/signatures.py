"""Every signature as it stands: printed name, role, moment, meaning, what it covers, and whether that still holds."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from earlyphase.study.signatures import signatures_now
from earlyphase.web.access import Member, for_members
from earlyphase.web.pages import study_page


@require_safe
@for_members
def signatures(request: HttpRequest, member: Member) -> HttpResponse:
    """Show the signatures, the latest first."""
    roles = {entry.seq: entry.role for entry in member.seen.entries}
    found = reversed(signatures_now(member.seen.state, member.seen.entries))
    return study_page(
        request, "signatures.html", member, {"signed": [(one, roles[one.signature.entry]) for one in found]}
    )

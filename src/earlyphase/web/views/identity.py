"""Who a participant is: shown for a reason, to the site alone, and every look is written down."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from earlyphase.study.roles import Role
from earlyphase.web.access import MAY_READ_IDENTITY, Member, for_members
from earlyphase.web.clock import now
from earlyphase.web.identity.models import Identity
from earlyphase.web.identity.reading import LENGTHS, Whose, access_log, faults_in, read_identity, write_identity
from earlyphase.web.pages import study_page
from earlyphase.web.views.record import FORBIDDEN, INVALID

MAY_READ_LOG = MAY_READ_IDENTITY | {Role.MONITOR, Role.SPONSOR}


@require_http_methods(["GET", "HEAD", "POST"])
@for_members
def identity(request: HttpRequest, member: Member, number: str) -> HttpResponse:
    """Ask for the reason; then show who a participant is, or write it down."""
    person = member.participant(number)
    context: dict[str, Any] = {"person": person, "may": member.role in MAY_READ_IDENTITY}
    if member.role not in MAY_READ_IDENTITY:
        return study_page(request, "identity.html", member, context, FORBIDDEN)
    typed = {name: request.POST.get(name, "").replace("\r\n", "\n").strip() for name in LENGTHS}
    if request.method != "POST":
        return study_page(request, "identity.html", member, context)
    if request.POST.get("save"):
        return _saved(request, member, Whose(member.study, number), context | {"typed": typed})
    errors = {name: said for name, said in faults_in(typed | {"name": "-"}, now().date()).items() if name == "reason"}
    if errors:
        return study_page(request, "identity.html", member, context | {"typed": typed, "errors": errors}, INVALID)
    found = read_identity(Whose(member.study, number), member.person, typed["reason"])
    return study_page(request, "identity.html", member, context | _shown(found, typed["reason"]))


@require_safe
@for_members
def identity_log(request: HttpRequest, member: Member) -> HttpResponse:
    """Show who looked at identities, and who changed them."""
    if member.role not in MAY_READ_LOG:
        raise Http404("the log of identities")
    return study_page(request, "identity_log.html", member, {"lines": access_log(member.study)})


def _saved(request: HttpRequest, member: Member, whose: Whose, context: dict[str, Any]) -> HttpResponse:
    errors = write_identity(whose, member.person, context["typed"], now().date())
    if errors:
        return study_page(request, "identity.html", member, context | {"errors": errors, "open": True}, INVALID)
    messages.success(request, gettext("It is written down."))
    return redirect("identity", study=member.study, number=whose.participant)


def _shown(found: tuple[Identity, ...], reason: str) -> dict[str, Any]:
    last = found[-1] if found else None
    typed = {name: getattr(last, name, None) or "" for name in LENGTHS}
    return {"open": True, "found": last, "before": found[:-1], "typed": typed | {"reason": ""}, "read_for": reason}

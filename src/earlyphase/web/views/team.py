"""The team: who has which role and since when, the delegation log, the accounts."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from earlyphase.faults import InvalidInput
from earlyphase.journal.payloads.delegation import RoleEnded, RoleGranted
from earlyphase.journal.payloads.payload import Payload
from earlyphase.study.commands import Record
from earlyphase.study.refusal import Reason, Refused
from earlyphase.study.roles import Role
from earlyphase.study.team import Delegation, delegation_log, team
from earlyphase.web.access import Member, for_members
from earlyphase.web.clock import moment_of, now
from earlyphase.web.forms.form import Errors, Maker, errors_in, problems_in, tidy
from earlyphase.web.forms.offers import Offers
from earlyphase.web.forms.shapes import parts_of
from earlyphase.web.forms.typed import Typed, payload_of, unreadable
from earlyphase.web.language import said
from earlyphase.web.pages import study_page
from earlyphase.web.people.account_log import lock_outs, log_of
from earlyphase.web.people.models import Person
from earlyphase.web.people.team import end as ending
from earlyphase.web.people.team import grant as granting
from earlyphase.web.studies import act
from earlyphase.web.views.accounts import may_see_accounts
from earlyphase.web.views.decision import password_is_right
from earlyphase.web.views.record import FORBIDDEN, INVALID, REFUSED, listed, typed_in
from earlyphase.web.views.while_typing import CHECK, Begun, checked

NOT_YOURS = "is not your password; nothing was recorded."


@require_safe
@for_members
def team_page(request: HttpRequest, member: Member) -> HttpResponse:
    """Show who is on the team, the delegation log, and what happened to the accounts."""
    study = member.seen.state
    log = delegation_log(study)
    names = {one.person for one in log}
    may_grant = not member.reasons_against(RoleGranted)
    context = {
        "here": team(study, moment_of(study).date()),
        "log": tuple(reversed(log)),
        "inactive": frozenset(
            Person.objects.filter(username__in=names, is_active=False).values_list("username", flat=True)
        ),
        "may_grant": may_grant,
        "may_see_accounts": may_see_accounts(member),
        "accounts": log_of(names) if may_grant or member.role == Role.MONITOR else (),
        "locked": lock_outs(names, now()),
    }
    return study_page(request, "team.html", member, context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_members
def grant(request: HttpRequest, member: Member) -> HttpResponse:
    """Show the form of a grant, or grant a role."""
    begun = {"on": moment_of(member.seen.state).date().isoformat(), "person": request.GET.get("person", "")}
    people = {one.username: one for one in Person.objects.filter(is_active=True).order_by("full_name")}
    offers = Offers(
        choices={"person": tuple((one.username, f"{one.full_name} ({name})") for name, one in people.items())}
    )

    def command(fields: dict[str, Any]) -> Record:
        person = people.get(str(fields.get("person")))
        if person is None:
            raise InvalidInput("person", fields.get("person"), "is nobody who can log in.", "Choose one of the list.")
        return granting(person, fields)

    form = _Signed(member, RoleGranted, offers, frozenset({"printed_name"}), gettext("Give a role"))
    return form.answer(request, begun, command)


@require_http_methods(["GET", "HEAD", "POST"])
@for_members
def end(request: HttpRequest, member: Member, person: str) -> HttpResponse:
    """Show the form that ends a role, or end it."""
    held = held_by(member, person)
    form = _Signed(
        member,
        RoleEnded,
        Offers(),
        frozenset({"person"}),
        gettext("End the role of %(name)s") % {"name": held.printed_name},
    )
    begun = {"on": moment_of(member.seen.state).date().isoformat()}
    return form.answer(request, begun, lambda fields: ending(person, fields))


class _Signed:
    """A form of the delegation log: recorded with the password of who records it."""

    def __init__(
        self, member: Member, kind: type[Payload], offers: Offers, left_out: frozenset[str], title: str
    ) -> None:
        self.member = member
        self.record = kind.record
        self.offers = offers
        self.left_out = left_out
        self.title = title
        self.may_not = tuple(member.reasons_against(kind))

    def answer(self, request: HttpRequest, begun: Typed, command: Callable[[dict[str, Any]], Record]) -> HttpResponse:
        """Show the form, or record what was typed."""
        if request.method != "POST" or self.may_not:
            return self._show(request, begun, {})
        raw = typed_in(request)
        typed = tidy(self.record, raw, self.offers)
        faults = listed(dict(unreadable(typed)))
        if request.POST.get(CHECK):
            so_far = Begun(self.record, raw, typed, errors=faults, left_out=self.left_out)
            return checked(request, self.member, so_far, lambda: [command(payload_of(parts_of(self.record), typed))])
        if not faults and not password_is_right(request, self.member):
            faults = {"password": (NOT_YOURS,)}
        return self._show(request, typed, faults) if faults else self._recorded(request, typed, command)

    def _recorded(
        self, request: HttpRequest, typed: Typed, command: Callable[[dict[str, Any]], Record]
    ) -> HttpResponse:
        try:
            done = act(self.member.study, [command(payload_of(parts_of(self.record), typed))], self.member.author)
        except InvalidInput as fault:
            found = errors_in(self.record, typed)
            errors = {path: text for path, text in found.items() if path not in self.left_out}
            return self._show(request, typed, errors or {"": (said(fault),)})
        if isinstance(done, Refused):
            return self._show(request, typed, {}, done.reasons)
        messages.success(request, gettext("Entry %(number)d is recorded.") % {"number": done[0].seq})
        return redirect("team", study=self.member.study)

    def _show(
        self, request: HttpRequest, typed: Typed, errors: Errors, reasons: tuple[Reason, ...] = ()
    ) -> HttpResponse:
        fields = () if self.may_not else Maker(typed, self.offers, errors, self.left_out).fields(parts_of(self.record))
        context = {
            "title": self.title,
            "record": self.record,
            "fields": fields,
            "reasons": self.may_not or reasons,
            "errors": errors.get("", ()),
            "password_errors": errors.get("password", ()),
            "problems": tuple(problems_in(fields)),
        }
        status = FORBIDDEN if self.may_not else INVALID if errors else REFUSED if reasons else 200
        return study_page(request, "delegate.html", self.member, context, status)


def held_by(member: Member, person: str) -> Delegation:
    """Find the role that a person has, or had last, in this study."""
    found = [one for one in delegation_log(member.seen.state) if one.person == person]
    if not found:
        raise Http404(f"person {person}")
    return found[-1]

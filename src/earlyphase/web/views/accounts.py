"""The accounts of a team: who can log in, and what is done for somebody who cannot. Each act asks for the password."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext, gettext_lazy, gettext_noop
from django.views.decorators.http import require_http_methods, require_safe

from earlyphase.faults import InvalidInput
from earlyphase.journal.payloads.delegation import RoleEnded, RoleGranted
from earlyphase.study.refusal import Reason, Refused
from earlyphase.study.roles import ON_ACCOUNTS, AccountAct, may_on_accounts
from earlyphase.study.team import delegation_log
from earlyphase.web.access import Member, for_members, member_of
from earlyphase.web.clock import now
from earlyphase.web.forms.form import Errors, errors_in
from earlyphase.web.forms.typed import unreadable
from earlyphase.web.language import said
from earlyphase.web.pages import study_page
from earlyphase.web.people.account_log import log_of
from earlyphase.web.people.accounts import (
    FIRST_FOR,
    first_password,
    issue_password,
    locked,
    take_factor,
    unlock,
    with_factor,
)
from earlyphase.web.people.models import Person
from earlyphase.web.people.team import add_person, leave, printed_name, standing, user_name
from earlyphase.web.sent import SentBefore, first_time
from earlyphase.web.studies import all_or_none
from earlyphase.web.views.decision import password_is_right
from earlyphase.web.views.record import FORBIDDEN, INVALID, REFUSED, listed
from earlyphase.web.views.while_typing import CHECK, Begun, checked, fragments

NOT_YOURS = gettext_noop("is not your password; nothing was done.")


@dataclass(frozen=True, slots=True)
class Doing:
    """One thing that is done with an account, as its page says it."""

    act: AccountAct
    title: Any
    lead: Any


DOINGS: dict[str, Doing] = {
    "deactivate": Doing(
        AccountAct.DEACTIVATE,
        gettext_lazy("Deactivate %(name)s"),
        gettext_lazy(
            "Every session ends at once, and every role ends. What the person recorded and signed stays theirs; the "
            "user name is never used again."
        ),
    ),
    "password": Doing(
        AccountAct.ISSUE,
        gettext_lazy("Issue a first password for %(name)s"),
        gettext_lazy(
            "The present password opens nothing any more, every session ends, and so does a lock-out. The new one is "
            "shown once, and has to be changed at the first log-in. Be sure who it is that asks."
        ),
    ),
    "unlock": Doing(
        AccountAct.UNLOCK,
        gettext_lazy("End the lock-out of %(name)s"),
        gettext_lazy("Ask the person first whether it was them. The password stays what it was."),
    ),
    "factor": Doing(
        AccountAct.TAKE_FACTOR,
        gettext_lazy("Take away the second factor of %(name)s"),
        gettext_lazy(
            "For who has lost the device and the recovery codes. Every session ends; the password alone opens the "
            "account until a new factor is set up. Be sure who it is that asks."
        ),
    ),
}
"""By their addresses."""


def may_see_accounts(member: Member) -> bool:
    """Whether there is something that the person may do there."""
    return any(member.role in allowed for allowed in ON_ACCOUNTS.values())


@require_safe
@for_members
def accounts(request: HttpRequest, member: Member) -> HttpResponse:
    """Show who can log in: who was ever on the team, and who is on none yet."""
    if not may_see_accounts(member):
        raise Http404("accounts")
    here = {one.username: one for one in _people(member)}
    may = {name: member.role in ON_ACCOUNTS[doing.act] for name, doing in DOINGS.items()}
    context = {
        "people": [(one, standing(one).get(member.study)) for one in here.values()],
        "locked": locked(here, now()),
        "factor": with_factor(here),
        "may": may,
        "may_add": member.role in ON_ACCOUNTS[AccountAct.ADD],
        "log": log_of(here),
        "now": now(),
    }
    return study_page(request, "accounts.html", member, context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_members
def add(request: HttpRequest, member: Member) -> HttpResponse:
    """Ask for the names, or make an account with a first password."""
    typed = {name: request.POST.get(name, "").strip() for name in ("username", "full_name")}
    against = tuple(may_on_accounts(member.role, AccountAct.ADD))
    if request.method != "POST" or against:
        return _adding(request, member, typed, {}, against)
    errors = _wrong_names(typed)
    if request.POST.get(CHECK):
        begun = {path: text for path, text in errors.items() if typed[path]}
        return fragments(request, Begun(RoleGranted.record, typed, {}), begun, ())
    if not errors and not password_is_right(request, member):
        errors = {"password": (NOT_YOURS,)}
    if errors:
        return _adding(request, member, typed, errors)
    password, until = first_password(), now() + FIRST_FOR
    try:
        with all_or_none():
            first_time()
            person = add_person(typed["username"], typed["full_name"], password, member.person.username, until)
    except SentBefore as no:
        return _adding(request, member, typed, {}, no.refused.reasons)
    except InvalidInput as fault:
        return _adding(request, member, typed, {"username": (said(fault),)})
    return _told(request, member, person, password)


@require_http_methods(["GET", "HEAD", "POST"])
@for_members
def account_act(request: HttpRequest, member: Member, person: str, what: str) -> HttpResponse:
    """Ask for the reason, or do something with somebody's account."""
    doing, whose = DOINGS.get(what), next((one for one in _people(member) if one.username == person), None)
    if doing is None or whose is None or not whose.is_active:
        raise Http404(f"account {person}")
    because = request.POST.get("because", "").replace("\r\n", "\n").strip()
    page = _Page(member, whose, doing, because)
    against = tuple(_against(member, whose, doing.act))
    if request.POST.get(CHECK):
        begun = Begun(RoleEnded.record, {"because": because}, {"because": because}, errors=listed(_read(because)))
        return checked(request, member, begun, lambda: (), against)
    if request.method != "POST" or against:
        return page.show(request, {}, against)
    errors = {
        name: text for name, text in errors_in(RoleEnded.record, {"because": because}).items() if name == "because"
    }
    errors = listed(_read(because)) or errors
    if not errors and not password_is_right(request, member):
        errors = {"password": (NOT_YOURS,)}
    return page.show(request, errors) if errors else page.do(request)


def _read(because: str) -> dict[str, str]:
    return dict(unreadable({"because": because}))


def _people(member: Member) -> Iterator[Person]:
    """Give the accounts of a study: whoever was ever on its team, and whoever is on no team yet."""
    names = {one.person for one in delegation_log(member.seen.state)}
    for one in Person.objects.order_by("full_name"):
        if one.username in names or not standing(one):
            yield one


def _against(member: Member, person: Person, act: AccountAct) -> Iterator[Reason]:
    """Refuse what the role may not do, here or in another study where the person has a role."""
    yield from may_on_accounts(member.role, act)
    if act is AccountAct.ISSUE and person == member.person:
        yield Reason("own", gettext("this is your own account: change your password on its own page."))
    for study in standing(person):
        other = member_of(member.person, study)
        if other is None or any(may_on_accounts(other.role, act)):
            says = gettext(
                "%(name)s is on the team of another study of this site, where you may not do this. "
                "Ask who runs the site."
            )
            yield Reason("elsewhere", says % {"name": person.full_name})
            return


@dataclass(frozen=True, slots=True)
class _Page:
    """One act on one account."""

    member: Member
    person: Person
    doing: Doing
    because: str

    def show(self, request: HttpRequest, errors: Errors, reasons: tuple[Reason, ...] = ()) -> HttpResponse:
        """Show the form, with what is wrong or refused."""
        may = not any(may_on_accounts(self.member.role, self.doing.act))
        context: dict[str, Any] = {
            "title": str(self.doing.title) % {"name": self.person.full_name},
            "lead": self.doing.lead,
            "because": self.because,
            "because_errors": errors.get("because", ()),
            "password_errors": errors.get("password", ()),
            "wrong": bool(errors),
            "reasons": reasons,
            "may": may,
        }
        status = FORBIDDEN if not may else INVALID if errors else REFUSED if reasons else 200
        return study_page(request, "account_act.html", self.member, context, status)

    def do(self, request: HttpRequest) -> HttpResponse:
        """Do it, once for one form."""
        try:
            with all_or_none():
                first_time()
                return self._done(request)
        except SentBefore as no:
            return self.show(request, {}, no.refused.reasons)

    def _done(self, request: HttpRequest) -> HttpResponse:
        by, says = self.member.person.username, gettext("%(name)s is deactivated; every session has ended.")
        match self.doing.act:
            case AccountAct.ISSUE:
                return _told(request, self.member, self.person, issue_password(self.person, now(), self.because, by))
            case AccountAct.UNLOCK:
                was = unlock(self.person, now(), self.because, by)
                says = gettext("The lock-out of %(name)s has ended.") if was else gettext("%(name)s is not locked out.")
            case AccountAct.TAKE_FACTOR:
                take_factor(self.person, self.because, by)
                says = gettext("%(name)s has no second factor any more; every session has ended.")
            case _:
                if refused := self._leaves():
                    return self.show(request, {}, refused.reasons)
        messages.success(request, says % {"name": self.person.full_name})
        return redirect("accounts", study=self.member.study)

    def _leaves(self) -> Refused | None:
        authors = {
            study: other.author
            for study in standing(self.person)
            if (other := member_of(self.member.person, study)) is not None
        }
        return leave(self.person, authors, self.because, self.member.person.username)


def _wrong_names(typed: dict[str, str]) -> dict[str, tuple[str, ...]]:
    """Find what is wrong with the names, by the same rules as at the command line."""
    found: dict[str, tuple[str, ...]] = {}
    for path, rule in (("username", user_name), ("full_name", printed_name)):
        try:
            rule(typed[path])
        except InvalidInput as fault:
            found[path] = (said(fault) if typed[path] else gettext("is missing."),)
    return found


def _adding(
    request: HttpRequest, member: Member, typed: dict[str, str], errors: Errors, reasons: tuple[Reason, ...] = ()
) -> HttpResponse:
    may = not any(may_on_accounts(member.role, AccountAct.ADD))
    context: dict[str, Any] = {
        "typed": typed,
        "username_errors": errors.get("username", ()),
        "full_name_errors": errors.get("full_name", ()),
        "password_errors": errors.get("password", ()),
        "wrong": bool(errors),
        "reasons": reasons,
        "may": may,
    }
    status = FORBIDDEN if not may else INVALID if errors else REFUSED if reasons else 200
    return study_page(request, "account_add.html", member, context, status)


def _told(request: HttpRequest, member: Member, person: Person, password: str) -> HttpResponse:
    """Show a first password, this once."""
    context = {"whose": person, "password": password, "until": person.first_until}
    return study_page(request, "first_password.html", member, context)

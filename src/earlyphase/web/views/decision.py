"""The committee's page: what is recommended and why, what each outcome would change, the decision, signed."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.contrib.auth import authenticate
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from earlyphase.escalation.design import Act
from earlyphase.faults import InvalidInput
from earlyphase.journal.payloads.conduct import DoseDecision, Signature
from earlyphase.study.cohorts import escalation
from earlyphase.study.commands import FILLED_IN, Command, Record, Sign
from earlyphase.study.filling import AS_RECOMMENDED
from earlyphase.study.refusal import Reason, Refused
from earlyphase.study.signatures import decisions_now
from earlyphase.web.access import Member, for_members
from earlyphase.web.clock import today_of
from earlyphase.web.computed import status_now
from earlyphase.web.forms.form import Errors, Maker, errors_in, tidy
from earlyphase.web.forms.offers import Offers, levels
from earlyphase.web.forms.shapes import parts_of
from earlyphase.web.forms.typed import Typed, payload_of, unreadable
from earlyphase.web.language import said
from earlyphase.web.moments import last_day
from earlyphase.web.pages import study_page
from earlyphase.web.studies import act
from earlyphase.web.views.board import consequences
from earlyphase.web.views.packet import pin_of
from earlyphase.web.views.record import FORBIDDEN, INVALID, REFUSED, listed, typed_in
from earlyphase.web.views.while_typing import CHECK, Begun, checked

RECORD = DoseDecision.record
DECIDED = "I have decided on the dose as recorded, on the data that the journal holds."
"""The meaning of the signature under a decision."""


@require_http_methods(["GET", "HEAD", "POST"])
@for_members
def decision(request: HttpRequest, member: Member) -> HttpResponse:
    """Show what there is to decide, or take and sign the decision."""
    may_not = tuple(member.reasons_against(DoseDecision))
    if request.method != "POST":
        begun = {"decision": AS_RECOMMENDED, "on": today_of(member.seen.state).isoformat()}
        return _show(request, member, begun, {})
    raw = typed_in(request)
    typed = tidy(RECORD, raw, Offers())
    faults = listed(dict(unreadable(typed)))
    if request.POST.get(CHECK):
        changed = _same_head(request, member)
        against = may_not or (changed.reasons if changed else ())
        begun = Begun(RECORD, raw, typed, errors=faults, left_out=_not_said(typed))
        return checked(request, member, begun, lambda: _commands(request, member, typed), against)
    if may_not:
        return _show(request, member, typed, {}, may_not)
    if faults:
        return _show(request, member, typed, faults)
    if not password_is_right(request, member):
        return _show(request, member, typed, {"password": (gettext("is not your password; nothing was recorded."),)})
    return _decided(request, member, typed)


@require_http_methods(["GET", "HEAD", "POST"])
@for_members
def sign(request: HttpRequest, member: Member) -> HttpResponse:
    """Sign everything that the journal holds, at the head that was looked at."""
    state, meaning = member.seen.state, request.POST.get("meaning", "").strip()
    reasons, errors = tuple(member.reasons_against(Signature)), dict[str, str]()
    if request.method == "POST" and not reasons:
        errors = dict(unreadable({"meaning": meaning}))
        if not meaning:
            errors["meaning"] = gettext("is missing.")
        if not password_is_right(request, member):
            errors["password"] = gettext("is not your password; nothing was signed.")
        if not errors:
            answer = _same_head(request, member) or act(member.study, [_signature(member, meaning)], member.author)
            if not isinstance(answer, Refused):
                text = gettext("Entry %(number)s is signed: %(name)s, “%(meaning)s”.")
                names = {"number": answer[0].seq, "name": member.person.full_name, "meaning": meaning}
                messages.success(request, text % names)
                return redirect("journal", study=member.study)
            reasons = answer.reasons
    context = {
        "head": state.head,
        "meaning": meaning,
        "errors": errors,
        "reasons": reasons,
    }
    status = INVALID if errors else REFUSED if reasons and request.method == "POST" else 200
    return study_page(request, "sign.html", member, context, status)


def password_is_right(request: HttpRequest, member: Member) -> bool:
    """Ask again who it is: a signature needs the password. Failures count towards the lock-out."""
    given = request.POST.get("password", "")
    return bool(given) and authenticate(request, username=member.person.username, password=given) == member.person


def _signature(member: Member, meaning: str) -> Sign:
    return Sign(command="sign", meaning=meaning[:2000], printed_name=member.person.full_name)


def _same_head(request: HttpRequest, member: Member) -> Refused | None:
    """Refuse where the journal is no longer the one that was on the page."""
    if request.POST.get("head") == member.seen.state.head.hash:
        return None
    return Refused((Reason("changed", "the study has changed since this page was opened.", remedy="Look again."),))


def _commands(request: HttpRequest, member: Member, typed: Typed) -> list[Command]:
    """Give the decision and its signature."""
    payload = payload_of(parts_of(RECORD), typed) | {"based_on": request.POST.get("head", "")}
    return [Record(command=RECORD, payload=payload), _signature(member, DECIDED)]


def _decided(request: HttpRequest, member: Member, typed: Typed) -> HttpResponse:
    try:
        answer = _same_head(request, member) or act(member.study, _commands(request, member, typed), member.author)
    except InvalidInput as fault:
        return _show(request, member, typed, _errors(typed) or {"": (said(fault),)})
    if isinstance(answer, Refused):
        return _show(request, member, typed, {}, answer.reasons)
    decided, signed = answer
    text = gettext("The decision is entry %(decided)s, signed by entry %(signed)s.")
    messages.success(request, text % {"decided": decided.seq, "signed": signed.seq})
    return redirect("board", study=member.study)


def _errors(typed: Typed) -> Errors:
    found, not_said = errors_in(RECORD, typed), _not_said(typed)
    return {path: text for path, text in found.items() if path not in not_said}


def _not_said(typed: Typed) -> frozenset[str]:
    """Give the field that is no act of the design where the committee follows the advice, and those not asked for."""
    return FILLED_IN[RECORD] | frozenset({"decision"} if typed.get("decision") == AS_RECOMMENDED else ())


def _show(
    request: HttpRequest, member: Member, typed: Mapping[str, str], errors: Errors, reasons: tuple[Reason, ...] = ()
) -> HttpResponse:
    state = member.seen.state
    now, pin = escalation(state), pin_of(member, state, last_day(state))
    choices = (AS_RECOMMENDED, *(one.value for one in Act if one is not Act.START))
    offers = Offers(
        choices={
            "decision": tuple((choice, said(choice)) for choice in choices),
            "next_level": levels(state),
            "rp2d": levels(state),
        }
    )
    may_not = member.reasons_against(DoseDecision)
    maker = Maker(typed, offers, errors, FILLED_IN[RECORD])
    context: dict[str, Any] = {
        "status": status_now(state, today_of(state)),
        "now": now,
        "consequences": tuple(consequences(state, now)),
        "pin": pin,
        "decisions": reversed(decisions_now(state, member.seen.entries)),
        "fields": () if may_not else maker.fields(parts_of(RECORD)),
        "may_not": may_not,
        "head": state.head,
        "meaning": DECIDED,
        "errors": errors.get("", ()),
        "password_errors": errors.get("password", ()),
        "reasons": () if may_not else reasons,
        "wrong": bool(errors),
    }
    status = INVALID if errors else FORBIDDEN if reasons and may_not else REFUSED if reasons else 200
    return study_page(request, "decision.html", member, context, status)

"""Correcting and voiding an entry, each with a reason. The entry itself stays in the journal."""

from collections.abc import Mapping
from dataclasses import dataclass

import orjson
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods
from pydantic import ValidationError

from earlyphase.faults import InvalidInput
from earlyphase.journal.entry import Entry
from earlyphase.journal.payloads import kind_of, read_payload
from earlyphase.journal.payloads.payload import Payload
from earlyphase.study.commands import Command, Correct, Void
from earlyphase.study.refusal import Reason, Refused
from earlyphase.web.access import Member, for_members
from earlyphase.web.blinding import hidden_from
from earlyphase.web.forms.form import Errors, Maker, Problem, errors_in, id_of, problems_in, tidy
from earlyphase.web.forms.offers import offers_for
from earlyphase.web.forms.shapes import parts_of
from earlyphase.web.forms.typed import Typed, payload_of, typed_of, unreadable
from earlyphase.web.history import chain
from earlyphase.web.language import said
from earlyphase.web.pages import study_page
from earlyphase.web.studies import act
from earlyphase.web.views.record import FORBIDDEN, INVALID, REFUSED, listed, typed_in
from earlyphase.web.views.while_typing import CHECK, NOT_YET, Begun, checked


@dataclass(frozen=True, slots=True)
class Change:
    """One change that is asked for."""

    entry: Entry
    kind: type[Payload]
    typed: Typed
    reason: str
    errors: Errors
    reasons: tuple[Reason, ...] = ()
    more: str = ""


@require_http_methods(["GET", "HEAD", "POST"])
@for_members
def correct(request: HttpRequest, member: Member, number: int) -> HttpResponse:
    """Show an entry as a form, or replace it by what was typed."""
    entry = _entry(member, number)
    kind = kind_of(entry)
    if request.method != "POST":
        payload = orjson.loads(read_payload(entry).model_dump_json(exclude_none=True))
        return _show(request, member, Change(entry, kind, typed_of(parts_of(kind.record), payload), "", {}))
    typed, reason = tidy(kind.record, typed_in(request), offers_for(member.seen.state, kind, None)), _reason(request)
    more = request.POST.get("more", "")
    faults = {} if more else dict(unreadable({**typed, "reason": reason}))
    if request.POST.get(CHECK):
        return _checked(request, member, Change(entry, kind, typed, reason, listed(faults)))
    if more or faults:
        return _show(request, member, Change(entry, kind, typed, reason, listed(faults), more=more))
    return _corrected(request, member, Change(entry, kind, typed, reason, {}))


@require_http_methods(["GET", "HEAD", "POST"])
@for_members
def void(request: HttpRequest, member: Member, number: int) -> HttpResponse:
    """Ask for the reason, or take the entry out of the state."""
    entry = _entry(member, number)
    change = Change(entry, kind_of(entry), {}, _reason(request), {})
    if request.method != "POST":
        return _show(request, member, change, "void.html")
    if request.POST.get(CHECK):
        reason, begun = change.reason or NOT_YET, Begun(change.kind.record, {}, {})
        return checked(request, member, begun, lambda: [Void(command="void", entry=number, reason=reason)])
    if faults := dict(unreadable({"reason": change.reason})):
        return _show(request, member, _wrong(change, listed(faults)), "void.html")
    try:
        answer = act(member.study, [Void(command="void", entry=number, reason=change.reason)], member.author)
    except ValidationError as fault:
        return _show(request, member, _wrong(change, _of_command(fault)), "void.html")
    if isinstance(answer, Refused):
        return _show(request, member, _wrong(change, {}, answer.reasons), "void.html")
    return _done(request, member, answer[0])


def _corrected(request: HttpRequest, member: Member, change: Change) -> HttpResponse:
    payload = payload_of(parts_of(change.kind.record), change.typed)
    try:
        command = Correct(command="correct", entry=change.entry.seq, payload=payload, reason=change.reason)
        answer = act(member.study, [command], member.author)
    except ValidationError as fault:
        return _show(request, member, _wrong(change, _of_command(fault)))
    except InvalidInput as fault:
        errors = errors_in(change.kind.record, change.typed, whole=True) or {"": (said(fault),)}
        return _show(request, member, _wrong(change, errors))
    if isinstance(answer, Refused):
        return _show(request, member, _wrong(change, {}, answer.reasons))
    return _done(request, member, answer[0])


def _checked(request: HttpRequest, member: Member, change: Change) -> HttpResponse:
    """Say what is wrong with the correction so far, and what would be refused."""
    offers, record = offers_for(member.seen.state, change.kind, None), change.kind.record
    payload, reason = payload_of(parts_of(record), change.typed), change.reason or NOT_YET
    begun = Begun(record, typed_in(request), change.typed, offers.keys, change.errors, whole=True)

    def command() -> list[Command]:
        return [Correct(command="correct", entry=change.entry.seq, payload=payload, reason=reason)]

    return checked(request, member, begun, command)


def _entry(member: Member, number: int) -> Entry:
    found = next(
        (one for one in chain(member.seen.entries, number, hidden_from(member)) if one.entry.seq == number), None
    )
    if found is None or not found.can_be_changed:
        raise Http404(f"entry {number} to change")
    return found.entry


def _reason(request: HttpRequest) -> str:
    return request.POST.get("reason", "").replace("\r\n", "\n").strip()


def _of_command(fault: ValidationError) -> Errors:
    first: Mapping[str, object] = fault.errors()[0]  # pyright: ignore[reportAssignmentType] - a typed dict
    return {"reason": (said(first["msg"]),)}


def _wrong(change: Change, errors: Errors, reasons: tuple[Reason, ...] = ()) -> Change:
    return Change(change.entry, change.kind, change.typed, change.reason, errors, reasons)


def _done(request: HttpRequest, member: Member, entry: Entry) -> HttpResponse:
    text = gettext("Entry %(old)s is %(what)s by entry %(new)s.")
    messages.success(request, text % {"old": entry.supersedes, "what": said(entry.kind), "new": entry.seq})
    return redirect("entry", study=member.study, number=entry.seq)


def _show(request: HttpRequest, member: Member, change: Change, template: str = "correct.html") -> HttpResponse:
    state, participant = member.seen.state, change.entry.participant
    person = state.participants.get(participant) if participant else None
    offers = offers_for(state, change.kind, person)
    may_not = member.reasons_against(change.kind)
    maker = Maker(change.typed, offers, change.errors, more=change.more)
    fields = () if may_not else maker.fields(parts_of(change.kind.record))
    reason_errors = change.errors.get("reason", ())
    reason_problems = [Problem(id_of("reason"), gettext("Reason for the change"), text) for text in reason_errors]
    context = {
        "entry": change.entry,
        "record": change.kind.record,
        "person": person,
        "fields": fields,
        "reason": change.reason,
        "reason_errors": reason_errors,
        "errors": change.errors.get("", ()),
        "reasons": may_not or change.reasons,
        "may": not may_not,
        "problems": [*problems_in(fields), *reason_problems],
    }
    status = FORBIDDEN if may_not else INVALID if change.errors else REFUSED if change.reasons else 200
    return study_page(request, template, member, context, status)

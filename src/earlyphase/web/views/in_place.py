"""A form of one payload type within a page that shows more: checked and recorded as on the form's own page."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext

from earlyphase.faults import InvalidInput
from earlyphase.journal.payloads.payload import Payload
from earlyphase.study.commands import FILLED_IN, Record
from earlyphase.study.refusal import Reason, Refused
from earlyphase.study.state import Participant
from earlyphase.web.access import Member
from earlyphase.web.forms.form import Errors, Field, Maker, errors_in, tidy
from earlyphase.web.forms.offers import offers_for
from earlyphase.web.forms.shapes import parts_of
from earlyphase.web.forms.typed import Typed, payload_of, unreadable
from earlyphase.web.language import said
from earlyphase.web.studies import act
from earlyphase.web.views.record import INVALID, REFUSED, listed, own_fields, typed_in
from earlyphase.web.views.while_typing import CHECK, Begun, checked


@dataclass(frozen=True, slots=True)
class InPlace:
    """The form as it stands."""

    fields: tuple[Field, ...]
    """None where the role may not record it."""
    reasons: tuple[Reason, ...] = ()
    errors: tuple[str, ...] = ()
    """Those of the whole form."""
    wrong: bool = False

    @property
    def status(self) -> int:
        """What to answer with."""
        return INVALID if self.wrong else REFUSED if self.reasons else 200

    def named(self, *names: str) -> tuple[Field, ...]:
        """Give the fields of these names, in this order."""
        known = {field.path: field for field in self.fields}
        return tuple(known[name] for name in names if name in known)


def form_of(
    member: Member, kind: type[Payload], person: Participant, typed: Typed, errors: Errors | None = None
) -> InPlace:
    """Give the form of a payload type with what stands in it."""
    if member.reasons_against(kind):
        return InPlace(())
    errors = errors or {}
    left_out = frozenset(FILLED_IN.get(kind.record, frozenset()))
    maker = Maker(typed, offers_for(member.seen.state, kind, person), errors, left_out)
    return InPlace(maker.fields(parts_of(kind.record)), (), errors.get("", ()), bool(errors))


def taken(request: HttpRequest, member: Member, kind: type[Payload], person: Participant) -> InPlace | HttpResponse:
    """Record what was typed, or give the form back with what is wrong.

    Returns:
        The answer: the way on where an entry was recorded, or what there is to say while one types; else the form.
    """
    offers, raw = offers_for(member.seen.state, kind, person), typed_in(request)
    typed, reasons = tidy(kind.record, raw, offers), tuple(member.reasons_against(kind))
    faults = listed(dict(unreadable(typed)))
    if request.POST.get(CHECK):
        begun = Begun(kind.record, raw, typed, offers.keys, faults, FILLED_IN.get(kind.record, frozenset()))
        return checked(request, member, begun, lambda: [_command(member, kind, person, typed)], reasons)
    if reasons:
        return InPlace((), reasons)
    return form_of(member, kind, person, typed, faults) if faults else _recorded(request, member, kind, person, typed)


def _recorded(
    request: HttpRequest, member: Member, kind: type[Payload], person: Participant, typed: Typed
) -> InPlace | HttpResponse:
    try:
        answer = act(member.study, [_command(member, kind, person, typed)], member.author)
    except InvalidInput as fault:
        errors = errors_in(kind.record, typed) or {"": (said(fault),)}
        return form_of(member, kind, person, typed, errors)
    if isinstance(answer, Refused):
        return InPlace(form_of(member, kind, person, typed).fields, answer.reasons)
    messages.success(request, gettext("Entry %(number)d is recorded.") % {"number": answer[0].seq})
    return redirect(request.path)


def _command(member: Member, kind: type[Payload], person: Participant, typed: Typed) -> Record:
    payload = payload_of(parts_of(kind.record), typed) | own_fields(member, kind)
    return Record(command=kind.record, participant=person.id, payload=payload)

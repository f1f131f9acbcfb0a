"""A form of one payload type within a page that shows more: checked and recorded as on the form's own page."""

from dataclasses import dataclass

from django.http import HttpRequest

from earlyphase.faults import InvalidInput
from earlyphase.journal.entry import Entry
from earlyphase.journal.payloads.payload import Payload
from earlyphase.study.commands import FILLED_IN, Record
from earlyphase.study.refusal import Reason, Refused
from earlyphase.study.state import Participant
from earlyphase.web.access import Member
from earlyphase.web.forms.form import Errors, Field, Maker, errors_in, tidy
from earlyphase.web.forms.offers import offers_for
from earlyphase.web.forms.shapes import parts_of
from earlyphase.web.forms.typed import Typed, payload_of, unreadable
from earlyphase.web.studies import act
from earlyphase.web.views.record import INVALID, REFUSED, listed, own_fields, typed_in


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


def recorded(request: HttpRequest, member: Member, kind: type[Payload], person: Participant) -> Entry | InPlace:
    """Record what was typed, or give the form back with what is wrong."""
    offers = offers_for(member.seen.state, kind, person)
    typed = tidy(kind.record, typed_in(request), offers)
    if reasons := tuple(member.reasons_against(kind)):
        return InPlace((), reasons)
    if faults := dict(unreadable(typed)):
        return form_of(member, kind, person, typed, listed(faults))
    payload = payload_of(parts_of(kind.record), typed) | own_fields(member, kind)
    try:
        command = Record(command=kind.record, participant=person.id, payload=payload)
        answer = act(member.study, [command], member.author)
    except InvalidInput as fault:
        errors = errors_in(kind.record, typed) or {"": (str(fault),)}
        return form_of(member, kind, person, typed, errors)
    if isinstance(answer, Refused):
        shown = form_of(member, kind, person, typed)
        return InPlace(shown.fields, answer.reasons)
    return answer[0]

"""Recording anything: one view for every payload type."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe
from pydantic import ValidationError

from earlyphase.faults import InvalidInput
from earlyphase.journal.entry import Entry
from earlyphase.journal.payloads import BY_NAME
from earlyphase.journal.payloads.entering import Consent
from earlyphase.journal.payloads.payload import Payload
from earlyphase.journal.payloads.safety import DltReview
from earlyphase.study.commands import FILLED_IN, Record
from earlyphase.study.course import spoken
from earlyphase.study.refusal import Reason, Refused
from earlyphase.study.state import Participant
from earlyphase.web.access import Member, for_members
from earlyphase.web.forms.form import Errors, Maker, Problem, errors_in, id_of, problems_in, tidy
from earlyphase.web.forms.offers import Offers, offers_for
from earlyphase.web.forms.search import search
from earlyphase.web.forms.shapes import parts_of
from earlyphase.web.forms.typed import Typed, payload_of, unreadable
from earlyphase.web.language import said
from earlyphase.web.pages import study_page
from earlyphase.web.studies import act
from earlyphase.web.views.board import OWN_PAGES
from earlyphase.web.views.while_typing import CHECK, Begun, checked

FORBIDDEN, REFUSED, INVALID = 403, 409, 422

OF_THE_PAGE = frozenset(
    {"csrfmiddlewaretoken", "participant", "reason", "password", "head", "more", "check", "once", "form", "act"}
)
"""What a form sends beside the payload."""

ALWAYS_ASKED = frozenset({"level", "version", "verdict", "adverse_event", "not_evaluable", "reviewers"})
"""What the study can fill in, and a person may still want to say."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One form of one request: what it records, for whom, and what was typed."""

    kind: type[Payload]
    person: Participant | None
    offers: Offers
    typed: Typed
    participant: str
    errors: Errors
    reasons: tuple[Reason, ...] = ()
    more: str = ""

    @property
    def left_out(self) -> frozenset[str]:
        """The fields that nobody is asked for: the study fills them in, or they name who is logged in."""
        named = frozenset({"reviewer"}) if self.kind is DltReview else frozenset[str]()
        return (FILLED_IN.get(self.kind.record, frozenset()) - ALWAYS_ASKED) | named


def typed_in(request: HttpRequest) -> dict[str, str]:
    """Give what was typed into the fields of the payload."""
    return {name: str(text) for name, text in request.POST.items() if name not in OF_THE_PAGE}


def own_fields(member: Member, kind: type[Payload]) -> dict[str, str]:
    """Give the fields that name who is logged in: a review is its reviewer's own."""
    return {"reviewer": member.person.full_name} if kind is DltReview else {}


def listed(faults: Mapping[str, str]) -> Errors:
    """Give single faults as the errors of a form."""
    return {path: (text,) for path, text in faults.items()}


@require_http_methods(["GET", "HEAD", "POST"])
@for_members
def record(request: HttpRequest, member: Member, record: str, number: str | None = None) -> HttpResponse:
    """Show the form of a payload type, record what was typed into it, or say what would be refused."""
    kind = _kind(record, number)
    person = member.participant(number) if number else None
    offers = offers_for(member.seen.state, kind, person)
    if request.method != "POST":
        return _show(request, member, Sheet(kind, person, offers, {}, "", {}))
    participant = number or request.POST.get("participant", "").strip()
    raw = typed_in(request)
    typed, more = tidy(record, raw, offers), request.POST.get("more", "")
    faults = {} if more else dict(unreadable({**typed, "participant": participant}))
    sheet = Sheet(kind, person, offers, typed, participant, listed(faults), more=more)
    if request.POST.get(CHECK):
        return _checked(request, member, sheet, raw)
    return _show(request, member, sheet) if more or faults else _recorded(request, member, sheet)


@require_safe
@for_members
def words(request: HttpRequest, member: Member, record: str, field: str) -> HttpResponse:
    """Offer the words of a field that hold what was typed."""
    name = field.rpartition(".")[2]
    offers = offers_for(member.seen.state, BY_NAME[record], None) if record in BY_NAME else Offers()
    if name not in offers.searched:
        raise Http404(f"words of {record}.{field}")
    found = search(name, request.GET.get(field, "").strip())
    return render(request, "web/_words.html", {"words": found})


def _kind(record: str, number: str | None) -> type[Payload]:
    """Find the payload type; consent alone names a participant who is not there yet."""
    kind = BY_NAME.get(record)
    wants_number = kind is not None and kind.about == "participant" and kind is not Consent
    if kind is None or kind in OWN_PAGES or wants_number != (number is not None):
        raise Http404(f"record {record}")
    return kind


def _command(member: Member, sheet: Sheet) -> Record:
    payload = payload_of(parts_of(sheet.kind.record), sheet.typed) | own_fields(member, sheet.kind)
    return Record(command=sheet.kind.record, participant=sheet.participant or None, payload=payload)


def _recorded(request: HttpRequest, member: Member, sheet: Sheet) -> HttpResponse:
    try:
        done = act(member.study, [_command(member, sheet)], member.author)
    except (ValidationError, InvalidInput) as fault:
        return _show(request, member, replace(sheet, errors=_errors(sheet, fault)))
    if isinstance(done, Refused):
        return _show(request, member, replace(sheet, errors={}, reasons=done.reasons))
    return _done(request, member, done[0])


def _checked(request: HttpRequest, member: Member, sheet: Sheet, raw: Typed) -> HttpResponse:
    """Say what is wrong with what stands there so far."""
    begun = Begun(sheet.kind.record, raw, sheet.typed, sheet.offers.keys, sheet.errors, sheet.left_out)
    return checked(request, member, begun, lambda: [_command(member, sheet)], member.reasons_against(sheet.kind))


def _errors(sheet: Sheet, fault: ValidationError | InvalidInput) -> Errors:
    if isinstance(fault, ValidationError):
        return {"participant": (said(fault.errors()[0]["msg"]),)}
    return _without(sheet, errors_in(sheet.kind.record, sheet.typed)) or {"": (said(fault),)}


def _without(sheet: Sheet, errors: Errors) -> Errors:
    """Leave out what is said of fields that nobody is asked for."""
    return {path: text for path, text in errors.items() if path not in sheet.left_out}


def _done(request: HttpRequest, member: Member, entry: Entry) -> HttpResponse:
    what = said(spoken(BY_NAME[entry.record.partition("/")[0]]))
    messages.success(request, gettext("Entry %(number)s is recorded: %(what)s.") % {"number": entry.seq, "what": what})
    if entry.participant:
        return redirect("participant", study=member.study, number=entry.participant)
    return redirect("board", study=member.study)


def _show(request: HttpRequest, member: Member, sheet: Sheet) -> HttpResponse:
    may_not = member.reasons_against(sheet.kind)
    maker = Maker(sheet.typed, sheet.offers, sheet.errors, sheet.left_out, sheet.more)
    fields = () if may_not else maker.fields(parts_of(sheet.kind.record))
    number_errors = sheet.errors.get("participant", ())
    number_problems = [Problem(id_of("participant"), gettext("Participant number"), text) for text in number_errors]
    context = {
        "record": sheet.kind.record,
        "about": (sheet.kind.__doc__ or "").strip(),
        "person": sheet.person,
        "fields": fields,
        "reasons": may_not or sheet.reasons,
        "errors": sheet.errors.get("", ()),
        "asks_number": sheet.kind is Consent,
        "number": sheet.participant,
        "number_errors": number_errors,
        "problems": [*number_problems, *problems_in(fields)],
    }
    status = FORBIDDEN if may_not else INVALID if sheet.errors else REFUSED if sheet.reasons else 200
    return study_page(request, "record.html", member, context, status)

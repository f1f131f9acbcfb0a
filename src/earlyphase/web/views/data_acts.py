"""What can be done about the data: a query asked, answered and closed, entries verified against their source."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext, gettext_noop
from pydantic import ValidationError

from earlyphase.faults import InvalidInput
from earlyphase.journal.payloads.checking import Query, QueryAnswer, QueryClosed, SourceVerified
from earlyphase.journal.payloads.payload import Payload
from earlyphase.study.commands import Record
from earlyphase.study.refusal import Reason, Refused
from earlyphase.web.access import Member
from earlyphase.web.clock import today_of
from earlyphase.web.forms.form import Errors, errors_in, label_of
from earlyphase.web.forms.shapes import parts_of
from earlyphase.web.forms.typed import payload_of, unreadable
from earlyphase.web.language import said
from earlyphase.web.studies import act
from earlyphase.web.views.record import INVALID, REFUSED, listed
from earlyphase.web.views.while_typing import CHECK, Begun, checked, form_of

ACTS: dict[str, type[Payload]] = {
    "ask": Query,
    "answer": QueryAnswer,
    "close": QueryClosed,
    "verify": SourceVerified,
}
"""What can be done here, by the name of the button."""

FIELDS = {
    "ask": ("asks", "arose", "entry"),
    "answer": ("answer", "query"),
    "close": ("because", "query"),
    "verify": ("source", "entries"),
}
"""The fields of each act."""

HIDDEN = frozenset({"arose", "query"})
"""The fields that nobody types."""

DONE = {
    "ask": gettext_noop("The query is opened."),
    "answer": gettext_noop("The query is answered."),
    "close": gettext_noop("The query is closed."),
    "verify": gettext_noop("The entries are verified."),
}
"""What is said afterwards."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A form that came back: which of its page, what was typed, what is wrong."""

    form: str = ""
    typed: Mapping[str, str] = field(default_factory=dict[str, str])
    errors: Errors = field(default_factory=dict[str, tuple[str, ...]])
    """Of the fields that stand in the form."""
    whole: tuple[str, ...] = ()
    """What is wrong with what nobody typed."""
    reasons: tuple[Reason, ...] = ()

    @property
    def status(self) -> int:
        """What to answer with."""
        return INVALID if self.errors or self.whole else REFUSED if self.reasons else 200


def acted(request: HttpRequest, member: Member, number: str = "") -> Sent | HttpResponse:
    """Do what was asked for, or say while one types what there is to say.

    Returns:
        The answer; or the form as it came back, where nothing was recorded.
    """
    name = request.POST.get("act", "")
    if name not in ACTS:
        return Sent(reasons=(Reason("act", gettext("Nothing that can be done here was asked for.")),))
    typed = _typed(request, name)
    faults, participant = listed(dict(unreadable(typed))), number or request.POST.get("participant", "").strip()

    def command() -> Record:
        payload = {"on": today_of(member.seen.state).isoformat()} | payload_of(parts_of(ACTS[name].record), typed)
        return Record(command=ACTS[name].record, participant=participant or None, payload=payload)

    if request.POST.get(CHECK):
        raw = {path: text for path, text in typed.items() if path not in HIDDEN}
        begun = Begun(ACTS[name].record, raw, typed, errors=faults)
        return checked(request, member, begun, lambda: [command()], member.reasons_against(ACTS[name]))
    if faults:
        return _back(request, name, typed, faults)
    try:
        answer = act(member.study, [command()], member.author)
    except (InvalidInput, ValidationError) as fault:
        return _back(request, name, typed, _errors(name, typed, fault))
    if isinstance(answer, Refused):
        return Sent(form_of(request), typed, reasons=answer.reasons)
    messages.success(request, gettext(DONE[name]))
    return redirect(request.path)


def _typed(request: HttpRequest, name: str) -> dict[str, str]:
    """Read what the form of an act holds; several entries are a line each."""
    typed = {name: "\n".join(request.POST.getlist(name)) for name in FIELDS[name]}
    return {name: text.replace("\r\n", "\n").strip() for name, text in typed.items()}


def _errors(name: str, typed: Mapping[str, str], fault: InvalidInput | ValidationError) -> Errors:
    """Say field by field what is wrong; the day is not typed."""
    found = {path: text for path, text in errors_in(ACTS[name].record, typed).items() if path != "on"}
    sentence = said(fault) if isinstance(fault, InvalidInput) else said(fault.errors()[0]["msg"])
    return found or {"": (sentence,)}


def _back(request: HttpRequest, name: str, typed: Mapping[str, str], errors: Errors) -> Sent:
    shown = frozenset(FIELDS[name]) - HIDDEN
    hidden = (
        f"{label_of(path)}: {text}" if path else text
        for path, texts in errors.items()
        for text in texts
        if path not in shown
    )
    return Sent(form_of(request), typed, {path: text for path, text in errors.items() if path in shown}, tuple(hidden))

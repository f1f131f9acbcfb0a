"""A day's laboratory values in one paste: looked at with their grades, then recorded, all or none."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods

from earlyphase.faults import InvalidInput
from earlyphase.journal.payloads.observations import Laboratory
from earlyphase.quantities import Quantity
from earlyphase.study.commands import Record
from earlyphase.study.computed_grades import samples_of
from earlyphase.study.refusal import Reason, Refused
from earlyphase.study.state import Participant
from earlyphase.web.access import Member, for_members
from earlyphase.web.foreseen import foreseen
from earlyphase.web.forms.form import Problem, id_of
from earlyphase.web.forms.typed import unreadable
from earlyphase.web.labs.pasted import Line, read_paste
from earlyphase.web.language import said
from earlyphase.web.pages import study_page
from earlyphase.web.studies import act
from earlyphase.web.views.record import FORBIDDEN, INVALID, REFUSED

LONGEST = 50_000
"""Characters of a paste."""


@dataclass(frozen=True, slots=True)
class Paste:
    """What was pasted for a participant, and what there is to say of it."""

    number: str
    on: str = ""
    text: str = ""
    lines: tuple[Line, ...] = ()
    faults: tuple[tuple[str, str], ...] = ()
    """Field and what is wrong with it."""
    reasons: tuple[Reason, ...] = ()

    @property
    def sound(self) -> bool:
        """Whether every line can be recorded."""
        return bool(self.lines) and not self.faults and not any(line.problems for line in self.lines)

    @property
    def command(self) -> Record:
        """What would record it."""
        results = [line.result.model_dump(mode="json", exclude_none=True) for line in self.lines if line.result]
        return Record(command=Laboratory.record, participant=self.number, payload={"on": self.on, "results": results})


@require_http_methods(["GET", "HEAD", "POST"])
@for_members
def lab_paste(request: HttpRequest, member: Member, number: str) -> HttpResponse:
    """Show the box, the preview, or record all lines."""
    person = member.participant(number)
    may_not = tuple(member.reasons_against(Laboratory))
    if request.method != "POST" or may_not:
        return _show(request, member, Paste(number, reasons=may_not), FORBIDDEN if may_not else 200)
    paste = _pasted(request, person)
    if not paste.sound:
        return _show(request, member, paste, INVALID)
    if request.POST.get("step") != "record":
        seen = _looked_at(member, paste)
        return _show(request, member, seen, INVALID if seen.faults else 200)
    return _recorded(request, member, paste)


def _baselines(person: Participant, on: str) -> dict[str, Quantity] | None:
    """Give the values before treatment; None where the day of the paste is itself before it."""
    if person.infusion is None or on <= person.infusion.on.isoformat():
        return None
    return {one.name: one.against.baseline for one in samples_of(person) if one.against.baseline}


def _pasted(request: HttpRequest, person: Participant) -> Paste:
    on, text = request.POST.get("on", "").strip(), request.POST.get("text", "")
    faults = list(unreadable({"on": on, "text": text.replace("\t", " ")}))
    if len(text) > LONGEST:
        faults.append(("text", gettext("is longer than a day's values can be.")))
    if not on:
        faults.append(("on", gettext("is missing.")))
    lines = () if any(field == "text" for field, _ in faults) else read_paste(text, _baselines(person, on))
    if not lines:
        faults.append(("text", gettext("has no values.")))
    return Paste(person.id, on, text[:LONGEST], lines, tuple(faults))


def _looked_at(member: Member, paste: Paste) -> Paste:
    """Add what would be refused now."""
    try:
        reasons = foreseen(member, paste.command)
    except InvalidInput as fault:
        return _with_fault(paste, fault)
    return Paste(paste.number, paste.on, paste.text, paste.lines, (), reasons)


def _with_fault(paste: Paste, fault: InvalidInput) -> Paste:
    return Paste(paste.number, paste.on, paste.text, paste.lines, (("on", said(fault)),))


def _recorded(request: HttpRequest, member: Member, paste: Paste) -> HttpResponse:
    try:
        answer = act(member.study, [paste.command], member.author)
    except InvalidInput as fault:
        return _show(request, member, _with_fault(paste, fault), INVALID)
    if isinstance(answer, Refused):
        refused = Paste(paste.number, paste.on, paste.text, paste.lines, (), answer.reasons)
        return _show(request, member, refused, REFUSED)
    count = len(paste.lines)
    text = ngettext("Entry %(entry)s records %(count)s value.", "Entry %(entry)s records %(count)s values.", count)
    messages.success(request, text % {"entry": answer[0].seq, "count": count})
    return redirect("participant", study=member.study, number=paste.number)


def _show(request: HttpRequest, member: Member, paste: Paste, status: int) -> HttpResponse:
    labels = {"on": gettext("Date"), "text": gettext("Values")}
    errors: dict[str, tuple[str, ...]] = {}
    for field, says in paste.faults:
        errors[field] = (*errors.get(field, ()), said(says))
    lines = [
        Problem("pasted", gettext("Line %(number)s") % {"number": line.number}, text)
        for line in paste.lines
        for text in line.problems
    ]
    context: dict[str, Any] = {
        "person": member.participant(paste.number),
        "paste": paste,
        "may": status != FORBIDDEN,
        "reasons": paste.reasons,
        "on_errors": errors.get("on", ()),
        "text_errors": errors.get("text", ()),
        "problems": [*(Problem(id_of(field), labels[field], text) for field, text in errors_of(errors)), *lines],
        "ready": paste.sound and not paste.reasons,
    }
    return study_page(request, "lab_paste.html", member, context, status)


def errors_of(errors: dict[str, tuple[str, ...]]) -> list[tuple[str, str]]:
    """Give each fault with its field."""
    return [(field, text) for field, texts in errors.items() for text in texts]

"""What is said of a form while one types: what is wrong with it so far, and what would be refused. Nothing is saved."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from pydantic import ValidationError

from earlyphase.faults import InvalidInput
from earlyphase.study.commands import Command
from earlyphase.study.refusal import Reason
from earlyphase.web.access import Member
from earlyphase.web.foreseen import foreseen
from earlyphase.web.forms.form import Errors, errors_in, id_of, label_of
from earlyphase.web.forms.shapes import parts_of
from earlyphase.web.forms.typed import Typed, places
from earlyphase.web.language import said

CHECK = "check"
"""What a form sends when it only asks."""

NOT_YET = "not given yet"
"""Stands for a text that a command needs while one types; it is never recorded."""

BESIDE_THE_PAYLOAD = ("participant", "reason")
"""Fields of a command that stand in a form beside those of its payload."""

_FORM = re.compile(r"[a-z]{1,20}(-\d{1,9})?")


def _no_keys() -> dict[str, str]:
    return {}


@dataclass(frozen=True, slots=True)
class Begun:
    """What stands in a form so far."""

    record: str
    """The payload type that the form's fields are of."""
    raw: Typed
    """As it stands on the page."""
    typed: Typed
    """The same with its rows numbered."""
    keys: Mapping[str, str] = field(default_factory=_no_keys)
    """The field of a row that the form itself had filled in, by the name of the rows."""
    errors: Errors = field(default_factory=dict[str, tuple[str, ...]])
    """What is known to be wrong already."""
    left_out: frozenset[str] = frozenset()
    """Fields of which nothing is said: nobody is asked for them."""
    whole: bool = False
    """Whether the fields that the study can fill in must be there too."""


def checked(
    request: HttpRequest,
    member: Member,
    begun: Begun,
    commands: Callable[[], Sequence[Command]],
    against: Sequence[Reason] = (),
) -> HttpResponse:
    """Say what is wrong so far, else what would be refused; nothing is missing before it is saved.

    Args:
        request: which sends the form as it stands.
        member: who types.
        begun: what stands in the form.
        commands: gives what the form would carry out.
        against: what is refused already.
    """
    errors = dict(begun.errors) or (_of_payload(begun) if begun.typed else {})
    reasons = tuple(against)
    if not (errors or reasons):
        try:
            reasons = foreseen(member, *commands())
        except ValidationError as fault:
            errors = _of_command(request, fault)
        except InvalidInput:  # something is missing still
            reasons = ()
    return fragments(request, begun, errors, reasons)


def _of_payload(begun: Begun) -> dict[str, tuple[str, ...]]:
    found = errors_in(begun.record, begun.typed, whole=begun.whole, begun=True)
    return {path: text for path, text in found.items() if path not in begun.left_out}


def _of_command(request: HttpRequest, fault: ValidationError) -> dict[str, tuple[str, ...]]:
    """Give what a command says against a field of its own, where something was typed into it."""
    first = fault.errors()[0]
    name = str(first["loc"][0]) if first["loc"] else ""
    return {name: (said(first["msg"]),)} if request.POST.get(name, "").strip() else {}


def fragments(request: HttpRequest, begun: Begun, errors: Errors, reasons: tuple[Reason, ...]) -> HttpResponse:
    """Give what to say beside each field as it stands on the page, and what would be refused."""
    starts = places(parts_of(begun.record), begun.raw, begun.keys)
    says = {_on_the_page(path, starts): text for path, text in errors.items() if path}
    fields = (path.removesuffix(".value").removesuffix(".unit") for path in begun.raw)
    asked = (name for name in BESIDE_THE_PAYLOAD if name in request.POST)
    shown = dict.fromkeys((*fields, *asked))
    there = {path.partition(".")[0] for path in shown}
    nowhere = {path: text for path, text in says.items() if path.partition(".")[0] not in there}
    form = form_of(request)
    context = {
        "said": [(id_of(path, form), says.get(path, ())) for path in dict.fromkeys((*shown, *says.keys() - nowhere))],
        "foreseen": f"{form}-foreseen" if form else "foreseen",
        "whole": (
            *errors.get("", ()),
            *(f"{label_of(path)}: {text}" for path, texts in nowhere.items() for text in texts),
        ),
        "reasons": reasons,
    }
    return render(request, "web/_checked.html", context)


def form_of(request: HttpRequest) -> str:
    """Give the name of the form that was sent, where its page has several."""
    name = request.POST.get("form", "")
    return name if _FORM.fullmatch(name) else ""


def _on_the_page(path: str, starts: Mapping[str, str]) -> str:
    start = next((start for start in starts if path.startswith(start)), "")
    return f"{starts[start]}{path.removeprefix(start)}" if start else path

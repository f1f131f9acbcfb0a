"""The data: what is complete, what is asked about them, what agrees with the source, and whether they are locked."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext, gettext_noop
from django.views.decorators.http import require_http_methods
from pydantic import ValidationError

from earlyphase.faults import InvalidInput
from earlyphase.journal.payloads.checking import Query, QueryAnswer, QueryClosed, SourceVerified
from earlyphase.journal.payloads.conduct import DataLock
from earlyphase.journal.payloads.payload import Payload
from earlyphase.study.commands import Record
from earlyphase.study.completeness import Completeness, Totals, completeness, completeness_of, not_counted, totals
from earlyphase.study.queries import AskedQuery, ProposedQuery, QueryState, proposed_queries, queries, queries_of
from earlyphase.study.refusal import Reason, Refused
from earlyphase.study.source_verification import Verified, verification_of, verifications
from earlyphase.study.state import Study
from earlyphase.web.access import Member, for_members
from earlyphase.web.blinding import hidden_from
from earlyphase.web.clock import today_of
from earlyphase.web.computed import Bounded
from earlyphase.web.forms.typed import unreadable
from earlyphase.web.history import flat
from earlyphase.web.pages import study_page
from earlyphase.web.studies import act

REFUSED, INVALID = 409, 422

ACTS: dict[str, type[Payload]] = {
    "ask": Query,
    "answer": QueryAnswer,
    "close": QueryClosed,
    "verify": SourceVerified,
}
"""What can be done here, by the name of the button."""

WORDS = {"ask": ("asks", "arose"), "answer": ("answer",), "close": ("because",), "verify": ("source",)}
NUMBERS = {"ask": "entry", "answer": "query", "close": "query"}
"""The fields of each act: those that hold words, and the one that names an entry."""

DONE = {
    "ask": gettext_noop("The query is opened."),
    "answer": gettext_noop("The query is answered."),
    "close": gettext_noop("The query is closed."),
    "verify": gettext_noop("The entries are verified."),
}
"""What is said afterwards."""


@dataclass(frozen=True, slots=True)
class Overview:
    """What is computed of the whole study."""

    people: tuple[Completeness, ...]
    totals: Totals
    queries: tuple[AskedQuery, ...]
    proposed: tuple[ProposedQuery, ...]
    verified: tuple[Verified, ...]
    not_counted: tuple[str, ...]

    def count(self, state: QueryState) -> int:
        """Count the queries in a state."""
        return sum(one.state is state for one in self.queries)

    @property
    def open(self) -> int:
        """How many the site has not answered."""
        return self.count(QueryState.OPEN)

    @property
    def answered(self) -> int:
        """How many wait for who asked."""
        return self.count(QueryState.ANSWERED)

    @property
    def closed(self) -> int:
        """How many are closed."""
        return self.count(QueryState.CLOSED)

    @property
    def compared(self) -> int:
        """How many entries were compared with the source."""
        return sum(len(one.verified) for one in self.verified)

    @property
    def to_compare(self) -> int:
        """How many entries have a source."""
        return sum(one.total for one in self.verified)

    @property
    def percent_compared(self) -> float:
        """Units: percent."""
        return 100 * self.compared / self.to_compare if self.to_compare else 0.0


@dataclass(frozen=True, slots=True)
class Waiting:
    """One entry that is to be compared with its source."""

    entry: int
    on: dt.date | None
    record: str
    says: str


_overviews: Bounded[Overview] = Bounded(12)


@require_http_methods(["GET", "HEAD", "POST"])
@for_members
def data(request: HttpRequest, member: Member) -> HttpResponse:
    """Show the state of the data, or do something about a query."""
    reasons = _acted(request, member) if request.method == "POST" else ()
    if reasons is None:
        return redirect("data", study=member.study)
    state, today = member.seen.state, today_of(member.seen.state)
    context = {
        "overview": _overviews.get((member.study, state.head.hash, today), lambda: _overview(state, today)),
        "visits": [visit.name for visit in state.protocol.schedule.visits],
        "lock": state.last(DataLock),
        "may_lock": not member.reasons_against(DataLock),
        "hidden": hidden_from(member),
        "reasons": reasons,
        **_may(member),
    }
    return study_page(request, "data.html", member, context, REFUSED if reasons else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@for_members
def data_of(request: HttpRequest, member: Member, number: str) -> HttpResponse:
    """Show the data of one participant, or do something about them."""
    person = member.participant(number)
    reasons = _acted(request, member, number) if request.method == "POST" else ()
    if reasons is None:
        return redirect("data_of", study=member.study, number=number)
    state, today = member.seen.state, today_of(member.seen.state)
    found = verification_of(person)
    context = {
        "person": person,
        "complete": completeness_of(state, person, today) if person.enrolment else None,
        "queries": queries_of(person),
        "proposed": [one for one in proposed_queries(state, today) if one.participant == number],
        "verified": found,
        "waiting": _waiting(found, hidden_from(member)),
        "asked_entry": request.POST.get("entry", request.GET.get("entry", "")),
        "asks": request.POST.get("asks", ""),
        "source": request.POST.get("source", ""),
        "reasons": reasons,
        **_may(member),
    }
    return study_page(request, "data_of.html", member, context, REFUSED if reasons else 200)


def _overview(study: Study, today: dt.date) -> Overview:
    people = completeness(study, today)
    return Overview(
        people,
        totals(people),
        queries(study),
        tuple(proposed_queries(study, today)),
        verifications(study),
        not_counted(study),
    )


def _may(member: Member) -> dict[str, bool]:
    """Say what the person may do here."""
    locked = member.seen.state.locked
    return {f"may_{name}": not locked and not member.reasons_against(kind) for name, kind in ACTS.items()}


def _waiting(found: Verified, hidden: frozenset[int]) -> tuple[Waiting, ...]:
    return tuple(
        Waiting(fact.latest, fact.payload.clinical_date(), fact.payload.record, _says(fact.payload))
        for fact in found.to_verify
        if fact.latest not in hidden
    )


def _says(payload: Payload) -> str:
    """Say in one line what an entry says."""
    fields = payload.model_dump(mode="json", exclude_none=True, exclude={"on"})
    return " · ".join(f"{name.replace('_', ' ')} {text}" for name, text in flat(fields) if text)


def _acted(request: HttpRequest, member: Member, number: str = "") -> tuple[Reason, ...] | None:
    """Record what was asked for; None where it is done, else the reasons against it."""
    name = request.POST.get("act", "")
    if name not in ACTS:
        return (Reason("act", gettext("Nothing that can be done here was asked for.")),)
    participant = number or request.POST.get("participant", "").strip()
    try:
        typed = _typed(request, name)
        payload = {"on": today_of(member.seen.state).isoformat(), **typed}
        command = Record(command=ACTS[name].record, participant=participant or None, payload=payload)
        answer = act(member.study, [command], member.author)
    except (InvalidInput, ValidationError) as fault:
        return (Reason("typed", _sentence(fault)),)
    if isinstance(answer, Refused):
        return answer.reasons
    messages.success(request, gettext(DONE[name]))
    return None


def _sentence(fault: InvalidInput | ValidationError) -> str:
    return str(fault) if isinstance(fault, InvalidInput) else str(fault.errors()[0]["msg"])


def _typed(request: HttpRequest, name: str) -> dict[str, Any]:
    """Read what the form of an act holds; what is empty is left out.

    Raises:
        InvalidInput: a field holds what is no text.
    """
    texts = {field: request.POST.get(field, "").replace("\r\n", "\n").strip() for field in WORDS[name]}
    for field, says in unreadable(texts):
        raise InvalidInput(field, None, says)
    found: dict[str, Any] = {field: text for field, text in texts.items() if text}
    if name == "verify":
        return found | {"entries": _numbers(request.POST.getlist("entries"))}
    number = request.POST.get(NUMBERS[name], "").strip()
    return found | ({NUMBERS[name]: _number(number)} if number else {})


def _numbers(texts: Sequence[str]) -> list[int | str]:
    return [_number(text) for text in texts]


def _number(text: str) -> int | str:
    """Read a number; what is none stays as it is, for the record's own rule to refuse."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < len("1000000000") else text

"""The data: what is complete, what is asked about them, what agrees with the source, and whether they are locked."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from earlyphase.journal.payloads.conduct import DataLock
from earlyphase.journal.payloads.payload import Payload
from earlyphase.study.completeness import Completeness, Totals, completeness, completeness_of, not_counted, totals
from earlyphase.study.queries import AskedQuery, ProposedQuery, QueryState, proposed_queries, queries, queries_of
from earlyphase.study.source_verification import Verified, verification_of, verifications
from earlyphase.study.state import Study
from earlyphase.web.access import Member, for_members
from earlyphase.web.blinding import hidden_from
from earlyphase.web.clock import today_of
from earlyphase.web.computed import Bounded
from earlyphase.web.forms.form import Problem, id_of, label_of
from earlyphase.web.pages import study_page
from earlyphase.web.recorded import in_short
from earlyphase.web.views.data_acts import ACTS, Sent, acted


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
    sent = acted(request, member) if request.method == "POST" else Sent()
    if isinstance(sent, HttpResponse):
        return sent
    state, today = member.seen.state, today_of(member.seen.state)
    context = {
        "overview": _overviews.get((member.study, state.head.hash, today), lambda: _overview(state, today)),
        "visits": [visit.name for visit in state.protocol.schedule.visits],
        "lock": state.last(DataLock),
        "may_lock": not member.reasons_against(DataLock),
        "hidden": hidden_from(member),
        **_forms(member, sent),
    }
    return study_page(request, "data.html", member, context, sent.status)


@require_http_methods(["GET", "HEAD", "POST"])
@for_members
def data_of(request: HttpRequest, member: Member, number: str) -> HttpResponse:
    """Show the data of one participant, or do something about them."""
    person = member.participant(number)
    sent = acted(request, member, number) if request.method == "POST" else Sent()
    if isinstance(sent, HttpResponse):
        return sent
    state, today = member.seen.state, today_of(member.seen.state)
    found = verification_of(person)
    context = {
        "person": person,
        "complete": completeness_of(state, person, today) if person.enrolment else None,
        "queries": queries_of(person),
        "proposed": [one for one in proposed_queries(state, today) if one.participant == number],
        "verified": found,
        "waiting": _waiting(found, hidden_from(member)),
        "ticked": frozenset(sent.typed.get("entries", "").split()),
        "asked_entry": request.GET.get("entry", ""),
        **_forms(member, sent),
    }
    return study_page(request, "data_of.html", member, context, sent.status)


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


def _forms(member: Member, sent: Sent) -> dict[str, Any]:
    """Say what the person may do here, and which form came back."""
    locked = member.seen.state.locked
    may = {f"may_{name}": not locked and not member.reasons_against(kind) for name, kind in ACTS.items()}
    problems = [
        Problem(id_of(path, sent.form), label_of(path), text) for path, texts in sent.errors.items() for text in texts
    ]
    return {"sent": sent, "problems": problems, "reasons": sent.reasons, "errors": sent.whole, **may}


def _waiting(found: Verified, hidden: frozenset[int]) -> tuple[Waiting, ...]:
    return tuple(
        Waiting(fact.latest, fact.payload.clinical_date(), fact.payload.record, _says(fact.payload))
        for fact in found.to_verify
        if fact.latest not in hidden
    )


def _says(payload: Payload) -> str:
    """Say in one line what an entry says."""
    return in_short(payload.model_dump(mode="json", exclude_none=True, exclude={"on"}))

"""Everybody who consented: where each stands, and which visit is to be seen to."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_safe

from earlyphase.dates import days_from
from earlyphase.journal.payloads.entering import Consent
from earlyphase.study.queries import QueryState, queries_of
from earlyphase.study.screening_log import Outcome, outcome_of
from earlyphase.study.standing import DltState, Standing, standing
from earlyphase.study.state import Participant, Study
from earlyphase.study.visits import PlannedVisit, VisitState, visits_of
from earlyphase.web.access import Member, for_members
from earlyphase.web.clock import today_of
from earlyphase.web.computed import Bounded
from earlyphase.web.pages import study_page


@dataclass(frozen=True, slots=True)
class Line:
    """One participant of the list."""

    number: str
    consented_on: dt.date | None
    outcome: Outcome
    standing: Standing | None
    infused_on: dt.date | None
    day: int | None
    """Today, or the last day in the study. Units: days from the infusion."""
    left_on: dt.date | None
    visits: tuple[PlannedVisit, ...]
    """Those that are due or overdue; else the next one."""
    worst: int
    """The worst grade of an adverse event that goes on; 0 where none does."""
    open_queries: int

    @property
    def visit_open(self) -> bool:
        """Whether a visit is to be seen to now."""
        return any(one.state in (VisitState.DUE, VisitState.OVERDUE) for one in self.visits)

    @property
    def pending(self) -> bool:
        """Whether it is still to be found if there was a DLT."""
        return self.standing is not None and self.standing.state is DltState.PENDING


SHOWS: Mapping[str, Callable[[Line], bool]] = {
    gettext_noop("a visit due or overdue"): lambda line: line.visit_open,
    gettext_noop("DLT pending"): lambda line: line.pending,
    gettext_noop("in screening"): lambda line: line.outcome == Outcome.SCREENING,
    gettext_noop("open queries"): lambda line: line.open_queries > 0,
}
"""What the list can be narrowed to."""

_lists: Bounded[tuple[Line, ...]] = Bounded(12)


@require_safe
@for_members
def participants(request: HttpRequest, member: Member) -> HttpResponse:
    """Show everybody, or those who are asked for."""
    study = member.seen.state
    today, show = today_of(study), request.GET.get("show", "").strip()
    everybody = _lists.get((study.name, study.head.hash, today), lambda: tuple(_lines(study, today)))
    found = tuple(one for one in everybody if show not in SHOWS or SHOWS[show](one))
    context = {
        "lines": found,
        "total": len(everybody),
        "shows": tuple((name, sum(map(wanted, everybody))) for name, wanted in SHOWS.items()),
        "show": show,
        "today": today,
        "may_consent": not member.reasons_against(Consent),
    }
    return study_page(request, "participants.html", member, context)


def _lines(study: Study, today: dt.date) -> Iterator[Line]:
    for number in sorted(study.participants):
        person = study.participants[number]
        infused, left = person.infusion, person.left_study_on
        yield Line(
            number=number,
            consented_on=person.consent.on if person.consent else None,
            outcome=outcome_of(person),
            standing=standing(study.protocol, person),
            infused_on=infused.on if infused else None,
            day=days_from(infused.on, min(today, left or today)) if infused else None,
            left_on=left,
            visits=_to_see_to(visits_of(study.protocol.schedule, person, today)),
            worst=_worst(person),
            open_queries=sum(one.state is not QueryState.CLOSED for one in queries_of(person)),
        )


def _to_see_to(visits: tuple[PlannedVisit, ...]) -> tuple[PlannedVisit, ...]:
    now = tuple(one for one in visits if one.state in (VisitState.DUE, VisitState.OVERDUE))
    return now or tuple(one for one in visits if one.state is VisitState.PLANNED)[:1]


def _worst(person: Participant) -> int:
    events = (fact.payload for fact in person.adverse_events)
    return max((event.grade for event in events if event.resolved is None), default=0)

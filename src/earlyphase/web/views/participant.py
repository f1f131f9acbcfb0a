"""One participant: course, product chain, visits, events, values, response, and what was entered by whom."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from earlyphase.dates import days_from
from earlyphase.journal.payloads import TYPES
from earlyphase.journal.payloads.entering import Consent
from earlyphase.journal.payloads.payload import Payload
from earlyphase.journal.payloads.safety import AdverseEvent
from earlyphase.study.bedside import charted
from earlyphase.study.computed_grades import ComputedGrade, computed_grades
from earlyphase.study.course import spoken
from earlyphase.study.icaht import icaht_grades
from earlyphase.study.laboratory_grid import LaboratoryGrid, laboratory_grid
from earlyphase.study.product_chain import ChainStep, StepState, product_chain
from earlyphase.study.roles import may
from earlyphase.study.screening_log import logged
from earlyphase.study.standing import standing
from earlyphase.study.state import Fact, Participant
from earlyphase.study.visits import VisitState, visits_of
from earlyphase.web.access import Member, for_members
from earlyphase.web.blinding import hidden_from
from earlyphase.web.clock import today_of
from earlyphase.web.computed import Bounded
from earlyphase.web.history import told
from earlyphase.web.pages import study_page
from earlyphase.web.recorded import in_our_words, in_short
from earlyphase.web.responses import response_course
from earlyphase.web.timeline import timeline

_SHOWN_ELSEWHERE = {"on", "facts", "results", "verdicts", "system_class", "dictionary", "scale", "onset", "course"}
"""Fields that the list of facts leaves out: the table of events, the grid of values and the entry show them."""

HIDDEN = gettext_lazy("hidden until the reviews are complete")

LATEST = 20
"""Entries on the page; the journal has them all."""
SCREENED = ("screening_facts", "laboratory", "eligibility_confirmed", "enrolment", "screen_failure")
PREPARED = ("laboratory", "adverse_event", "visit")
TREATED = ("adverse_event", "laboratory", "bedside_chart", "visit", "response_assessment")
"""What is recorded most often: before enrolment, before the infusion, after it. Each record has its own button."""


@dataclass(frozen=True, slots=True)
class Moment:
    """One fact in the list of the course."""

    on: dt.date | None
    day: int | None
    """Units: days from the infusion."""
    what: str
    says: str
    entry: int


@dataclass(frozen=True, slots=True)
class Event:
    """One adverse event with the grade that its measurements give."""

    participant: str
    fact: Fact[AdverseEvent]
    computed: ComputedGrade | None
    day: int | None
    """The day of the onset. Units: days from the infusion."""


_grids: Bounded[LaboratoryGrid] = Bounded(64)


@require_safe
@for_members
def participant(request: HttpRequest, member: Member, number: str) -> HttpResponse:
    """Show a participant of this study."""
    person, study = member.participant(number), member.seen.state
    protocol, today, hidden = study.protocol, today_of(study), hidden_from(member)
    place = standing(protocol, person)
    visits = visits_of(protocol.schedule, person, today)
    records = tuple(participant_records(member))
    chain = product_chain(protocol, person, today)
    own = [one for one in member.seen.entries if one.participant == number]
    context = {
        "person": person,
        "today": today,
        "standing": place,
        "day": days_from(person.infusion.on, min(today, person.left_study_on or today)) if person.infusion else None,
        "waits": place.waiting_for(today) if place and place.unresolved else "",
        "screening": logged(study, person, today) if person.infusion is None else None,
        "timeline": timeline(person, visits, protocol.dlt.window_days, today),
        "course": sorted(_course(person, hidden), key=_in_time),
        "chain": chain,
        "visits": visits,
        "open_visits": tuple(one for one in visits if one.state in (VisitState.DUE, VisitState.OVERDUE)),
        "charted": charted(person),
        "icaht": icaht_grades(person),
        "events": tuple(events_of(person, today)),
        "response": response_course(protocol, person),
        "grid": _grids.get((study.name, own[-1].hash), lambda: laboratory_grid(person)),
        "last": own[-1].hash,
        "entries": told(own, hidden, own[-LATEST:][::-1], in_our_words()),
        "entry_count": len(own),
        "records": records,
        "often": tuple(one for one in _often(person, chain) if one in records),
        "dated": any(one.first for one in visits),
    }
    return study_page(request, "participant.html", member, context)


def participant_records(member: Member) -> Iterator[str]:
    """Name the records of a participant that the person may add, in the order of a course."""
    return (
        kind.record
        for kind in TYPES
        if kind.about == "participant" and kind is not Consent and not list(may(member.role, kind))
    )


def events_of(person: Participant, today: dt.date) -> Iterator[Event]:
    """Give a participant's adverse events by onset, each with its computed grade."""
    grades = computed_grades(person, today)
    day_0 = person.infusion.on if person.infusion else None
    for fact in sorted(person.adverse_events, key=lambda fact: (fact.payload.onset.earliest, fact.entry)):
        onset = fact.payload.onset
        day = days_from(day_0, onset.earliest) if day_0 and onset.complete else None
        yield Event(person.id, fact, grades.get(fact.entry), day)


def _often(person: Participant, chain: tuple[ChainStep, ...]) -> tuple[str, ...]:
    """Name what is added most often now; the next step towards the infusion comes first."""
    if person.infusion:
        return TREATED
    if person.enrolment is None:
        return SCREENED
    return (*(step.record for step in chain if step.state is StepState.NEXT), *PREPARED)


def _course(person: Participant, hidden: frozenset[int]) -> Iterator[Moment]:
    day_0 = person.infusion.on if person.infusion else None
    for kind, facts in person.facts.items():
        for fact in facts:
            on = fact.payload.clinical_date()
            day = days_from(day_0, on) if day_0 and on else None
            says = str(HIDDEN) if fact.latest in hidden else _in_short(fact)
            yield Moment(on, day, spoken(kind), says, fact.latest)


def _in_time(moment: Moment) -> tuple[dt.date, int]:
    return moment.on or dt.date.max, moment.entry


def _in_short(fact: Fact[Payload]) -> str:
    payload = fact.payload.model_dump(mode="json", exclude_none=True, exclude=_SHOWN_ELSEWHERE)
    return in_short(payload)

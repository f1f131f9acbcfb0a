"""One participant: the course in one line of time, what was entered and by whom, events, laboratory values."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from earlyphase.dates import days_from
from earlyphase.journal.payloads import TYPES
from earlyphase.journal.payloads.entering import Consent
from earlyphase.journal.payloads.observations import Laboratory
from earlyphase.journal.payloads.payload import Payload
from earlyphase.study.course import spoken
from earlyphase.study.roles import may
from earlyphase.study.standing import standing
from earlyphase.study.state import Fact, Participant
from earlyphase.web.access import Member, for_members
from earlyphase.web.blinding import hidden_from
from earlyphase.web.clock import today_of
from earlyphase.web.history import flat, told
from earlyphase.web.pages import study_page

_SHOWN_ELSEWHERE = {"on", "facts", "results", "verdicts", "system_class", "dictionary", "scale", "onset", "course"}
"""Fields that the line of time leaves out: the table of events, the grid of values and the entry show them."""


HIDDEN = "hidden until the reviews are complete"


@dataclass(frozen=True, slots=True)
class Moment:
    """One fact on the line of time."""

    on: dt.date | None
    day: int | None
    """Units: days from the infusion."""
    what: str
    says: str
    entry: int


@dataclass(frozen=True, slots=True)
class Measured:
    """One analyte over time."""

    analyte: str
    values: tuple[str, ...]
    """In the order of the samplings; empty where it was not measured."""


@require_safe
@for_members
def participant(request: HttpRequest, member: Member, number: str) -> HttpResponse:
    """Show a participant of this study."""
    person, study = member.participant(number), member.seen.state
    place, hidden = standing(study.protocol, person), hidden_from(member)
    samplings = sorted(person.all(Laboratory), key=lambda fact: fact.payload.on)
    context = {
        "person": person,
        "standing": place,
        "waits": place.waiting_for(today_of(study)) if place and place.unresolved else "",
        "timeline": sorted(_timeline(person, hidden), key=_in_time),
        "samplings": samplings,
        "measured": tuple(_measured(samplings)),
        "entries": told([one for one in member.seen.entries if one.participant == number], hidden),
        "records": tuple(participant_records(member)),
    }
    return study_page(request, "participant.html", member, context)


def participant_records(member: Member) -> Iterator[str]:
    """Name the records of a participant that the person may add, in the order of a course."""
    return (
        kind.record
        for kind in TYPES
        if kind.about == "participant" and kind is not Consent and not list(may(member.role, kind))
    )


def _timeline(person: Participant, hidden: frozenset[int]) -> Iterator[Moment]:
    day_0 = person.infusion.on if person.infusion else None
    for kind, facts in person.facts.items():
        for fact in facts:
            on = fact.payload.clinical_date()
            day = days_from(day_0, on) if day_0 and on else None
            says = HIDDEN if fact.latest in hidden else _in_short(fact)
            yield Moment(on, day, spoken(kind), says, fact.latest)


def _in_time(moment: Moment) -> tuple[dt.date, int]:
    return moment.on or dt.date.max, moment.entry


def _in_short(fact: Fact[Payload]) -> str:
    payload = fact.payload.model_dump(mode="json", exclude_none=True, exclude=_SHOWN_ELSEWHERE)
    return " · ".join(_named(name, text) for name, text in flat(payload) if text)


def _named(name: str, text: str) -> str:
    """Write a value with its name; the lines of a list need none."""
    return text if name[-1:].isdigit() else f"{name.replace('_', ' ')} {text}"


def _measured(samplings: list[Fact[Laboratory]]) -> Iterator[Measured]:
    names = dict.fromkeys(result.analyte for fact in samplings for result in fact.payload.results)
    for name in names:
        values = (
            ", ".join(str(result.value) for result in fact.payload.results if result.analyte == name)
            for fact in samplings
        )
        yield Measured(name, tuple(values))

"""The visits of the protocol's schedule for one participant: done, due, overdue, still to come."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from earlyphase.dates import add_days, days_from
from earlyphase.journal.payloads.observations import Visit
from earlyphase.journal.payloads.treatment import Leukapheresis
from earlyphase.protocol import schedule
from earlyphase.study.state import Fact, Participant


class VisitState(StrEnum):
    """Where a planned visit stands."""

    DONE = "done"
    OUTSIDE = "done outside its window"
    DUE = "due"
    OVERDUE = "overdue"
    PLANNED = "planned"
    UNDATED = "not dated yet"
    """The day that it is counted from has not come."""
    NOT_EXPECTED = "not expected"
    """The participant had left before it could be held."""


@dataclass(frozen=True, slots=True)
class PlannedVisit:
    """One visit of the schedule for one participant."""

    participant: str
    name: str
    day: int
    """Units: days from the anchor."""
    first: dt.date | None
    """The first day of its window; None where the anchor has no date."""
    planned: dt.date | None
    last: dt.date | None
    """The last day of its window."""
    state: VisitState
    held_on: dt.date | None
    entry: int | None
    """The entry that says that it was held."""
    assessments: tuple[str, ...]


def visits_of(plan: schedule.Schedule, person: Participant, today: dt.date) -> tuple[PlannedVisit, ...]:
    """Hold the visits that were made against the schedule.

    Args:
        plan: the protocol's schedule.
        person: the participant.
        today: the day from which it is looked at.

    Source: the protocol's `schedule`: days and windows are counted from its anchor.
    """
    anchor = _anchor(plan.anchor, person)
    held: dict[str, Fact[Visit]] = {}
    for fact in person.all(Visit):
        held.setdefault(fact.payload.name.casefold(), fact)
    return tuple(_planned(one, person, anchor, held.get(one.name.casefold()), today) for one in plan.visits)


def open_visits(plan: schedule.Schedule, person: Participant, today: dt.date) -> Iterator[PlannedVisit]:
    """Give the visits that somebody must see to: those that are due or overdue."""
    yield from (one for one in visits_of(plan, person, today) if one.state in (VisitState.DUE, VisitState.OVERDUE))


def _anchor(anchor: schedule.Anchor, person: Participant) -> dt.date | None:
    match anchor:
        case schedule.Anchor.INFUSION:
            return person.infusion.on if person.infusion else None
        case schedule.Anchor.LEUKAPHERESIS:
            collected = person.last(Leukapheresis)
            return collected.on if collected else None
        case schedule.Anchor.CONSENT:
            return person.consent.on if person.consent else None


def _planned(
    one: schedule.Visit, person: Participant, anchor: dt.date | None, held: Fact[Visit] | None, today: dt.date
) -> PlannedVisit:
    first, planned, last = (add_days(anchor, day) if anchor else None for day in (one.first, one.day, one.last))
    return PlannedVisit(
        participant=person.id,
        name=one.name,
        day=one.day,
        first=first,
        planned=planned,
        last=last,
        state=_state(one, person, anchor, held, today),
        held_on=held.payload.on if held else None,
        entry=held.latest if held else None,
        assessments=one.assessments,
    )


def _state(
    one: schedule.Visit, person: Participant, anchor: dt.date | None, held: Fact[Visit] | None, today: dt.date
) -> VisitState:
    if held is not None:
        within = anchor is None or one.first <= days_from(anchor, held.payload.on) <= one.last
        return VisitState.DONE if within else VisitState.OUTSIDE
    left = person.left_study_on
    if anchor is None:
        return VisitState.UNDATED if left is None else VisitState.NOT_EXPECTED
    if left is not None and left <= add_days(anchor, one.last):
        return VisitState.NOT_EXPECTED
    day = days_from(anchor, today)
    if day < one.first:
        return VisitState.PLANNED
    return VisitState.DUE if day <= one.last else VisitState.OVERDUE

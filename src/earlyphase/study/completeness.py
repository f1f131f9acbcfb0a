"""What the schedule expects of each participant, record by record: there, missing, overdue, still to come."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from earlyphase.journal.payloads import BY_NAME
from earlyphase.journal.payloads.payload import Payload
from earlyphase.study.state import Fact, Participant, Study
from earlyphase.study.visits import PlannedVisit, VisitState, visits_of

RECORDED_AS: Mapping[str, str] = {
    "apheresis": "leukapheresis",
    "blood_count": "laboratory",
    "chemistry": "laboratory",
    "coagulation": "laboratory",
    "conditioning": "lymphodepletion",
    "eligibility": "eligibility_confirmed",
    "extramedullary": "extramedullary_finding",
    "response": "response_assessment",
}
"""The record of an assessment whose name is another. One that has no record of its own is not counted."""

ONCE_IS_ENOUGH = frozenset({"consent", "eligibility_confirmed"})
"""Records that count wherever they are dated: a visit asks that they are there."""

OPEN_CHART = frozenset({"adverse_event"})
"""What is recorded when it happens: nothing is missing where there is none."""


class ItemState(StrEnum):
    """Where one expected record stands."""

    PRESENT = "present"
    MISSING = "missing"
    """The visit was held, and the record is not there."""
    OVERDUE = "overdue"
    """The window of the visit has passed, and neither it nor the record is there."""
    DUE = "due"
    """The window is open."""
    TO_COME = "to come"
    NOT_EXPECTED = "not expected"


EXPECTED = (ItemState.PRESENT, ItemState.MISSING, ItemState.OVERDUE)
"""What should be there by now."""

_WITHOUT: Mapping[VisitState, ItemState] = {
    VisitState.DONE: ItemState.MISSING,
    VisitState.OUTSIDE: ItemState.MISSING,
    VisitState.OVERDUE: ItemState.OVERDUE,
    VisitState.DUE: ItemState.DUE,
    VisitState.PLANNED: ItemState.TO_COME,
    VisitState.UNDATED: ItemState.TO_COME,
    VisitState.NOT_EXPECTED: ItemState.NOT_EXPECTED,
}
"""What a record is that is not there, by the state of its visit."""


@dataclass(frozen=True, slots=True)
class Item:
    """One record that a visit asks for."""

    record: str
    state: ItemState
    entry: int | None
    """The entry that holds it."""


@dataclass(frozen=True, slots=True)
class VisitRecords:
    """One visit with the records that it asks for, the visit itself first."""

    visit: PlannedVisit
    items: tuple[Item, ...]

    def of(self, *states: ItemState) -> tuple[Item, ...]:
        """Give the records in some states."""
        return tuple(item for item in self.items if item.state in states)

    @property
    def present(self) -> int:
        """How many of them are there."""
        return len(self.of(ItemState.PRESENT))

    @property
    def state(self) -> ItemState:
        """The state that somebody must look at first."""
        order = (ItemState.OVERDUE, ItemState.MISSING, ItemState.DUE, ItemState.PRESENT, ItemState.TO_COME)
        return next((one for one in order if self.of(one)), ItemState.NOT_EXPECTED)


@dataclass(frozen=True, slots=True)
class Completeness:
    """What is there of one participant."""

    participant: str
    visits: tuple[VisitRecords, ...]

    def count(self, *states: ItemState) -> int:
        """Count the records in some states."""
        return sum(len(one.of(*states)) for one in self.visits)


@dataclass(frozen=True, slots=True)
class Totals:
    """What is there in all."""

    expected: int
    present: int
    missing: int
    overdue: int

    @property
    def percent(self) -> float:
        """Units: percent of what is expected by now."""
        return 100 * self.present / self.expected if self.expected else 100.0


def completeness(study: Study, today: dt.date) -> tuple[Completeness, ...]:
    """Hold every enrolled participant's records against the schedule.

    Args:
        study: the state.
        today: the day from which it is looked at.

    Source: the protocol's `schedule`.
    """
    return tuple(completeness_of(study, person, today) for person in study.enrolled)


def completeness_of(study: Study, person: Participant, today: dt.date) -> Completeness:
    """Hold one participant's records against the schedule."""
    found = (_records(person, visit, today) for visit in visits_of(study.protocol.schedule, person, today))
    return Completeness(person.id, tuple(found))


def totals(found: Iterable[Completeness]) -> Totals:
    """Add up what is there."""
    states = Counter(item.state for one in found for visit in one.visits for item in visit.items)
    return Totals(sum(states[one] for one in EXPECTED), *(states[one] for one in EXPECTED))


def not_counted(study: Study) -> tuple[str, ...]:
    """Name the assessments of the schedule that no record holds."""
    named = {name for visit in study.protocol.schedule.visits for name in visit.assessments}
    return tuple(sorted(name for name in named if _record(name) is None and _plural(name) is None))


def _records(person: Participant, visit: PlannedVisit, today: dt.date) -> VisitRecords:
    without = _WITHOUT[visit.state]
    itself = Item("visit", ItemState.PRESENT if visit.held_on else without, visit.entry)
    records = dict.fromkeys(record for name in visit.assessments if (record := _record(name)) is not None)
    return VisitRecords(visit, (itself, *(_item(person, visit, record, without, today) for record in records)))


def _item(person: Participant, visit: PlannedVisit, record: str, without: ItemState, today: dt.date) -> Item:
    fact = next((one for one in person.all(BY_NAME[record]) if _belongs(one, visit, record, today)), None)
    return Item(record, without, None) if fact is None else Item(record, ItemState.PRESENT, fact.latest)


def _belongs(fact: Fact[Payload], visit: PlannedVisit, record: str, today: dt.date) -> bool:
    on = fact.payload.clinical_date()
    if on is None or on > today:
        return False
    if record in ONCE_IS_ENOUGH or on == visit.held_on:
        return True
    return visit.first is not None and visit.last is not None and visit.first <= on <= visit.last


def _record(assessment: str) -> str | None:
    name = RECORDED_AS.get(assessment, assessment)
    return name if name in BY_NAME and name not in OPEN_CHART else None


def _plural(assessment: str) -> str | None:
    """Find what is recorded when it happens: `adverse_events`."""
    name = assessment.removesuffix("s")
    return name if name in OPEN_CHART else None


def overdue_visits(study: Study, today: dt.date) -> Iterator[PlannedVisit]:
    """Give the visits whose window has passed and that nobody has recorded."""
    for person in study.enrolled:
        for visit in visits_of(study.protocol.schedule, person, today):
            if visit.state is VisitState.OVERDUE:
                yield visit

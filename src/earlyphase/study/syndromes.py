"""CRS and ICANS of every infused participant, day by day: graded from the chart, else as the investigator gave it."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from earlyphase.dates import days_from
from earlyphase.journal.payloads.safety import AdverseEvent
from earlyphase.protocol.dlt import Scale
from earlyphase.study.bedside import charted, worst_by_day
from earlyphase.study.state import Fact, Participant, Study
from earlyphase.toxicity.syndromes import syndrome_of


@dataclass(frozen=True, slots=True)
class DayGrade:
    """The grade of one day."""

    day: int
    """Units: days from the infusion."""
    grade_min: int
    grade_max: int
    computed: bool
    """Whether it comes from the chart; else the investigator gave it."""
    says: str

    @property
    def shown(self) -> str:
        """The grade, or the range."""
        return str(self.grade_max) if self.grade_min == self.grade_max else f"{self.grade_min}–{self.grade_max}"


@dataclass(frozen=True, slots=True)
class SyndromeCourse:
    """One participant's course of one syndrome."""

    participant: str
    scale: str
    """`CRS` or `ICANS`."""
    worst: int
    days: tuple[DayGrade | None, ...]
    """From day 0 on; None where nothing is known of a day."""


def syndrome_courses(study: Study, last: int, today: dt.date) -> tuple[SyndromeCourse, ...]:
    """Give the courses of everybody who had either syndrome, in the order of enrolment.

    Args:
        study: the state.
        last: the last day that is shown. Units: days from the infusion.
        today: the day up to which an event that is not resolved runs.

    Source: ASTCT consensus, Lee et al. 2019, for what the chart gives; the recorded adverse events for the rest.
    """
    found = (one for person in study.enrolled for one in _courses(person, last, today))
    return tuple(one for one in found if one.worst)


def _courses(person: Participant, last: int, today: dt.date) -> Iterator[SyndromeCourse]:
    if person.infusion is None:
        return
    rows = charted(person).rows
    for scale in (Scale.CRS, Scale.ICANS):
        graded = worst_by_day(rows, scale.value)
        given = {day: one for one in _given(person, scale, person.infusion.on, last, today) for day in (one.day,)}
        days = tuple(
            DayGrade(day, graded[day].grade_min, graded[day].grade_max, computed=True, says=graded[day].reason)
            if day in graded
            else given.get(day)
            for day in range(last + 1)
        )
        worst = max((one.grade_max for one in days if one), default=0)
        yield SyndromeCourse(person.id, scale.value, worst, days)


def _given(person: Participant, scale: Scale, day_0: dt.date, last: int, today: dt.date) -> Iterator[DayGrade]:
    """Give the grades of the recorded events day by day, the worse one last where two run at once."""
    found: dict[int, DayGrade] = {}
    for fact in person.adverse_events:
        syndrome = syndrome_of(fact.payload.scale, fact.payload.term)
        if syndrome is None or syndrome.scale is not scale:
            continue
        for day, grade in _days(fact, day_0, min(last, days_from(day_0, today))):
            before = found.get(day)
            if before is None or before.grade_max < grade:
                says = f"{fact.payload.term}, grade {grade}, entry {fact.latest}"
                found[day] = DayGrade(day, grade, grade, computed=False, says=says)
    yield from found.values()


def _days(fact: Fact[AdverseEvent], day_0: dt.date, last: int) -> Iterator[tuple[int, int]]:
    event = fact.payload
    end = min(last, days_from(day_0, event.resolved.latest) - 1) if event.resolved else last
    first = days_from(day_0, event.onset.earliest)
    changes = [(days_from(day_0, one.on), one.grade) for one in event.course]
    for day in range(max(first, 0), max(end, first) + 1):
        if day > last:
            return
        yield day, next((grade for on, grade in reversed(changes) if on <= day), event.grade)

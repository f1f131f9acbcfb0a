"""A participant's laboratory values as a grid: analytes by day, each value with its computed grade and its limits."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from earlyphase.dates import days_from
from earlyphase.faults import InvalidInput
from earlyphase.journal.payloads.observations import Laboratory
from earlyphase.quantities import shown_number, shown_unit
from earlyphase.study.computed_grades import Sampled, samples_of
from earlyphase.study.state import Participant
from earlyphase.toxicity.laboratory import LabGrade, grade_measurement


@dataclass(frozen=True, slots=True)
class GridValue:
    """One value of the grid."""

    text: str
    """The number, with its unit where it is not the row's."""
    entry: int
    grade: int | None
    """The computed grade; the upper end of a range. None where nothing is graded from it."""
    shown: str
    """The grade as it is read: `3`, `1–2`; empty for none."""
    says: str
    """How the grade came about, or why there is none."""
    beyond: str
    """`low` or `high` where the value is beyond the normal range; else empty."""


@dataclass(frozen=True, slots=True)
class GridRow:
    """One analyte."""

    analyte: str
    unit: str
    limits: str
    """The normal range, the last one that was given: `3.5–5.3`."""
    values: tuple[tuple[GridValue, ...], ...]
    """By sampling day, in the order of the grid's days; empty where it was not measured."""


@dataclass(frozen=True, slots=True)
class LaboratoryGrid:
    """Analytes by day."""

    days: tuple[tuple[dt.date, int | None], ...]
    """Each day of sampling, and its distance from the infusion."""
    rows: tuple[GridRow, ...]


def laboratory_grid(person: Participant) -> LaboratoryGrid:
    """Lay out the laboratory values of a participant, graded.

    Source: CTCAE v5.0, by the criteria of each term.
    """
    taken = {fact.latest for fact in person.all(Laboratory)}
    samples = [one for one in samples_of(person) if one.entry in taken]
    dates = sorted({one.on for one in samples})
    day_0 = person.infusion.on if person.infusion else None
    days = tuple((date, days_from(day_0, date) if day_0 else None) for date in dates)
    names = dict.fromkeys(one.name for one in samples)
    own: dict[str, list[Sampled]] = {name: [] for name in names}
    for one in samples:
        own[one.name].append(one)
    return LaboratoryGrid(days, tuple(_row(name, found, dates) for name, found in own.items()))


def _row(name: str, found: list[Sampled], dates: list[dt.date]) -> GridRow:
    unit = found[-1].value.unit
    by_day: dict[dt.date, list[GridValue]] = {date: [] for date in dates}
    for one in found:
        by_day[one.on].append(_value(one, unit))
    return GridRow(name, shown_unit(unit), _limits(found), tuple(tuple(by_day[date]) for date in dates))


def _limits(found: list[Sampled]) -> str:
    """Write the last normal range that was given: both ends, or the one that there is."""
    against = next((one.against for one in reversed(found) if one.against.lln or one.against.uln), None)
    if against is None:
        return ""
    low, high = (shown_number(end.value) if end else "" for end in (against.lln, against.uln))
    return f"{low}–{high}" if low and high else f"≥ {low}" if low else f"≤ {high}"


def _value(one: Sampled, unit: str) -> GridValue:
    text = shown_number(one.value.value) if one.value.unit == unit else str(one.value)
    try:
        grades = grade_measurement(one.name, one.value, one.against)
    except InvalidInput as fault:
        return GridValue(text, one.entry, None, "", str(fault), _beyond(one))
    if not grades:
        return GridValue(text, one.entry, None, "", "", _beyond(one))
    worst = max(grades, key=lambda grade: (grade.grade_max, grade.grade_min))
    return GridValue(text, one.entry, worst.grade_max, _shown(worst), worst.reason, _beyond(one))


def _shown(grade: LabGrade) -> str:
    if grade.grade_max == 0:
        return ""
    same = grade.grade_min == grade.grade_max
    return str(grade.grade_max) if same else f"{grade.grade_min}–{grade.grade_max}"


def _beyond(one: Sampled) -> str:
    return next(_directions(one), "")


def _directions(one: Sampled) -> Iterator[str]:
    for limit, order, word in ((one.against.lln, -1, "low"), (one.against.uln, 1, "high")):
        try:
            if limit is not None and one.value.compare(limit) * order > 0:
                yield word
        except InvalidInput:
            continue

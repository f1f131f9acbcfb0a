"""The grades of a study's laboratory values, computed: nobody enters them."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from earlyphase.dates import days_from
from earlyphase.faults import InvalidInput
from earlyphase.journal.payloads.observations import Laboratory, LaboratoryResult
from earlyphase.quantities import Quantity
from earlyphase.study.state import Fact, Participant, Study
from earlyphase.toxicity.laboratory import Background, LabGrade, grade_measurement


@dataclass(frozen=True, slots=True)
class GradedValue:
    """One laboratory value with a grade above 0, under one term."""

    participant: str
    level: int
    entry: int
    on: dt.date
    day: int
    """Units: days from the infusion."""
    analyte: str
    baseline: Quantity | None
    """The last value up to the day of the infusion."""
    grade: LabGrade


@dataclass(frozen=True, slots=True)
class GradedLaboratory:
    """Everything that was graded in a study after the infusion."""

    values: tuple[GradedValue, ...]
    """With a grade above 0, by participant and day."""
    graded: int
    """How many values were graded, those of grade 0 included."""
    faults: tuple[str, ...]
    """Values that cannot be graded as they were recorded, and why."""

    def worst(self) -> tuple[GradedValue, ...]:
        """Give each participant's worst value under each term, the first of those that are equal.

        Source:
            ICH E3, section 12.4: the most abnormal value of each participant.
        """
        found: dict[tuple[str, str], GradedValue] = {}
        for one in self.values:
            key = one.participant, one.grade.term
            if key not in found or _badness(one) > _badness(found[key]):
                found[key] = one
        return tuple(found.values())


def _badness(one: GradedValue) -> tuple[int, int]:
    return one.grade.grade_max, one.grade.grade_min


def graded_laboratory(study: Study) -> GradedLaboratory:
    """Grade every laboratory value that was taken after the infusion, against its normal range and the baseline.

    Source:
        CTCAE v5.0, by the criteria of each term; baseline: the last value up to the day of the infusion (ADaMIG 1.3,
        section 3.3.4).
    """
    values: list[GradedValue] = []
    faults: list[str] = []
    graded = 0
    for person in study.enrolled:
        for fact, result, baseline in _after_infusion(person):
            try:
                found = grade_measurement(result.analyte, result.value, _background(result, baseline))
            except InvalidInput as fault:
                faults.append(f"{person.id}, entry {fact.latest}: {fault}")
                continue
            graded += bool(found)
            values += [_value(person, fact, result, baseline, one) for one in found if one.grade_max > 0]
    return GradedLaboratory(tuple(values), graded, tuple(faults))


def _after_infusion(person: Participant) -> Iterator[tuple[Fact[Laboratory], LaboratoryResult, Quantity | None]]:
    if person.infusion is None:
        return
    baseline: dict[str, Quantity] = {}
    for fact in sorted(person.all(Laboratory), key=lambda fact: (fact.payload.on, fact.entry)):
        for result in fact.payload.results:
            if fact.payload.on <= person.infusion.on:
                baseline[result.analyte] = result.value
            else:
                yield fact, result, baseline.get(result.analyte)


def _background(result: LaboratoryResult, baseline: Quantity | None) -> Background:
    return Background(lln=result.lower_limit, uln=result.upper_limit, baseline=baseline)


def _value(
    person: Participant, fact: Fact[Laboratory], result: LaboratoryResult, baseline: Quantity | None, grade: LabGrade
) -> GradedValue:
    on, level = fact.payload.on, person.level or 0
    day = days_from(person.infusion.on, on) if person.infusion else 0
    return GradedValue(person.id, level, fact.latest, on, day, result.analyte, baseline, grade)

"""The grades of a study's laboratory values, computed: nobody enters them. After the infusion, and as shifts."""

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass

from earlyphase.dates import days_from
from earlyphase.faults import InvalidInput
from earlyphase.journal.payloads.observations import Laboratory, LaboratoryResult
from earlyphase.quantities import Quantity
from earlyphase.study.state import Fact, Participant, Study
from earlyphase.toxicity.laboratory import Background, LabGrade, grade_measurement


@dataclass(frozen=True, slots=True)
class GradedValue:
    """One laboratory value under one term."""

    participant: str
    level: int
    entry: int
    on: dt.date
    day: int
    """Units: days from the infusion."""
    analyte: str
    baseline: Quantity | None
    """The last value up to the day of the infusion; of a value up to then, itself."""
    grade: LabGrade

    @property
    def known(self) -> int | None:
        """The grade, the higher one where only symptoms separate two; None where something is missing."""
        return None if self.grade.missing else self.grade.grade_max


@dataclass(frozen=True, slots=True)
class Shift:
    """One participant under one term."""

    participant: str
    term: str
    baseline: int | None
    """The grade before the infusion; None where it is not known."""
    worst: int | None
    """The worst grade after it; None where nothing was measured."""


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
        for sampled in (one for one in _sampled(person) if one.after):
            try:
                found = sampled.graded(person)
            except InvalidInput as fault:
                faults.append(f"{person.id}, entry {sampled.fact.latest}: {fault}")
                continue
            graded += bool(found)
            values += [one for one in found if one.grade.grade_max > 0]
    return GradedLaboratory(tuple(values), graded, tuple(faults))


def every_grade(study: Study) -> tuple[GradedValue, ...]:
    """Grade every laboratory value of everybody who was infused, before the infusion and after it.

    A value up to the infusion is its own baseline, and is graded against the normal range. A value that cannot be
    graded is left out.

    Source:
        CTCAE v5.0, by the criteria of each term.
    """
    found: list[GradedValue] = []
    for person in study.enrolled:
        for sampled in _sampled(person):
            with suppress(InvalidInput):
                found += sampled.graded(person)
    return tuple(found)


def shifts(graded: Sequence[GradedValue]) -> tuple[Shift, ...]:
    """Hold each participant's worst grade after the infusion against the one before it, by term.

    Source:
        ICH E3, section 12.4.2.1: laboratory values over time, shift tables.
    """
    own: dict[tuple[str, str], list[GradedValue]] = {}
    for one in graded:
        own.setdefault((one.grade.term, one.participant), []).append(one)
    found: list[Shift] = []
    for (term, name), results in own.items():
        last = max((one for one in results if one.day <= 0), key=lambda one: one.day, default=None)
        after = [one.known for one in results if one.day > 0 and one.known is not None]
        found.append(Shift(name, term, last.known if last else None, max(after, default=None)))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _Sampled:
    """One value as it was measured."""

    fact: Fact[Laboratory]
    result: LaboratoryResult
    baseline: Quantity | None
    after: bool
    """Whether it was taken after the infusion."""

    def graded(self, person: Participant) -> list[GradedValue]:
        """Grade it under every term that it can grade."""
        result, on = self.result, self.fact.payload.on
        abnormal = None if self.after else False
        against = Background(result.lower_limit, result.upper_limit, self.baseline, abnormal)
        day = days_from(person.infusion.on, on) if person.infusion else 0
        about = (person.id, person.level or 0, self.fact.latest, on, day, result.analyte, self.baseline)
        return [GradedValue(*about, grade) for grade in grade_measurement(result.analyte, result.value, against)]


def _sampled(person: Participant) -> Iterator[_Sampled]:
    """Give the values of who was infused, in order."""
    if person.infusion is None:
        return
    baseline: dict[str, Quantity] = {}
    for fact in sorted(person.all(Laboratory), key=lambda fact: (fact.payload.on, fact.entry)):
        after = fact.payload.on > person.infusion.on
        for result in fact.payload.results:
            if not after:
                baseline[result.analyte] = result.value
            yield _Sampled(fact, result, baseline.get(result.analyte), after)

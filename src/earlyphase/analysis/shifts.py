"""Laboratory grades: at baseline, at worst after the infusion, and over time."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from earlyphase.dates import days_from
from earlyphase.faults import InvalidInput
from earlyphase.journal.payloads.observations import Laboratory, LaboratoryResult
from earlyphase.quantities import Quantity
from earlyphase.study.state import Participant, Study
from earlyphase.toxicity.laboratory import LabGrade, grade_measurement
from earlyphase.toxicity.ladders import Background


@dataclass(frozen=True, slots=True)
class GradedResult:
    """One laboratory value under one term."""

    participant: str
    term: str
    on: dt.date
    day: int
    """Units: days from the infusion."""
    grade: int | None
    """The higher one where only symptoms separate two; None where something is missing."""


@dataclass(frozen=True, slots=True)
class Shift:
    """One participant under one term."""

    participant: str
    term: str
    baseline: int | None
    """The grade before the infusion; None where it is not known."""
    worst: int | None
    """The worst grade after it; None where nothing was measured."""


def graded_results(study: Study) -> tuple[GradedResult, ...]:
    """Grade every laboratory value of everybody who was infused, under every term that it can grade.

    The baseline of a value is the last one up to the day of the infusion; a value up to then is its own baseline, and
    is graded against the normal range. A value that cannot be graded is left out.

    Source:
        CTCAE v5.0, NCI, 27 November 2017.
    """
    return tuple(one for person in study.enrolled if person.infusion for one in _of(person))


def _of(person: Participant) -> Iterator[GradedResult]:
    infused = person.infusion.on if person.infusion else dt.date.max
    samples = sorted(person.every(Laboratory), key=lambda one: one.on)
    before = {one.analyte: one.value for sample in samples if sample.on <= infused for one in sample.results}
    for sample in samples:
        for one in sample.results:
            early = sample.on <= infused
            baseline = one.value if early else before.get(one.analyte)
            for grade in _grades(one, baseline, before=early):
                known = None if grade.missing else grade.grade_max
                yield GradedResult(person.id, grade.term, sample.on, days_from(infused, sample.on), known)


def _grades(one: LaboratoryResult, baseline: Quantity | None, *, before: bool) -> tuple[LabGrade, ...]:
    abnormal = False if before else None
    try:
        return grade_measurement(
            one.analyte, one.value, Background(one.lower_limit, one.upper_limit, baseline, abnormal)
        )
    except InvalidInput:
        return ()


def shifts(graded: Sequence[GradedResult]) -> tuple[Shift, ...]:
    """Hold each participant's worst grade after the infusion against the one before it, by term.

    Source:
        ICH E3, section 12.4.2.1: laboratory values over time, shift tables.
    """
    found: list[Shift] = []
    pairs = dict.fromkeys((one.term, one.participant) for one in graded)
    own: dict[tuple[str, str], list[GradedResult]] = {pair: [] for pair in pairs}
    for one in graded:
        own[one.term, one.participant].append(one)
    for (term, name), results in own.items():
        before = [one for one in results if one.day <= 0]
        after = [one.grade for one in results if one.day > 0 and one.grade is not None]
        last = max(before, key=lambda one: one.day, default=None)
        found.append(Shift(name, term, last.grade if last else None, max(after, default=None)))
    return tuple(found)

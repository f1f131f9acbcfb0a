"""Responses derived from a participant's findings, beside those that the investigator gave."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from earlyphase.dates import days_from
from earlyphase.journal.payloads.leaving import NewTherapy, Relapse
from earlyphase.journal.payloads.observations import (
    ExtramedullaryFinding,
    Laboratory,
    Marrow,
    Mrd,
    Response,
    ResponseAssessment,
)
from earlyphase.response.comparing import Difference, compare
from earlyphase.response.conditions import Case, Finding, Met
from earlyphase.response.criteria_set import CriteriaSet
from earlyphase.response.deriving import BestResponse, Derived, best_response, derive, relapsed_on
from earlyphase.response.residual import ResidualFinding, residual_status
from earlyphase.study.state import Participant, Study

MARROW, EXTRAMEDULLARY = "marrow blasts", "extramedullary disease"
"""What the criteria sets call these findings."""

ASSESSED_WITHIN = 7
"""An investigator's response belongs to the assessment at most so far from it. Units: days. Assumed, as the windows of
the criteria sets are."""


@dataclass(frozen=True, slots=True)
class ResponseQuery:
    """An investigator's response that is not what the findings give. The investigator's stands until they change it."""

    participant: str
    entry: int
    """The entry of the investigator's assessment."""
    on: dt.date
    assessed: Response
    derived: Derived

    @property
    def because(self) -> str:
        """What of the findings rules the investigator's response out."""
        against = (one for one in self.derived.considered if one.rule.name == self.assessed.value)
        told = [
            f"{self.derived.criteria}: “{each.condition.text}” is not met ({each.says})"
            for one in against
            for each in one.evidence
            if each.met is Met.NOT_MET
        ]
        return "; ".join(told) or self.derived.sentence

    def __str__(self) -> str:
        """Ask."""
        return (
            f"{self.participant}, {self.on}, entry {self.entry}: the investigator gave {self.assessed.value}; "
            f"{self.because}. Please check the response, or the findings."
        )


@dataclass(frozen=True, slots=True)
class DerivedCourse:
    """One participant's derived responses."""

    participant: str
    derived: tuple[Derived, ...]
    best: BestResponse
    relapse: dt.date | None
    residual: tuple[tuple[dt.date, ResidualFinding], ...]
    queries: tuple[ResponseQuery, ...]


def findings_of(person: Participant, criteria: CriteriaSet) -> tuple[Finding, ...]:
    """Give a participant's findings by the names of a criteria set.

    Source:
        The journal: marrow, laboratory values and extramedullary findings; the set's names for them.
    """
    return tuple(finding for finding in _findings(person, criteria) if finding.name in criteria.findings)


def _findings(person: Participant, criteria: CriteriaSet) -> Iterator[Finding]:
    for marrow in person.every(Marrow):
        if marrow.method == "morphology":
            yield Finding(MARROW, marrow.on, marrow.blasts)
    for found in person.every(ExtramedullaryFinding):
        yield Finding(EXTRAMEDULLARY, found.on, "present" if found.present else "absent")
    for sample in person.every(Laboratory):
        for result in sample.results:
            for rule in criteria.findings.values():
                if rule.is_called(result.analyte):
                    yield Finding(rule.name, sample.on, result.value)


def derived_course(person: Participant, criteria: CriteriaSet, horizon_days: int | None = None) -> DerivedCourse | None:
    """Derive an infused participant's responses, and hold them against the investigator's.

    Args:
        person: the participant.
        criteria: the set of criteria.
        horizon_days: until when the best response counts, from the infusion; for as long as they are followed when
            absent. Units: days.

    Returns:
        None for who was not infused. A progression that the investigator saw, and another therapy, end the search for
        the best response.

    Source:
        The criteria set; FDA, Clinical Trial Endpoints for the Approval of Cancer Drugs and Biologics, December 2018.
    """
    infusion = person.infusion
    if infusion is None:
        return None
    derived = derive(Case(criteria, findings_of(person, criteria), infusion.on))
    ends = [one.on for one in person.every(Relapse)]
    ends += [one.on for one in person.every(NewTherapy) if one.purpose != "bridging"]
    if horizon_days is not None:
        ends.append(infusion.on + dt.timedelta(horizon_days))
    until = min((day for day in ends if day >= infusion.on), default=None)
    return DerivedCourse(
        person.id,
        derived,
        best_response(derived, criteria.names, until),
        relapsed_on(derived),
        tuple((one.on, _residual(criteria, one)) for one in person.every(Mrd)) if criteria.residual else (),
        tuple(_queries(person, criteria, derived)),
    )


def derived_courses(study: Study, criteria: CriteriaSet) -> tuple[DerivedCourse, ...]:
    """Derive the responses of everyone who was infused.

    Source:
        The criteria set.
    """
    found = (derived_course(person, criteria) for person in study.enrolled)
    return tuple(one for one in found if one is not None)


def side_by_side(person: Participant, first: CriteriaSet, second: CriteriaSet) -> tuple[Difference, ...]:
    """Derive a participant's responses under two sets, each assessment with the reasons for a difference.

    Source:
        Both criteria sets.
    """
    one, other = derived_course(person, first), derived_course(person, second)
    return () if one is None or other is None else differences(one, other)


def differences(one: DerivedCourse, other: DerivedCourse) -> tuple[Difference, ...]:
    """Hold two courses of one participant against each other, assessment by assessment.

    Source:
        Both criteria sets.
    """
    theirs = {each.on: each for each in other.derived}
    return tuple(compare(each, theirs[each.on]) for each in one.derived if each.on in theirs)


def _residual(criteria: CriteriaSet, one: Mrd) -> ResidualFinding:
    return residual_status(criteria, detected=one.detected, level=one.level, sensitivity=one.sensitivity)


def _queries(person: Participant, criteria: CriteriaSet, derived: Sequence[Derived]) -> Iterator[ResponseQuery]:
    """Find the assessments whose response the findings rule out; what the set does not derive cannot be asked about."""
    for fact in person.all(ResponseAssessment):
        given = fact.payload
        near = [one for one in derived if abs(days_from(given.on, one.on)) <= ASSESSED_WITHIN]
        nearest = min(near, key=lambda one: abs(days_from(given.on, one.on)), default=None)
        if nearest and given.response.value in criteria.names and given.response.value not in nearest.possible:
            yield ResponseQuery(person.id, fact.entry, given.on, given.response, nearest)

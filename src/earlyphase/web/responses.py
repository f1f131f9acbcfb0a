"""The response of a participant over time: the investigator's assessments beside what the findings give."""

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from earlyphase.analysis.response import DerivedCourse, derived_course
from earlyphase.dates import days_from
from earlyphase.journal.payloads.observations import Marrow, Mrd, ResponseAssessment
from earlyphase.protocol.model import Protocol
from earlyphase.response.criteria_set import CriteriaSet, load_criteria_sets
from earlyphase.response.deriving import Derived
from earlyphase.study.state import Fact, Participant

if TYPE_CHECKING:
    from earlyphase.analysis.rates import BestResponse


@dataclass(frozen=True, slots=True)
class Assessed:
    """One day of assessment: the disease, the investigator's response, and the derived one."""

    on: dt.date
    day: int
    """Units: days from the infusion."""
    marrow: tuple[Fact[Marrow], ...]
    residual: tuple[Fact[Mrd], ...]
    assessment: Fact[ResponseAssessment] | None
    derived: Derived | None
    query: str
    """How the investigator's response differs from the findings; empty where it does not."""


@dataclass(frozen=True, slots=True)
class ResponseCourse:
    """Response over time and at best."""

    rows: tuple[Assessed, ...]
    best: "BestResponse | None"
    """The investigator's best response, as the protocol's response rate counts it."""
    horizon_days: int
    derived: DerivedCourse | None
    criteria: str
    """The criteria set under which the findings were read; empty where none is carried."""


def response_course(protocol: Protocol, person: Participant) -> ResponseCourse | None:
    """Follow a participant's response; None before the infusion."""
    if person.infusion is None:
        return None
    criteria = _criteria(person)
    endpoint = next((one for one in protocol.endpoints if one.measure == "proportion" and one.responses), None)
    horizon = endpoint.horizon_days if endpoint else None
    derived = derived_course(person, criteria, horizon) if criteria else None
    from earlyphase.analysis.rates import best_response  # noqa: PLC0415 - reads scipy: kept out of the start

    best = best_response(person, endpoint) if endpoint else None
    rows = tuple(_rows(person, person.infusion.on, derived))
    return ResponseCourse(rows, best, horizon or 0, derived, criteria.name if criteria else "")


def _criteria(person: Participant) -> CriteriaSet | None:
    """Find the set that the investigator named last, among those that the package carries."""
    known = load_criteria_sets()
    named = [one.criteria for one in person.every(ResponseAssessment) if one.criteria in known]
    return known[named[-1]] if named else None


def _rows(person: Participant, day_0: dt.date, derived: DerivedCourse | None) -> list[Assessed]:
    """Give every day on which the disease was looked at, in order."""
    marrow, residual, given = person.all(Marrow), person.all(Mrd), person.all(ResponseAssessment)
    days = sorted({fact.payload.on for facts in (marrow, residual, given) for fact in facts})
    queries = {one.entry: one.because for one in derived.queries} if derived else {}
    return [
        Assessed(
            on,
            days_from(day_0, on),
            tuple(fact for fact in marrow if fact.payload.on == on),
            tuple(fact for fact in residual if fact.payload.on == on),
            here := next((fact for fact in reversed(given) if fact.payload.on == on), None),
            _derived(derived, on),
            queries.get(here.entry, "") if here else "",
        )
        for on in days
    ]


def _derived(course: DerivedCourse | None, on: dt.date) -> Derived | None:
    return next((one for one in course.derived if one.on == on), None) if course else None

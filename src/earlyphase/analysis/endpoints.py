"""Endpoints computed from their specification in the protocol: rates, and times to an event."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from earlyphase.analysis.aalen_johansen import CumulativeIncidence, aalen_johansen
from earlyphase.analysis.estimates import Estimate
from earlyphase.analysis.kaplan_meier import KaplanMeier, kaplan_meier, reverse_kaplan_meier, survival_at
from earlyphase.analysis.populations import assessments, populations, responses_that_count
from earlyphase.analysis.proportions import proportion
from earlyphase.analysis.safety import emergent_events
from earlyphase.analysis.survival_quantiles import median
from earlyphase.dates import days_from
from earlyphase.journal.payloads.leaving import LossToFollowUp, NewTherapy, Relapse, Transplant, Withdrawal
from earlyphase.journal.payloads.observations import (
    Laboratory,
    Marrow,
    Mrd,
    Response,
    ResponseAssessment,
    Visit,
    VitalSigns,
)
from earlyphase.journal.payloads.safety import DltAdjudication
from earlyphase.journal.payloads.treatment import Leukapheresis
from earlyphase.protocol.endpoints import Endpoint, Happening, Origin
from earlyphase.study.standing import DltState, standings
from earlyphase.study.state import Participant, Study

_OF_THE_DISEASE = {Happening.RELAPSE, Happening.PROGRESSION, Happening.DISEASE_DEATH}
"""An endpoint that has one of these is followed by disease assessments, not by being alive."""


class End(StrEnum):
    """How a participant's time to an event ended."""

    EVENT = "event"
    COMPETING = "competing event"
    CENSORED = "censored"


@dataclass(frozen=True, slots=True)
class FollowUp:
    """One participant's time towards an event."""

    participant: str
    origin: dt.date
    ended: dt.date
    end: End
    why: str
    """What ended it, in words."""

    @property
    def days(self) -> int:
        """Give its length. Units: days; the origin is day 0."""
        return days_from(self.origin, self.ended)


@dataclass(frozen=True, slots=True)
class TimeToEvent:
    """A time-to-event endpoint, estimated."""

    endpoint: Endpoint
    follow_ups: tuple[FollowUp, ...]
    without_origin: tuple[str, ...]
    """Members of the population whose time has not begun."""
    curve: KaplanMeier
    """Time in days. A competing event censors."""
    median: Estimate
    at_horizon: Estimate
    follow_up: Estimate
    """The median follow-up by reverse Kaplan–Meier."""
    incidence: CumulativeIncidence | None
    """The cumulative incidence of the event where others compete; None where none is specified."""

    def who(self, end: End) -> tuple[str, ...]:
        """Give the participants whose time ended so."""
        return tuple(one.participant for one in self.follow_ups if one.end is end)


@dataclass(frozen=True, slots=True)
class BestResponse:
    """The best response of one participant within an endpoint's time."""

    participant: str
    response: Response | None
    """None where there was no assessment."""
    on: dt.date | None


@dataclass(frozen=True, slots=True)
class ResponseRate:
    """A response rate, estimated."""

    endpoint: Endpoint
    best: tuple[BestResponse, ...]
    responders: tuple[str, ...]
    estimate: Estimate

    def who(self, response: Response | None) -> tuple[str, ...]:
        """Give the participants with a best response."""
        return tuple(one.participant for one in self.best if one.response is response)


@dataclass(frozen=True, slots=True)
class DltRate:
    """The DLT rate of one dose level, or of all (level None)."""

    level: int | None
    enrolled: tuple[str, ...]
    infused: tuple[str, ...]
    evaluable: tuple[str, ...]
    dlts: tuple[str, ...]
    pending: tuple[str, ...]
    """In the window, or not yet infused."""
    not_evaluable: tuple[str, ...]
    estimate: Estimate


def dlt_rates(study: Study, *, level: float = 0.95) -> tuple[DltRate, ...]:
    """Estimate the DLT rate at every planned dose level, and over all.

    Source:
        The protocol's DLT endpoint; exact interval: Clopper CJ, Pearson ES. Biometrika 1934;26:404.
    """
    stands = standings(study)
    infused = {person.id for person in study.enrolled if person.infusion}

    def rate(number: int | None) -> DltRate:
        here = [one for one in stands if number in (None, one.level)]

        def those(*states: DltState) -> tuple[str, ...]:
            return tuple(one.participant for one in here if one.state in states)

        evaluable, dlts = those(DltState.DLT, DltState.NO_DLT), those(DltState.DLT)
        everybody = tuple(one.participant for one in here)
        return DltRate(
            number,
            everybody,
            tuple(name for name in everybody if name in infused),
            evaluable,
            dlts,
            those(DltState.PENDING, DltState.PREPARING),
            those(DltState.NOT_EVALUABLE),
            proportion(len(dlts), len(evaluable), level=level),
        )

    return (*(rate(number) for number in study.protocol.doses.numbers), rate(None))


def response_rate(study: Study, endpoint: Endpoint) -> ResponseRate:
    """Estimate a response rate: the best response from the infusion to the horizon, before what ends observation.

    Source:
        The protocol's endpoint: population, responses that count, horizon, interval.
    """
    members = populations(study).of(endpoint.population).participants
    best = tuple(best_response(study.participants[name], endpoint) for name in members)
    responders = tuple(one.participant for one in best if one.response and one.response.value in endpoint.responses)
    estimate = proportion(len(responders), len(members), interval=endpoint.interval.value, level=endpoint.confidence)
    return ResponseRate(endpoint, best, responders, estimate)


def best_response(person: Participant, endpoint: Endpoint) -> BestResponse:
    """Find a participant's best response within an endpoint's time; the first day on which it was reached.

    It is looked for until relapse, progression, new therapy, or what else the endpoint is censored at.

    Source:
        The order of the responses is that of Döhner H, Wei AH, Appelbaum FR, et al. Blood 2022;140:1345.
    """
    infusion = person.infusion
    if infusion is None:
        return BestResponse(person.id, None, None)
    stopped = min((day for day, _ in _happened(person, endpoint.censored_at)), default=dt.date.max)
    within = [
        one
        for one in assessments(person)
        if days_from(infusion.on, one.on) <= endpoint.horizon_days and one.on <= stopped
    ]
    order = list(Response)
    best = min(within, key=lambda one: (order.index(one.response), one.on), default=None)
    return BestResponse(person.id, best.response if best else None, best.on if best else None)


def time_to_event(study: Study, endpoint: Endpoint) -> TimeToEvent:
    """Estimate a time to an event as its endpoint specifies it.

    Competing events censor the Kaplan–Meier curve, and compete in the cumulative incidence: both are given.

    Source:
        The protocol's endpoint; Kaplan EL, Meier P. J Am Stat Assoc 1958;53:457; Aalen OO, Johansen S. Scand J Stat
        1978;5:141; Schemper M, Smith TL. Control Clin Trials 1996;17:343 (follow-up).
    """
    members = populations(study).of(endpoint.population).participants
    found = {name: follow_up(study, endpoint, study.participants[name]) for name in members}
    follow_ups = tuple(one for one in found.values() if one is not None)
    times = [one.days for one in follow_ups]
    events = [int(one.end is End.EVENT) for one in follow_ups]
    curve = kaplan_meier(times, events, interval=endpoint.interval.value, level=endpoint.confidence)
    reverse = reverse_kaplan_meier(times, events, interval=endpoint.interval.value, level=endpoint.confidence)
    return TimeToEvent(
        endpoint,
        follow_ups,
        tuple(name for name, one in found.items() if one is None),
        curve,
        median(curve),
        survival_at(curve, endpoint.horizon_days),
        median(reverse),
        _incidence(follow_ups) if endpoint.competing else None,
    )


def _incidence(follow_ups: Iterable[FollowUp]) -> CumulativeIncidence:
    codes = {End.CENSORED: 0, End.EVENT: 1, End.COMPETING: 2}
    rows = list(follow_ups)
    return aalen_johansen([one.days for one in rows], [codes[one.end] for one in rows], causes=2)


def follow_up(study: Study, endpoint: Endpoint, person: Participant) -> FollowUp | None:
    """Follow one participant from an endpoint's origin to its event; None where the origin has not come.

    The first of event, competing event and censoring event counts; of two on one day, in that order. Without any, time
    ends where the participant was last assessed for the disease (for endpoints of the disease) or last known to be
    alive, and never after the horizon. What happened before the origin does not count.

    Source:
        The protocol's endpoint; censoring at the last assessment: FDA, Clinical Trial Endpoints for the Approval of
        Cancer Drugs and Biologics, December 2018, appendix C.
    """
    origin = _origin(study, endpoint.origin, person)
    if origin is None:
        return None
    ends = [
        (day, place, end, what)
        for place, (end, happenings) in enumerate(
            ((End.EVENT, endpoint.events), (End.COMPETING, endpoint.competing), (End.CENSORED, endpoint.censored_at))
        )
        for day, what in _happened(person, happenings)
        if day >= origin
    ]
    horizon = origin + dt.timedelta(endpoint.horizon_days)
    if ends:
        day, _, end, what = min(ends, key=lambda found: found[:2])
        if day <= horizon:
            return FollowUp(person.id, origin, day, end, what)
    disease = bool(endpoint.events & _OF_THE_DISEASE)
    last = max(origin, _last_assessed(person) if disease else last_known_alive(person))
    if ends or last >= horizon:
        return FollowUp(person.id, origin, horizon, End.CENSORED, "end of the time frame")
    return FollowUp(person.id, origin, last, End.CENSORED, "last assessment" if disease else "last known alive")


def last_known_alive(person: Participant) -> dt.date:
    """Give the last day on which a participant is known to have lived: seen, sampled, treated, spoken to, or dying.

    Source:
        The journal: every dated fact of a person who was there.
    """
    kinds = (
        Visit,
        Laboratory,
        VitalSigns,
        Marrow,
        Mrd,
        ResponseAssessment,
        Relapse,
        Transplant,
        NewTherapy,
        Withdrawal,
    )
    days = [payload.on for kind in kinds for payload in person.every(kind)]
    days += [loss.last_contact for loss in person.every(LossToFollowUp)]
    days += [fact.payload.onset.earliest for fact in person.adverse_events]
    days += [one.on for one in (person.consent, person.enrolment, person.infusion, person.death) if one]
    return max(days, default=dt.date.min)


def _last_assessed(person: Participant) -> dt.date:
    kinds = (ResponseAssessment, Marrow, Mrd)
    return max((payload.on for kind in kinds for payload in person.every(kind)), default=dt.date.min)


def _origin(study: Study, origin: Origin, person: Participant) -> dt.date | None:
    match origin:
        case Origin.ENROLMENT:
            return person.enrolment.on if person.enrolment else None
        case Origin.LEUKAPHERESIS:
            collected = person.every(Leukapheresis)
            return collected[0].on if collected else None
        case Origin.INFUSION:
            return person.infusion.on if person.infusion else None
        case Origin.FIRST_RESPONSE:
            counted = responses_that_count(study.protocol)
            return next((one.on for one in assessments(person) if one.response.value in counted), None)


def _happened(person: Participant, happenings: Iterable[Happening]) -> list[tuple[dt.date, str]]:
    return [(day, happening.value) for happening in sorted(happenings) for day in _days_of(person, happening)]


def _days_of(person: Participant, happening: Happening) -> list[dt.date]:  # noqa: PLR0911 - one case for each
    """Give the days on which something happened to a participant."""
    death = person.death
    match happening:
        case Happening.DEATH:
            return [death.on] if death else []
        case Happening.DISEASE_DEATH:
            return [death.on] if death and death.cause == "disease" else []
        case Happening.OTHER_DEATH:
            return [death.on] if death and death.cause != "disease" else []
        case Happening.RELAPSE | Happening.PROGRESSION:
            return _growth(person, happening)
        case Happening.TRANSPLANT:
            return [one.on for one in person.every(Transplant)]
        case Happening.NEW_THERAPY:
            return [one.on for one in person.every(NewTherapy) if one.purpose != "bridging"]
        case Happening.DLT:
            return _dlt_onset(person)
        case Happening.TEAE:
            return [one.began for one in emergent_events(person)]


def _growth(person: Participant, happening: Happening) -> list[dt.date]:
    days = [one.on for one in person.every(Relapse) if one.kind == happening.value]
    if happening is Happening.PROGRESSION:
        days += [one.on for one in person.every(ResponseAssessment) if one.response is Response.PROGRESSION]
    return days


def _dlt_onset(person: Participant) -> list[dt.date]:
    finding = person.last(DltAdjudication)
    events = {fact.entry: fact.payload for fact in person.adverse_events}
    return [events[finding.adverse_event].onset.earliest] if finding and finding.adverse_event in events else []

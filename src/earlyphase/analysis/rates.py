"""Rates: of DLTs by dose level, and of responses, as the protocol's endpoints specify them."""

import datetime as dt
from dataclasses import dataclass

from earlyphase.analysis.estimates import Estimate
from earlyphase.analysis.happenings import happened
from earlyphase.analysis.populations import assessments, populations
from earlyphase.analysis.proportions import proportion
from earlyphase.dates import days_from
from earlyphase.journal.payloads.observations import Response
from earlyphase.protocol.endpoints import Endpoint
from earlyphase.study.standing import DltState, standings
from earlyphase.study.state import Participant, Study


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
    stopped = min((day for day, _ in happened(person, endpoint.censored_at)), default=dt.date.max)
    within = [
        one
        for one in assessments(person)
        if days_from(infusion.on, one.on) <= endpoint.horizon_days and one.on <= stopped
    ]
    order = list(Response)
    best = min(within, key=lambda one: (order.index(one.response), one.on), default=None)
    return BestResponse(person.id, best.response if best else None, best.on if best else None)

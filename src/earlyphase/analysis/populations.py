"""The populations: who is counted in which analysis, and why each of the others is not."""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from earlyphase.journal.payloads.entering import ScreenFailure
from earlyphase.journal.payloads.leaving import LossToFollowUp, NewTherapy, Relapse, Withdrawal
from earlyphase.journal.payloads.observations import Response, ResponseAssessment
from earlyphase.journal.payloads.treatment import ProductFailed
from earlyphase.protocol.endpoints import Population
from earlyphase.protocol.model import Protocol
from earlyphase.study.standing import DltState, standing
from earlyphase.study.state import Participant, Study


@dataclass(frozen=True, slots=True)
class Lost:
    """Participants who are not in a population for one reason."""

    reason: str
    participants: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Members:
    """One population."""

    name: str
    means: str
    """Who belongs to it, as tables say it."""
    participants: tuple[str, ...]
    of: str = ""
    """The wider population that it is taken from."""
    lost: tuple[Lost, ...] = ()
    """Who of the wider population is not in it, by reason."""

    @property
    def count(self) -> int:
        """How many belong to it."""
        return len(self.participants)


@dataclass(frozen=True, slots=True)
class Populations:
    """Every population of a study at a cut-off."""

    consented: Members
    enrolled: Members
    infused: Members
    dlt_evaluable: Members
    efficacy_evaluable: Members
    responders: Members

    def of(self, population: Population) -> Members:
        """Give the population that an endpoint names."""
        return {
            Population.ENROLLED: self.enrolled,
            Population.INFUSED: self.infused,
            Population.DLT_EVALUABLE: self.dlt_evaluable,
            Population.EFFICACY_EVALUABLE: self.efficacy_evaluable,
            Population.RESPONDERS: self.responders,
        }[population]

    @property
    def all(self) -> tuple[Members, ...]:
        """Give them from the widest to the narrowest."""
        return (
            self.consented,
            self.enrolled,
            self.infused,
            self.dlt_evaluable,
            self.efficacy_evaluable,
            self.responders,
        )


def populations(study: Study) -> Populations:
    """Sort every participant of a study, at its cut-off, into the populations.

    Source:
        ICH E9, section 5.2 (full analysis set and safety set); the protocol's `escalation.evaluability` and endpoints.
    """
    protocol = study.protocol
    everybody = tuple(study.participants.values())
    enrolled = study.enrolled
    infused = tuple(person for person in enrolled if person.infusion)
    return Populations(
        consented=Members("consented", "gave informed consent", _names(everybody)),
        enrolled=_part("enrolled", "took a slot at a dose level", "consented", everybody, _why_not_enrolled),
        infused=_part(
            "infused", "received the study product (the safety population)", "enrolled", enrolled, _why_not_infused
        ),
        dlt_evaluable=_part(
            "DLT-evaluable",
            f"followed through the DLT window at {protocol.escalation.evaluability.minimum_dose_percent:g} % or more "
            "of the assigned dose, or had a DLT",
            "infused",
            infused,
            lambda person: _why_not_dlt_evaluable(protocol, person),
        ),
        efficacy_evaluable=_part(
            "efficacy-evaluable", "has a response assessment after the infusion", "infused", infused, _why_not_assessed
        ),
        responders=_part(
            "responders",
            f"had {_listed(responses_that_count(protocol))} after the infusion",
            "infused",
            infused,
            lambda person: _why_no_responder(protocol, person),
        ),
    )


def responses_that_count(protocol: Protocol) -> frozenset[str]:
    """Give the responses that the protocol's response rate counts; all remissions where it has none.

    Source:
        The protocol's endpoints; Döhner H, Wei AH, Appelbaum FR, et al. Blood 2022;140:1345 for the remissions.
    """
    named = [endpoint.responses for endpoint in protocol.endpoints if endpoint.responses]
    return (
        named[0] if named else frozenset({Response.CR.value, Response.CRH.value, Response.CRI.value, Response.PR.value})
    )


def assessments(person: Participant) -> tuple[ResponseAssessment, ...]:
    """Give the response assessments from the infusion to relapse, progression or new therapy, in order.

    Source:
        Best overall response as FDA, Clinical Trial Endpoints for the Approval of Cancer Drugs and Biologics, December
        2018, describes it: until progression or new therapy.
    """
    infusion = person.infusion
    if infusion is None:
        return ()
    days = [one.on for one in person.every(Relapse)]
    days += [one.on for one in person.every(NewTherapy) if one.purpose != "bridging"]
    days += [one.on for one in person.every(ResponseAssessment) if one.response is Response.PROGRESSION]
    last = min((day for day in days if day >= infusion.on), default=dt.date.max)
    found = [one for one in person.every(ResponseAssessment) if infusion.on <= one.on <= last]
    return tuple(sorted(found, key=lambda one: one.on))


def _part(
    name: str, means: str, of: str, people: Sequence[Participant], why_not: Callable[[Participant], str | None]
) -> Members:
    reasons = {person.id: why_not(person) for person in people}
    told = dict.fromkeys(reason for reason in reasons.values() if reason is not None)
    lost = [Lost(reason, tuple(name for name, why in reasons.items() if why == reason)) for reason in told]
    lost.sort(key=lambda one: (-len(one.participants), one.reason))
    return Members(name, means, tuple(name for name, why in reasons.items() if why is None), of, tuple(lost))


def _why_not_enrolled(person: Participant) -> str | None:
    if person.enrolment:
        return None
    if failure := person.last(ScreenFailure):
        criteria = f" ({', '.join(failure.criteria)})" if failure.criteria else ""
        return f"screen failure{criteria}"
    return _left(person) or "in screening"


def _why_not_infused(person: Participant) -> str | None:
    if person.infusion:
        return None
    if person.death:
        return "died before the infusion"
    return _left(person) or ("product failed" if person.every(ProductFailed) else "waiting for the infusion")


def _left(person: Participant) -> str | None:
    if person.death:
        return "died"
    if person.every(Withdrawal):
        return "withdrew"
    return "lost to follow-up" if person.every(LossToFollowUp) else None


def _why_not_dlt_evaluable(protocol: Protocol, person: Participant) -> str | None:
    stands = standing(protocol, person)
    if stands is None or stands.evaluable:
        return None
    if stands.state is DltState.NOT_EVALUABLE and stands.not_evaluable:
        return stands.not_evaluable.value
    return "DLT window not yet over or not yet adjudicated"


def _why_not_assessed(person: Participant) -> str | None:
    if any(one.response is not Response.NOT_EVALUABLE for one in assessments(person)):
        return None
    if person.death:
        return "died before the first assessment"
    if person.every(Relapse):
        return "progressed before the first assessment"
    return _left(person) or ("assessed as not evaluable" if assessments(person) else "not yet assessed")


def _why_no_responder(protocol: Protocol, person: Participant) -> str | None:
    counted = responses_that_count(protocol)
    if any(one.response.value in counted for one in assessments(person)):
        return None
    return "no such response" if _why_not_assessed(person) is None else "without an assessment"


def _names(people: Iterable[Participant]) -> tuple[str, ...]:
    return tuple(person.id for person in people)


def _listed(responses: Iterable[str]) -> str:
    known = [response.value for response in Response if response.value in set(responses)]
    return " or ".join([", ".join(known[:-1]), known[-1]]) if len(known) > 1 else "".join(known)

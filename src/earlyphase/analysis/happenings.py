"""When something happened to a participant, and until when anything is known of them."""

import datetime as dt
from collections.abc import Iterable

from earlyphase.analysis.safety import emergent_events
from earlyphase.journal.payloads.bedside import BedsideChart
from earlyphase.journal.payloads.leaving import LossToFollowUp, NewTherapy, Relapse, Transplant, Withdrawal
from earlyphase.journal.payloads.observations import (
    ExtramedullaryFinding,
    Laboratory,
    Marrow,
    Mrd,
    Response,
    ResponseAssessment,
    Visit,
    VitalSigns,
)
from earlyphase.journal.payloads.safety import DltAdjudication
from earlyphase.protocol.endpoints import Happening
from earlyphase.study.state import Participant


def happened(person: Participant, happenings: Iterable[Happening]) -> list[tuple[dt.date, str]]:
    """Give every day on which one of these things happened, with the word for it.

    Source:
        The journal, in the words of the protocol's endpoints.
    """
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


def last_known_alive(person: Participant) -> dt.date:
    """Give the last day on which a participant is known to have lived: seen, sampled, treated, spoken to, or dying.

    Source:
        The journal: every dated fact of a person who was there.
    """
    kinds = (
        Visit,
        Laboratory,
        VitalSigns,
        BedsideChart,
        Marrow,
        Mrd,
        ExtramedullaryFinding,
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


def last_assessed(person: Participant) -> dt.date:
    """Give the last day on which the disease was assessed; the first day of the calendar where it never was.

    Source:
        The journal: response assessments, marrow and residual disease.
    """
    return max(days_assessed(person), default=dt.date.min)


def days_assessed(person: Participant) -> list[dt.date]:
    """Give every day on which the disease was assessed.

    Source:
        The journal: response assessments, marrow and residual disease, findings outside the marrow.
    """
    kinds = (ResponseAssessment, Marrow, Mrd, ExtramedullaryFinding)
    return [payload.on for kind in kinds for payload in person.every(kind)]

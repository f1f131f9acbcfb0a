"""How a time to an event ends besides by what happened: no remission in time, missed assessments, somebody lost."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from earlyphase.analysis.happenings import days_assessed, happened, last_assessed
from earlyphase.analysis.populations import assessments
from earlyphase.dates import days_from
from earlyphase.journal.payloads.leaving import LossToFollowUp, Withdrawal
from earlyphase.journal.payloads.observations import Response
from earlyphase.protocol.endpoints import Endpoint, Happening
from earlyphase.protocol.schedule import Anchor
from earlyphase.study.state import Participant, Study

OF_THE_DISEASE = {Happening.RELAPSE, Happening.PROGRESSION, Happening.DISEASE_DEATH}
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


def failure(endpoint: Endpoint, person: Participant, origin: dt.date) -> FollowUp | None:
    """Tell whether a participant failed to reach a remission in time, where the endpoint counts that as its event.

    Who was assessed up to the deadline without a remission has failed; so has who died, relapsed or progressed before
    it without one. Who was not assessed that long, and is alive, has not: it is not known.

    Source:
        Döhner H, Wei AH, Appelbaum FR, et al. Blood 2022;140:1345, table 9: the failure is dated on day 1.
    """
    if endpoint.remission_within_days is None:
        return None
    deadline = origin + dt.timedelta(endpoint.remission_within_days)
    in_time = [one for one in assessments(person) if origin <= one.on <= deadline]
    if any(one.response.value in endpoint.responses for one in in_time):
        return None
    ended = [day for day, _ in happened(person, endpoint.events) if origin <= day <= deadline]
    evaluable = any(one.response is not Response.NOT_EVALUABLE for one in in_time) and last_assessed(person) >= deadline
    if not (ended or evaluable):
        return None
    on = origin if endpoint.failure_on == "origin" else min([deadline, *ended])
    return FollowUp(person.id, origin, on, End.EVENT, "no remission in time")


def unseen_since(study: Study, endpoint: Endpoint, person: Participant, event: dt.date) -> dt.date | None:
    """Give the last assessment before an event that came after too many missed ones.

    Returns:
        None where the endpoint sets no number of them, or fewer were missed. An assessment of the schedule is missed
        where its window had ended before the event, and the disease was not assessed since the window began.

    Source:
        FDA, Clinical Trial Endpoints for the Approval of Cancer Drugs and Biologics, December 2018, appendix C: an
        event after two or more missed assessments is censored at the last one before them.
    """
    infusion, schedule = person.infusion, study.protocol.schedule
    if endpoint.missed_assessments is None or infusion is None or schedule.anchor is not Anchor.INFUSION:
        return None
    last = max((day for day in days_assessed(person) if day < event), default=infusion.on)
    planned = [visit for visit in schedule.visits if _ASSESS & set(visit.assessments) and visit.day > 0]
    missed = [
        visit
        for visit in planned
        if infusion.on + dt.timedelta(visit.first) > last and infusion.on + dt.timedelta(visit.last) < event
    ]
    return last if len(missed) >= endpoint.missed_assessments else None


_ASSESS = {"marrow", "response", "response_assessment"}
"""What of a visit tells of the disease."""


def left_observation(person: Participant) -> str:
    """Say how a participant left observation before its end; empty for who has not.

    Source:
        The journal: withdrawals from the study, losses to follow-up.
    """
    if any(one.leaves == "study" for one in person.every(Withdrawal)):
        return "withdrew from the study"
    return "lost to follow-up" if person.every(LossToFollowUp) else ""

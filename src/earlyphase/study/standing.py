"""Where each participant stands towards the DLT rate: who counts, who is pending and until when, who is replaced."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from earlyphase.dates import add_days
from earlyphase.journal.payloads.entering import Enrolment
from earlyphase.journal.payloads.leaving import Withdrawal
from earlyphase.journal.payloads.safety import DltAdjudication, DltVerdict
from earlyphase.journal.payloads.treatment import Infusion, ProductFailed, ProductReleased
from earlyphase.protocol.escalation import NotEvaluable
from earlyphase.protocol.model import Protocol
from earlyphase.study.state import Participant, Study


class DltState(StrEnum):
    """Where an enrolled participant stands."""

    PREPARING = "preparing"
    """Enrolled, not yet infused: the slot is taken."""
    PENDING = "pending"
    """Infused, and not yet adjudicated."""
    DLT = "DLT"
    NO_DLT = "no DLT"
    NOT_EVALUABLE = "not evaluable"


@dataclass(frozen=True, slots=True)
class Standing:
    """One enrolled participant towards the DLT rate of their level."""

    participant: str
    level: int
    enrolled_entry: int
    state: DltState
    until: dt.date | None = None
    """The last day of the DLT window, once infused."""
    not_evaluable: NotEvaluable | None = None
    replaced: bool = False
    """Whether the slot is free again."""

    @property
    def evaluable(self) -> bool:
        """Whether the participant counts in the DLT rate."""
        return self.state in (DltState.DLT, DltState.NO_DLT)

    @property
    def unresolved(self) -> bool:
        """Whether it is still open if the participant will count."""
        return self.state in (DltState.PREPARING, DltState.PENDING)

    def waiting_for(self, today: dt.date | None = None) -> str:
        """Say what is awaited, and until when."""
        match self.state:
            case DltState.PREPARING:
                return f"{self.participant} is enrolled and not yet infused"
            case DltState.PENDING if self.until and today and today > self.until:
                return f"{self.participant}'s DLT window ended on {self.until}: the adjudication is due"
            case DltState.PENDING:
                return f"{self.participant} is in the DLT window until {self.until}"
            case _:
                return f"{self.participant}: {self.state}"


def standings(study: Study) -> tuple[Standing, ...]:
    """Give the standing of every enrolled participant, in the order of enrolment."""
    found = (standing(study.protocol, person) for person in study.enrolled)
    return tuple(one for one in found if one is not None)


def standing(protocol: Protocol, person: Participant) -> Standing | None:
    """Give a participant's standing towards the DLT rate; None before enrolment.

    A DLT counts whatever the dose was; without one, a participant counts who received the least share of the assigned
    dose and was followed to the end of the window, as the reviewers found.

    Source: the protocol's `escalation.evaluability` and `dlt`.
    """
    enrolled = _enrolled_entry(person)
    if enrolled is None or person.level is None:
        return None
    until = dlt_window_end(protocol, person.infusion)
    state, why = _state(protocol, person)
    replaced = why is not None and why in protocol.escalation.evaluability.replaced
    return Standing(person.id, person.level, enrolled, state, until, why, replaced)


def dlt_window_end(protocol: Protocol, infusion: Infusion | None) -> dt.date | None:
    """Give the last day of the DLT window; None before the infusion.

    Source: the protocol's `dlt.window_days`.
    """
    return add_days(infusion.on, protocol.dlt.window_days) if infusion else None


def dose_received_percent(infusion: Infusion) -> float:
    """Give the share of the assigned dose that was administered.

    Units: percent.
    """
    return 100 * infusion.administered.to(infusion.assigned.unit).value / infusion.assigned.value


def _state(protocol: Protocol, person: Participant) -> tuple[DltState, NotEvaluable | None]:
    finding, infusion = person.last(DltAdjudication), person.infusion
    if finding is not None:
        return _adjudicated(protocol, finding, infusion)
    if infusion is not None:
        return DltState.PENDING, None
    if never_to_be_infused(person):
        return DltState.NOT_EVALUABLE, NotEvaluable.NOT_INFUSED
    return DltState.PREPARING, None


def _adjudicated(
    protocol: Protocol, finding: DltAdjudication, infusion: Infusion | None
) -> tuple[DltState, NotEvaluable | None]:
    match finding.verdict:
        case DltVerdict.DLT:
            return DltState.DLT, None
        case DltVerdict.NOT_EVALUABLE:
            return DltState.NOT_EVALUABLE, finding.not_evaluable
        case DltVerdict.NO_DLT:
            least = protocol.escalation.evaluability.minimum_dose_percent
            if infusion is None or dose_received_percent(infusion) < least:
                return DltState.NOT_EVALUABLE, NotEvaluable.UNDER_DOSED
            return DltState.NO_DLT, None


def never_to_be_infused(person: Participant) -> bool:
    """Tell whether a participant who was not infused will not be: dead, gone, or without a product."""
    if person.infusion is not None:
        return False
    released, failed = person.all(ProductReleased), person.all(ProductFailed)
    without_product = bool(failed) and (not released or released[-1].entry < failed[-1].entry)
    return without_product or bool(person.every(Withdrawal)) or person.left_study_on is not None


def _enrolled_entry(person: Participant) -> int | None:
    found = person.all(Enrolment)
    return found[-1].entry if found else None

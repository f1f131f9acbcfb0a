"""How a participant enters the study: consent, screening, eligibility, enrolment."""

import datetime as dt
from enum import StrEnum
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from earlyphase.dates import PartialDate
from earlyphase.journal.payloads.payload import Level, Name, Payload, Sentence
from earlyphase.protocol.criteria import Stage
from earlyphase.protocol.stated import Model
from earlyphase.quantities import Quantity


class Consent(Payload):
    """Informed consent was given. It opens a participant's record."""

    record: ClassVar[str] = "consent"
    on: dt.date
    version: Name
    """The version of the consent form."""
    given_by: Literal["participant", "legal representative"] = "participant"


class ScreeningFact(Model):
    """One finding that a criterion may need."""

    term: Name
    """What was found: a term of the criteria language, such as `total_bilirubin`."""
    value: Quantity | bool | str
    """A quantity with its unit, yes or no, or a coded word."""
    on: PartialDate
    method: Name | None = None
    specimen: Name | None = None
    lower_limit: Quantity | None = None
    """The laboratory's lower limit of normal."""
    upper_limit: Quantity | None = None
    """The laboratory's upper limit of normal."""


class ScreeningFacts(Payload):
    """What screening found."""

    record: ClassVar[str] = "screening_facts"
    on: dt.date
    facts: Annotated[tuple[ScreeningFact, ...], Field(min_length=1)]


class Verdict(StrEnum):
    """Whether a criterion's text is true of a participant. UNKNOWN never becomes either of the others."""

    MET = "met"
    NOT_MET = "not met"
    UNKNOWN = "unknown"


class CriterionVerdict(Model):
    """The investigator's verdict on one criterion."""

    criterion: Name
    """The criterion's id in the protocol: `I5`."""
    verdict: Verdict
    statement: Sentence | None = None
    """The investigator's statement, with its reason, where the verdict is unknown."""


class EligibilityConfirmed(Payload):
    """The investigator confirms that every criterion due at a stage, or before it, is settled."""

    record: ClassVar[str] = "eligibility_confirmed"
    on: dt.date
    stage: Stage
    verdicts: Annotated[tuple[CriterionVerdict, ...], Field(min_length=1)]


class ScreenFailure(Payload):
    """The participant does not enter the study."""

    record: ClassVar[str] = "screen_failure"
    on: dt.date
    criteria: tuple[Name, ...] = ()
    """The criteria that failed."""
    because: Sentence


class Enrolment(Payload):
    """The participant takes a slot at a dose level."""

    record: ClassVar[str] = "enrolment"
    on: dt.date
    level: Level
    deviation: Sentence | None = None
    """Why this was done although the protocol says no; it is shown everywhere as a deviation."""

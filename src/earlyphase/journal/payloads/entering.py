"""How a participant enters the study: consent, screening, eligibility, enrolment."""

import datetime as dt
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from earlyphase.dates import PartialDate
from earlyphase.eligibility.verdict import Verdict
from earlyphase.journal.payloads.payload import Level, Name, Payload, Sentence, Text
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
    value: Quantity | bool | Text | None = None
    """A quantity with its unit, yes or no, or a coded word. An event needs none: it happened. No says that it did not
    happen, or not again, up to the date."""
    on: PartialDate
    until: PartialDate | None = None
    """For an event that lasted: its last day."""
    method: Name | None = None
    specimen: Name | None = None
    state: Name | None = None
    """In which state it was measured: `room_air`."""
    purpose: Name | None = None
    """For a treatment: what it was for, such as `lymphodepletion`."""
    dose: Quantity | None = None
    lower_limit: Quantity | None = None
    """The laboratory's lower limit of normal."""
    upper_limit: Quantity | None = None
    """The laboratory's upper limit of normal."""
    about: Name | None = None
    """For a `judgement` or an `attest`: the criterion's id, or its text."""
    by: Name | None = None
    """Who says so."""
    source: Name | None = None
    """Where it is documented."""


class ScreeningFacts(Payload):
    """What screening found."""

    record: ClassVar[str] = "screening_facts"
    on: dt.date
    birth_date: PartialDate | None = None
    """As much of it as may be kept: 1988, or 1988-06. Only a criterion of age needs it."""
    facts: Annotated[tuple[ScreeningFact, ...], Field(min_length=1)]


class CriterionVerdict(Model):
    """The investigator's verdict on one criterion."""

    criterion: Name
    """The criterion's id in the protocol: `I5`."""
    verdict: Verdict
    statement: Sentence | None = None
    """The investigator's statement, with its reason, where the recorded facts leave the criterion unknown."""


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

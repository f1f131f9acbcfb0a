"""What happens to the study as a whole."""

import datetime as dt
from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from earlyphase.escalation.design import Act
from earlyphase.journal.payloads.payload import Level, Name, Payload, Sentence
from earlyphase.protocol.stated import Model

Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class ProtocolActivated(Payload):
    """The protocol takes effect. It is a journal's first entry."""

    record: ClassVar[str] = "protocol_activated"
    about: ClassVar[Literal["participant", "study"]] = "study"
    on: dt.date
    version: Name
    sha256: Sha256
    """The digest of the protocol file."""
    purpose: Literal["study", "simulation", "training"]
    """What the journal is for. Only a study's own journal may be taken for real."""
    approval: Sentence
    """Whose approval, and when."""


class ProtocolAmended(Payload):
    """A new version takes effect, after its approval."""

    record: ClassVar[str] = "protocol_amended"
    about: ClassVar[Literal["participant", "study"]] = "study"
    on: dt.date
    version: Name
    sha256: Sha256
    approval: Sentence
    summary: Sentence


class SeenRecommendation(Model):
    """The recommendation as the committee saw it."""

    decision: Act
    next_level: Level | None = None
    mtd: Level | None = None
    reason: Sentence


class DoseDecision(Payload):
    """The committee's decision, with the advice that it saw and the head that the advice was based on."""

    record: ClassVar[str] = "dose_decision"
    about: ClassVar[Literal["participant", "study"]] = "study"
    on: dt.date
    based_on: Sha256
    """The head hash of the journal that the committee saw."""
    protocol_version: Name
    recommended: SeenRecommendation
    decision: Act
    next_level: Level | None = None
    """Where the next cohort is treated."""
    cohort_size: Annotated[int, Field(ge=0)] = 0
    """How many more evaluable participants the next cohort needs."""
    rp2d: Level | None = None
    """When the escalation stops: the dose recommended for the expansion, if any."""
    members: Annotated[tuple[Name, ...], Field(min_length=1)]
    """Who decided."""
    differs_because: Sentence | None = None
    """Why the decision is not the recommendation."""

    @model_validator(mode="after")
    def _complete(self) -> "DoseDecision":
        goes_on = self.decision is not Act.STOP
        if goes_on != (self.next_level is not None and self.cohort_size > 0):
            raise ValueError("a decision that goes on names next_level and a cohort_size above 0; a stop names neither")
        if goes_on and self.rp2d is not None:
            raise ValueError("an RP2D is named when the escalation stops")
        return self


class StudySuspended(Payload):
    """Enrolment and treatment halt."""

    record: ClassVar[str] = "study_suspended"
    about: ClassVar[Literal["participant", "study"]] = "study"
    on: dt.date
    because: Sentence


class StudyResumed(Payload):
    """Enrolment and treatment go on."""

    record: ClassVar[str] = "study_resumed"
    about: ClassVar[Literal["participant", "study"]] = "study"
    on: dt.date
    because: Sentence


class DataLock(Payload):
    """Editing stops before the final analysis."""

    record: ClassVar[str] = "data_lock"
    about: ClassVar[Literal["participant", "study"]] = "study"
    on: dt.date
    because: Sentence


class Signature(Payload):
    """A person signs all that the journal holds up to a head."""

    record: ClassVar[str] = "signature"
    about: ClassVar[Literal["participant", "study"]] = "study"
    meaning: Sentence
    printed_name: Name
    covers: Sha256
    """The head hash that is signed."""

"""What was measured and seen: laboratory, vital signs, marrow, residual disease, response."""

import datetime as dt
from enum import StrEnum
from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from earlyphase.journal.payloads.payload import Name, Payload, Sentence
from earlyphase.protocol.stated import Model
from earlyphase.quantities import Quantity


class Visit(Payload):
    """The participant was seen, or spoken to, and was alive."""

    record: ClassVar[str] = "visit"
    on: dt.date
    name: Name
    """The visit of the schedule, or `unscheduled`."""


class LaboratoryResult(Model):
    """One laboratory value. Its grade is computed, never entered."""

    analyte: Name
    value: Quantity
    lower_limit: Quantity | None = None
    upper_limit: Quantity | None = None


class Laboratory(Payload):
    """Laboratory values of one sampling."""

    record: ClassVar[str] = "laboratory"
    on: dt.date
    results: Annotated[tuple[LaboratoryResult, ...], Field(min_length=1)]


class VitalSign(Model):
    """One vital sign."""

    sign: Name
    value: Quantity


class VitalSigns(Payload):
    """Vital signs of one moment."""

    record: ClassVar[str] = "vital_signs"
    on: dt.date
    at: dt.time | None = None
    signs: Annotated[tuple[VitalSign, ...], Field(min_length=1)]


class Marrow(Payload):
    """A marrow examination."""

    record: ClassVar[str] = "marrow"
    on: dt.date
    blasts: Quantity
    """The share of blasts."""
    method: Literal["morphology", "flow cytometry"]


class Mrd(Payload):
    """Measurable residual disease."""

    record: ClassVar[str] = "mrd"
    on: dt.date
    detected: bool
    level: Quantity | None = None
    """The share of leukaemic cells, where it was measured."""
    sensitivity: Quantity | None = None
    """The least share that the method can see."""
    method: Name


class ExtramedullaryFinding(Payload):
    """Whether there is disease outside the marrow and the blood."""

    record: ClassVar[str] = "extramedullary_finding"
    on: dt.date
    present: bool
    """Whether any was found, by all that was looked at."""
    sites: tuple[Name, ...] = ()
    """Where: `CNS`, `mediastinum`."""
    method: Name
    """How it was looked for: `examination`, `PET-CT`, `lumbar puncture`."""

    @model_validator(mode="after")
    def _has_sites(self) -> "ExtramedullaryFinding":
        if self.present != bool(self.sites):
            raise ValueError("disease outside the marrow names its `sites`, and its absence names none")
        return self


class Response(StrEnum):
    """A response as the investigator assessed it. Source: Döhner 2022; ELN 2024 for ALL."""

    CR = "CR"
    CRH = "CRh"
    CRI = "CRi"
    MLFS = "MLFS"
    PR = "PR"
    NO_RESPONSE = "no response"
    PROGRESSION = "progression"
    NOT_EVALUABLE = "not evaluable"


class ResponseAssessment(Payload):
    """The investigator's assessment of response."""

    record: ClassVar[str] = "response_assessment"
    on: dt.date
    response: Response
    criteria: Name
    """The criteria set: `ELN 2024`."""
    note: Sentence | None = None

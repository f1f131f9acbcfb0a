"""Eligibility criteria: the text as written beside the text as interpreted."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, model_validator

from earlyphase.protocol.stated import Model, Stated


class Stage(StrEnum):
    """When a criterion is due, in the order of a participant's course."""

    CONSENT = "consent"
    SCREENING = "screening"
    ENROLMENT = "enrolment"
    LEUKAPHERESIS = "leukapheresis"
    LYMPHODEPLETION = "lymphodepletion"
    INFUSION = "infusion"


class SubItem(Model):
    """One alternative or part of a criterion."""

    id: str
    as_written: str
    as_interpreted: str


class Criterion(Stated):
    """One criterion. A participant must meet an inclusion criterion, and must not meet an exclusion criterion."""

    id: Annotated[str, Field(pattern=r"^[IE][0-9]+$")]
    """`I1`, `E3`: its list and its number in the record."""
    kind: Literal["inclusion", "exclusion"]
    as_written: str
    """The record's own words, markup removed and nothing else."""
    as_interpreted: str
    """How it is evaluated."""
    stage: Stage
    expression: str | None = None
    """The same, in the criteria language: what a machine evaluates."""
    expression_as_written: str | None = None
    """What the text says read literally, in the criteria language, where it differs."""
    items: tuple[SubItem, ...] = ()
    """Its alternatives or parts, in order."""
    defect: str | None = None
    """What is wrong with it as written."""
    question: str | None = None
    """What to ask the sponsor, so that nothing is left open."""

    @model_validator(mode="after")
    def _named_by_kind(self) -> "Criterion":
        named = "inclusion" if self.id.startswith("I") else "exclusion"
        if named != self.kind:
            raise ValueError(f"{self.id} is named as an {named} criterion, but its kind is {self.kind}")
        return self

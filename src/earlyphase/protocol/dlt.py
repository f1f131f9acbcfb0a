"""The definition of a dose-limiting toxicity: a window, and clauses of which any one makes an event a DLT."""

import datetime as dt
from enum import StrEnum
from typing import Annotated

from pydantic import Field, field_validator, model_validator

from earlyphase.protocol.stated import Model, Stated
from earlyphase.quantities import Quantity

Grade = Annotated[int, Field(ge=1, le=5)]


class Scale(StrEnum):
    """Whose grades a clause speaks of."""

    CTCAE = "CTCAE"
    CRS = "CRS"
    """Cytokine release syndrome as ASTCT grades it."""
    ICANS = "ICANS"
    """Immune effector cell-associated neurotoxicity syndrome as ASTCT grades it."""
    ICAHT = "ICAHT"
    """Immune effector cell-associated haematotoxicity as EHA and EBMT grade it."""
    IEC_HS = "IEC-HS"
    """Immune effector cell-associated HLH-like syndrome as ASTCT grades it; the investigator gives the grade."""


class Cause(StrEnum):
    """What an event is put down to."""

    PRODUCT = "study product"
    """Nothing but the product under study: no clause spares that."""
    DISEASE = "disease"
    """The disease under study, or its progression."""
    LYMPHODEPLETION = "lymphodepletion"
    OTHER = "other"
    """Another illness or treatment."""


class DltException(Model):
    """What a clause does not mean. It spares an event that matches everything given here."""

    says: str
    """The exception in words: `fever`, `infection explained by lymphodepletion`."""
    terms: tuple[str, ...] = ()
    """Terms of the dictionary; any term when empty."""
    system_classes: tuple[str, ...] = ()
    """System organ classes; any class when empty."""
    cause: Cause | None = None
    """The cause that must have been recorded; any when absent."""

    @model_validator(mode="after")
    def _says_something(self) -> "DltException":
        if not (self.terms or self.system_classes or self.cause):
            raise ValueError(f"the exception {self.says!r} would spare every event: name terms, classes or a cause")
        if self.cause is Cause.PRODUCT:
            raise ValueError(
                f"the exception {self.says!r} would spare what the study product causes, which is what a DLT is: "
                f"name another cause"
            )
        return self


class Lasting(Model):
    """How long a grade must last: it is not back within a time."""

    not_back_to: Annotated[int, Field(ge=0, le=4)]
    """The grade that it must come back to, or below."""
    within: Quantity
    """The time that it has. Days are counted by the calendar; hours need the times of day."""

    @field_validator("within")
    @classmethod
    def _a_time(cls, within: Quantity) -> Quantity:
        if within.unit not in ("h", "d") or within.value <= 0:
            raise ValueError(f"the time is more than nothing, in days (d) or hours (h), not {within}")
        return within

    @property
    def allowed(self) -> dt.timedelta:
        """The time as a duration; days and hours alike."""
        number = float(self.within.value)
        return dt.timedelta(days=number) if self.within.unit == "d" else dt.timedelta(hours=number)


class DltClause(Model):
    """One way in which an event is dose-limiting. Everything given here must hold."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$")]
    """A short name: `crs-3`."""
    says: str
    """The clause in the protocol's words."""
    scale: Scale
    """Whose grades are meant."""
    min_grade: Grade
    """The least grade that counts."""
    terms: tuple[str, ...] = ()
    """Terms of the dictionary that it is about; any term when empty."""
    system_classes: tuple[str, ...] = ()
    """System organ classes that it is about; any class when empty."""
    related_only: bool = False
    """Whether only events count that are related, or possibly related, to the study product."""
    lasting: Lasting | None = None
    """How long the grade must last."""
    beyond_day: Annotated[int, Field(ge=1)] | None = None
    """The grade must still be there after this day. Units: days from the infusion (day 0)."""
    exceptions: tuple[DltException, ...] = ()
    """What is not meant."""

    @model_validator(mode="after")
    def _can_come_back(self) -> "DltClause":
        if self.lasting and self.lasting.not_back_to >= self.min_grade:
            raise ValueError(
                f"clause {self.id}: an event of grade {self.min_grade} is never above {self.lasting.not_back_to}: "
                f"not_back_to must lie below min_grade"
            )
        return self


class DltDefinition(Stated):
    """What is a dose-limiting toxicity in this study."""

    window_days: Annotated[int, Field(ge=1)]
    """An event counts that begins on a day from 0, the infusion, to this one. Units: days from the infusion."""
    clauses: Annotated[tuple[DltClause, ...], Field(min_length=1)]
    """Any one of these makes an event a DLT."""
    reviewers: Annotated[int, Field(ge=1)] = 2
    """How many adjudicate each case."""

    @model_validator(mode="after")
    def _own_names(self) -> "DltDefinition":
        names = [clause.id for clause in self.clauses]
        for name in names:
            if names.count(name) > 1:
                raise ValueError(f"two clauses are named {name}: give each its own")
        return self

"""Terms of the criteria language: what can be measured, asked, dated or coded of a person."""

from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import ConfigDict, Field, model_validator

from earlyphase.protocol.stated import Model, Stated
from earlyphase.quantities import RoundingPolicy, require_unit

TermName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]


class TermKind(StrEnum):
    """What kind of fact a term stands for."""

    QUANTITY = "quantity"
    """A measurement with a unit, or a score."""
    STATUS = "status"
    """Yes or no, as it is now."""
    CODE = "code"
    """One of a list of words."""
    EVENT = "event"
    """Something that happened, once or more, on a day or over a time."""


class Choice(Model):
    """One word of a code."""

    en: str
    zh: str


class Term(Model):
    """One term."""

    model_config: ClassVar[ConfigDict] = ConfigDict(title="term of the criteria language")

    kind: TermKind
    en: str
    """What people call it."""
    zh: str
    """What it is called in Chinese."""
    test: str
    """The examination or question that gives it: several terms can come from one."""
    unit: str | None = None
    """For a quantity: the usual UCUM unit; `1` for a score or a ratio."""
    analyte: str | None = None
    """The substance through which mass converts to amount."""
    lowest: float | None = None
    """No living person has less. Units: those of the term."""
    highest: float | None = None
    """No living person has more."""
    recorded_as: tuple[str, ...] = ()
    """For a quantity: the names under which laboratory values, vital signs or marrow examinations are recorded."""
    choices: dict[str, Choice] = Field(default_factory=dict)
    """For a code: the words that stand for it."""

    @model_validator(mode="after")
    def _complete(self) -> "Term":
        if (self.kind is TermKind.QUANTITY) != (self.unit is not None):
            raise ValueError("a quantity has a unit, and nothing else has one")
        if (self.kind is TermKind.CODE) != bool(self.choices):
            raise ValueError("a code has choices, and nothing else has them")
        if self.unit is not None:
            require_unit(self.unit)
        return self


class Comparison(Stated):
    """How a measured value is compared with a limit in another unit."""

    rounding: RoundingPolicy

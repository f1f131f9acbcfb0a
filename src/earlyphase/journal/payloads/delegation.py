"""Who may do what in the study, and since when: the delegation log."""

import datetime as dt
from enum import StrEnum
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from earlyphase.journal.payloads.payload import Name, Payload, Sentence

UserName = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9.-]{0,59}$", description="The user name, in small letters.")]


class Role(StrEnum):
    """The roles of a study's team."""

    INVESTIGATOR = "investigator"
    COORDINATOR = "coordinator"
    COMMITTEE = "committee"
    STATISTICIAN = "statistician"
    SPONSOR = "sponsor"
    MONITOR = "monitor"


class RoleGranted(Payload):
    """A person takes a role in the study."""

    record: ClassVar[str] = "role_granted"
    about: ClassVar[Literal["participant", "study"]] = "study"
    ahead: ClassVar[frozenset[str]] = frozenset({"until"})
    on: dt.date
    """The first day."""
    until: dt.date | None = None
    """The last day, where it is known."""
    person: UserName
    printed_name: Name
    """The full name, as it is printed beside signatures."""
    role: Role
    tasks: tuple[Name, ...] = ()
    """What is delegated, such as `obtains consent`."""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.until is not None and self.until < self.on:
            raise ValueError(f"the last day, {self.until}, is before the first, {self.on}")
        return self


class RoleEnded(Payload):
    """A person no longer has the role."""

    record: ClassVar[str] = "role_ended"
    about: ClassVar[Literal["participant", "study"]] = "study"
    on: dt.date
    """The first day without it."""
    person: UserName
    because: Sentence

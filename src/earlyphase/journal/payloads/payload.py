"""What all payloads share: they are the case report forms, and hold facts only."""

import datetime as dt
from typing import Annotated, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field

Sentence = Annotated[str, Field(min_length=1, max_length=2000)]
Name = Annotated[str, Field(min_length=1, max_length=200)]
Level = Annotated[int, Field(description="A dose level of the protocol: 1, 2, 3 …, or -1.")]
EntryNumber = Annotated[int, Field(ge=1, description="The number of an entry of this journal.")]


class Payload(BaseModel):
    """A payload: frozen, nothing unknown is let in. Field docstrings become the form's help."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    record: ClassVar[str]
    """The name of this type in the journal."""
    number: ClassVar[int] = 1
    """The schema number of this type in the journal."""
    about: ClassVar[Literal["participant", "study"]] = "participant"
    """Whether an entry of this type names a participant."""

    def clinical_date(self) -> dt.date | None:
        """Give the day on which it happened, at the latest; None for what has no day of its own."""
        return getattr(self, "on", None)

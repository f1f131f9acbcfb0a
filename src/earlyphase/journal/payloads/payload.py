"""What all payloads share: they are the case report forms, and hold facts only."""

import datetime as dt
import re
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

UNREADABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffd\ufffe\uffff]")
"""Control characters but for tabs and ends of lines, halves of characters, and what stands for lost bytes."""


def _readable(text: str) -> str:
    if UNREADABLE.search(text):
        raise ValueError("holds a character that is no text (a control character, or another encoding than UTF-8)")
    return text


Text = Annotated[str, AfterValidator(_readable)]
Sentence = Annotated[str, Field(min_length=1, max_length=2000), AfterValidator(_readable)]
Name = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_readable)]
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
    ahead: ClassVar[frozenset[str]] = frozenset()
    """The dates that may lie in the future."""

    from_paper: dt.date | None = None
    """Only where it was written on paper while this system was not there: the day on the paper."""

    def clinical_date(self) -> dt.date | None:
        """Give the day on which it happened, at the latest; None for what has no day of its own."""
        return getattr(self, "on", None)

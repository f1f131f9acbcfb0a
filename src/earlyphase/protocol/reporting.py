"""To whom expedited reports of serious events go."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field, model_validator

from earlyphase.protocol.stated import Stated


class Authority(StrEnum):
    """A jurisdiction whose reporting clock is known."""

    ICH = "ICH"
    """The times of ICH E2A, where a protocol follows them and no law of its own."""
    US = "US"
    EU = "EU"
    CN = "CN"


class Reporting(Stated):
    """The expedited reporting of serious events."""

    jurisdictions: Annotated[tuple[Authority, ...], Field(min_length=1)]
    """Whose clocks run, in the order in which they are shown."""

    @model_validator(mode="after")
    def _once_each(self) -> "Reporting":
        for one in self.jurisdictions:
            if self.jurisdictions.count(one) > 1:
                raise ValueError(f"the jurisdiction {one} is named twice: name each once")
        return self

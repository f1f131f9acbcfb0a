"""What a check is and what it says."""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from earlyphase.registry.checks.case import Case


class Severity(StrEnum):
    """How much a finding weighs."""

    MAJOR = "major"
    """A reviewer would send the record back."""
    ADVISORY = "advisory"


@dataclass(frozen=True, slots=True)
class Span:
    """Where in the record it stands; `start` to `end` of the text as written."""

    field: str
    start: int
    end: int
    quoted: str


class Remark(NamedTuple):
    """One thing that a check found."""

    sentence: str
    """One sentence that the sponsor can act on."""
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """One check: a pure function of the record (and, where it says so, of today's date)."""

    id: str
    group: int
    """Checks of one kind share a number."""
    severity: Severity
    basis: str
    """The rule or document that asks for it."""
    find: "Callable[[Case], Iterator[Remark]]"


@dataclass(frozen=True, slots=True)
class Finding:
    """A remark, with the check that made it."""

    id: str
    group: int
    severity: Severity
    basis: str
    sentence: str
    span: Span | None


class TextAt(NamedTuple):
    """A text of the record and the path of its field."""

    field: str
    text: str

    def span(self, start: int, end: int) -> Span:
        """Mark a part of it."""
        return Span(self.field, start, end, self.text[start:end])

    def whole(self) -> Span:
        """Mark all of it."""
        return self.span(0, len(self.text))


def day_count(earlier: dt.date, later: dt.date) -> int:
    """Count the days between two dates.

    Units: days.
    """
    return (later - earlier).days

"""Partial dates, study days and windows: clinical time, never the clock."""

import calendar
import datetime as dt
import re
from dataclasses import dataclass
from typing import Any

from pydantic_core import core_schema

from earlyphase.faults import InvalidInput

_WRITTEN = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?", re.ASCII)


@dataclass(frozen=True, slots=True, order=True)
class PartialDate:
    """A calendar date of which the day, or the day and the month, may be unknown.

    Written `2026-05-03`, `2026-05` or `2026` (ISO 8601). Nothing is imputed silently: whoever needs a full date
    asks for the `earliest` or the `latest` that it can be, and says so.
    """

    year: int
    month: int | None = None
    day: int | None = None

    @classmethod
    def parse(cls, text: str, place: str = "date") -> "PartialDate":
        """Read a date as it was written.

        Raises:
            InvalidInput: it is not `YYYY`, `YYYY-MM` or `YYYY-MM-DD`, or there is no such day.
        """
        found = _WRITTEN.fullmatch(text)
        if found is None:
            raise InvalidInput(place, text, "is not a date.", "Write 2026-05-03, or 2026-05 where the day is unknown.")
        year, month, day = (int(part) if part else None for part in found.groups())
        partial = cls(year or 0, month, day)
        try:
            _ = partial.earliest
        except ValueError as fault:
            raise InvalidInput(place, text, f"does not exist: {fault}.") from None
        return partial

    @property
    def earliest(self) -> dt.date:
        """The first day that it can be."""
        return dt.date(self.year, 1 if self.month is None else self.month, 1 if self.day is None else self.day)

    @property
    def latest(self) -> dt.date:
        """The last day that it can be."""
        month = 12 if self.month is None else self.month
        return dt.date(self.year, month, calendar.monthrange(self.year, month)[1] if self.day is None else self.day)

    @property
    def complete(self) -> bool:
        """Whether the day is known."""
        return self.day is not None

    def __str__(self) -> str:
        """Write it as it was read."""
        if self.month is None:
            return f"{self.year:04}"
        return f"{self.year:04}-{self.month:02}" + ("" if self.day is None else f"-{self.day:02}")

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> core_schema.CoreSchema:  # noqa: ANN401 - as pydantic
        """Let payloads and protocols hold one, written as a string."""
        return core_schema.no_info_after_validator_function(
            cls._from_field,
            core_schema.json_or_python_schema(
                json_schema=core_schema.str_schema(),
                python_schema=core_schema.union_schema([core_schema.is_instance_schema(cls), core_schema.str_schema()]),
            ),
            serialization=core_schema.to_string_ser_schema(),
        )

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: core_schema.CoreSchema, handler: Any) -> dict[str, Any]:  # noqa: ANN401 - as above
        """Describe it to editors and forms."""
        return {"type": "string", "pattern": r"^\d{4}(-\d{2}(-\d{2})?)?$", "examples": ["2026-05-03", "2026-05"]}

    @classmethod
    def _from_field(cls, given: "PartialDate | str") -> "PartialDate":
        if isinstance(given, cls):
            return given
        try:
            return cls.parse(str(given))
        except InvalidInput as fault:
            raise ValueError(f"{fault.rule} {fault.remedy}".strip()) from None


@dataclass(frozen=True, slots=True)
class Window:
    """A span of days around an anchor, both ends included.

    Units: days from the anchor (day 0).
    """

    first: int
    last: int

    def holds(self, day: int) -> bool:
        """Tell whether a day lies within."""
        return self.first <= day <= self.last


def days_from(anchor: dt.date, day: dt.date) -> int:
    """Count the days from an anchor such as the infusion, which is day 0.

    Units: days; negative before the anchor.
    """
    return (day - anchor).days


def study_day(anchor: dt.date, day: dt.date) -> int:
    """Count the study day as CDISC does: the anchor is day 1 and there is no day 0.

    Units: days; the day before the anchor is −1.
    Source: CDISC SDTMIG 3.4, section 4.4.4.
    """
    days = days_from(anchor, day)
    return days + 1 if days >= 0 else days


def add_days(day: dt.date, days: int) -> dt.date:
    """Give the date so many days later.

    Units: days.
    """
    return day + dt.timedelta(days=days)


MONTH = 30.4375
"""Days in a month for horizons and time-to-event axes: 365.25 / 12."""

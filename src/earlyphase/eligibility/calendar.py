"""Windows and lengths of calendar time, with dates of which the day or month may be unknown."""

import calendar
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from earlyphase.dates import PartialDate
from earlyphase.eligibility.nodes import Side, Span, Time, Window
from earlyphase.eligibility.verdict import Verdict

HOURS_A_DAY = 24
DAYS_A_WEEK = 7
MONTHS_A_YEAR = 12

Anchors = Mapping[str, dt.date]


@dataclass(frozen=True, slots=True)
class Days:
    """A time between two days, both included."""

    first: dt.date
    last: dt.date

    def holds(self, earliest: dt.date, latest: dt.date) -> Verdict:
        """Tell whether a day that lies between two lies within."""
        if self.first <= earliest and latest <= self.last:
            return Verdict.MET
        return Verdict.NOT_MET if latest < self.first or earliest > self.last else Verdict.UNKNOWN

    def touches(self, start: PartialDate, end: PartialDate) -> Verdict:
        """Tell whether a time from one date to another has a day in common with this one."""
        if start.latest <= self.last and end.earliest >= self.first:
            return Verdict.MET
        return Verdict.NOT_MET if end.latest < self.first or start.earliest > self.last else Verdict.UNKNOWN


def days_of(window: Window, anchor: dt.date) -> Days:
    """Give the days of a window around its anchor.

    Hours are counted in whole calendar days, the first one included: facts are dated by the day.
    """
    first = shifted(anchor, window.time, -1) if window.side is not Side.AFTER else anchor
    last = shifted(anchor, window.time, 1) if window.side is not Side.BEFORE else anchor
    return Days(first, last)


def shifted(day: dt.date, time: Time, sign: int) -> dt.date:
    """Move a day by a length of calendar time; the last day of a shorter month where there is no such day."""
    match time.unit:
        case Span.HOURS:
            return _by_days(day, sign * -(-time.count // HOURS_A_DAY))
        case Span.DAYS:
            return _by_days(day, sign * time.count)
        case Span.WEEKS:
            return _by_days(day, sign * DAYS_A_WEEK * time.count)
        case Span.MONTHS:
            return _by_months(day, sign * time.count)
        case Span.YEARS:
            return _by_months(day, sign * MONTHS_A_YEAR * time.count)


def _by_days(day: dt.date, days: int) -> dt.date:
    try:
        return day + dt.timedelta(days=days)
    except OverflowError:
        return dt.date.max if days > 0 else dt.date.min


def _by_months(day: dt.date, months: int) -> dt.date:
    year, month = divmod(day.year * MONTHS_A_YEAR + day.month - 1 + months, MONTHS_A_YEAR)
    if not dt.MINYEAR <= year <= dt.MAXYEAR:
        return dt.date.max if months > 0 else dt.date.min
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))

"""Dates and moments as they are typed into an address, and the study as it was known then."""

import datetime as dt

from django.utils.translation import gettext_noop

from earlyphase.faults import InvalidInput
from earlyphase.study.state import Study
from earlyphase.web.studies import SiteStudy

END_OF_DAY = dt.time(23, 59, 59, 999999, tzinfo=dt.UTC)
AS_OF, CUT_OFF = gettext_noop("As of"), gettext_noop("Data cut-off")


def day_typed(text: str, place: str) -> dt.date | None:
    """Read a date; None where nothing was typed.

    Raises:
        InvalidInput: it is no date.
    """
    try:
        return dt.date.fromisoformat(text.strip()) if text.strip() else None
    except ValueError:
        raise InvalidInput(place, text, "is not a date.", "Write it as 2026-05-03.") from None


def moment_typed(text: str) -> dt.datetime | None:
    """Read the day of which the end is meant; None where nothing was typed.

    Raises:
        InvalidInput: it is no date.
    """
    day = day_typed(text, AS_OF)
    return dt.datetime.combine(day, END_OF_DAY) if day else None


def known_then(seen: SiteStudy, text: str) -> Study:
    """Give the study as it was known at the end of a day that was typed; as it is known now where nothing was.

    Raises:
        InvalidInput: it is no date.
    """
    moment = moment_typed(text)
    return seen.as_of(moment).state if moment else seen.state


def last_day(study: Study) -> dt.date | None:
    """Give the day of the last entry: the latest cut-off that there can be."""
    return dt.date.fromisoformat(study.recorded_until[:10]) if study.recorded_until else None

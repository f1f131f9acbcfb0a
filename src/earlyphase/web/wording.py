"""How values are written on pages."""

import datetime as dt

from django import template

from earlyphase.study.cohorts import level_name

register = template.Library()

_ABBREVIATIONS = frozenset({"dlt", "mrd", "rp2d"})


@register.filter
def level(number: int | None) -> str:
    """Write a dose level, with a true minus sign."""
    return "" if number is None else level_name(number)


@register.filter
def moment(text: str | None) -> str:
    """Write a moment of recording: date, time, zone."""
    return f"{text[:10]} {text[11:16]} UTC" if text else "no entries"


@register.filter
def day(value: dt.date | None) -> str:
    """Write a date so that day and month cannot be mistaken."""
    return value.isoformat() if value else ""


@register.filter
def short(digest: str) -> str:
    """Write the first characters of a hash."""
    return f"{digest[:12]}…"


@register.filter
def plain(record: str) -> str:
    """Write the name of a record, or of a field, as words."""
    words = record.partition("/")[0].split("_")
    return " ".join(word.upper() if word in _ABBREVIATIONS else word for word in words)

"""How values are written on pages."""

import datetime as dt

from django import template
from django.utils.translation import gettext

from earlyphase.quantities import shown_unit
from earlyphase.study.cohorts import level_name
from earlyphase.web.language import said
from earlyphase.web.names import words_of

register = template.Library()

_SHORT_ANALYTES = frozenset({"alp", "alt", "aptt", "ast", "ck", "crp", "ggt", "inr", "ldh"})


@register.filter
def level(number: int | None) -> str:
    """Write a dose level, with a true minus sign."""
    return "" if number is None else level_name(number)


@register.filter
def moment(text: str | None) -> str:
    """Write a moment of recording: date, time, zone."""
    return f"{text[:10]} {text[11:16]} UTC" if text else gettext("no entries")


@register.filter
def day(value: dt.date | None) -> str:
    """Write a date so that day and month cannot be mistaken."""
    return value.isoformat() if value else ""


@register.filter
def unit(code: str) -> str:
    """Write a unit for people: `mm[Hg]` as mmHg."""
    return shown_unit(code)


@register.filter
def analyte(name: str) -> str:
    """Write the name of an analyte in the language of the page; an English one begins with a capital."""
    words = said(name)
    return words.upper() if words in _SHORT_ANALYTES else f"{words[:1].upper()}{words[1:]}"


@register.filter
def short(digest: str) -> str:
    """Write the first characters of a hash."""
    return f"{digest[:12]}…"


@register.filter
def plain(record: str) -> str:
    """Write the name of a record, or of a field, as words in the language of the page."""
    return " › ".join(_numbered(part) for part in record.partition("/")[0].split(" › "))


def _numbered(name: str) -> str:
    """Write a name that may have a number behind it: `results 2`."""
    words, space, number = name.rpartition(" ")
    return f"{gettext(words_of(words))} {number}" if space and number.isdecimal() else gettext(words_of(name))

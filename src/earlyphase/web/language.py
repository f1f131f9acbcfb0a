"""Says in the language of a page what `study` says in English: coded words and sentences."""

import re
from functools import lru_cache
from pathlib import Path

from django import template
from django.conf import settings
from django.utils.translation import get_language, gettext, to_locale

from earlyphase.faults import InvalidInput
from earlyphase.study.refusal import Reason, Refused
from earlyphase.web.names import names_in, study_names, words_of
from earlyphase.web.sentences import sentences_in

register = template.Library()

_CODE = re.compile("[a-z]+(?:_[a-z0-9]+)+")
"""The code of a record, or of a field."""
A_NAME = 8
"""Letters: a shorter beginning of a name is nobody's."""
NO_BREAK = "\u00a0"
"""A space at which a line is not broken."""


@register.filter
def said(what: object) -> str:
    """Say a coded word, a sentence, a reason or a fault in the language of the page, or else in English."""
    language = get_language() or settings.LANGUAGE_CODE
    if language == settings.LANGUAGE_CODE:
        return "" if what is None else str(what)
    match what:
        case None:
            return ""
        case Refused():
            return "\n".join(_reason(reason, language) for reason in what.reasons)
        case Reason():
            return _reason(what, language)
        case InvalidInput():
            return _fault(what, language)
        case _:
            return _said(str(what), language)


def word(text: str) -> str:
    """Say a word or a name that is known in the language of the page; nothing is taken apart."""
    language = get_language() or settings.LANGUAGE_CODE
    return text if language == settings.LANGUAGE_CODE else _word(text, language)


def _word(text: str, language: str) -> str:
    if not text:
        return ""
    for english in (text, words_of(text) if _CODE.fullmatch(text) else text):
        if (other := gettext(english)) != english:
            return other
    name = text.casefold()
    return names_in(_folder(language)).get(name) or study_names().get(name) or _cut_off(name, language) or text


def _cut_off(name: str, language: str) -> str:
    """Say a name of which a figure shows the beginning only; nothing where several begin so."""
    begun = name.rstrip("….")
    if begun == name or len(begun) < A_NAME:
        return ""
    found = {other for one, other in names_in(_folder(language)).items() if one.startswith(begun.rstrip())}
    return found.pop() if len(found) == 1 else ""


@lru_cache(maxsize=4096)
def _said(text: str, language: str) -> str:
    spaced = text.replace(NO_BREAK, " ")
    other = sentences_in(_folder(language)).said(spaced, lambda one: _word(one, language))
    return text if other == spaced else other


def _folder(language: str) -> Path:
    return settings.LOCALE_PATHS[0] / to_locale(language)


def _reason(reason: Reason, language: str) -> str:
    place = gettext(" (protocol: %(section)s)") % {"section": reason.protocol} if reason.protocol else ""
    return f"{_said(reason.message, language)}{place} {_said(reason.remedy or '', language)}".rstrip()


def _fault(fault: InvalidInput, language: str) -> str:
    shown = f" {fault.value!r}" if fault.value is not None else ""
    rule, remedy = _said(fault.rule, language), _said(fault.remedy, language)
    return f"{_said(fault.place, language)}:{shown} {rule} {remedy}".rstrip()

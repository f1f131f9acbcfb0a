"""Says in the language of a page what `study` says in English: coded words and sentences."""

from functools import lru_cache

from django import template
from django.conf import settings
from django.utils.translation import get_language, gettext, to_locale

from earlyphase.faults import InvalidInput
from earlyphase.study.refusal import Reason, Refused
from earlyphase.web.sentences import sentences_in

register = template.Library()


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


@lru_cache(maxsize=4096)
def _said(text: str, language: str) -> str:
    folder = settings.LOCALE_PATHS[0] / to_locale(language)
    return sentences_in(folder).said(text, gettext)


def _reason(reason: Reason, language: str) -> str:
    place = gettext(" (protocol: %(section)s)") % {"section": reason.protocol} if reason.protocol else ""
    return f"{_said(reason.message, language)}{place} {_said(reason.remedy or '', language)}".rstrip()


def _fault(fault: InvalidInput, language: str) -> str:
    shown = f" {fault.value!r}" if fault.value is not None else ""
    rule, remedy = _said(fault.rule, language), _said(fault.remedy, language)
    return f"{_said(fault.place, language)}:{shown} {rule} {remedy}".rstrip()

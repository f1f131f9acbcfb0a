"""Says in the language of a page what `study` says in English: coded words and sentences."""

from django import template
from django.utils.translation import gettext

register = template.Library()


@register.filter
def said(sentence: object) -> str:
    """Say a coded word or a sentence of the study in the language of the page; in English where it is not known."""
    text = str("" if sentence is None else sentence)
    return gettext(text) if text else ""

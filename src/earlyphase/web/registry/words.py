"""Says the labels and codes of records in the language of the page."""

from django import template

from earlyphase.registry.vocabulary import in_words
from earlyphase.registry.wording import in_language
from earlyphase.web.registry.records import language

register = template.Library()


@register.filter
def coded(code: str, vocabulary: str) -> str:
    """Write a code of the registry in words."""
    return in_language(language(), in_words(vocabulary, code))


@register.filter
def labelled(label: str) -> str:
    """Write a heading or a label of a record's page."""
    return in_language(language(), label)

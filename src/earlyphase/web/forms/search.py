"""Finds the words of a field while one types, in either language: terms of the dictionary, names of analytes.

What is recorded is the name in English.
"""

from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

from django.conf import settings
from django.utils.translation import get_language, override

from earlyphase.quantities import ANALYTES
from earlyphase.toxicity.criteria import load_criteria
from earlyphase.toxicity.dictionary import load_dictionary, search_terms
from earlyphase.web.language import word

MOST = 20
"""How many words are offered at once."""


class Offered(NamedTuple):
    """A word that is offered."""

    name: str
    """As it is recorded."""
    said: str
    """In the language of the page."""


def search(field: str, text: str) -> tuple[Offered, ...]:
    """Give the words of a field that hold what was typed; none before something is."""
    if not text:
        return ()
    found = [name for said, name in _called(field, get_language() or settings.LANGUAGE_CODE).items() if text in said]
    found += [term.name for term in search_terms(text)] if field == "term" else _among(analytes(), text)
    return tuple(Offered(name, word(name)) for name in [*dict.fromkeys(found)][:MOST])


def as_recorded(field: str, text: str) -> str:
    """Give the recorded name of what was typed in the language of the page; what was typed, where it is none."""
    return _called(field, get_language() or settings.LANGUAGE_CODE).get(text.strip(), text)


@cache
def _called(field: str, language: str) -> Mapping[str, str]:
    """Give the recorded names by what the language calls them; what it calls the same is left out."""
    names = [term.name for term in load_dictionary().terms.values()] if field == "term" else analytes()
    with override(language):
        return {said: name for name in names if (said := word(name)) != name}


def _among(words: tuple[str, ...], text: str) -> list[str]:
    """Give the words that hold a text; first those that begin with it."""
    wanted = text.casefold()
    found = (word for word in words if wanted in word.casefold())
    return sorted(found, key=lambda word: not word.casefold().startswith(wanted))


@cache
def analytes() -> tuple[str, ...]:
    """Give the names of what is graded and what is converted, in order of the alphabet."""
    graded = (row.measured.replace("_", " ") for row in load_criteria())
    return tuple(sorted({*graded, *ANALYTES}))

"""Finds the words of a field while one types: terms of the dictionary, names of analytes."""

from functools import cache

from earlyphase.quantities import ANALYTES
from earlyphase.toxicity.criteria import load_criteria
from earlyphase.toxicity.dictionary import search_terms

MOST = 20
"""How many words are offered at once."""


def search(field: str, text: str) -> tuple[str, ...]:
    """Give the words of a field that hold what was typed; none before something is."""
    if not text:
        return ()
    found = (term.name for term in search_terms(text)) if field == "term" else _among(analytes(), text)
    return tuple(found)[:MOST]


def _among(words: tuple[str, ...], text: str) -> tuple[str, ...]:
    """Give the words that hold a text; first those that begin with it."""
    wanted = text.casefold()
    found = (word for word in words if wanted in word.casefold())
    return tuple(sorted(found, key=lambda word: not word.casefold().startswith(wanted)))


@cache
def analytes() -> tuple[str, ...]:
    """Give the names of what is graded and what is converted, in order of the alphabet."""
    graded = (row.measured.replace("_", " ") for row in load_criteria())
    return tuple(sorted({*graded, *ANALYTES}))

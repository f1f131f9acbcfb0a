"""Reads what somebody typed into a search: words, "phrases", prefixes*, and -words that must not be there."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum

from earlyphase.faults import InvalidInput
from earlyphase.store.search_words import fold, join, spellings, split, synonyms

LONGEST_TEXT = 1000
"""Characters. More than this is no question."""

_PIECE = re.compile(r"(?P<minus>(?<!\S)-)?(?:\"(?P<phrase>[^\"]*)\"?|(?P<word>[^\s\"]+))")
_TELLING = 4
"""Letters. Of a compound that is split, a part as long as this is worth looking for by itself."""


class Kind(Enum):
    """What a term is, and so what may be done when nothing has it."""

    WORD = "word"
    """It may be a prefix, or mistyped."""
    FIXED = "fixed"
    """It is meant as it stands: a synonym, a phrase, a prefix, or what must not be there."""


@dataclass(frozen=True, slots=True)
class Term:
    """One thing that is looked for."""

    shown: str
    """As it was typed."""
    query: str
    """For `to_tsquery`."""
    kind: Kind
    excluded: bool = False
    meaning: str | None = None
    """The name of what it is an abbreviation or a synonym of."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """All that is looked for."""

    terms: tuple[Term, ...]

    @property
    def included(self) -> tuple[Term, ...]:
        """What a record must have."""
        return tuple(term for term in self.terms if not term.excluded)

    def query(self, *, any_of: bool = False) -> str:
        """Give the whole as text for `to_tsquery`: all of the terms, or any of them."""
        wanted = (" | " if any_of else " & ").join(term.query for term in self.included)
        unwanted = " & ".join(f"!{term.query}" for term in self.terms if term.excluded)
        return " & ".join(part for part in (f"({wanted})" if wanted else "", unwanted) if part)

    def with_term(self, old: Term, new: Term | None) -> "Wanted":
        """Put another term in the place of one, or none."""
        terms = (new if term is old else term for term in self.terms)
        return Wanted(tuple(term for term in terms if term))


def read_query(text: str) -> Wanted:
    """Read a text that was typed. Nothing that can be typed is an error but its length.

    Raises:
        InvalidInput: it is too long.
    """
    if len(text) > LONGEST_TEXT:
        shown = f"{text[:40]}…"
        raise InvalidInput("search", shown, f"is longer than {LONGEST_TEXT} characters.", "Look for fewer words.")
    return Wanted(tuple(dict.fromkeys(_terms(text))))


def word_term(shown: str, word: str, *, prefix: bool = False) -> Term:
    """Make the term of one word."""
    alternatives = " | ".join(_quoted(one) + (":*" if prefix else "") for one in spellings(word.lower()))
    return Term(shown, f"({alternatives})", Kind.FIXED if prefix else Kind.WORD)


def _terms(text: str) -> Iterator[Term]:
    """Go through what was typed; words in a row are looked at together, since a name may have several."""
    row: list[str] = []
    for piece in _PIECE.finditer(text):
        word = piece["word"]
        if word and not piece["minus"] and not word.endswith("*"):
            row += fold(word)
        else:
            yield from _row(row)
            row = []
            yield from _special(piece)
    yield from _row(row)


def _special(piece: re.Match[str]) -> Iterator[Term]:
    word, phrase = piece["word"], piece["phrase"]
    if phrase is not None:
        terms = _phrase(phrase)
    elif word.endswith("*"):
        parts = split(fold(word))
        terms = [word_term(f"{part}*", part, prefix=True) for part in parts[-1:]]
    else:
        terms = [*_row(fold(word))]
    for term in terms:
        yield replace(term, excluded=True, kind=Kind.FIXED) if piece["minus"] else term


def _phrase(text: str) -> list[Term]:
    words = split(fold(text))
    return [Term(f'"{text}"', "(" + " <-> ".join(map(_quoted, words)) + ")", Kind.FIXED)] if words else []


def _row(words: list[str]) -> Iterator[Term]:
    """Make terms of words in a row: names by their meaning, the others one by one."""
    tokens = split(words)
    home = [index for index, word in enumerate(words) for _ in split([word])]
    place = 0
    for start, end, synonym in synonyms(tokens, as_written=False):
        if end == start + 1 and tokens[start] in _ALSO_ENGLISH:
            continue
        yield from _words(words, home, place, start)
        yield Term(" ".join(tokens[start:end]), _quoted(synonym.word), Kind.FIXED, meaning=synonym.name)
        place = end
    yield from _words(words, home, place, len(tokens))


_ALSO_ENGLISH = frozenset({"all", "ball", "mm", "tall"})
"""Abbreviations that are everyday words in small letters."""


def _words(words: list[str], home: list[int], start: int, end: int) -> Iterator[Term]:
    """Make terms of the tokens from start to end; a compound that lies between them whole is one term."""
    tokens = split(words)
    while start < end:
        compound = words[home[start]]
        size = home.count(home[start])
        if size > 1 and join(compound) and home[start : start + size] == [home[start]] * size and start + size <= end:
            yield _compound(compound)
            start += size
        else:
            yield word_term(tokens[start], tokens[start])
            start += 1


def _compound(word: str) -> Term:
    joined, parts = _quoted(join(word).lower()), split([word])
    if any(len(part) >= _TELLING for part in parts) and min(map(len, parts)) > 1:
        return Term(word, f"({joined} | ({' & '.join(_quoted(part.lower()) for part in parts)}))", Kind.WORD)
    return Term(word, joined, Kind.WORD)


def _quoted(word: str) -> str:
    """Quote a folded word for `to_tsquery`. It has letters and digits only, so nothing in it needs care."""
    return f"'{word}'"

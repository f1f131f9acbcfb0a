"""How text becomes the words of the index, and what else a word is called.

The same folding is used for records and for what is searched, so that they meet: accents are taken off, Greek letters
are spelt out, hyphens part words and join them too (PD-1 is found as PD1), names that mean one thing share one word.
"""

import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

_GREEK = str.maketrans(
    {
        letter: f" {name} "
        for letters, name in (
            ("αΑ", "alpha"),
            ("βΒ", "beta"),
            ("γΓ", "gamma"),
            ("δΔ", "delta"),
            ("κΚ", "kappa"),
            ("λΛ", "lambda"),
            ("ω", "omega"),
        )
        for letter in letters
    }
)
_ASCII = {code: " " for code in range(128) if not chr(code).isalnum() and chr(code) != "-"}
_COMPOUND = re.compile(r"[^\W_]+(?:-+[^\W_]+)*")
_ACCENTS = re.compile("[\u0300-\u036f]+")
_SHORT = 3
"""Letters. A compound with a part as short as this is one name (T-ALL, PD-1) and is joined; others are two words."""


@dataclass(frozen=True, slots=True)
class Synonym:
    """One thing with its names."""

    name: str
    word: str
    """The word that stands for it in the index."""
    broader: tuple[str, ...]
    """The words of what it is a kind of."""
    source: str


@dataclass(frozen=True, slots=True)
class _Form:
    """One name of a thing, word by word."""

    words: tuple[str, ...]
    synonym: Synonym

    def matches(self, tokens: Sequence[str], lower: Sequence[str], start: int, *, as_written: bool) -> bool:
        """Tell whether the name stands at a place of a text, whose words are given as written and in lower case."""
        end = start + len(self.words)
        return end <= len(tokens) and all(
            small in (word, f"{word}s")
            if word.islower()
            else token == word or (not as_written and small == word.lower())
            for token, small, word in zip(tokens[start:end], lower[start:end], self.words, strict=True)
        )


@dataclass(frozen=True, slots=True)
class _Tables:
    """The tables of the data file, made ready."""

    by_first: Mapping[str, tuple[_Form, ...]]
    """The names by their first word, longest first."""
    seconds: Mapping[str, frozenset[str]]
    """What may follow a first word; nothing where it can be a name alone."""
    spellings: tuple[tuple[str, str], ...]


@cache
def tables() -> _Tables:
    """Read the tables of synonyms and spellings."""
    data = tomllib.loads((Path(__file__).parent / "data" / "synonyms.toml").read_text("utf-8"))
    words = {entry["name"]: _word(entry["name"]) for entry in data["synonym"]}
    by_first: dict[str, list[_Form]] = {}
    for entry in data["synonym"]:
        synonym = _synonym(entry, words)
        for form in entry["forms"]:
            named = tuple(form.split())
            for first in {named[0].lower(), f"{named[0].lower()}s"}:
                by_first.setdefault(first, []).append(_Form(named, synonym))
    longest = {first: tuple(sorted(forms, key=lambda form: -len(form.words))) for first, forms in by_first.items()}
    seconds = {first: _seconds(forms) for first, forms in longest.items()}
    return _Tables(longest, seconds, tuple((entry["british"], entry["american"]) for entry in data["spelling"]))


def _seconds(forms: Sequence[_Form]) -> frozenset[str]:
    if any(len(form.words) == 1 for form in forms):
        return frozenset()
    return frozenset(word for form in forms for word in (form.words[1].lower(), f"{form.words[1].lower()}s"))


def _synonym(entry: Mapping[str, Any], words: Mapping[str, str]) -> Synonym:
    broader = tuple(words[name] for name in entry.get("broader", ()))
    return Synonym(entry["name"], words[entry["name"]], broader, entry["source"])


def _word(name: str) -> str:
    return "synonym" + "".join(filter(str.isalnum, name)).lower()


def fold(text: str) -> list[str]:
    """Take off accents, spell out Greek letters, and give the words and numbers; those with hyphens in one piece."""
    if text.isascii() and "--" not in text:
        words = text.translate(_ASCII).split()
        return [bare for word in words if (bare := word.strip("-"))] if "-" in text else words
    return _COMPOUND.findall(_ACCENTS.sub("", unicodedata.normalize("NFKD", text.translate(_GREEK))))


def index_text(text: str) -> str:
    """Give the words of a text as they stand in the index.

    Joined compounds and synonyms come last, so that words that follow one another still do.
    """
    folded = fold(text.lower() if _shouts(text) else text)
    tokens = split(folded)
    extra = {join(word) for word in folded if "-" in word}
    for _, _, one in synonyms(tokens):
        extra.update((one.word, *one.broader))
    return " ".join((*tokens, *sorted(filter(None, extra))))


def _shouts(text: str) -> bool:
    """Tell whether a text is in capitals throughout, so that ALL is no abbreviation in it; T-ALL alone is one."""
    return text.isupper() and sum(len(word) > _SHORT + 1 and word.isalpha() for word in text.split()) > 1


def split(words: Sequence[str]) -> list[str]:
    """Part words at their hyphens."""
    return " ".join(words).replace("-", " ").split()


def join(compound: str) -> str:
    """Join a compound that is one name; an empty text where it is not."""
    parts = [part for part in compound.split("-") if part]
    named = any(len(part) <= _SHORT or any(map(str.isdigit, part)) for part in parts)
    return "".join(parts) if named and len(parts) > 1 else ""


def synonyms(tokens: Sequence[str], *, as_written: bool = True) -> Iterator[tuple[int, int, Synonym]]:
    """Find the names in a row of words.

    Args:
        tokens: the words, folded and without hyphens.
        as_written: whether abbreviations count only as they are written: CART, not cart.

    Returns:
        Where each name begins and ends, and what it means; the longest name wins.
    """
    firsts, end = tables().by_first, 0
    lower = american(" ".join(tokens).lower()).split(" ")
    for place in _candidates(lower):
        if place >= end:
            for form in firsts[lower[place]]:
                if form.matches(tokens, lower, place, as_written=as_written):
                    end = place + len(form.words)
                    yield place, end, form.synonym
                    break


def _candidates(lower: Sequence[str]) -> list[int]:
    """Give the places where a name may begin."""
    seconds = tables().seconds
    starts = [place for place, token in enumerate(lower) if token in seconds]
    following = [*lower[1:], ""]
    return [place for place in starts if not seconds[lower[place]] or following[place] in seconds[lower[place]]]


def spellings(word: str) -> tuple[str, ...]:
    """Give a word in lower case in every spelling that the table knows, as it is first."""
    plain = american(word)
    british = (plain.replace(there, here) for here, there in tables().spellings)
    return tuple(dict.fromkeys((word, plain, *british)))


def american(text: str) -> str:
    """Give lower-case text in the American spelling."""
    for british, american_part in tables().spellings:
        text = text.replace(british, american_part)
    return text

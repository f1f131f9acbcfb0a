"""Recognises a sentence by its template, and says it in another language.

A template is a sentence with holes: `{1} is in the DLT window until {2}`. What a hole holds may be a sentence itself.
"""

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import islice
from pathlib import Path

HOLE = re.compile(r"\{(\d+)\}")
LONGEST = 4000
"""Characters: what is longer is no sentence of ours."""
DEEPEST = 3
"""How many sentences may stand inside each other."""
FEW = 6
"""Letters: a template with fewer of its own says nothing of itself, and counts only where it holds what is known."""

MOST_READINGS = 6
"""How many templates that fit are weighed against each other."""

_WORDS = re.compile(r"[A-Za-z]{2,} [a-z]{2,}")
"""Words of the first language: a template that says little of itself is not recognised around them."""
_ENDS = (re.compile(r"(?<=[.!?]) +|\n"), re.compile(r"(?<=;) +"))
"""Where a sentence ends, or else a part of one."""

Word = Callable[[str], str]
"""Looks a word up; gives it back where it is not known."""


@dataclass(frozen=True, slots=True)
class Template:
    """A sentence with holes, and what it is in the other language."""

    literals: tuple[str, ...]
    """What stands before, between and behind the holes."""
    holes: tuple[int, ...]
    other: str

    @property
    def letters(self) -> int:
        """How many letters it has of its own."""
        return sum(character.isalpha() for literal in self.literals for character in literal)

    def holds(self, text: str) -> dict[int, str] | None:
        """Give what the holes hold, each as little as can be; None where it is another sentence."""
        first, *between, last = self.literals
        if not (text.startswith(first) and text.endswith(last) and len(text) >= len(first) + len(last)):
            return None
        text, found = text[len(first) : len(text) - len(last)], list[str]()
        for literal in between:
            held, there, text = text.partition(literal) if literal else (text, "none", "")
            if not there:
                return None
            found.append(held)
        return dict(zip(self.holes, [*found, text], strict=True))


def template(english: str, other: str) -> Template:
    """Read a template."""
    pieces = HOLE.split(english)
    return Template(tuple(pieces[::2]), tuple(int(number) for number in pieces[1::2]), other)


@dataclass(frozen=True, slots=True)
class Sentences:
    """The sentences that are known in another language."""

    whole: Mapping[str, str]
    """Those without holes."""
    templates: tuple[Template, ...]
    """Those with holes; which say most of themselves first."""

    def said(self, text: str, word: Word) -> str:
        """Say a sentence, or several, in the other language; as it stands where it is not known."""
        return self._said(text, word, {}, 0)

    def _said(self, text: str, word: Word, known: dict[str, str], depth: int) -> str:
        if not text.strip() or len(text) > LONGEST or depth > DEEPEST:
            return text
        if text not in known:
            other = word(text)
            known[text] = (
                other if other != text else self.whole.get(text) or self._by_template(text, word, known, depth)
            )
        return known[text]

    def _by_template(self, text: str, word: Word, known: dict[str, str], depth: int) -> str:
        """Take the reading that leaves least of the first language: an inner sentence may be longer than the outer."""
        found = islice(self._tried(text, word, known, depth), MOST_READINGS)
        return min((*found, self._one_by_one(text, word, known, depth)), key=_left)

    def _tried(self, text: str, word: Word, known: dict[str, str], depth: int) -> Iterator[str]:
        for one in self.templates:
            holds = one.holds(text)
            if holds is None:
                continue
            held = {hole: self._said(inner, word, known, depth + 1) for hole, inner in holds.items()}
            if one.letters > FEW or (held != holds and not any(_WORDS.search(text) for text in held.values())):
                yield HOLE.sub(lambda hole, held=held: held.get(int(hole[1]), ""), one.other)

    def _one_by_one(self, text: str, word: Word, known: dict[str, str], depth: int) -> str:
        if text.endswith(".") and (said := self._said(text[:-1], word, known, depth + 1)) != text[:-1]:
            return f"{said}。"
        for end in _ENDS:
            parts = end.split(text)
            if len(parts) > 1:
                return " ".join(self._said(part, word, known, depth + 1) for part in parts)
        return text


def _left(text: str) -> int:
    """Count the letters that are still of the first language."""
    return sum(character.isascii() and character.isalpha() for character in text)


def read_sentences(tables: Mapping[str, Mapping[str, str]]) -> Sentences:
    """Read sentences by the room that says them; one without a translation is left out."""
    known = {english: other for table in tables.values() for english, other in table.items() if other}
    found = (template(english, other) for english, other in known.items() if HOLE.search(english))
    whole = {english: other for english, other in known.items() if not HOLE.search(english)}
    return Sentences(whole, tuple(sorted(found, key=lambda one: -one.letters)))


@cache
def sentences_in(folder: Path) -> Sentences:
    """Read the sentences of a language from its folder; none where it has no file of them."""
    file = folder / "sentences.toml"
    return read_sentences(tomllib.loads(file.read_text("utf-8")) if file.is_file() else {})

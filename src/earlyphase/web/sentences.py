"""Recognises a sentence by its template, and says it in another language.

A template is a sentence with holes: `{1} is in the DLT window until {2}`. What a hole holds may be a sentence itself.
"""

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

HOLE = re.compile(r"\{(\d+)\}")
LONGEST = 4000
"""Characters: what is longer is no sentence of ours."""
DEEPEST = 4
"""How many sentences may stand inside each other."""
FEW = 6
"""Letters: a template with fewer of its own says nothing of itself, and counts only where it holds what is known."""

_END_OF_SENTENCE = re.compile(r"(?<=[.;!?]) +|\n")

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
        first, *between = self.literals
        if not between:
            return {} if text == first else None
        last = between.pop()
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
    """The sentences that are known in another language; those that say most of themselves first."""

    templates: tuple[Template, ...]

    def said(self, text: str, word: Word, depth: int = 0) -> str:
        """Say a sentence, or several, in the other language; as it stands where it is not known."""
        if not text.strip() or len(text) > LONGEST or depth > DEEPEST:
            return text
        if (known := word(text)) != text:
            return known
        whole = next(self._tried(text, word, depth), None)
        return whole if whole is not None else self._one_by_one(text, word, depth)

    def _tried(self, text: str, word: Word, depth: int) -> Iterator[str]:
        for one in self.templates:
            holds = one.holds(text)
            if holds is None:
                continue
            held = {hole: self.said(inner, word, depth + 1) for hole, inner in holds.items()}
            if one.letters > FEW or held != holds:
                yield HOLE.sub(lambda hole, held=held: held.get(int(hole[1]), ""), one.other)

    def _one_by_one(self, text: str, word: Word, depth: int) -> str:
        parts = _END_OF_SENTENCE.split(text)
        if len(parts) == 1:
            return text
        said = [self.said(part, word, depth + 1) for part in parts]
        return text if said == parts else " ".join(said)


def read_sentences(tables: Mapping[str, Mapping[str, str]]) -> Sentences:
    """Read sentences by the room that says them; one without a translation is left out."""
    known = {english: other for table in tables.values() for english, other in table.items() if other}
    found = (template(english, other) for english, other in known.items())
    return Sentences(tuple(sorted(found, key=lambda one: -one.letters)))


@cache
def sentences_in(folder: Path) -> Sentences:
    """Read the sentences of a language from its folder; none where it has no file of them."""
    file = folder / "sentences.toml"
    return read_sentences(tomllib.loads(file.read_text("utf-8")) if file.is_file() else {})

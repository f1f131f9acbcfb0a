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

HOLE = re.compile(r"\{(\d+)[#*]?\}")
"""A hole. In the other language `{2#}` says that it holds a value and no words, `{2*}` that it holds somebody's own
words, which are not read."""
_VALUES, _OWN_WORDS = re.compile(r"\{(\d+)#\}"), re.compile(r"\{(\d+)\*\}")
LONGEST = 4000
"""Characters: what is longer is no sentence of ours."""
DEEPEST = 3
"""How many sentences may stand inside each other."""
FEW = 4
"""Letters: a template with no more of its own is recognised only around values and what is known itself."""
BRIEF = 12
"""Letters: behind the first hole of a template with no more of its own there is nothing strange, or it would take a
sentence apart that is not its own: `One has an event of grade 5 that is not due to the leukaemia`."""
MOST_READINGS = 6
"""How many templates that fit are weighed against each other."""

_WORD = re.compile(r"(?<![a-zµ])(?!(?:[fmnp]?mol|min|osm)(?![a-z]))[a-z]{3,}|\b(?:at|by|in|is|of|on|or|to)\b")
"""A word of the first language: `fever`, `of`, but no `E1`, no `mg/dL`, no `mmol/L`."""
_LETTERS = re.compile("[A-Za-z]{3,}")
_NO_VALUE = re.compile(rf"{_WORD.pattern}|[:;]")
_AFTER_A_NAME = (",", ":", ";", "(")
_QUOTES = (('"', '"'), ("“", "”"))
_GOES_ON = re.compile(r"[.;:] | \(")
"""What stands between sentences, and their parts."""
_END = re.compile(r"(?<=[.!?]) +|\n")
"""Where a sentence ends."""

Word = Callable[[str], str]
"""Looks a word up; gives it back where it is not known."""


@dataclass(frozen=True, slots=True)
class Template:
    """A sentence with holes, and what it is in the other language."""

    literals: tuple[str, ...]
    """What stands before, between and behind the holes."""
    holes: tuple[int, ...]
    other: str
    values: frozenset[int] = frozenset()
    """The holes that hold a value."""
    own_words: frozenset[int] = frozenset()
    """The holes that hold what a person or a protocol says; those in quotation marks do."""

    @property
    def letters(self) -> int:
        """How many letters it has of its own."""
        return sum(character.isalpha() for literal in self.literals for character in literal)

    @property
    def reorders(self) -> bool:
        """Whether the other language says what the holes hold in another order."""
        return [int(hole) for hole in HOLE.findall(self.other)] != list(self.holes)

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
        held = dict(zip(self.holes, [*found, text], strict=True))
        return None if any(_NO_VALUE.search(held[hole]) for hole in self.values) else held


def template(english: str, other: str) -> Template:
    """Read a template."""
    pieces = HOLE.split(english)
    literals, holes = tuple(pieces[::2]), tuple(int(number) for number in pieces[1::2])
    values, own_words = (frozenset(map(int, mark.findall(other))) for mark in (_VALUES, _OWN_WORDS))
    around = zip(holes, literals, literals[1:], strict=False)
    quoted = frozenset(hole for hole, before, after in around if (before[-1:], after[:1]) in _QUOTES)
    return Template(literals, holes, other, values, own_words | quoted)


@dataclass(frozen=True, slots=True)
class Sentences:
    """The sentences that are known in another language."""

    whole: Mapping[str, str]
    """Those without holes."""
    templates: tuple[Template, ...]
    """Those with holes; which say most of themselves first."""

    def said(self, text: str, word: Word) -> str:
        """Say a sentence, or several, in the other language; as it stands where it is not known."""
        return _Reading(self, word, {}).said(text, 0)


@dataclass(frozen=True, slots=True)
class _Reading:
    """One sentence that is being read; what was read of it already is kept."""

    sentences: Sentences
    word: Word
    known: dict[tuple[str, int], str]

    def said(self, text: str, depth: int) -> str:
        if not text.strip() or len(text) > LONGEST or depth > DEEPEST:
            return text
        if (known := self._whole(text)) is not None or not _LETTERS.search(text):
            return known or text
        if (text, depth) not in self.known:
            self.known[text, depth] = self._in_either_case(text, depth)
        return self.known[text, depth]

    def _in_either_case(self, text: str, depth: int) -> str:
        """Read a sentence; where it is not known, the same that begins in the other case."""
        other_case = f"{text[0].swapcase()}{text[1:]}"
        said = self._read(text, depth)
        if said != text or other_case == text:
            return said
        known = self._whole(other_case)
        swapped = known if known is not None else self._read(other_case, depth)
        return text if swapped == other_case else swapped

    def _whole(self, text: str) -> str | None:
        other = self.word(text)
        return other if other != text else self.sentences.whole.get(text)

    def _read(self, text: str, depth: int) -> str:
        """Take the reading that leaves least of the first language: an inner sentence may be longer than the outer."""
        found = tuple(islice(self._by_template(text, depth), MOST_READINGS))
        if quoting := next((said for one, said in found if one.own_words), ""):
            return quoting  # the fewest letters would be left by reading what is not ours to read
        return min((*(said for _, said in found), self._one_by_one(text, depth)), key=_left)

    def _by_template(self, text: str, depth: int) -> Iterator[tuple[Template, str]]:
        for one in self.sentences.templates:
            holds = one.holds(text)
            if holds is None:
                continue
            own = {hole: self._whole(holds[hole]) or holds[hole] for hole in one.own_words}
            held = {hole: self.said(inner, depth + 1) for hole, inner in holds.items() if hole not in own} | own
            if _is_one_sentence(one, holds, held) and (one.letters > BRIEF or _is_brief_and_whole(one, holds, held)):
                yield one, HOLE.sub(lambda hole, held=held: held.get(int(hole[1]), ""), one.other)

    def _one_by_one(self, text: str, depth: int) -> str:
        """Say each sentence, or else each part of one; a part is not translated beside one that is not known."""
        if len(sentences := _END.split(text)) > 1:
            return " ".join(self.said(one, depth) for one in sentences)
        if text.endswith(".") and (said := self.said(text[:-1], depth)) != text[:-1]:
            return f"{said}。"
        return self._listed(text, depth, "; ", "；") or self._listed(text, depth, ", ", "，") or text

    def _listed(self, text: str, depth: int, between: str, other: str) -> str:
        """Say a list of which every part is known, or a value; nothing where one is not."""
        parts = text.split(between)
        said = [self.said(part, depth) for part in parts] if len(parts) > 1 else []
        return other.join(said) if said != parts and not any(_WORD.search(part) for part in said) else ""


def _is_one_sentence(one: Template, holds: Mapping[int, str], held: Mapping[int, str]) -> bool:
    """Tell whether nothing that is strange goes on in another sentence: it would be another's, and cut in two."""
    strange = (hole for hole, text in holds.items() if held[hole] == text and hole not in one.own_words)
    return not any(_WORD.search(holds[hole]) and _GOES_ON.search(holds[hole]) for hole in strange)


def _is_brief_and_whole(one: Template, holds: Mapping[int, str], held: Mapping[int, str]) -> bool:
    """Tell whether a template that says little of itself holds values, or sentences that are known.

    What stands before a template's own comma or colon may be strange: the name of an event, of a person.
    """
    if one.values == frozenset(one.holes):
        return True  # each was seen to be a value
    strange = {hole for hole, text in held.items() if _WORD.search(text)} - one.own_words
    if one.letters > FEW:
        named = not one.literals[0] and one.literals[1][:1] in _AFTER_A_NAME
        return not strange - ({one.holes[0]} if named else set[int]())
    if one.reorders and any(_WORD.search(text) for text in holds.values()):
        return False  # `3 of 12`, but not `ICANS of grade 4`
    return not strange and (held != dict(holds) or one.letters > len("to"))


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

"""The eligibility criteria of a record as a tree: sections, items, sub-items, and all text that is neither."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from earlyphase.registry.markup import Block, Listing, ListItem, Paragraph, letters, parse_markup, unescape


class SectionKind(StrEnum):
    """What a section of the criteria holds."""

    INCLUSION = "inclusion"
    EXCLUSION = "exclusion"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Prose:
    """Text that is no item: a note, a remark between items."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Item:
    """One criterion or part of one, as written."""

    label: str
    """Its number as written, with full stop or bracket; empty for a bullet."""
    text: str
    content: "tuple[Item | Prose, ...]"
    """Its sub-items and further paragraphs, in their order."""
    start: int
    """Where it begins in the text as written."""
    end: int
    orphan: bool = False
    """Whether it stood outside the list that it belongs to."""

    @property
    def items(self) -> "tuple[Item, ...]":
        """Its sub-items."""
        return tuple(part for part in self.content if isinstance(part, Item))


@dataclass(frozen=True, slots=True)
class Section:
    """A run of criteria under one heading."""

    kind: SectionKind
    heading: str
    """As written; empty where the text has none."""
    content: tuple[Item | Prose, ...]

    @property
    def items(self) -> tuple[Item, ...]:
        """Its criteria."""
        return tuple(part for part in self.content if isinstance(part, Item))


@dataclass(frozen=True, slots=True)
class Criteria:
    """All that the criteria text of a record says."""

    sections: tuple[Section, ...]

    def of(self, kind: SectionKind) -> tuple[Item, ...]:
        """Give the criteria of one kind, in their order."""
        return tuple(item for section in self.sections if section.kind is kind for item in section.items)

    @property
    def inclusion(self) -> tuple[Item, ...]:
        """The inclusion criteria."""
        return self.of(SectionKind.INCLUSION)

    @property
    def exclusion(self) -> tuple[Item, ...]:
        """The exclusion criteria."""
        return self.of(SectionKind.EXCLUSION)

    def texts(self) -> Iterator[str]:
        """Go through every heading, label and text in the order of reading."""
        for section in self.sections:
            yield section.heading
            for part in section.content:
                yield from _texts(part)


def parse_criteria(text: str) -> Criteria:
    """Read the criteria of a record from its escaped markdown. Nothing is lost and nothing is renumbered."""
    draft = _Draft()
    for block in parse_markup(text):
        draft.add(block)
    criteria = Criteria(tuple(section.closed() for section in draft.sections if section.heading or section.content))
    if letters(text) == letters(" ".join(criteria.texts())):
        return criteria
    return Criteria((Section(SectionKind.OTHER, "", (Prose(unescape(text), 0, len(text)),)),))


def _texts(part: Item | Prose) -> Iterator[str]:
    if isinstance(part, Item):
        yield part.label
    yield part.text
    for inner in part.content if isinstance(part, Item) else ():
        yield from _texts(inner)


_LONGEST_HEADING = 250
_HEADING = re.compile(
    r"(?:\A\W*|(?<=[\s.;]))(?:(?:key|main|major|general|study|subject|patient|participant)s?\s+)*"
    r"(?:(?:in|ex)clusion\s+criteria\b\s*(?:[:：]|\Z)|\A\W*(?:in|ex)clusion\s*[:：])",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"\(?(?:\d{1,2}[.)、](?!\d)|[a-zA-Z]\)|[ivx]{2,4}[.)]|[a-z]\.(?=\s*[A-Z])|[A-Z]\.(?=\s+[A-Z]))\s*", re.ASCII
)


@dataclass(slots=True)
class _OpenSection:
    """A section that still grows."""

    kind: SectionKind
    heading: str
    content: list[Item | Prose]

    def closed(self) -> Section:
        """Give the section as it stands now."""
        return Section(self.kind, self.heading, tuple(self.content))


class _Draft:
    """The sections so far; each block goes into the last one or opens the next."""

    def __init__(self) -> None:
        self.sections = [_OpenSection(SectionKind.OTHER, "", [])]

    def add(self, block: Block) -> None:
        """Take in one block of the text."""
        if isinstance(block, Paragraph):
            self._paragraph(block)
        else:
            for item in block.items:
                self._list_item(item)

    def _append(self, *parts: Item | Prose) -> None:
        self.sections[-1].content.extend(parts)

    def _open(self, heading: str) -> None:
        self.sections.append(_OpenSection(_kind(heading, self.sections[-1].kind), heading, []))

    def _list_item(self, listed: ListItem) -> None:
        item = _item(listed)
        if item.content and not item.label and _HEADING.fullmatch(item.text):
            self._open(item.text)
            self._append(*item.content)
        else:
            self._append(item)

    def _paragraph(self, paragraph: Paragraph) -> None:
        headings = [found for found in _HEADING.finditer(paragraph.text) if _capital(found.group())]
        if len(paragraph.text) <= _LONGEST_HEADING and paragraph.text.endswith((":", "：")) and len(headings) < 2:  # noqa: PLR2004 - more than one is run together
            self._open(paragraph.text)
        elif headings and headings[0].start() == 0:
            ends = [*(found.start() for found in headings[1:]), len(paragraph.text)]
            for found, end in zip(headings, ends, strict=True):
                self._open(found.group().strip())
                self._text(replace(paragraph, text=paragraph.text[found.end() : end].strip()))
        else:
            self._text(paragraph)

    def _text(self, paragraph: Paragraph) -> None:
        label = _LABEL.match(paragraph.text)
        if label:
            self._orphan(Item(label.group().strip(), paragraph.text[label.end() :], (), *_span(paragraph), orphan=True))
        elif paragraph.text:
            self._append(Prose(paragraph.text, *_span(paragraph)))

    def _orphan(self, orphan: Item) -> None:
        """Give a labelled paragraph to the item before it where it continues that item's parts."""
        content = self.sections[-1].content
        last = content[-1] if content else None
        if isinstance(last, Item) and (last.items or last.text.endswith(":")) and not _continues(content, orphan):
            content[-1] = replace(last, content=(*last.content, orphan))
        else:
            self._append(orphan)


def _continues(content: list[Item | Prose], orphan: Item) -> bool:
    """Tell whether a label is the next number of the items at this level."""
    number = re.search(r"\d+", orphan.label)
    return number is not None and int(number.group()) == 1 + sum(isinstance(part, Item) for part in content)


def _item(listed: ListItem) -> Item:
    first, *rest = listed.blocks or (Paragraph("", listed.start, listed.start),)
    text = first.text if isinstance(first, Paragraph) else ""
    inner = rest if isinstance(first, Paragraph) else listed.blocks
    content = tuple(part for block in inner for part in _parts(block))
    written = None if listed.label else _LABEL.match(text)
    if written:
        return Item(written.group().strip(), text[written.end() :], content, listed.start, listed.end)
    return Item(listed.label, text, content, listed.start, listed.end)


def _parts(block: Block) -> Iterator[Item | Prose]:
    if isinstance(block, Listing):
        yield from (_item(item) for item in block.items)
    else:
        yield Prose(block.text, *_span(block))


def _span(paragraph: Paragraph) -> tuple[int, int]:
    return paragraph.start, paragraph.end


def _capital(heading: str) -> bool:
    """Tell whether a heading begins as one: "does not meet the inclusion criteria:" is none."""
    return heading.lstrip(" \t\n-*").strip()[:1].isupper()


def _kind(heading: str, current: SectionKind) -> SectionKind:
    words = heading.lower()
    includes, excludes = "inclusion" in words, bool(re.search(r"\bexclusion|\bexcluded\b|\bineligible\b", words))
    if (includes and excludes) or "eligibility criteria" in words:
        return SectionKind.OTHER
    if excludes:
        return SectionKind.EXCLUSION
    return SectionKind.INCLUSION if includes else current

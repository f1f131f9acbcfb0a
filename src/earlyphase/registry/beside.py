"""Which finding stands beside which part of a record's page."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol, TypeVar

from earlyphase.registry.checks.finding import Finding
from earlyphase.registry.criteria import Item
from earlyphase.registry.leaves import Leaf
from earlyphase.registry.page import CriteriaTree, Field, Page, PageBlock, Prose, Table

_SECTION = "protocolSection."
_K = TypeVar("_K")


class Rate(Protocol):
    """How often a check fires in a collection."""

    @property
    def percent(self) -> float:
        """The share of records on which it fires."""
        ...

    @property
    def records(self) -> int:
        """How many records were checked."""
        ...


@dataclass(frozen=True, slots=True)
class Note:
    """A finding as a page shows it."""

    finding: Finding
    rate: Rate | None
    """Its base rate; None where none was measured."""


@dataclass(frozen=True, slots=True)
class Beside:
    """The notes of a page, by what they stand beside. Every one stands in one place."""

    fields: Mapping[str, tuple[Note, ...]]
    """By the path of the value."""
    items: Mapping[int, tuple[Note, ...]]
    """By where the criterion begins in the text."""
    whole: tuple[Note, ...]
    """Those that belong to no one place."""

    def field(self, path: str) -> tuple[Note, ...]:
        """Give the notes beside a value."""
        return self.fields.get(path, ())

    def fields_of(self, leaves: Iterable[Leaf]) -> tuple[Note, ...]:
        """Give the notes beside any of some values."""
        return tuple(note for leaf in leaves for note in self.field(leaf.path))

    def row(self, cells: Iterable[Iterable[Leaf]]) -> tuple[Note, ...]:
        """Give the notes beside the cells of a row."""
        return tuple(note for cell in cells for note in self.fields_of(cell))

    def any(self, rows: Iterable[Iterable[Iterable[Leaf]]]) -> bool:
        """Tell whether there are notes beside a table."""
        return bool(self.fields) and any(self.row(row) for row in rows)

    def item(self, start: int) -> tuple[Note, ...]:
        """Give the notes beside a criterion."""
        return self.items.get(start, ())


NOTHING = Beside({}, {}, ())
"""A page without notes."""


def put_beside(page: Page, findings: Iterable[Finding], rates: Mapping[str, Rate]) -> Beside:
    """Find a place for each finding: the value that it quotes, the criterion within the criteria, or the top."""
    paths = {path for section in page.sections for block in section.blocks for path in _paths(block)}
    trees = {
        block.path: block for section in page.sections for block in section.blocks if isinstance(block, CriteriaTree)
    }
    fields, items = defaultdict[str, list[Note]](list), defaultdict[int, list[Note]](list)
    whole: list[Note] = []
    for finding in findings:
        note = Note(finding, rates.get(finding.id))
        path = finding.span.field.removeprefix(_SECTION) if finding.span else ""
        item = _deepest(trees[path], finding.span.start) if finding.span and path in trees else None
        place = items[item.start] if item else fields[path] if path in paths else whole
        place.append(note)
    return Beside(_closed(fields), _closed(items), tuple(whole))


def _closed(notes: Mapping[_K, list[Note]]) -> dict[_K, tuple[Note, ...]]:
    return {key: tuple(held) for key, held in notes.items()}


def _paths(block: PageBlock) -> Iterator[str]:
    match block:
        case Field():
            yield from (leaf.path for leaf in block.values)
        case Prose():
            yield block.value.path
        case CriteriaTree():
            yield block.path
        case Table():
            yield from (leaf.path for row in block.rows for cell in row for leaf in cell)


def _deepest(tree: CriteriaTree, at: int) -> Item | None:
    """Find the innermost criterion that a position of the text lies in."""
    found, waiting = None, [item for section in tree.criteria.sections for item in section.items]
    while waiting:
        found_here = next((item for item in waiting if item.start <= at < max(item.end, item.start + 1)), None)
        found, waiting = (found_here, [*found_here.items]) if found_here else (found, [])
    return found

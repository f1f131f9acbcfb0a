"""The page of a record as a value: terminal, HTML and JSON are made from it, and none of them leaves anything out."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from earlyphase.registry.criteria import Criteria, parse_criteria
from earlyphase.registry.irregular import Irregularity, irregularities
from earlyphase.registry.layout import LAYOUT, TITLE, Body, Eligibility, Entry, Grid, Line, Names
from earlyphase.registry.leaves import Leaf, Leaves
from earlyphase.registry.model import Record


@dataclass(frozen=True, slots=True)
class Field:
    """A label and its values."""

    label: str
    values: tuple[Leaf, ...]


@dataclass(frozen=True, slots=True)
class Prose:
    """Running text."""

    value: Leaf


@dataclass(frozen=True, slots=True)
class CriteriaTree:
    """The criteria as written."""

    path: str
    criteria: Criteria

    @property
    def counts(self) -> str:
        """How many there are, as far as the headings tell."""
        return f"{len(self.criteria.inclusion)} inclusion, {len(self.criteria.exclusion)} exclusion"


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells; a cell holds any number of values."""

    label: str
    columns: tuple[str, ...]
    rows: tuple[tuple[tuple[Leaf, ...], ...], ...]


PageBlock = Field | Prose | CriteriaTree | Table


@dataclass(frozen=True, slots=True)
class PageSection:
    """A heading and what stands under it."""

    heading: str
    blocks: tuple[PageBlock, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """A whole record, as a person reads it."""

    title: str
    sections: tuple[PageSection, ...]
    carried: tuple[str, ...]
    """Other sections that the record has and the page does not show, such as results."""
    irregular: tuple[Irregularity, ...]
    """What the registry's description does not know; shown on the page all the same."""


_CARRIED = (
    ("results_section", "results"),
    ("annotation_section", "annotations"),
    ("document_section", "documents"),
    ("derived_section", "terms derived by the registry"),
)


def build_page(record: Record) -> Page:
    """Lay a record out as a page. Every value of its `protocolSection` stands on it once."""
    leaves = Leaves(record.protocol_section)
    title = " ".join(leaf.text for leaf in leaves.take(TITLE)) or record.nct_id or "A record without a title"
    sections = [PageSection(heading, tuple(_blocks(entries, leaves))) for heading, entries in LAYOUT]
    further = tuple(Field(_label(leaf.path), (leaf,)) for leaf in leaves.rest())
    sections.append(PageSection("Further particulars", further))
    carried = tuple(word for name, word in _CARRIED if getattr(record, name))
    shown = tuple(section for section in sections if section.blocks)
    return Page(title, shown, carried, irregularities(record))


def _blocks(entries: tuple[Entry, ...], leaves: Leaves) -> Iterator[PageBlock]:
    for entry in entries:
        match entry:
            case Line(label=label, path=path):
                if found := leaves.take(path):
                    yield Field(label, found)
            case Names():
                yield from _names(entry, leaves)
            case Body(path=path):
                yield from (Prose(leaf) for leaf in leaves.take(path))
            case Eligibility(path=path):
                for leaf in leaves.take(path):
                    yield (
                        CriteriaTree(path, parse_criteria(leaf.written))
                        if isinstance(leaf.written, str)
                        else Prose(leaf)
                    )
            case Grid():
                yield from _table(entry, leaves)


def _names(names: Names, leaves: Leaves) -> Iterator[Field]:
    rows = [
        [leaf for field in names.fields for leaf in leaves.look(f"{row}.{field}")] for row in leaves.rows(names.path)
    ]
    joined = tuple(Leaf(row[0].path, row[-1].written, ": ".join(leaf.text for leaf in row)) for row in rows if row)
    if joined:
        yield Field(names.label, joined)


def _table(grid: Grid, leaves: Leaves) -> Iterator[Table]:
    rows = [tuple(leaves.take(f"{row}.{column.path}") for column in grid.columns) for row in leaves.rows(grid.path)]
    used = [index for index in range(len(grid.columns)) if any(row[index] for row in rows)]
    if used:
        columns = tuple(grid.columns[index].label for index in used)
        yield Table(grid.label, columns, tuple(tuple(row[index] for index in used) for row in rows))


def _label(path: str) -> str:
    """Turn a path into words: `oversightModule.isUsExport` is "Oversight: is us export"."""
    module, _, field = path.replace("Module.", ".", 1).partition(".")
    counted = re.sub(r"\[(\d+)\]", lambda found: f" {int(found[1]) + 1}", field)
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", counted.replace(".", ", ")).lower()
    return f"{re.sub(r'(?<=[a-z])(?=[A-Z])', ' ', module).capitalize()}: {spaced}"

"""Two records side by side: the same labels in the same order, and whether they say the same."""

from collections.abc import Iterator
from dataclasses import dataclass

from earlyphase.registry.criteria import Criteria, Item, Prose
from earlyphase.registry.leaves import printable
from earlyphase.registry.page import CriteriaTree, Field, Page, PageBlock, Table
from earlyphase.registry.page import Prose as Running
from earlyphase.registry.wording import Language, worded


@dataclass(frozen=True, slots=True)
class Row:
    """One label, and what each record says of it."""

    label: str
    left: tuple[str, ...]
    """Line by line; empty where the record says nothing."""
    right: tuple[str, ...]

    @property
    def same(self) -> bool:
        """Whether both say the same."""
        return self.left == self.right


@dataclass(frozen=True, slots=True)
class Part:
    """The rows under one heading."""

    heading: str
    rows: tuple[Row, ...]


def side_by_side(left: Page, right: Page, language: Language = "en") -> tuple[Part, ...]:
    """Put two pages beside each other, heading by heading and label by label.

    Args:
        left: one page.
        right: the other.
        language: of codes; what the sponsors wrote stays as it is.
    """
    sides = [{section.heading: _lines(section.blocks, language) for section in page.sections} for page in (left, right)]
    order = [section.heading for page in (left, right) for section in page.sections]
    return tuple(_part(heading, *(side.get(heading, {}) for side in sides)) for heading in dict.fromkeys(order))


def _part(heading: str, left: dict[str, tuple[str, ...]], right: dict[str, tuple[str, ...]]) -> Part:
    labels = dict.fromkeys([*left, *right])
    return Part(heading, tuple(Row(label, left.get(label, ()), right.get(label, ())) for label in labels))


def _lines(blocks: tuple[PageBlock, ...], language: Language) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for block in blocks:
        label, lines = _block(block, language)
        found[label] = (*found.get(label, ()), *lines)
    return found


def _block(block: PageBlock, language: Language) -> tuple[str, tuple[str, ...]]:
    match block:
        case Field():
            return block.label, tuple(worded(leaf, language) for leaf in block.values)
        case Running():
            return "", tuple(line for line in block.value.text.split("\n") if line)
        case CriteriaTree():
            return "Criteria", tuple(_criteria(block.criteria))
        case Table():
            rows = ((", ".join(worded(leaf, language) for leaf in cell) for cell in row) for row in block.rows)
            return block.label, tuple(" · ".join(filter(None, row)) for row in rows)


def _criteria(criteria: Criteria) -> Iterator[str]:
    for section in criteria.sections:
        yield from filter(None, (printable(section.heading),))
        for part in section.content:
            yield from _part_lines(part, "")


def _part_lines(part: Item | Prose, indent: str) -> Iterator[str]:
    label = f"{part.label} " if isinstance(part, Item) and part.label else ""
    yield f"{indent}{label}{printable(part.text)}"
    for inner in part.content if isinstance(part, Item) else ():
        yield from _part_lines(inner, f"{indent}\u2003")

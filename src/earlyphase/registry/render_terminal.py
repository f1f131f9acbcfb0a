"""The page of a record for a terminal."""

from collections.abc import Iterable, Iterator
from typing import assert_never

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table as Columns
from rich.text import Text

from earlyphase.registry.criteria import Item, Section
from earlyphase.registry.criteria import Prose as Remark
from earlyphase.registry.leaves import Leaf, printable
from earlyphase.registry.markup import Block, Paragraph
from earlyphase.registry.page import CriteriaTree, Field, Page, PageBlock, Prose, Table

_LABEL_WIDTH = 24
_SHORT = 45


def terminal_page(page: Page) -> Group:
    """Give the page as something that a rich console prints."""
    return Group(*_page(page))


def _page(page: Page) -> Iterator[RenderableType]:
    yield Text(page.title, style="bold")
    for section in page.sections:
        yield Text(f"\n{section.heading}", style="bold cyan")
        for block in section.blocks:
            yield from _block(block)
    if page.carried:
        yield Text(f"\nThe record also holds {', '.join(page.carried)}, which this page does not show.", style="dim")


def _block(block: PageBlock) -> Iterator[RenderableType]:
    match block:
        case Field():
            yield _labelled(block.label, _values(block.values))
        case Prose():
            yield _values((block.value,))
        case CriteriaTree():
            yield _labelled("Criteria", Text(block.counts))
            for section in block.criteria.sections:
                yield from _criteria(section)
        case Table():
            yield from _table(block)
        case _:
            assert_never(block)


def _labelled(label: str, value: RenderableType) -> RenderableType:
    if len(label) > _LABEL_WIDTH:
        return Group(Text(label, style="dim"), Padding(value, (0, 0, 0, 2)))
    grid = Columns.grid(padding=(0, 2, 0, 0))
    grid.add_column(width=_LABEL_WIDTH, no_wrap=True, style="dim")
    grid.add_column(overflow="fold")
    grid.add_row(label, value)
    return grid


def _values(leaves: tuple[Leaf, ...]) -> RenderableType:
    if any(leaf.blocks for leaf in leaves):
        return Group(*(part for leaf in leaves for part in (_written(leaf.blocks) if leaf.blocks else [_value(leaf)])))
    return Text("; ", overflow="fold").join(_value(leaf) for leaf in leaves)


def _value(leaf: Leaf) -> Text:
    note = Text("" if leaf.known else " (not in the registry's description)", style="dim")
    return Text(leaf.text, overflow="fold").append_text(note)


def _written(blocks: Iterable[Block]) -> Iterator[RenderableType]:
    for block in blocks:
        if isinstance(block, Paragraph):
            yield Text(printable(block.text), overflow="fold")
        else:
            yield from (_marked(item.label, Group(*_written(item.blocks))) for item in block.items)


def _marked(label: str, content: RenderableType) -> RenderableType:
    grid = Columns.grid(padding=(0, 1, 0, 0))
    grid.add_column(min_width=3, no_wrap=True, style="cyan")
    grid.add_column(overflow="fold")
    grid.add_row(label or "•", content)
    return grid


def _criteria(section: Section) -> Iterator[RenderableType]:
    if section.heading:
        yield Text(f"\n{printable(section.heading)}", style="bold")
    yield from (_part(part) for part in section.content)


def _part(part: Item | Remark) -> RenderableType:
    if isinstance(part, Remark):
        return Text(printable(part.text), overflow="fold")
    note = Text(" (stands outside its list)" if part.orphan else "", style="dim")
    text = Text(printable(part.text), overflow="fold").append_text(note)
    return _marked(part.label, Group(text, *(_part(inner) for inner in part.content)))


def _table(table: Table) -> Iterator[RenderableType]:
    if table.label:
        yield Text(f"\n{table.label}", style="bold")
    for row in table.rows:
        cells = [(label, cell) for label, cell in zip(table.columns, row, strict=True) if cell]
        if cells:
            yield _marked("", Group(*_row(cells)))


def _row(cells: list[tuple[str, tuple[Leaf, ...]]]) -> Iterator[RenderableType]:
    (_, first), *others = cells
    yield _values(first)
    short = [cell for _, cell in others if _is_short(cell)]
    if short:
        yield Text(" · ", style="dim").join(Text("; ").join(_value(leaf) for leaf in cell) for cell in short)
    yield from (_labelled(label, _values(cell)) for label, cell in others if not _is_short(cell))


def _is_short(cell: tuple[Leaf, ...]) -> bool:
    return sum(len(leaf.text) for leaf in cell) <= _SHORT and not any(leaf.blocks for leaf in cell)

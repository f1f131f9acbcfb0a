"""A report as a page of the application shows it: every figure of a table can be followed to its participants."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from django.utils.safestring import SafeString, mark_safe

from earlyphase.reports.values import Column, Figure, Glance, Part, Row, Section, Statement, Table

DENSE = 6
"""With more columns than this a table is set smaller."""
SHORT = 20
"""Characters: a text up to this length is not broken."""


@dataclass(frozen=True, slots=True)
class ShownCell:
    """One cell."""

    text: str
    style: str
    who: str
    """The list that it opens; empty where it counts nobody."""


@dataclass(frozen=True, slots=True)
class ShownRow:
    """One row: what it is named by, and its cells."""

    head: ShownCell
    cells: tuple[ShownCell, ...]
    style: str
    id: str


@dataclass(frozen=True, slots=True)
class ShownTable:
    """One table."""

    id: str
    number: int
    title: str
    groups: tuple[tuple[str, int], ...]
    columns: tuple[Column, ...]
    rows: tuple[ShownRow, ...]
    footnotes: tuple[str, ...]
    empty: str
    dense: bool


@dataclass(frozen=True, slots=True)
class ShownFigure:
    """One figure, drawn."""

    id: str
    number: int
    title: str
    alt: str
    caption: str
    drawing: SafeString


@dataclass(frozen=True, slots=True)
class ShownPart:
    """One part of a section, with what it is."""

    kind: Literal["table", "figure", "glance", "statement"]
    part: ShownTable | ShownFigure | Glance | Statement


@dataclass(frozen=True, slots=True)
class ShownSection:
    """One section."""

    id: str
    title: str
    lead: str
    parts: tuple[ShownPart, ...]


class Showing:
    """Shows sections of one report; lists of participants that are the same are shown once."""

    def __init__(self, numbers: Mapping[str, int], drawings: Mapping[str, str]) -> None:
        """Begin.

        Args:
            numbers: what the report's tables and figures are numbered.
            drawings: those of the figures that are shown.
        """
        self._numbers = numbers
        self._drawings = drawings
        self._lists: dict[tuple[str, ...], str] = {}

    def section(self, section: Section) -> ShownSection:
        """Show a section; a figure that is not drawn is left out."""
        parts = tuple(self._part(part) for part in section.parts if self._there(part))
        return ShownSection(section.id, section.title, section.lead, parts)

    @property
    def lists(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Every list of participants that a cell opens, by its name."""
        return tuple((name, people) for people, name in self._lists.items())

    def _there(self, part: Part) -> bool:
        return not isinstance(part, Figure) or part.id in self._drawings

    def _part(self, part: Part) -> ShownPart:
        match part:
            case Table():
                return ShownPart("table", self._table(part))
            case Figure():
                return ShownPart("figure", self._figure(part))
            case Glance():
                return ShownPart("glance", part)
            case Statement():
                return ShownPart("statement", part)

    def _table(self, table: Table) -> ShownTable:
        from earlyphase.reports.page import spans  # noqa: PLC0415 - reads what writes whole pages

        return ShownTable(
            table.id,
            self._numbers[table.id],
            table.title,
            tuple(spans(table)),
            table.columns,
            tuple(self._row(table, row) for row in table.rows),
            table.footnotes,
            table.empty,
            len(table.columns) > DENSE,
        )

    def _row(self, table: Table, row: Row) -> ShownRow:
        head, *cells = (
            ShownCell(cell.text, self._style(column, cell.text), self._who(cell.participants))
            for column, cell in zip(table.columns, row.cells, strict=True)
        )
        style = (
            f"{'strong ' if row.strong else ''}{'tall ' if row.tall else ''}{f'in{row.indent}' if row.indent else ''}"
        )
        return ShownRow(head, tuple(cells), style.strip(), row.id)

    def _style(self, column: Column, text: str) -> str:
        return "n" if column.kind == "number" else "short" if len(text) <= SHORT else ""

    def _who(self, participants: tuple[str, ...]) -> str:
        return self._lists.setdefault(participants, f"who-{len(self._lists) + 1}") if participants else ""

    def _figure(self, figure: Figure) -> ShownFigure:
        drawing = mark_safe(self._drawings[figure.id])  # noqa: S308 - the renderer escapes its words
        return ShownFigure(figure.id, self._numbers[figure.id], figure.title, figure.alt, figure.caption, drawing)

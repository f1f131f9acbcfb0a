"""What a report says, before anything decides how it looks: tables, figures, sections, and the stamp they share."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Literal

from earlyphase.analysis.results import Number


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table: what it shows, and the participants whom it counts."""

    text: str
    participants: tuple[str, ...] = ()
    """Whom the figure can be followed to; empty where it counts nobody."""
    numbers: tuple[Number, ...] = ()
    """The numbers behind the text: what the results data hold."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table."""

    heading: str
    kind: Literal["text", "number"] = "text"
    group: str = ""
    """A heading that stands over this column and its neighbours of the same group."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table. Its first cell names it."""

    cells: tuple[Cell, ...]
    indent: int = 0
    """How far the first cell is set in: 1 for a term under its class."""
    strong: bool = False
    """Whether it is a total or a heading among the rows."""
    id: str = ""
    """A name that other places lead to: the row that stands for a participant has one."""
    tall: bool = False
    """Whether it leaves room to write in by hand."""


@dataclass(frozen=True, slots=True)
class Table:
    """One table."""

    id: str
    """A short name, the same in every run: tables are cited by it."""
    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    footnotes: tuple[str, ...] = ()
    empty: str = "There is nothing to show."
    """The result that is stated where there are no rows."""
    population: str = ""
    """Who is analysed, as the results data name it."""

    def __post_init__(self) -> None:
        """Hold every row against the columns."""
        for row in self.rows:
            if len(row.cells) != len(self.columns):
                raise ValueError(f"table {self.id}: a row of {len(row.cells)} cells for {len(self.columns)} columns")


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure."""

    id: str
    title: str
    alt: str
    """What it shows, for who cannot see it: the result, not the look."""
    caption: str
    spec: Mapping[str, Any]
    """The drawing in the Vega-Lite language."""

    def _repr_mimebundle_(self, **_kwargs: object) -> dict[str, str]:
        """Show it in a notebook."""
        from earlyphase.reports.drawing import draw  # noqa: PLC0415 - values know nothing of drawing until one is looked at

        return {"image/svg+xml": draw(self, background="white"), "text/plain": f"{self.title}: {self.alt}"}


@dataclass(frozen=True, slots=True)
class Statement:
    """A result that is a sentence."""

    text: str


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """One figure that a reader looks for first."""

    label: str
    value: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Glance:
    """The figures that a reader looks for first, side by side."""

    figures: tuple[KeyFigure, ...]


Part = Table | Figure | Statement | Glance


@dataclass(frozen=True, slots=True)
class Section:
    """One section of a report."""

    id: str
    title: str
    parts: tuple[Part, ...]
    lead: str = ""
    """The sentence that opens it."""


class Label(StrEnum):
    """What must stand on every page of a report that is not about people in a study."""

    SIMULATED = "SIMULATED"
    TRAINING = "TRAINING"
    NOT_ACTIVE = "NOT ACTIVE"

    @property
    def says(self) -> str:
        """The label as a sentence."""
        return {
            Label.SIMULATED: "These are virtual participants: nothing here was observed in people.",
            Label.TRAINING: "This journal is for training: nothing here was observed in a study.",
            Label.NOT_ACTIVE: "The protocol has not been activated: nothing has happened in this study.",
        }[self]


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a report was made from: enough to make it again, byte for byte."""

    study: str
    cutoff: str
    """The data cut-off: the last clinical day that counts."""
    as_of: str
    """The moment at which the last entry that counts was recorded (UTC, ISO 8601); empty without entries."""
    entries: int
    head: str
    """The hash of the last entry that counts."""
    protocol: str
    """The version of the protocol in force."""
    software: str
    """The version of earlyphase."""
    label: Label | None
    """What must stand on every page; None where the journal is a study's own."""

    def lines(self) -> tuple[tuple[str, str], ...]:
        """Give the stamp as pairs of name and value."""
        if not self.protocol:  # a report on designs rests on no study's journal
            return (("Subject", self.study), ("Software", self.software))
        return (
            ("Study", self.study),
            ("Data cut-off", self.cutoff),
            ("Known as of", _for_people(self.as_of)),
            ("Journal", f"{self.entries} entries"),
            ("Journal head", self.head),
            ("Protocol", self.protocol),
            ("Software", self.software),
        )


def _for_people(moment: str) -> str:
    return f"{moment[:10]} {moment[11:16]} UTC" if moment else "no entries"


@dataclass(frozen=True, slots=True)
class Report:
    """A whole report."""

    title: str
    subtitle: str
    stamp: Stamp
    sections: tuple[Section, ...]

    @property
    def tables(self) -> tuple[Table, ...]:
        """Every table, in order."""
        return tuple(part for section in self.sections for part in section.parts if isinstance(part, Table))

    @property
    def figures(self) -> tuple[Figure, ...]:
        """Every figure, in order."""
        return tuple(part for section in self.sections for part in section.parts if isinstance(part, Figure))

"""A report as one page: everything inside it, nothing fetched, the same bytes from the same report."""

import base64
import functools
import itertools
from collections.abc import Mapping

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from earlyphase.reports import palette
from earlyphase.reports.drawing import drawn
from earlyphase.reports.outlines import font_folder
from earlyphase.reports.values import Report, Table

_FONTS = {400: "EarlyphaseSans-Regular.woff2", 600: "EarlyphaseSans-SemiBold.woff2"}
_HEAD = 12


def page(report: Report, drawings: Mapping[str, str] | None = None, numbers: Mapping[str, int] | None = None) -> str:
    """Write a report as a self-contained HTML page.

    Args:
        report: the report.
        drawings: its figures, where they have been drawn already.
        numbers: what tables and figures are numbered, where they are part of something larger.
    """
    drawings = drawings or drawn(report.figures)
    return (
        templates()
        .get_template("report.html.j2")
        .render(
            report=report,
            style=stylesheet(report),
            drawings={name: Markup(svg) for name, svg in drawings.items()},  # noqa: S704 - the renderer escapes its words
            numbers=numbers or numbered(report),
            lists=_lists(report),
            listed=_listed(report),
            spans=spans,
            length=_length,
        )
    )


@functools.cache
def templates() -> Environment:
    """Open the templates of pages; once, since they are compiled."""
    return Environment(
        loader=PackageLoader("earlyphase.reports"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )


def stylesheet(report: Report) -> Markup:
    """Write the style of a report's pages, its fonts inside."""
    return Markup(templates().get_template("report.css.j2").render(_style(report)))  # noqa: S704 - made here, from what follows


def numbered(report: Report) -> Mapping[str, int]:
    """Number tables and figures, each from 1."""
    kinds = (report.tables, report.figures)
    return {part.id: number for parts in kinds for number, part in enumerate(parts, start=1)}


def spans(table: Table) -> list[tuple[str, int]]:
    """Give the headings over neighbouring columns, each with how many it covers; none where no column has one."""
    runs = [(name, len(list(run))) for name, run in itertools.groupby(column.group for column in table.columns)]
    return runs if any(name for name, _ in runs) else []


def _length(text: str) -> str:
    """Sort a cell's text by its length: short texts are not broken, long ones get room."""
    return next((name for most, name in ((20, "short"), (60, "mid")) if len(text) <= most), "long")


def foot(report: Report) -> str:
    """Give the stamp in one line, for the foot of a printed page."""
    stamp = report.stamp
    if not stamp.protocol:
        return f"{stamp.study} · earlyphase {stamp.software}"
    return (
        f"{stamp.study} · cut-off {stamp.cutoff} · journal head {stamp.head[:_HEAD]}… · "
        f"protocol {stamp.protocol} · earlyphase {stamp.software}"
    )


def _style(report: Report) -> dict[str, object]:
    fonts = {weight: base64.b64encode((font_folder() / name).read_bytes()).decode() for weight, name in _FONTS.items()}
    quoted = Markup(foot(report).replace("\\", "").replace('"', "'").replace("<", ""))  # noqa: S704 - nothing left that ends a string
    return {"fonts": fonts, "p": palette, "foot": quoted, "label": report.stamp.label}


def _lists(report: Report) -> Mapping[tuple[str, ...], str]:
    """Name each list of participants that a cell can open; cells that count the same people share one."""
    cells = (cell for table in report.tables for row in table.rows for cell in row.cells)
    people = dict.fromkeys(cell.participants for cell in cells if cell.participants)
    return {each: f"who-{number}" for number, each in enumerate(people, start=1)}


def _listed(report: Report) -> Mapping[str, str]:
    """Find the row that stands for each participant."""
    return {row.cells[0].text: row.id for table in report.tables for row in table.rows if row.id}

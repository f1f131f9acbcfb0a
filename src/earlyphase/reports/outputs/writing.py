"""Writes every table and figure of a report to a folder, in every format, and a page that links them."""

import dataclasses
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from markupsafe import Markup

from earlyphase.analysis.results import results_csv, results_json
from earlyphase.reports.document import document
from earlyphase.reports.drawing import drawn
from earlyphase.reports.outputs.figure_files import figure_png, interactive, on_white
from earlyphase.reports.outputs.table_csv import table_csv
from earlyphase.reports.outputs.table_docx import table_docx
from earlyphase.reports.outputs.table_rtf import table_rtf
from earlyphase.reports.page import foot, numbered, page, stylesheet, templates
from earlyphase.reports.results_data import results_data
from earlyphase.reports.values import Figure, Report, Section, Table

INDEX = "index.html"

Progress = Callable[[int, int], None]
"""Told after each output how many are done, and of how many."""


@dataclass(frozen=True, slots=True)
class Output:
    """One table or figure, with its files."""

    id: str
    title: str
    kind: str
    number: int
    files: Mapping[str, Path]
    """By format: `html`, `rtf`, `docx`, `pdf`, `csv`; `svg`, `png`, `pdf`, `html`."""


@dataclass(frozen=True, slots=True)
class Written:
    """Everything that was written."""

    index: Path
    outputs: tuple[Output, ...]
    data: tuple[Path, ...]
    """The results data: one row for each number."""


def write_outputs(report: Report, folder: Path, progress: Progress | None = None) -> Written:
    """Write every table as HTML, RTF, Word, PDF and CSV, every figure as SVG, PNG, PDF and interactive HTML.

    Args:
        report: the report.
        folder: where to.
        progress: what to tell after each.

    Raises:
        OSError: the folder cannot be written to.
    """
    numbers, drawings = numbered(report), drawn(report.figures)
    parts = (*report.tables, *report.figures)
    (folder / "tables").mkdir(parents=True, exist_ok=True)
    (folder / "figures").mkdir(exist_ok=True)
    outputs: list[Output] = []
    for done, part in enumerate(parts, start=1):
        outputs.append(_written(report, part, numbers[part.id], drawings, folder))
        if progress:
            progress(done, len(parts))
    data = _data(report, folder)
    (folder / INDEX).write_text(_index(report, outputs, drawings), encoding="utf-8")
    return Written(folder / INDEX, tuple(outputs), data)


def _written(report: Report, part: Table | Figure, number: int, drawings: Mapping[str, str], folder: Path) -> Output:
    table = isinstance(part, Table)
    place = folder / ("tables" if table else "figures")
    contents = _table(report, part, number) if table else _figure(report, part, number, drawings[part.id])
    files: dict[str, Path] = {}
    for kind, content in contents:
        files[kind] = place / f"{part.id}.{kind}"
        files[kind].write_bytes(content)
    return Output(part.id, part.title, "table" if table else "figure", number, files)


def _table(report: Report, table: Table, number: int) -> Iterator[tuple[str, bytes]]:
    alone, heading, line = _alone(report, table), f"Table {number}. {table.title}", foot(report)
    yield "html", page(alone, {}, {table.id: number}).encode()
    yield "rtf", table_rtf(table, heading, line)
    yield "docx", table_docx(table, heading, line, report.stamp)
    yield "pdf", document(alone, {}, {table.id: number})
    yield "csv", table_csv(table)


def _figure(report: Report, figure: Figure, number: int, svg: str) -> Iterator[tuple[str, bytes]]:
    whole = on_white(svg)
    yield "svg", whole.encode()
    yield "png", figure_png(whole)
    yield "pdf", document(_alone(report, figure), {figure.id: svg}, {figure.id: number})
    yield "html", interactive(figure, report.stamp).encode()


def _alone(report: Report, part: Table | Figure) -> Report:
    """Give a report of one part, under the same stamp and the title of its section."""
    home = next(section for section in report.sections if part in section.parts)
    return dataclasses.replace(report, sections=(Section(f"{part.id}-section", home.title, (part,)),))


def _data(report: Report, folder: Path) -> tuple[Path, ...]:
    rows = results_data(report.tables)
    files = {"results.csv": results_csv(rows).encode("utf-8-sig"), "results.json": results_json(rows)}
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return tuple(folder / name for name in files)


def _index(report: Report, outputs: list[Output], drawings: Mapping[str, str]) -> str:
    by_id = {one.id: one for one in outputs}
    sections = [
        (section, [by_id[part.id] for part in section.parts if isinstance(part, Table | Figure)])
        for section in report.sections
    ]
    links = {
        one.id: {kind: path.relative_to(path.parent.parent).as_posix() for kind, path in one.files.items()}
        for one in outputs
    }
    return (
        templates()
        .get_template("outputs.html.j2")
        .render(
            report=report,
            style=stylesheet(report),
            sections=[(section, found) for section, found in sections if found],
            links=links,
            drawings={name: Markup(svg) for name, svg in drawings.items()},  # noqa: S704 - the renderer escapes its words
        )
    )

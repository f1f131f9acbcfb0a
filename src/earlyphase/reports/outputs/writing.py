"""Writes every table and figure of a report to a folder, in every format, and a page that links them."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from markupsafe import Markup

from earlyphase.analysis.results import results_csv, results_json
from earlyphase.reports.drawing import drawn
from earlyphase.reports.outputs.single import FIGURE_FILES, TABLE_FILES
from earlyphase.reports.page import numbered, stylesheet, templates
from earlyphase.reports.results_data import results_data
from earlyphase.reports.values import Figure, Report, Table

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
    yield from ((kind, write(report, table, number)) for kind, write in TABLE_FILES.items())


def _figure(report: Report, figure: Figure, number: int, svg: str) -> Iterator[tuple[str, bytes]]:
    yield from ((kind, write(report, figure, number, svg)) for kind, write in FIGURE_FILES.items())


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

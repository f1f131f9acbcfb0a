"""Writes a report to its folder."""

from pathlib import Path

from earlyphase.reports.document import document
from earlyphase.reports.drawing import drawn
from earlyphase.reports.page import page
from earlyphase.reports.values import Report


def write_report(report: Report, folder: Path, name: str = "report") -> tuple[Path, ...]:
    """Write a report as a page and a document: report.html and report.pdf, or under another name.

    Returns:
        The files.

    Raises:
        OSError: the folder cannot be written to.
    """
    drawings = drawn(report.figures)
    contents = {f"{name}.html": page(report, drawings).encode(), f"{name}.pdf": document(report, drawings)}
    folder.mkdir(parents=True, exist_ok=True)
    for file, content in contents.items():
        (folder / file).write_bytes(content)
    return tuple(folder / file for file in contents)

"""Writes a report to its folder."""

from pathlib import Path

from earlyphase.reports.document import document
from earlyphase.reports.drawing import drawn
from earlyphase.reports.page import page
from earlyphase.reports.values import Report


def write_report(report: Report, folder: Path) -> tuple[Path, ...]:
    """Write a report as report.html and report.pdf.

    Returns:
        The files.

    Raises:
        OSError: the folder cannot be written to.
    """
    drawings = drawn(report.figures)
    contents = {"report.html": page(report, drawings).encode(), "report.pdf": document(report, drawings)}
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    return tuple(folder / name for name in contents)

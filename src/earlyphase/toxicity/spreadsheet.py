"""Reads the first sheet of an .xlsx file: the little that NCI's dictionaries need."""

import re
import zipfile
import zlib
from pathlib import Path
from xml.etree import ElementTree as ET

from earlyphase.faults import InvalidInput

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_LETTERS = re.compile("[A-Z]{1,3}")
"""A sheet ends with column XFD."""
_DAMAGE = (
    zipfile.BadZipFile, ET.ParseError, ValueError, KeyError, IndexError, OSError, EOFError, NotImplementedError,
    RuntimeError, zlib.error,
)  # fmt: skip
"""What is raised of a file that is no archive, is encrypted, ends early, or names what it does not hold."""


def read_xlsx(path: Path) -> list[list[str]]:
    """Read the rows of the first sheet as text.

    Raises:
        InvalidInput: it is not an .xlsx file.

    Source: ECMA-376, part 1, section 18 (SpreadsheetML).
    """
    try:
        with zipfile.ZipFile(path) as archive:
            shared = _shared(archive)
            first = min((name for name in archive.namelist() if _is_sheet(name)), key=lambda name: (len(name), name))
            sheet = ET.fromstring(archive.read(first))  # noqa: S314 - the user's own file; expat limits the growth of entities
            rows = [_row(row, shared) for row in sheet.iter(f"{_MAIN}row")]
    except _DAMAGE:
        raise InvalidInput(path.name, None, "is not an .xlsx file.", "Save it again as .xlsx or as .csv.") from None
    return rows


def _is_sheet(name: str) -> bool:
    return re.fullmatch(r"xl/worksheets/sheet\d+\.xml", name) is not None


def _shared(archive: zipfile.ZipFile) -> list[str]:
    if "xl/sharedStrings.xml" not in archive.namelist():
        return []
    table = ET.fromstring(archive.read("xl/sharedStrings.xml"))  # noqa: S314 - as above
    return [_text(entry) for entry in table.iter(f"{_MAIN}si")]


def _text(element: ET.Element) -> str:
    return "".join(part.text or "" for part in element.iter(f"{_MAIN}t"))


def _row(row: ET.Element, shared: list[str]) -> list[str]:
    cells: dict[int, str] = {}
    for cell in row.iter(f"{_MAIN}c"):
        cells[_column(cell.get("r", ""), len(cells))] = _cell(cell, shared)
    return [cells.get(at, "") for at in range(max(cells, default=-1) + 1)]


def _cell(cell: ET.Element, shared: list[str]) -> str:
    if cell.get("t") == "inlineStr":
        return _text(cell)
    value = cell.findtext(f"{_MAIN}v") or ""
    return shared[int(value)] if cell.get("t") == "s" and value else value


def _column(reference: str, following: int) -> int:
    """Count a column from 0 by its letters; one without a reference follows the last."""
    letters = _LETTERS.match(reference)
    if letters is None:
        return following
    number = 0
    for letter in letters[0]:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1

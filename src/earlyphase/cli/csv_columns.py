"""Reads columns of a CSV file, and says of what does not fit in which row and column it stands."""

import csv
import difflib
import io
import math
from dataclasses import dataclass
from pathlib import Path

from earlyphase.faults import InvalidInput

SEPARATORS = (",", ";", "\t")
SHOWN = 12
"""How many column names a message lists."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file with named columns. Rows are counted from 1, below the header."""

    path: Path
    names: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    lines: tuple[int, ...]
    """The line of the file in which each row ends."""

    def cells(self, column: str) -> list[str]:
        """Give the cells of a column, in the order of the rows.

        Raises:
            InvalidInput: there is no such column; the nearest is suggested.
        """
        if column not in self.names:
            near = difflib.get_close_matches(column, self.names, n=1, cutoff=0.5)
            listed = ", ".join(self.names[:SHOWN]) + (" …" if len(self.names) > SHOWN else "")
            remedy = f"Did you mean {near[0]!r}?" if near else f"The columns are: {listed}."
            raise InvalidInput(f"{self.path}", column, "is not a column of this file.", remedy)
        place = self.names.index(column)
        return [row[place] for row in self.rows]

    def numbers(self, column: str) -> list[float]:
        """Give a column of numbers.

        Raises:
            InvalidInput: a cell is empty or holds no finite number.
        """
        return [self._number(row, column, cell) for row, cell in enumerate(self.cells(column))]

    def times(self, column: str) -> list[float]:
        """Give a column of follow-up times.

        Raises:
            InvalidInput: a cell holds no finite number, or one below 0.
        """
        values = self.numbers(column)
        for row, value in enumerate(values):
            if value < 0:
                rule = "is not a follow-up time: it must be 0 or more."
                raise InvalidInput(
                    self.place(row, column), value, rule, "Count from the day on which follow-up starts."
                )
        return values

    def codes(self, column: str, allowed: range, meaning: str) -> list[int]:
        """Give a column of whole numbers from a range.

        Args:
            column: its name.
            allowed: the numbers that may stand there.
            meaning: what they mean, for the message.

        Raises:
            InvalidInput: a cell holds anything else.
        """
        values = self.numbers(column)
        for row, value in enumerate(values):
            if value not in allowed:
                cell = self.cells(column)[row]
                raise InvalidInput(self.place(row, column), cell, "does not say how the follow-up ended.", meaning)
        return [int(value) for value in values]

    def labels(self, column: str) -> list[str]:
        """Give a column of names.

        Raises:
            InvalidInput: a cell is empty.
        """
        cells = self.cells(column)
        for row, cell in enumerate(cells):
            if not cell:
                raise InvalidInput(self.place(row, column), cell, "is empty.", "Name the group, or leave the row out.")
        return cells

    def place(self, row: int, column: str) -> str:
        """Say where a cell stands."""
        return f"{self.path}, row {row + 1} (line {self.lines[row]}), column {column!r}"

    def _number(self, row: int, column: str, cell: str) -> float:
        """Read one number."""
        try:
            value = float(cell)
        except ValueError:
            remedy = "Write a number with a decimal point, or leave the row out."
            rule = "is not a number." if cell else "is empty: a number must stand here."
            raise InvalidInput(self.place(row, column), cell, rule, remedy) from None
        if not math.isfinite(value):
            raise InvalidInput(
                self.place(row, column), cell, "is not a finite number.", "Leave the row out if missing."
            )
        return value


def read_sheet(path: Path) -> Sheet:
    """Read a CSV file with a header; separated by commas, semicolons or tabs.

    Raises:
        InvalidInput: it cannot be read, has no header, or a row has not as many cells as the header.
    """
    text = text_of(path)
    header = text.lstrip("\r\n").split("\n", 1)[0]
    reader = csv.reader(io.StringIO(text), delimiter=max(SEPARATORS, key=header.count))
    rows: list[tuple[str, ...]] = []
    lines: list[int] = []
    for cells in reader:
        if any(cell.strip() for cell in cells):
            rows.append(tuple(cell.strip() for cell in cells))
            lines.append(reader.line_num)
    if not rows:
        raise InvalidInput(str(path), None, "is empty.", "Give a file whose first line names the columns.")
    _check_shape(path, rows, lines)
    return Sheet(path, rows[0], tuple(rows[1:]), tuple(lines[1:]))


def text_of(path: Path) -> str:
    """Read a file as UTF-8.

    Raises:
        InvalidInput: it is not there, cannot be read, or is no text.
    """
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise InvalidInput("FILE", str(path), "is not there.", "Check the path.") from None
    except UnicodeDecodeError as fault:
        raise InvalidInput(
            str(path), None, f"is not text in UTF-8 (byte {fault.start}).", "Save it as CSV UTF-8."
        ) from None
    except OSError as fault:
        raise InvalidInput("FILE", str(path), f"cannot be read: {fault.strerror}.") from None


def _check_shape(path: Path, rows: list[tuple[str, ...]], lines: list[int]) -> None:
    """Refuse a header with one name twice, and rows longer or shorter than the header."""
    names = rows[0]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise InvalidInput(f"{path}, line {lines[0]}", twice, "names two columns.", "Give each column its own name.")
    for number, (row, line) in enumerate(zip(rows, lines, strict=True)):
        if len(row) != len(names):
            rule = f"does not have as many cells as the header: {len(row)}, not {len(names)}."
            raise InvalidInput(
                f"{path}, row {number} (line {line})", None, rule, "Quote cells that hold the separator."
            )

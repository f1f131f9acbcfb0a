"""Reads the outputs of other people's software for designs; numbers within a cell are separated by semicolons."""

import csv
from pathlib import Path

FOLDER = Path(__file__).parent / "data" / "designs"


def rows(name):
    """Give the rows of a file."""
    with (FOLDER / name).open(newline="") as file:
        return list(csv.DictReader(file))


def floats(cell):
    """Read the numbers of a cell."""
    return [float(part) for part in cell.split(";")]


def ints(cell):
    """Read the whole numbers of a cell."""
    return [int(part) for part in cell.split(";")]


def flag(cell):
    """Read R's TRUE or FALSE."""
    return cell == "TRUE"


def boundary(cell):
    """Read a boundary; NA is none."""
    return None if cell == "NA" else int(cell)

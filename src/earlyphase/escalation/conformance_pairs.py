"""What the comparisons with other people's software share: their rows, and pairs of figures."""

from collections.abc import Iterable, Iterator
from math import isnan
from typing import NamedTuple

Rows = list[dict[str, str]]

Figure = float | int | str | None


class Pair(NamedTuple):
    """Our figure and theirs, and how far apart the two may lie."""

    ours: Figure
    theirs: Figure
    within: float = 0.0


def differs(pair: Pair) -> bool:
    """Say whether the two figures differ.

    Source: arithmetic.
    """
    if isinstance(pair.ours, (int, float)) and isinstance(pair.theirs, (int, float)):
        return isnan(pair.ours) or abs(pair.ours - pair.theirs) > pair.within
    return pair.ours != pair.theirs


def each(ours: Iterable[float], theirs: Iterable[float], within: float = 0.0) -> Iterator[Pair]:
    """Pair the figures of two vectors.

    Source: bookkeeping.
    """
    for one, other in zip(ours, theirs, strict=True):
        yield Pair(float(one), float(other), within)


def floats(cell: str) -> list[float]:
    """Read the numbers of a cell.

    Source: the files' own format.
    """
    return [float(part) for part in cell.split(";")]


def ints(cell: str) -> list[int]:
    """Read the whole numbers of a cell.

    Source: the files' own format.
    """
    return [int(part) for part in cell.split(";")]


def boundary(cell: str) -> int | None:
    """Read a boundary; NA is none.

    Source: the files' own format.
    """
    return None if cell == "NA" else int(cell)

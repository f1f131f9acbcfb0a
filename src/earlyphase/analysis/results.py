"""Analysis results data: every number of a report as a row of a long table, with how it is shown and whom it counts.

A table's cell carries its numbers before it has a text; the long table is read from the cells, so that there is one
truth. Its columns follow the idea of an analysis results data set: what was analysed, in whom, by which statistic.
"""

import csv
import io
import math
from collections.abc import Iterable
from dataclasses import dataclass

import orjson

from earlyphase.analysis.estimates import Estimate


@dataclass(frozen=True, slots=True)
class Number:
    """One number of a cell."""

    statistic: str
    """What it is: `participants`, `percent`, `median`, `lower limit`."""
    value: float | None
    """None where it could not be estimated."""
    unit: str = ""
    note: str = ""
    """How it was made, or why it is missing."""


@dataclass(frozen=True, slots=True)
class Result:
    """One row of the results data."""

    table: str
    """The id of the table that shows it."""
    population: str
    """Who was analysed."""
    parameter: str
    """What the row of the table is about."""
    group: str
    """The column, with the heading over it: the dose level, the grade."""
    statistic: str
    value: float | None
    unit: str
    shown: str
    """The text of the cell, as tables print it."""
    note: str
    participants: tuple[str, ...]
    """Whom it can be followed to."""


COLUMNS = ("table", "population", "parameter", "group", "statistic", "value", "unit", "shown", "note", "participants")
"""The columns of the long table, in order."""


def estimated(name: str, estimate: Estimate, unit: str = "", scale: float = 1.0) -> tuple[Number, ...]:
    """Give an estimate as its numbers: the figure, its limits and the confidence level.

    Args:
        name: the statistic: `median`.
        estimate: the estimate.
        unit: the unit of the numbers.
        scale: what the figure is multiplied by: 100 for percent.

    Source:
        CDISC Analysis Results Standard 1.0: an analysis result is one value of one statistic.
    """
    note = "; ".join(part for part in (f"{estimate.interval}, {100 * estimate.level:g} %", estimate.note) if part)
    parts = (("", estimate.estimate), (": lower limit", estimate.lower), (": upper limit", estimate.upper))
    return tuple(
        Number(f"{name}{part}", None if value is None else _finite(value * scale), unit, note) for part, value in parts
    )


def counts(people: int, of: int | None = None) -> tuple[Number, ...]:
    """Give a count of participants, with the number that it is taken from and its share.

    Source:
        CDISC Analysis Results Standard 1.0: an analysis result is one value of one statistic.
    """
    found = (Number("participants", people),)
    if of is None:
        return found
    share = Number("percent", 100 * people / of, "%") if of else Number("percent", None, "%", "nobody to count")
    return (*found, Number("of", of), share)


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


def inert(value: str | int | None) -> str | int | None:
    """Write an apostrophe before what begins like a formula, so that no spreadsheet executes what somebody has typed.

    Source:
        OWASP, CSV Injection. A number stays one.
    """
    if not isinstance(value, str) or value[:1] not in {"=", "+", "-", "@", "\t", "\r"}:
        return value
    try:
        float(value)
    except ValueError:
        return f"'{value}"
    return value


def results_csv(rows: Iterable[Result]) -> str:
    """Write results data as CSV: one line for each number; participants are parted by blanks.

    Source:
        RFC 4180.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for row in rows:
        value = "" if row.value is None else f"{row.value:.15g}"
        people = " ".join(row.participants)
        typed = inert(row.parameter), inert(row.group)
        cells = (row.table, row.population, *typed, row.statistic, value, row.unit, row.shown)
        writer.writerow((*cells, inert(row.note), people))
    return text.getvalue()


def results_json(rows: Iterable[Result]) -> bytes:
    """Write results data as JSON: a list of objects with the columns of the long table.

    Source:
        RFC 8259.
    """
    return orjson.dumps(list(rows), option=orjson.OPT_INDENT_2)

"""From the tables of a report to its results data: one row for each number of each cell."""

from collections.abc import Iterable, Iterator

from earlyphase.analysis.results import Result
from earlyphase.reports.values import Column, Row, Table


def results_data(tables: Iterable[Table]) -> tuple[Result, ...]:
    """Read every number of every table, with what it is about and whom it counts."""
    return tuple(row for table in tables for row in _of(table))


def _of(table: Table) -> Iterator[Result]:
    for row, parameter in named(table.rows):
        for column, cell in zip(table.columns, row.cells, strict=True):
            for number in cell.numbers:
                yield Result(
                    table=table.id,
                    population=table.population,
                    parameter=parameter,
                    group=_plain(_group(column)),
                    statistic=number.statistic,
                    value=number.value,
                    unit=number.unit,
                    shown=_plain(cell.text),
                    note=number.note,
                    participants=cell.participants,
                )


def named(rows: Iterable[Row]) -> Iterator[tuple[Row, str]]:
    """Name each row by its first cell; a row that is set in stands under the one that is not: `class: term`."""
    above = ""
    for row in rows:
        name = row.cells[0].text
        if row.indent == 0:
            above = name
        yield row, _plain(f"{above}: {name}" if row.indent and above else name)


def _group(column: Column) -> str:
    return f"{column.group}: {column.heading}" if column.group else column.heading


def _plain(text: str) -> str:
    """Write blanks of every width as blanks: data are searched."""
    return " ".join(text.split())

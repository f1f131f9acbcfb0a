"""Reads many persons from a file straight into columns.

A line that is written as plainly as most are is taken apart in bulk. Whatever is odd about a line, right or wrong,
sends it through `parse_patient`, so that both ways take the same files and complain in the same words.
"""

import gc
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from operator import itemgetter
from typing import Any

import numpy as np
import orjson

from earlyphase.eligibility.columns import Column, Columns, Days, OddError, Settled, Words
from earlyphase.eligibility.fact_columns import FactColumns
from earlyphase.eligibility.facts import (
    Patient,
    Settlement,
    parse_patient,
    patient_lines,
    require_any,
    require_new,
)
from earlyphase.protocol.criteria import Stage

Row = dict[str, Any]

TOGETHER = 300
"""So many lines are taken apart at once."""

_KEYS = frozenset(field.alias or name for name, field in Patient.model_fields.items())
_STATEMENT = frozenset(Settlement.model_fields)
_STAGES = frozenset(stage.value for stage in Stage)
_NONE: Row = {}
_WHOLE_DATE = 10
"""Characters of a date of which the day is known."""


def read_columns(content: bytes, place: str = "patients") -> Columns:
    """Read patients from the bytes of a file.

    Raises:
        InvalidInput: a line is no patient; the sentence is that of `parse_patients`.
    """
    reader = _Reader(place)
    with _without_collection():
        for lines in _batches(patient_lines(content, place)):
            reader.take(lines)
        return reader.columns()


def columns_of(patients: Iterable[Patient]) -> Columns:
    """Bring patients that have been read into columns."""
    reader = _Reader("patients")
    for number, one in enumerate(patients, 1):
        reader.take_row(number, one.model_dump(mode="json", by_alias=True))
    return reader.columns()


@contextmanager
def _without_collection() -> Generator[None]:
    """Make no search for cycles among millions of small mappings, which have none."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _batches(lines: Iterable[tuple[int, bytes]]) -> Iterator[list[tuple[int, bytes]]]:
    batch: list[tuple[int, bytes]] = []
    for line in lines:
        batch.append(line)
        if len(batch) == TOGETHER:
            yield batch
            batch = []
    if batch:
        yield batch


class _Reader:
    """Gathers columns from line after line."""

    def __init__(self, place: str) -> None:
        self.place = place
        self.ids: dict[str, int] = {}
        self.days = Days()
        self.facts = FactColumns(self.days)
        self.birth: list[Column] = []
        self.as_of: list[Column] = []
        self.anchors: dict[str, list[tuple[Column, Column]]] = {}
        self.settlements: list[Settled] = []
        self.said = Words()

    def take(self, lines: Sequence[tuple[int, bytes]]) -> None:
        """Take lines at once, or, where one of them is odd, by halves, down to the odd ones."""
        try:
            self._take_rows([number for number, _ in lines], [orjson.loads(line) for _, line in lines])
        except (OddError, orjson.JSONDecodeError, TypeError, KeyError, AttributeError):  # a list where a word belongs
            if len(lines) == 1:
                ((number, line),) = lines
                patient = parse_patient(line, f"{self.place}:{number}")
                self.take_row(number, patient.model_dump(mode="json", by_alias=True))
                return
            middle = len(lines) // 2
            self.take(lines[:middle])
            self.take(lines[middle:])

    def take_row(self, number: int, row: Row) -> None:
        """Take one person, as the model writes it.

        Raises:
            InvalidInput: the person stands in an earlier line too.
        """
        require_new(str(row["id"]), number, self.ids, self.place)
        self._take_rows([number], [row])

    def _take_rows(self, numbers: list[int], rows: list[Row]) -> None:
        """Check rows wholly, then take them; what is odd leaves everything as it was.

        Raises:
            OddError: something about them is not plain.
        """
        first = len(self.ids)
        ids = self._ids(rows)
        birth = self.days.numbers([row.get("birth_date") for row in rows])
        days = [row.get("as_of") for row in rows]
        as_of = self.days.numbers(days)
        if any(day is not None and len(day) != _WHOLE_DATE for day in days):
            raise OddError
        anchors = self._anchors(rows, first)
        said = [(at, one) for at, row in enumerate(rows, first) for one in row.get("settlements", ())]
        settlements = [self._settled(one, at) for at, one in said]
        self.facts.take([row.get("facts", ()) for row in rows], first)
        self.ids.update(zip(ids, numbers, strict=True))
        self.birth.append(birth)
        self.as_of.append(as_of)
        for stage, found in anchors.items():
            self.anchors.setdefault(stage, []).append(found)
        self.settlements.extend(settlements)

    def _ids(self, rows: list[Row]) -> list[str]:
        """Give the ids, all of them new."""
        if not frozenset[str]().union(*rows) <= _KEYS or any(type(row) is not dict for row in rows):
            raise OddError
        ids = list(map(itemgetter("id"), rows))
        Words().numbers(ids)
        if len(set(ids)) != len(ids) or not self.ids.keys().isdisjoint(ids) or None in ids:
            raise OddError
        if any(row["schema"] is True or row["schema"] != 1 for row in rows if "schema" in row):
            raise OddError
        return ids

    def _anchors(self, rows: list[Row], first: int) -> dict[str, tuple[Column, Column]]:
        """Give the days of each stage that anybody has: whose, and which."""
        found: dict[str, tuple[list[int], list[int]]] = {}
        for place, row in enumerate(rows, first):
            anchors = row.get("anchors", _NONE)
            if not anchors.keys() <= _STAGES:
                raise OddError
            for stage, day in anchors.items():
                if len(day) != _WHOLE_DATE:
                    raise OddError
                whose, when = found.setdefault(stage, ([], []))
                whose.append(place)
                when.append(self.days[day])
        return {stage: (np.array(whose), np.array(when)) for stage, (whose, when) in found.items()}

    def _settled(self, one: Row, owner: int) -> Settled:
        """Read the statement of an investigator."""
        criterion, met, day = one["criterion"], one["met"], self.days[one["on"]]
        if one.keys() != _STATEMENT or type(met) is not bool or day == 0:
            raise OddError
        if min(self.said[criterion], self.said[one["by"]], self.said[one["because"]]) < 0:
            raise OddError
        return Settled(owner, criterion, met, self.days.last[day])

    def columns(self) -> Columns:
        """Give what was gathered.

        Raises:
            InvalidInput: nobody was.
        """
        require_any(self.ids, self.place)
        first, last = np.array(self.days.first), np.array(self.days.last)
        birth, as_of = (np.concatenate(pieces or [np.zeros(0, dtype=np.int32)]) for pieces in (self.birth, self.as_of))
        anchors = {stage: np.zeros(len(self.ids), dtype=np.int64) for stage in self.anchors}
        for stage, pieces in self.anchors.items():
            for whose, when in pieces:
                anchors[stage][whose] = first[when]
        facts, rows = self.facts.whole(first, last)
        return Columns(
            tuple(self.ids), first[as_of], first[birth], last[birth], anchors,
            tuple(self.settlements), facts, rows, self.facts.words.listed, self.facts.units.listed,
        )  # fmt: skip

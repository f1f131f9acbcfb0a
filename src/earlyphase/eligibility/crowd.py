"""Many persons as criteria see them on a day: which rows of their facts count. The rules are those for one person."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from earlyphase.eligibility import nodes as n
from earlyphase.eligibility.answering import entered, holds
from earlyphase.eligibility.calendar import shifted
from earlyphase.eligibility.columns import NO, NO_DAY, Column, Columns
from earlyphase.eligibility.facts import Amount
from earlyphase.eligibility.verdict import Verdict
from earlyphase.eligibility.vocabulary import Vocabulary
from earlyphase.quantities import InvalidQuantity, RoundingPolicy

Verdicts = NDArray[np.int8]
"""One verdict a person, in the order of NOT_MET, UNKNOWN, MET, so that the least of all is their `and`."""

NOT_MET, UNKNOWN, MET = 0, 1, 2
CODES = {Verdict.NOT_MET: NOT_MET, Verdict.UNKNOWN: UNKNOWN, Verdict.MET: MET}


@dataclass(frozen=True, slots=True)
class Crowd:
    """What an evaluation of many looks at."""

    columns: Columns
    today: Column
    usable: Mapping[str, Column]
    """By term: the rows that can be used."""
    impossible: Mapping[str, Column]
    """By term: the rows from the future or from before birth."""
    known: Vocabulary
    rounding: RoundingPolicy
    found: dict[n.Subject, Column] = field(default_factory=dict[n.Subject, Column])
    """The latest rows of each subject, once they were asked for."""

    @property
    def size(self) -> int:
        """How many persons."""
        return self.columns.size

    def of(self, name: str, rows: Column) -> Column:
        """Give a column of the facts, for some rows."""
        return self.columns.facts[name][rows]


def crowd_of(columns: Columns, known: Vocabulary, today: dt.date, rounding: RoundingPolicy) -> Crowd:
    """Prepare persons for evaluation.

    Args:
        columns: their facts.
        known: the terms of the study.
        today: the day on which eligibility is asked, for those who have none of their own.
        rounding: how a converted value meets a limit.
    """
    days = np.where(columns.as_of == NO_DAY, today.toordinal(), columns.as_of)
    facts = columns.facts
    owner, first, last = facts["owner"], facts["on_first"], facts["on_last"]
    born = columns.birth_first[owner]
    before_birth = (born != NO_DAY) & (last < born)
    backwards = (facts["until_first"] != NO_DAY) & (facts["until_last"] < first)
    wrong = (first != NO_DAY) & ((first > days[owner]) | before_birth | backwards)
    usable = {term: rows[~wrong[rows]] for term, rows in columns.rows.items()}
    impossible = {term: rows[wrong[rows]] for term, rows in columns.rows.items()}
    return Crowd(columns, days, usable, impossible, known, rounding)


_NO_ROWS = np.zeros(0, dtype=np.int64)


def rows_of(crowd: Crowd, term: str) -> Column:
    """Give the rows about a term that can be used."""
    return crowd.usable.get(term, _NO_ROWS)


def anyone(crowd: Crowd, rows: Column) -> Column:
    """Tell of each person whether one of these rows is theirs."""
    found = np.zeros(crowd.size, dtype=np.bool_)
    found[crowd.of("owner", rows)] = True
    return found


def agreed(crowd: Crowd, rows: Column, verdicts: Verdicts) -> Verdicts:
    """Give the one verdict of each person's rows; unknown where they disagree, or there are none."""
    met, not_met, unknown = (anyone(crowd, rows[verdicts == each]) for each in (MET, NOT_MET, UNKNOWN))
    clear = (met != not_met) & ~unknown
    return np.where(clear, np.where(met, MET, NOT_MET), UNKNOWN).astype(np.int8)


def latest(crowd: Crowd, subject: n.Subject) -> Column:
    """Find the rows that can be each person's latest one; none where what is asked for is not there."""
    if subject not in crowd.found:
        crowd.found[subject] = _latest(crowd, subject)
    return crowd.found[subject]


def _latest(crowd: Crowd, subject: n.Subject) -> Column:
    rows = rows_of(crowd, subject.term)
    if subject.having or subject.unless:
        rows = rows[counts(crowd, rows, subject) == MET]
    if subject.window is not None:
        rows = _in_window(crowd, rows, subject.window)
    owner, first = crowd.of("owner", rows), crowd.of("on_first", rows)
    newest = np.zeros(crowd.size, dtype=np.int64)
    np.maximum.at(newest, owner, first)
    return rows[(first == NO_DAY) | (crowd.of("on_last", rows) >= newest[owner])]


def _in_window(crowd: Crowd, rows: Column, window: n.Window) -> Column:
    """Keep the rows that surely lie in a window that has begun."""
    first, last, open_ = span_of(crowd, window)
    owner, begins = crowd.of("owner", rows), crowd.of("on_first", rows)
    asked = open_[owner] & (first[owner] <= crowd.today[owner])
    within = (first[owner] <= begins) & (crowd.of("on_last", rows) <= last[owner])
    return rows[asked & (begins != NO_DAY) & within]


def span_of(crowd: Crowd, window: n.Window) -> tuple[Column, Column, Column]:
    """Give the first and the last day of a window for each person, and whether its anchor has a date."""
    anchor = _anchor(crowd, window.anchor)
    first = shift(anchor, window.time, -1) if window.side is not n.Side.AFTER else anchor
    last = shift(anchor, window.time, 1) if window.side is not n.Side.BEFORE else anchor
    return first, last, anchor != NO_DAY


def _anchor(crowd: Crowd, name: str) -> Column:
    """Give the day of a stage, or else the last day on which an event is known to have happened."""
    rows = rows_of(crowd, name)
    rows = rows[(crowd.of("kind", rows) != NO) & (crowd.of("on_first", rows) != NO_DAY)]
    days = np.zeros(crowd.size, dtype=np.int64)
    np.maximum.at(days, crowd.of("owner", rows), crowd.of("on_first", rows))
    partial = crowd.of("on_first", rows) != crowd.of("on_last", rows)
    days[anyone(crowd, rows[partial])] = NO_DAY
    stage = crowd.columns.anchors.get(name, np.zeros(crowd.size, dtype=np.int64))
    return np.where(stage == NO_DAY, days, stage)


def shift(days: Column, time: n.Time, sign: int) -> Column:
    """Move days by a length of calendar time; what is no day stays none."""
    return mapped(days, lambda day: day if day == NO_DAY else shifted(dt.date.fromordinal(day), time, sign).toordinal())


def mapped(values: Column, change: Callable[[Any], Any]) -> Column:
    """Change values, each different one once."""
    different, back = np.unique(values, return_inverse=True)
    return np.array([change(one) for one in different.tolist()], dtype=different.dtype)[back]


def counts(crowd: Crowd, rows: Column, subject: n.Subject) -> Verdicts:
    """Tell whether rows say of themselves what a subject asks."""
    kept = _all(crowd, rows, subject.having)
    if not subject.unless:
        return kept
    return np.minimum(kept, MET - _all(crowd, rows, subject.unless))


def _all(crowd: Crowd, rows: Column, conditions: tuple[n.Condition, ...]) -> Verdicts:
    verdicts = np.full(len(rows), MET, dtype=np.int8)
    for one in conditions:
        said = _coded(crowd, rows, one) if isinstance(one, n.Coded) else _dosed(crowd, rows, one)
        verdicts = np.minimum(verdicts, said)
    return verdicts


def _coded(crowd: Crowd, rows: Column, condition: n.Coded) -> Verdicts:
    """Compare the words that rows say of themselves; a dose is no word."""
    name = condition.attribute.value
    if condition.attribute is n.Attribute.DOSE:
        return np.where(np.isnan(crowd.of(name, rows)), UNKNOWN, NOT_MET).astype(np.int8)
    words = crowd.of(name, rows)
    return np.where(words < 0, UNKNOWN, np.where(words == word_number(crowd, condition.word), MET, NOT_MET))


def word_number(crowd: Crowd, word: str) -> int:
    """Give the number of a word; one that stands nowhere where no fact has it."""
    try:
        return crowd.columns.words.index(word)
    except ValueError:
        return len(crowd.columns.words)


def _dosed(crowd: Crowd, rows: Column, condition: n.Dosed) -> Verdicts:
    """Compare doses with a limit, each different one once."""
    doses, units = crowd.of("dose", rows), crowd.of("dose_unit", rows)
    verdicts = np.full(len(rows), UNKNOWN, dtype=np.int8)
    for value, unit in set(zip(doses.tolist(), units.tolist(), strict=True)):
        if value == value:  # noqa: PLR0124 - a number that differs from itself is none
            verdicts[(doses == value) & (units == unit)] = _dose(crowd, value, unit, condition)
    return verdicts


def _dose(crowd: Crowd, value: float, unit: int, condition: n.Dosed) -> int:
    amount = Amount(value=value, unit=unit_of(crowd, unit))
    try:
        order = entered(amount, None).compare(condition.limit, None, crowd.rounding)
    except InvalidQuantity:
        return UNKNOWN
    return MET if holds(condition.op, order) else NOT_MET


def unit_of(crowd: Crowd, number: int) -> str | None:
    """Give the unit of a number; None where there is none."""
    return None if number < 0 else crowd.columns.units[number]

"""Grades of whole columns of laboratory values: the same answers as one value at a time, a million in a breath."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from earlyphase.faults import InvalidInput
from earlyphase.quantities import conversion
from earlyphase.toxicity.criteria import Against, Comparator, Criteria, Cut, Ladder, Of, When, find_criteria
from earlyphase.toxicity.ladders import SAME, possible_in, table_unit

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Grades = NDArray[np.int8]

NOT_GRADED = -1
"""Where there is no value."""


class GradeColumns(NamedTuple):
    """Grades of a column. Where the two differ, symptoms or something missing separate them."""

    grade_min: Grades
    grade_max: Grades


class Columns(NamedTuple):
    """What values are seen against: numbers in the unit of the values, NaN (or nothing) where not known."""

    lln: ArrayLike = np.nan
    uln: ArrayLike = np.nan
    baseline: ArrayLike = np.nan
    baseline_abnormal: ArrayLike = np.nan
    """1, 0, or NaN to find it from baseline and limit."""
    anticoagulated: ArrayLike = np.nan
    """1, 0, or NaN where not known."""


class _Numbers(NamedTuple):
    value: Floats
    lln: Floats
    uln: Floats
    baseline: Floats


class _Maybe(NamedTuple):
    """A three-valued column: where it surely is true, and where it may be."""

    sure: Flags
    possible: Flags

    def inverted(self) -> "_Maybe":
        return _Maybe(~self.possible, ~self.sure)


def grade_values(
    term: str, values: ArrayLike, unit: str, against: Columns | None = None, measured: str | None = None
) -> GradeColumns:
    """Grade a column of values of one measurement under one term.

    Args:
        term: the term.
        values: the values; NaN where there is none.
        unit: the UCUM unit of the values, and of what they are seen against.
        against: normal ranges and baselines, each a column or one number for all.
        measured: what was measured, for a term that is graded from several measurements.

    Returns:
        Lowest and highest possible grade of each value, −1 where there is none. Equal to `grade_lab`, row by row.

    Raises:
        InvalidInput: unknown term or unit, an impossible value (its row is named).

    Source: CTCAE v5.0, NCI, 27 November 2017; as `earlyphase.toxicity.laboratory`.
    """
    criteria = find_criteria(term, measured)
    number = np.asarray(values, dtype=np.float64)
    columns = tuple(np.broadcast_to(np.asarray(c, dtype=np.float64), number.shape) for c in against or Columns())
    given = _Numbers(number, *columns[:3])
    chosen = table_unit(criteria, unit)
    _require_possible(criteria, given, unit)
    low, high = np.zeros(number.shape, np.int8), np.zeros(number.shape, np.int8)
    for ladder in criteria.ladders:
        if ladder.unit in (None, chosen):
            converted = _convert(given, unit, chosen if ladder.unit and chosen else unit, criteria.analyte)
            _climb(ladder, converted, _holds(ladder, converted, columns[3], columns[4]), low, high)
    nothing = np.isnan(number)
    low[nothing] = high[nothing] = NOT_GRADED
    return GradeColumns(low, high)


def grade_rows(
    terms: Sequence[str], values: ArrayLike, units: Sequence[str], against: Columns | None = None
) -> GradeColumns:
    """Grade a table of values, each row with its own term and unit.

    Returns:
        Lowest and highest possible grade of each row, −1 where there is no value.

    Raises:
        InvalidInput: as `grade_values`.

    Source: CTCAE v5.0, NCI, 27 November 2017; as `earlyphase.toxicity.laboratory`.
    """
    number = np.asarray(values, dtype=np.float64)
    columns = Columns(*(np.broadcast_to(np.asarray(c, dtype=np.float64), number.shape) for c in against or Columns()))
    kinds: dict[tuple[str, str], int] = {}
    kind = np.fromiter((kinds.setdefault(pair, len(kinds)) for pair in zip(terms, units, strict=True)), np.int64)
    low, high = np.empty(number.shape, np.int8), np.empty(number.shape, np.int8)
    order = np.argsort(kind, kind="stable")
    bounds = np.searchsorted(kind[order], np.arange(len(kinds) + 1))
    for (term, unit), index in kinds.items():
        rows = order[bounds[index] : bounds[index + 1]]
        low[rows], high[rows] = grade_values(term, number[rows], unit, Columns(*(np.asarray(c)[rows] for c in columns)))
    return GradeColumns(low, high)


def _require_possible(criteria: Criteria, given: _Numbers, unit: str) -> None:
    least, most = possible_in(criteria, unit)
    for name, column in zip(_Numbers._fields, given, strict=True):
        low, high = (least, most) if name == "value" else (0.0, np.inf)
        place, remedy = f"{criteria.measured}, {name}", "Check value and unit."
        _refuse_first(column < low, column, place, "is below what is possible.", remedy)
        _refuse_first(column > high, column, place, "is above what is possible.", remedy)
    _refuse_first(given.lln > given.uln, given.lln, f"{criteria.measured}, lln", "is above the ULN.", "Swap them?")


def _refuse_first(wrong: Flags, column: Floats, place: str, rule: str, remedy: str) -> None:
    if wrong.any():
        row = int(np.flatnonzero(wrong)[0])
        raise InvalidInput(f"row {row + 1}, {place}", float(column.flat[row]), rule, remedy)


def _convert(given: _Numbers, unit: str, target: str, analyte: str | None) -> _Numbers:
    if unit == target:
        return given
    factor, offset = conversion(unit, target, analyte)
    return _Numbers(*(column * factor + offset for column in given))


def _climb(ladder: Ladder, numbers: _Numbers, holds: _Maybe, low: Grades, high: Grades) -> None:
    """Raise the grades to what a ladder says."""
    compared = _compared(ladder.of, numbers)
    for cut in ladder.cuts:
        crossed = _crosses(cut.comparator, compared, _limit(cut, numbers), numbers.value)
        np.maximum(low, cut.grade_min, out=low, where=crossed.sure & holds.sure)
        np.maximum(high, cut.grade_max, out=high, where=crossed.possible & holds.possible)


def _crosses(comparator: Comparator, compared: Floats, limit: Floats, value: Floats) -> _Maybe:
    same = SAME * (np.abs(limit) + np.abs(value))
    match comparator:
        case Comparator.ABOVE:
            sure = compared > limit + same
        case Comparator.FROM:
            sure = compared >= limit - same
        case Comparator.BELOW:
            sure = compared < limit - same
        case Comparator.DOWN_TO:
            sure = compared <= limit + same
    return _Maybe(sure, sure | np.isnan(compared) | np.isnan(limit))


def _limit(cut: Cut, numbers: _Numbers) -> Floats:
    match cut.against:
        case Against.NUMBER:
            return np.full_like(numbers.value, cut.factor)
        case Against.LLN:
            return cut.factor * numbers.lln
        case Against.ULN:
            return cut.factor * numbers.uln
        case Against.BASELINE:
            return cut.factor * numbers.baseline


def _compared(of: Of, numbers: _Numbers) -> Floats:
    if of is Of.VALUE:
        return numbers.value
    if of is Of.ABOVE_ULN:
        return numbers.value - numbers.uln
    change = numbers.value - numbers.baseline
    change = -change if of in (Of.DECREASE, Of.PERCENT_DECREASE) else change
    if not of.relative:
        return change
    return 100 * change / np.where(numbers.baseline == 0, np.nan, numbers.baseline)


def _holds(ladder: Ladder, numbers: _Numbers, abnormal: Floats, anticoagulated: Floats) -> _Maybe:
    match ladder.when:
        case When.ALWAYS:
            always = np.ones(numbers.value.shape, np.bool_)
            return _Maybe(always, always)
        case When.ANTICOAGULATED:
            return _Maybe(anticoagulated == 1, anticoagulated != 0)
        case When.BASELINE_ABNORMAL:
            return _abnormal(ladder, numbers, abnormal)
        case When.BASELINE_NORMAL:
            return _abnormal(ladder, numbers, abnormal).inverted()
        case When.BELOW_LLN:
            return _crosses(Comparator.BELOW, numbers.value, numbers.lln, numbers.value)
        case When.ABOVE_BASELINE:
            return _crosses(Comparator.ABOVE, numbers.value, numbers.baseline, numbers.value)


def _abnormal(ladder: Ladder, numbers: _Numbers, abnormal: Floats) -> _Maybe:
    comparator, limit = (Comparator.ABOVE, numbers.uln) if ladder.upward else (Comparator.BELOW, numbers.lln)
    found = _crosses(comparator, numbers.baseline, limit, numbers.baseline)
    told = ~np.isnan(abnormal)
    return _Maybe(np.where(told, abnormal == 1, found.sure), np.where(told, abnormal == 1, found.possible))

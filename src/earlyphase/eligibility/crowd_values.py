"""Questions that the latest facts of many persons answer: measured values, statuses, codes, ages, statements."""

from typing import NamedTuple

import numpy as np

from earlyphase.eligibility import nodes as n
from earlyphase.eligibility.answering import entered, holds
from earlyphase.eligibility.columns import NO, NO_DAY, NO_WORD, NUMBER, WORD, YES, Column
from earlyphase.eligibility.crowd import (
    MET,
    NOT_MET,
    UNKNOWN,
    Crowd,
    Verdicts,
    agreed,
    latest,
    mapped,
    rows_of,
    shift,
    unit_of,
    word_number,
)
from earlyphase.eligibility.crowd_events import compare
from earlyphase.eligibility.facts import Amount
from earlyphase.eligibility.person import folded
from earlyphase.protocol.terms import Term
from earlyphase.quantities import InvalidQuantity, Quantity, RoundingPolicy, conversion, trim

HALF = 0.5
"""Rounding to a limit's decimals moves a value by at most this."""

_NAN = float("nan")


def status(crowd: Crowd, leaf: n.Holds) -> Verdicts:
    """Tell whether the latest status is yes."""
    rows = latest(crowd, leaf.subject)
    kinds = crowd.of("kind", rows)
    verdicts = np.where(kinds == YES, MET, np.where(kinds == NO, NOT_MET, UNKNOWN))
    return agreed(crowd, rows, verdicts.astype(np.int8))


def coded(crowd: Crowd, leaf: n.OneOf) -> Verdicts:
    """Tell whether the latest code is among some."""
    rows = latest(crowd, leaf.subject)
    words = np.where(crowd.of("kind", rows) == WORD, crowd.of("word", rows), NO_WORD)
    verdicts = np.full(len(rows), UNKNOWN, dtype=np.int8)
    for word in crowd.known[leaf.subject.term].choices:
        verdicts[words == word_number(crowd, word)] = MET if word in leaf.words else NOT_MET
    return agreed(crowd, rows, verdicts)


def aged(crowd: Crowd, leaf: n.Aged) -> Verdicts:
    """Compare ages: a birthday on which a limit is reached counts as reached."""
    youngest = shift(crowd.columns.birth_last, leaf.limit, 1)
    oldest = shift(crowd.columns.birth_first, leaf.limit, 1)
    least, most = compare(leaf.op, crowd.today, youngest), compare(leaf.op, crowd.today, oldest)
    clear = (crowd.columns.birth_first != NO_DAY) & (least == most)
    if leaf.op is n.Op.EQUAL:
        clear &= np.sign(crowd.today - youngest) == np.sign(crowd.today - oldest)
    return np.where(clear, np.where(least, MET, NOT_MET), UNKNOWN).astype(np.int8)


def stated(crowd: Crowd, leaf: n.Stated, criterion: str) -> Verdicts:
    """Find what was said on this text, or on this criterion."""
    asked = {folded(leaf.text), folded(criterion)} if criterion else {folded(leaf.text)}
    rows = rows_of(crowd, leaf.kind.value)
    about = crowd.of("about", rows)
    words = [number for number in np.unique(about).tolist() if folded(_word(crowd, number)) in asked]
    kinds = crowd.of("kind", rows)
    rows = rows[np.isin(about, words) & ((kinds == YES) | (kinds == NO))]
    return agreed(crowd, rows, np.where(crowd.of("kind", rows) == YES, MET, NOT_MET).astype(np.int8))


def _word(crowd: Crowd, number: int) -> str:
    return "" if number < 0 else crowd.columns.words[number]


class _Numbers(NamedTuple):
    """Values and limits in one unit; not a number where either cannot be used."""

    values: Column
    limits: Column
    whole: Column
    """Whether the limit of normal was written as a whole number."""


def measured(crowd: Crowd, leaf: n.Measured) -> Verdicts:
    """Compare the latest values with their limits; those that rounding can move are compared as single ones are."""
    rows = latest(crowd, leaf.subject)
    values, limits, whole = _numbers(crowd, leaf, rows)
    with np.errstate(invalid="ignore"):
        times = leaf.limit.factor * limits if isinstance(leaf.limit, n.Multiple) else limits
        verdicts = np.where(compare(leaf.op, values, times), MET, NOT_MET).astype(np.int8)
        close = np.abs(values - times) <= HALF
    if crowd.rounding is not RoundingPolicy.UNROUNDED:
        places = np.flatnonzero(close)
        keys = list(zip(values[places].tolist(), limits[places].tolist(), whole[places].tolist(), strict=True))
        found = {key: _rounded(crowd, leaf, *key) for key in set(keys)}
        verdicts[places] = [found[key] for key in keys]
    verdicts[np.isnan(values) | np.isnan(limits)] = UNKNOWN
    return agreed(crowd, rows, verdicts)


def _rounded(crowd: Crowd, leaf: n.Measured, value: float, limit: float, whole: bool) -> int:  # noqa: FBT001 - as written
    """Compare one value as a single screening does."""
    if isinstance(leaf.limit, n.Multiple):
        asked = leaf.limit.factor * (int(limit) if whole else limit)
    else:
        asked = leaf.limit.value
    order = Quantity(value, "1").compare(Quantity(asked, "1"), None, crowd.rounding)
    return MET if holds(leaf.op, order) else NOT_MET


def _numbers(crowd: Crowd, leaf: n.Measured, rows: Column) -> _Numbers:
    """Bring values to the unit of their limit, each pair of units once."""
    term = crowd.known[leaf.subject.term]
    numbers = np.where(crowd.of("kind", rows) == NUMBER, crowd.of("number", rows), _NAN)
    units = crowd.of("unit", rows)
    if isinstance(leaf.limit, Quantity):
        against, limits = units, np.full(len(rows), float(leaf.limit.value))
        whole = np.zeros(len(rows), dtype=np.bool_)
    else:
        name = "upper_limit" if leaf.limit.of is n.Normal.UPPER else "lower_limit"
        against, limits, whole = (crowd.of(f"{name}{part}", rows) for part in ("_unit", "", "_whole"))
    values = np.full(len(rows), _NAN)
    for unit, other in set(zip(units.tolist(), against.tolist(), strict=True)):
        target = leaf.limit.unit if isinstance(leaf.limit, Quantity) else unit_of(crowd, other)
        mask = (units == unit) & (against == other)
        values[mask] = _converted(numbers[mask], unit_of(crowd, unit), target, term)
    return _Numbers(values, limits, whole)


def _converted(numbers: Column, unit: str | None, target: str | None, term: Term) -> Column | float:
    """Convert numbers as `Quantity.to` does; not a number where the units do not convert."""
    try:
        here, there = (entered(Amount(value=1, unit=one), term.unit).unit for one in (unit, target))
        if here == there:
            return numbers
        factor, offset = conversion(here, there, term.analyte)
    except InvalidQuantity:
        return _NAN
    return mapped(numbers * factor + offset, trim)

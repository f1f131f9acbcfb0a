"""Follow-up as every time-to-event statistic takes it: how long each participant was watched and how that ended."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from earlyphase.faults import InvalidInput

Numbers = NDArray[np.float64]
Counts = NDArray[np.int64]

TIE = 2.0**-26
"""Times, and levels of a curve, that differ by no more than this are the same; R's `sqrt(.Machine$double.eps)`."""

CENSORED = 0
"""How a follow-up ends that saw no event."""


@dataclass(frozen=True, slots=True, eq=False)
class RiskTable:
    """Who was at risk and what happened at each time at which a follow-up ended."""

    times: Numbers
    at_risk: Counts
    """Participants whose follow-up had not ended before that time."""
    ends: Counts
    """Follow-ups that ended then: a row for censoring (0), then one for each cause (1, 2 …)."""


def checked_times(times: ArrayLike) -> Numbers:
    """Take follow-up times as numbers.

    Raises:
        InvalidInput: a time is no number, is missing, is infinite or lies before day 0.

    Source:
        Convention of Surv() in Therneau, R package survival 3.5: follow-up starts at 0 and ends at a finite time.
    """
    values = as_numbers("times", times)
    rule = "is not a follow-up time: it must be a finite number, 0 or more."
    refuse_where(~np.isfinite(values) | (values < 0), "times", values, rule)
    return values


def checked_time(place: str, time: float) -> float:
    """Take one moment of follow-up.

    Raises:
        InvalidInput: it is infinite, no number, or lies before day 0.

    Source:
        Convention of Surv() in Therneau, R package survival 3.5: follow-up starts at 0 and ends at a finite time.
    """
    if not (np.isfinite(time) and time >= 0):
        raise InvalidInput(place, time, "is no time of follow-up: it must be a finite number, 0 or more.")
    return float(time)


def checked_ends(times: Numbers, ends: ArrayLike, causes: int) -> Counts:
    """Take how each follow-up ended, as 0 for censored or the number of the cause.

    Raises:
        InvalidInput: an end is neither 0 nor one of the causes, or there are not as many ends as times.

    Source:
        Convention of Surv() in Therneau, R package survival 3.5: 0 is censored, 1 the event, more numbers more causes.
    """
    values = as_numbers("events", ends)
    if values.shape != times.shape:
        found = f"{values.size} events for {times.size} times"
        raise InvalidInput("events", found, "each follow-up needs one time and one event.", "Give lists of one length.")
    allowed = "0 (censored) or 1 (event)" if causes == 1 else f"0 (censored) or a cause from 1 to {causes}"
    refuse_where(~np.isin(values, np.arange(causes + 1)), "events", values, f"does not say how it ended: {allowed}.")
    return values.astype(np.int64)


def as_numbers(place: str, values: ArrayLike) -> Numbers:
    """Read a list of numbers.

    Raises:
        InvalidInput: it holds something else.

    Source:
        Input rule of this package.
    """
    try:
        numbers = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError) as fault:
        raise InvalidInput(place, None, f"holds what is not a number ({fault}).", "Give numbers only.") from None
    if numbers.ndim != 1:
        raise InvalidInput(place, f"an array of {numbers.ndim} dimensions", "must be a plain list of numbers.")
    return numbers


def refuse_where(wrong: NDArray[np.bool_], place: str, values: Numbers, rule: str) -> None:
    """Refuse the first value that is wrong, naming its place in the list (counted from 0).

    Raises:
        InvalidInput: one of the values is wrong.

    Source:
        Input rule of this package.
    """
    if wrong.any():
        first = int(np.argmax(wrong))
        raise InvalidInput(f"{place}[{first}]", float(values[first]), rule)


def merge_ties(times: Numbers) -> Numbers:
    """Give times that differ only by rounding one value, the smallest of them.

    Source:
        Therneau, R package survival 3.5, vignette "Round off error and tied times": absolute or relative difference
        up to the square root of the machine precision.
    """
    distinct = np.unique(times)
    gaps = np.diff(distinct)
    if not gaps.size:
        return times
    tied = gaps <= TIE * max(1.0, float(np.mean(distinct)))
    if not tied.any():
        return times
    starts = distinct[np.concatenate(([True], ~tied))]
    return starts[np.searchsorted(starts, times, side="right") - 1]


def risk_table(times: Numbers, ends: Counts, causes: int) -> RiskTable:
    """Count, at each distinct time, who was at risk and how follow-ups ended.

    Source:
        Kaplan EL, Meier P. J Am Stat Assoc 1958;53:457: who is censored at a time is still at risk of an event then.
    """
    distinct, place = np.unique(merge_ties(times), return_inverse=True)
    cells = np.bincount(ends * distinct.size + place, minlength=(causes + 1) * distinct.size)
    counts = cells.reshape(causes + 1, distinct.size).astype(np.int64)
    ended = counts.sum(axis=0)
    return RiskTable(read_only(distinct), read_only(times.size - np.cumsum(ended) + ended), read_only(counts))


def at_risk_at(table_times: Numbers, at_risk: Counts, times: Sequence[float]) -> tuple[int, ...]:
    """Count who is still at risk just before each of the given times.

    Source:
        Kaplan EL, Meier P. J Am Stat Assoc 1958;53:457.
    """
    rows = np.searchsorted(table_times, np.asarray(times, dtype=np.float64) - TIE, side="left")
    return tuple(int(at_risk[row]) if row < table_times.size else 0 for row in rows)


def read_only(values: NDArray[Any]) -> NDArray[Any]:
    """Lock an array, so that a frozen value stays what it is.

    Source:
        Rule of this package: what is derived does not change.
    """
    values.flags.writeable = False
    return values


def finite(figure: float) -> float | None:
    """Give a figure, or None where it cannot be estimated.

    Source:
        Rule of this package: what is missing in an array is NaN, what is missing in an estimate is None.
    """
    return float(figure) if np.isfinite(figure) else None

"""The cumulative incidence of each of several events that exclude one another, by Aalen and Johansen."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import assert_never

import numpy as np
from numpy.typing import ArrayLike

from earlyphase.analysis.estimates import CurveInterval, Estimate, IncidenceVariance
from earlyphase.analysis.follow_up import (
    CENSORED,
    TIE,
    Counts,
    Numbers,
    RiskTable,
    as_numbers,
    at_risk_at,
    checked_ends,
    checked_time,
    checked_times,
    finite,
    read_only,
    risk_table,
)
from earlyphase.analysis.incidence_variance import Transitions, aalen_variance, jackknife_variance
from earlyphase.analysis.survival_limits import checked_interval, checked_level, pointwise_limits
from earlyphase.faults import InvalidInput

ROUNDING = 1e-15
"""A variance below this is what rounding leaves of none, as where everybody had the event."""


@dataclass(frozen=True, slots=True, eq=False)
class CumulativeIncidence:
    """Cumulative incidences: one column for each time at which a follow-up ended, in the unit of the given times.

    Arrays named by cause have one row for each cause, the first for cause 1. Missing figures are NaN.
    """

    n: int
    causes: int
    interval: CurveInterval
    level: float
    variance: IncidenceVariance
    times: Numbers
    at_risk: Counts
    censored: Counts
    event_free: Numbers
    """The chance of being without any of the events: with the incidences it adds up to 1."""
    events: Counts
    incidence: Numbers
    standard_error: Numbers
    lower: Numbers
    upper: Numbers


def aalen_johansen(
    times: ArrayLike,
    ends: ArrayLike,
    *,
    causes: int | None = None,
    interval: str = CurveInterval.LOG_LOG,
    level: float = 0.95,
    variance: IncidenceVariance = IncidenceVariance.JACKKNIFE,
) -> CumulativeIncidence:
    """Estimate the chance of having had each event by each time, where each event rules the others out.

    Args:
        times: how long each participant was followed.
        ends: 0 where the follow-up was censored, else the number of the event that ended it: 1, 2 …
        causes: how many events there are; by default the largest number in `ends`.
        interval: the scale of the confidence limits.
        level: the confidence level.
        variance: how the standard error is made.

    Returns:
        The curves; without columns where there is nobody.

    Raises:
        InvalidInput: a time is negative or missing, an end is no such number, or the lists differ in length.

    Source:
        Aalen OO, Johansen S. Scand J Stat 1978;5:141; agrees with survfit() of Therneau, R package survival 3.5, and
        with cuminc() of Gray, R package cmprsk 2.2.
    """
    followed = checked_times(times)
    number = _causes(ends) if causes is None else causes
    table = risk_table(followed, checked_ends(followed, ends, number), number)
    steps = _transitions(table)
    relative_error, error = _errors(steps, variance)
    scale = checked_interval(interval)
    lower, upper = pointwise_limits(steps.incidence, relative_error, scale, checked_level(level))
    return CumulativeIncidence(
        n=followed.size,
        causes=number,
        interval=scale,
        level=level,
        variance=variance,
        times=table.times,
        at_risk=table.at_risk,
        censored=table.ends[CENSORED],
        event_free=read_only(steps.event_free),
        events=read_only(table.ends[1:]),
        incidence=read_only(steps.incidence),
        standard_error=read_only(error),
        lower=read_only(lower),
        upper=read_only(upper),
    )


def _causes(ends: ArrayLike) -> int:
    """Count the causes that occur: at least one."""
    values = as_numbers("events", ends)
    return max(1, int(np.nanmax(values, initial=0)))


def _transitions(table: RiskTable) -> Transitions:
    """Multiply up the hazards of all causes."""
    hazards = table.ends[1:].astype(np.float64) / table.at_risk
    event_free: Numbers = np.cumprod(1 - hazards.sum(axis=0), dtype=np.float64)
    event_free[table.at_risk == table.ends[1:].sum(axis=0)] = 0.0
    before = np.concatenate(([1.0], event_free[:-1]))[: event_free.size]
    return Transitions(table, before, event_free, np.cumsum(before * hazards, axis=1, dtype=np.float64))


def _errors(steps: Transitions, variance: IncidenceVariance) -> tuple[Numbers, Numbers]:
    """Give the standard error relative to the incidence, and the standard error itself."""
    match variance:
        case IncidenceVariance.JACKKNIFE:
            squares = jackknife_variance(steps)
        case IncidenceVariance.AALEN:
            squares = aalen_variance(steps)
        case _:
            assert_never(variance)
    error: Numbers = np.sqrt(np.where(squares > ROUNDING, squares, 0.0))
    with np.errstate(divide="ignore", invalid="ignore"):
        return error / steps.incidence, error


def incidence_at(curve: CumulativeIncidence, cause: int, time: float) -> Estimate:
    """Give the cumulative incidence of a cause at a time, with its standard error and interval.

    Returns:
        0 before the first event of that cause, without limits. Beyond the last follow-up the last value stands, and
        the note says so.

    Raises:
        InvalidInput: the time is negative, or there is no cause of that number.

    Source:
        Aalen OO, Johansen S. Scand J Stat 1978;5:141.
    """
    moment = checked_time("time", time)
    if not 1 <= cause <= curve.causes:
        raise InvalidInput("cause", cause, f"is none of the causes 1 to {curve.causes}.")
    if curve.n == 0:
        return Estimate(None, None, None, curve.interval.value, curve.level, None, "nobody to follow")
    column = int(np.searchsorted(curve.times, moment + TIE, side="right")) - 1
    if column < 0:
        return Estimate(0.0, None, None, curve.interval.value, curve.level, 0.0)
    last = float(curve.times[-1])
    note = f"beyond the last follow-up ({last:g}): the last value stands" if moment > last + TIE else ""
    row = cause - 1
    lower, upper = finite(curve.lower[row, column]), finite(curve.upper[row, column])
    figure, error = finite(curve.incidence[row, column]), finite(curve.standard_error[row, column])
    return Estimate(figure, lower, upper, curve.interval.value, curve.level, error, note)


def numbers_without_event(curve: CumulativeIncidence, times: Sequence[float]) -> tuple[int, ...]:
    """Count who is still at risk just before each time, for the row under the curves.

    Source:
        Aalen OO, Johansen S. Scand J Stat 1978;5:141.
    """
    return at_risk_at(curve.times, curve.at_risk, times)

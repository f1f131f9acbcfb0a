"""The Kaplan–Meier curve of a time to event, and what is read from it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from earlyphase.analysis.estimates import CurveInterval, Estimate
from earlyphase.analysis.follow_up import (
    CENSORED,
    TIE,
    Counts,
    Numbers,
    at_risk_at,
    checked_ends,
    checked_time,
    checked_times,
    finite,
    read_only,
    risk_table,
)
from earlyphase.analysis.survival_limits import checked_interval, checked_level, pointwise_limits

EVENT = 1


@dataclass(frozen=True, slots=True, eq=False)
class KaplanMeier:
    """A Kaplan–Meier curve: one row for each time at which a follow-up ended, in the unit in which times were given.

    Where a figure cannot be estimated it is NaN: the standard error at survival 0, and limits where the scale has none.
    """

    n: int
    interval: CurveInterval
    level: float
    times: Numbers
    at_risk: Counts
    events: Counts
    censored: Counts
    survival: Numbers
    standard_error: Numbers
    """Greenwood's standard error of the survival."""
    lower: Numbers
    upper: Numbers


def kaplan_meier(
    times: ArrayLike, events: ArrayLike, *, interval: str = CurveInterval.LOG_LOG, level: float = 0.95
) -> KaplanMeier:
    """Estimate the chance of being without the event beyond each time.

    Args:
        times: how long each participant was followed.
        events: 1 where the follow-up ended in the event, 0 where it was censored.
        interval: the scale of the confidence limits: plain, log, log-log, logit or arcsin.
        level: the confidence level.

    Returns:
        The curve; without rows where there is nobody.

    Raises:
        InvalidInput: a time is negative or missing, an event is not 0 or 1, or the lists differ in length.

    Source:
        Kaplan EL, Meier P. J Am Stat Assoc 1958;53:457; standard error: Greenwood 1926; agrees with survfit() of
        Therneau, R package survival 3.5.
    """
    followed = checked_times(times)
    table = risk_table(followed, checked_ends(followed, events, EVENT), EVENT)
    died, at_risk = table.ends[EVENT], table.at_risk
    survival: Numbers = np.cumprod(1 - died.astype(np.float64) / at_risk, dtype=np.float64)
    relative_error = _greenwood(died, at_risk)
    scale = checked_interval(interval)
    lower, upper = pointwise_limits(survival, relative_error, scale, checked_level(level))
    with np.errstate(invalid="ignore"):
        error: Numbers = survival * relative_error
    return KaplanMeier(
        n=followed.size,
        interval=scale,
        level=level,
        times=table.times,
        at_risk=at_risk,
        events=died,
        censored=table.ends[CENSORED],
        survival=read_only(survival),
        standard_error=read_only(error),
        lower=read_only(lower),
        upper=read_only(upper),
    )


def _greenwood(events: Counts, at_risk: Counts) -> Numbers:
    """Give the standard error of the survival relative to the survival; infinite once nobody is left.

    Source:
        Greenwood M. The natural duration of cancer. Rep Public Health Med Subj 1926;33:1.
    """
    with np.errstate(divide="ignore"):
        return np.sqrt(np.cumsum(events / (at_risk * (at_risk - events).astype(np.float64))))


def reverse_kaplan_meier(
    times: ArrayLike, events: ArrayLike, *, interval: str = CurveInterval.LOG_LOG, level: float = 0.95
) -> KaplanMeier:
    """Estimate how long participants were followed: the end of observation is the event, and the event censors it.

    Source:
        Schemper M, Smith TL. Control Clin Trials 1996;17:343.
    """
    followed = checked_times(times)
    return kaplan_meier(followed, 1 - checked_ends(followed, events, EVENT), interval=interval, level=level)


def survival_at(curve: KaplanMeier, time: float) -> Estimate:
    """Give the survival at a time, a landmark, with its standard error and interval.

    Returns:
        Beyond the last follow-up the last value stands, and the note says so. Before the first row everybody is
        without the event, and both limits are 1.

    Raises:
        InvalidInput: the time is negative or no number.

    Source:
        summary.survfit(times, extend = TRUE) of Therneau, R package survival 3.5.
    """
    moment = checked_time("time", time)
    if curve.n == 0:
        return Estimate(None, None, None, curve.interval.value, curve.level, None, "nobody to follow")
    row = int(np.searchsorted(curve.times, moment + TIE, side="right")) - 1
    if row < 0:
        return Estimate(1.0, 1.0, 1.0, curve.interval.value, curve.level, 0.0)
    last = float(curve.times[-1])
    note = f"beyond the last follow-up ({last:g}): the last value stands" if moment > last + TIE else ""
    lower, upper, error = finite(curve.lower[row]), finite(curve.upper[row]), finite(curve.standard_error[row])
    return Estimate(finite(curve.survival[row]), lower, upper, curve.interval.value, curve.level, error, note)


def numbers_at_risk(curve: KaplanMeier, times: Sequence[float]) -> tuple[int, ...]:
    """Count who is still at risk just before each time, for the row under a curve.

    Source:
        Kaplan EL, Meier P. J Am Stat Assoc 1958;53:457.
    """
    return at_risk_at(curve.times, curve.at_risk, times)

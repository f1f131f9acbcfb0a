"""Pointwise confidence limits of a probability that changes over time, on the scale that the study names."""

from collections.abc import Callable
from typing import assert_never

import numpy as np
from scipy.special import expit, logit, ndtri

from earlyphase.analysis.estimates import CurveInterval, Estimate
from earlyphase.analysis.follow_up import Numbers
from earlyphase.faults import InvalidInput

Limits = tuple[Numbers, Numbers]


def pointwise_limits(probability: Numbers, relative_error: Numbers, interval: CurveInterval, level: float) -> Limits:
    """Give the lower and upper limit of each probability; NaN where the scale has none (at 0, and for most at 1).

    Args:
        probability: the curve.
        relative_error: the standard error of each value divided by the value.
        interval: the scale.
        level: the confidence level.

    Source:
        Therneau, R package survival 3.5, survfit(conf.type); Borgan Ø, Liestøl K. Scand J Stat 1990;17:35 (arcsine).
    """
    z = float(ndtri((1 + checked_level(level)) / 2))
    known = (probability > 0) & np.isfinite(relative_error)
    if interval in {CurveInterval.LOG_LOG, CurveInterval.LOGIT, CurveInterval.ARCSIN}:
        known &= probability < 1
    lower, upper = np.full(probability.shape, np.nan), np.full(probability.shape, np.nan)
    lower[known], upper[known] = _scale_of(interval)(probability[known], z * relative_error[known])
    return lower, upper


def _scale_of(interval: CurveInterval) -> Callable[[Numbers, Numbers], Limits]:
    """Give the function that makes limits on one scale."""
    match interval:
        case CurveInterval.PLAIN:
            return _plain
        case CurveInterval.LOG:
            return _log
        case CurveInterval.LOG_LOG:
            return _log_log
        case CurveInterval.LOGIT:
            return _log_odds
        case CurveInterval.ARCSIN:
            return _arcsine
    assert_never(interval)


def _plain(p: Numbers, error: Numbers) -> Limits:
    """Make limits symmetric about the probability itself.

    Source:
        Greenwood M. The natural duration of cancer. Rep Public Health Med Subj 1926;33:1.
    """
    return np.maximum(p - p * error, 0), np.minimum(p + p * error, 1)


def _log(p: Numbers, error: Numbers) -> Limits:
    """Make limits symmetric for log p; the upper one is cut at 1.

    Source:
        Kalbfleisch JD, Prentice RL. The Statistical Analysis of Failure Time Data, 2nd ed. 2002, section 1.4.
    """
    return p * np.exp(-error), np.minimum(p * np.exp(error), 1)


def _log_log(p: Numbers, error: Numbers) -> Limits:
    """Make limits symmetric for log(−log p), which never leave 0 to 1.

    Source:
        Kalbfleisch JD, Prentice RL. The Statistical Analysis of Failure Time Data, 2nd ed. 2002, section 1.4.
    """
    shift = error / np.log(p)
    return p ** np.exp(-shift), p ** np.exp(shift)


def _log_odds(p: Numbers, error: Numbers) -> Limits:
    """Make limits symmetric for the log odds of p.

    Source:
        Therneau, R package survival 3.5, survfit(conf.type = "logit").
    """
    shift = error / (1 - p)
    return expit(logit(p) - shift), expit(logit(p) + shift)


def _arcsine(p: Numbers, error: Numbers) -> Limits:
    """Make limits symmetric for arcsin √p.

    Source:
        Borgan Ø, Liestøl K. Scand J Stat 1990;17:35.
    """
    angle, shift = np.arcsin(np.sqrt(p)), 0.5 * error * np.sqrt(p / (1 - p))
    return np.sin(np.maximum(angle - shift, 0)) ** 2, np.sin(np.minimum(angle + shift, np.pi / 2)) ** 2


def checked_level(level: float) -> float:
    """Take a confidence level.

    Raises:
        InvalidInput: it does not lie between 0 and 1.

    Source:
        Input rule of this package.
    """
    if not 0 < level < 1:
        raise InvalidInput("confidence level", level, "must lie between 0 and 1.", "Write 0.95 for 95 %.")
    return level


def checked_interval(interval: str) -> CurveInterval:
    """Take the name of an interval type.

    Raises:
        InvalidInput: there is none of that name.

    Source:
        Input rule of this package.
    """
    try:
        return CurveInterval(interval)
    except ValueError:
        names = ", ".join(CurveInterval)
        raise InvalidInput("interval type", interval, f"is not one of {names}.") from None


def normal_estimate(figure: float, error: float, level: float, note: str = "") -> Estimate:
    """Give a figure with the symmetric interval of the normal distribution.

    Source:
        Andersen PK, Borgan Ø, Gill RD, Keiding N. Statistical Models Based on Counting Processes 1993, section IV.3.
    """
    half = float(ndtri((1 + checked_level(level)) / 2)) * error
    return Estimate(figure, figure - half, figure + half, CurveInterval.PLAIN.value, level, error, note)

"""The median and other quantiles of a Kaplan–Meier curve, with the limits that belong to them."""

import numpy as np

from earlyphase.analysis.estimates import Estimate
from earlyphase.analysis.follow_up import TIE, Numbers
from earlyphase.analysis.kaplan_meier import KaplanMeier
from earlyphase.faults import InvalidInput

HALF = 0.5


def median(curve: KaplanMeier) -> Estimate:
    """Give the time by which half have had the event, with its interval.

    Source:
        Brookmeyer R, Crowley J. Biometrics 1982;38:29.
    """
    return quantile(curve, HALF)


def quantile(curve: KaplanMeier, probability: float) -> Estimate:
    """Give the time by which this share has had the event, with its interval.

    Returns:
        Where the curve runs flat at exactly that share, the middle of the flat stretch (up to the last follow-up, if it
        ends so). None, with a note, where the share or a limit is not reached.

    Raises:
        InvalidInput: the share does not lie between 0 and 1.

    Source:
        Brookmeyer R, Crowley J. Biometrics 1982;38:29; flat stretches as in quantile() of Therneau, R package
        survival 3.5.
    """
    if not 0 < probability < 1:
        raise InvalidInput("quantile", probability, "must lie between 0 and 1.", "Write 0.5 for the median.")
    estimate = _crossing(curve.times, 1 - curve.survival, probability)
    lower = _crossing(curve.times, 1 - curve.lower, probability)
    upper = _crossing(curve.times, 1 - curve.upper, probability)
    return Estimate(
        estimate, lower, upper, curve.interval.value, curve.level, None, _not_reached(curve, probability, estimate)
    )


def _crossing(times: Numbers, share: Numbers, probability: float) -> float | None:
    """Give the time at which a step function that starts at 0 reaches a level, or None.

    Limits may fall back. The level is then looked for among their sorted values, as R does.

    Source:
        quantile() of Therneau, R package survival 3.5: tolerance, flat stretches, limits that fall back.
    """
    values, starts = np.unique(np.concatenate(([0.0], share)), return_index=True)
    step_times = np.concatenate(([0.0], times))
    values, starts = values[~np.isnan(values)], starts[~np.isnan(values)]
    first = int(np.searchsorted(values + TIE, probability, side="left"))
    beyond = int(np.searchsorted(values - TIE, probability, side="left"))
    if first == values.size:
        return None
    begins = float(step_times[starts[first]])
    if abs(float(share[-1]) - probability) < TIE:
        return (begins + float(times[-1])) / 2
    return (begins + float(step_times[starts[beyond]])) / 2 if beyond < values.size else None


def _not_reached(curve: KaplanMeier, probability: float, estimate: float | None) -> str:
    """Say why there is no quantile."""
    if curve.n == 0:
        return "not estimable: nobody to follow"
    if not curve.events.any():
        return "not reached: nobody had the event"
    return "" if estimate is not None else f"not reached: survival stays above {1 - probability:g}"

"""The mean time without the event up to a horizon."""

import numpy as np

from earlyphase.analysis.estimates import CurveInterval, Estimate
from earlyphase.analysis.follow_up import TIE, checked_time
from earlyphase.analysis.kaplan_meier import KaplanMeier
from earlyphase.analysis.survival_limits import normal_estimate


def restricted_mean(curve: KaplanMeier, horizon: float) -> Estimate:
    """Give the mean time without the event up to a horizon: the area under the curve.

    Returns:
        None, with a note, where nobody is followed. Beyond the last follow-up the last value stands.

    Source:
        Andersen PK, Borgan Ø, Gill RD, Keiding N. Statistical Models Based on Counting Processes 1993, section IV.3;
        agrees with print(survfit(), rmean) of Therneau, R package survival 3.5.
    """
    end = checked_time("horizon", horizon)
    if curve.n == 0:
        return Estimate(None, None, None, CurveInterval.PLAIN.value, curve.level, None, "nobody to follow")
    inside = curve.times < end
    widths = np.diff(np.concatenate(([0.0], curve.times[inside], [end])))
    areas = widths * np.concatenate(([1.0], curve.survival[inside]))
    after = areas[::-1].cumsum()[::-1][1:]
    events, at_risk = curve.events[inside].astype(np.float64), curve.at_risk[inside]
    error = float(np.sqrt(np.sum(after**2 * events / (at_risk * np.maximum(at_risk - events, 1)))))
    last = float(curve.times[-1])
    note = f"beyond the last follow-up ({last:g}): the last value stands" if end > last + TIE else ""
    return normal_estimate(float(areas.sum()), error, curve.level, note)

"""How long a Kaplan–Meier curve with limits and median takes, beside lifelines where that is installed."""

from collections.abc import Callable
from importlib.util import find_spec
from typing import Any

import numpy as np
from benchmarks.measurement import Measurement, seconds

from earlyphase.analysis.aalen_johansen import aalen_johansen
from earlyphase.analysis.kaplan_meier import kaplan_meier
from earlyphase.analysis.survival_quantiles import median

SIZES = (30, 100_000)
SEED = 20260503
MEDIAN_DAYS = 300.0
HORIZON_DAYS = 730.0

Follow = tuple[np.ndarray[Any, np.dtype[np.float64]], np.ndarray[Any, np.dtype[np.int64]]]


def run() -> list[Measurement]:
    """Measure one curve of each size."""
    return [figure for size in SIZES for figure in measured(size)]


def measured(size: int) -> list[Measurement]:
    """Measure the curves of this many participants."""
    times, events = follow_up(size)
    causes = np.where(events == 1, 1 + np.arange(size) % 2, 0)
    figures = [
        Measurement(f"Kaplan–Meier and median, {size:,}", seconds(lambda: median(kaplan_meier(times, events))), "s"),
        Measurement(
            f"cumulative incidence of two causes, {size:,}", seconds(lambda: aalen_johansen(times, causes)), "s"
        ),
    ]
    if find_spec("lifelines"):
        figures.insert(1, Measurement(f"  the same by lifelines, {size:,}", seconds(by_lifelines(times, events)), "s"))
    return figures


def follow_up(size: int) -> Follow:
    """Draw exponential times to the event, in days to a thousandth, censored uniformly up to the horizon."""
    random = np.random.default_rng(SEED)
    event, end = random.exponential(MEDIAN_DAYS / np.log(2), size), random.uniform(0, HORIZON_DAYS, size)
    return np.round(np.minimum(event, end), 3), (event <= end).astype(np.int64)


def by_lifelines(times: object, events: object) -> Callable[[], object]:
    """Give the same work as lifelines does it: its limits are log-log too."""
    from lifelines import KaplanMeierFitter  # noqa: PLC0415 - installed for this comparison only
    from lifelines.utils import median_survival_times  # noqa: PLC0415 - as above

    def fit() -> object:
        """Fit the curve, and read median and limits."""
        curve = KaplanMeierFitter().fit(times, events)
        return curve.median_survival_time_, median_survival_times(curve.confidence_interval_)

    return fit

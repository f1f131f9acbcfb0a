"""Values summarised: how many, mean, spread, median, least and most."""

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from earlyphase.analysis.results import Number


@dataclass(frozen=True, slots=True)
class Summary:
    """What a list of values comes to; None where there are too few."""

    n: int
    mean: float | None
    deviation: float | None
    median: float | None
    least: float | None
    most: float | None
    unit: str = ""

    def numbers(self) -> tuple[Number, ...]:
        """Give its numbers for the results data."""
        named = (
            ("n", float(self.n)),
            ("mean", self.mean),
            ("standard deviation", self.deviation),
            ("median", self.median),
            ("minimum", self.least),
            ("maximum", self.most),
        )
        note = "no values" if self.n == 0 else "needs two values" if self.n == 1 else ""
        return tuple(Number(name, value, self.unit, note if value is None else "") for name, value in named)


def summary(values: Sequence[float], unit: str = "") -> Summary:
    """Summarise values.

    Args:
        values: the values; what is missing is left out before.
        unit: their unit.

    Source:
        ICH E3, section 14: descriptive statistics; the standard deviation has n − 1 below it.
    """
    kept = [value for value in values if math.isfinite(value)]
    if not kept:
        return Summary(0, None, None, None, None, None, unit)
    deviation = statistics.stdev(kept) if len(kept) > 1 else None
    return Summary(len(kept), statistics.fmean(kept), deviation, statistics.median(kept), min(kept), max(kept), unit)

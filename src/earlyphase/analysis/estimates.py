"""What every statistic answers with: a figure, its interval, and in words why either is missing."""

from dataclasses import dataclass
from enum import StrEnum


class CurveInterval(StrEnum):
    """The scale on which the confidence limits of a curve are symmetric. Tables print the value."""

    PLAIN = "plain"
    LOG = "log"
    LOG_LOG = "log-log"
    LOGIT = "logit"
    ARCSIN = "arcsin"


class ProportionInterval(StrEnum):
    """How the confidence limits of a proportion are made. Tables print the value."""

    CLOPPER_PEARSON = "Clopper–Pearson"
    MID_P = "mid-p"
    WILSON = "Wilson"


class Side(StrEnum):
    """Which limits an interval has."""

    TWO_SIDED = "two-sided"
    LOWER = "lower"
    """Only a lower limit, which takes the whole error."""
    UPPER = "upper"
    """Only an upper limit, which takes the whole error."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with its interval. What cannot be estimated is None, and the note says why."""

    estimate: float | None
    lower: float | None
    upper: float | None
    interval: str
    """How the limits are made, as tables name it."""
    level: float
    """The confidence level, between 0 and 1."""
    standard_error: float | None = None
    note: str = ""


class IncidenceVariance(StrEnum):
    """How the standard error of a cumulative incidence is made. Tables print the value."""

    JACKKNIFE = "infinitesimal jackknife"
    """As R's survfit gives it."""
    AALEN = "Aalen"
    """As R's cuminc gives it."""

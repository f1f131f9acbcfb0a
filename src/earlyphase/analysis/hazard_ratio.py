"""The hazard ratio of two groups by Cox's model, ties after Efron."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import expit, ndtri

from earlyphase.analysis.estimates import Estimate
from earlyphase.analysis.follow_up import Numbers, checked_ends, checked_times, merge_ties
from earlyphase.analysis.survival_limits import checked_level
from earlyphase.faults import InvalidInput

EVENT = 1
WIDEST = 50.0
"""The log ratio beyond which no study can see."""
WALD = "Wald, log scale"

Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class HazardRatio:
    """How much faster the event comes in one group than in another."""

    ratio: Estimate
    """The hazard of the compared group divided by that of the reference."""
    log_ratio: float | None
    standard_error: float | None
    """Of the log ratio."""
    likelihood_ratio: float | None
    """The chi-square of the likelihood-ratio test, on one degree of freedom."""


def hazard_ratio(times: ArrayLike, events: ArrayLike, compared: Sequence[bool], *, level: float = 0.95) -> HazardRatio:
    """Estimate the hazard of one group relative to the other.

    Args:
        times: how long each participant was followed.
        events: 1 where the follow-up ended in the event, 0 where it was censored.
        compared: whether each participant belongs to the compared group, not to the reference.
        level: the confidence level.

    Returns:
        None, with a note, where the likelihood has no maximum: too few events, or all in one group.

    Raises:
        InvalidInput: a time is negative or missing, an event is not 0 or 1, or the lists differ in length.

    Source:
        Cox DR. J R Stat Soc B 1972;34:187; Efron B. J Am Stat Assoc 1977;72:557 (ties); agrees with coxph() of
        Therneau, R package survival 3.5.
    """
    followed = merge_ties(checked_times(times))
    ended = checked_ends(followed, events, EVENT) == EVENT
    if len(compared) != followed.size:
        found = f"{len(compared)} groups for {followed.size} times"
        raise InvalidInput("groups", found, "each follow-up needs one group.", "Give lists of one length.")
    member = np.fromiter(compared, dtype=np.bool_, count=followed.size)
    own, others = _at_risk(followed, ended, member), _at_risk(followed, ended, ~member)
    seen = int((member & ended).sum())
    if not np.sum(own > 0) > seen > np.sum(others == 0):
        note = "not estimable: no event shows the compared group ahead, or none the reference"
        return HazardRatio(Estimate(None, None, None, WALD, checked_level(level), None, note), None, None, None)
    return _fitted(_Events(seen, own, others), level)


@dataclass(frozen=True, slots=True, eq=False)
class _Events:
    """What the likelihood is made of."""

    seen: int
    """Events in the compared group."""
    own: Numbers
    """The compared group at risk, at each event of either group."""
    others: Numbers
    """The reference group at risk."""

    def share(self, log_ratio: float) -> Numbers:
        """Give the chance, at each event, that it falls in the compared group."""
        with np.errstate(divide="ignore"):
            return expit(log_ratio + np.log(self.own) - np.log(self.others))

    def log_likelihood(self, log_ratio: float) -> float:
        """Give the partial log-likelihood."""
        return float(self.seen * log_ratio - np.log(self.own * np.exp(log_ratio) + self.others).sum())


def _at_risk(times: Numbers, ended: Flags, member: Flags) -> Numbers:
    """Count who of a group is at risk at each event; of those who have it at one time, equal parts leave at each."""
    moments = np.sort(times[ended])
    distinct, ties = np.unique(moments, return_counts=True)
    gone = (np.arange(moments.size) - np.repeat(np.cumsum(ties) - ties, ties)) / np.repeat(ties, ties)
    mine, died = np.sort(times[member]), np.sort(times[member & ended])
    at_risk = mine.size - np.searchsorted(mine, distinct, side="left")
    leaving = np.searchsorted(died, distinct, side="right") - np.searchsorted(died, distinct, side="left")
    return np.repeat(at_risk, ties) - gone * np.repeat(leaving, ties)


def _fitted(events: _Events, level: float) -> HazardRatio:
    """Find the log ratio at which the likelihood is greatest: its slope falls, so that halving never misses it."""
    low, high = -WIDEST, WIDEST
    while low < (middle := (low + high) / 2) < high:
        low, high = (middle, high) if events.seen > float(events.share(middle).sum()) else (low, middle)
    share = events.share(low)
    error = float(np.sum(share * (1 - share))) ** -0.5
    half = float(ndtri((1 + checked_level(level)) / 2)) * error
    ratio = Estimate(float(np.exp(low)), float(np.exp(low - half)), float(np.exp(low + half)), WALD, level)
    gain = 2 * (events.log_likelihood(low) - events.log_likelihood(0.0))
    return HazardRatio(ratio, low, error, gain)

"""The log-rank test: did the event come at the same rate in all groups?"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import chdtrc

from earlyphase.analysis.follow_up import Counts, Numbers, checked_ends, checked_times, merge_ties
from earlyphase.faults import InvalidInput

EVENT = 1


@dataclass(frozen=True, slots=True)
class GroupEvents:
    """What one group had, and what it would have had were the rates equal."""

    group: str
    n: int
    observed: float
    expected: float


@dataclass(frozen=True, slots=True)
class LogRank:
    """A comparison of groups. Where nothing can be compared the figures are None, and the note says why."""

    groups: tuple[GroupEvents, ...]
    weight: float
    """The power of the survival that weights each event: 0 for the log-rank test, 1 for the test of Peto and Peto."""
    chi_square: float | None
    degrees_of_freedom: int
    p_value: float | None
    note: str = ""


def log_rank(times: ArrayLike, events: ArrayLike, groups: Sequence[Hashable], *, weight: float = 0.0) -> LogRank:
    """Compare the rates of an event between two or more groups.

    Args:
        times: how long each participant was followed.
        events: 1 where the follow-up ended in the event, 0 where it was censored.
        groups: the group of each participant; reported in the order in which they first stand there.
        weight: 0 weighs all events alike, 1 the early ones more (Peto and Peto).

    Raises:
        InvalidInput: a time is negative or missing, an event is not 0 or 1, or the lists differ in length.

    Source:
        Mantel N. Cancer Chemother Rep 1966;50:163; Harrington DP, Fleming TR. Biometrika 1982;69:553; agrees with
        survdiff() of Therneau, R package survival 3.5.
    """
    followed = merge_ties(checked_times(times))
    ended = checked_ends(followed, events, EVENT)
    names, codes = group_codes(groups, followed.size)
    died, at_risk = _event_table(followed, ended, codes, len(names))
    factor = _weights(died.sum(axis=0), at_risk.sum(axis=0), weight)
    observed, expected = died @ factor, _expected(died, at_risk) @ factor
    sizes = np.bincount(codes, minlength=len(names))
    columns = zip(names, sizes.tolist(), observed.tolist(), expected.tolist(), strict=True)
    tallies = tuple(GroupEvents(str(name), n, seen, due) for name, n, seen, due in columns)
    used = expected > 0
    freedom = max(int(used.sum()) - 1, 0)
    covariance = _covariance(died, at_risk, factor)[np.ix_(used, used)]
    chi_square = _chi_square((observed - expected)[used], covariance)
    if chi_square is None:
        return LogRank(tallies, weight, None, freedom, None, _nothing_to_compare(len(names), observed))
    return LogRank(tallies, weight, chi_square, freedom, float(chdtrc(freedom, chi_square)))


def group_codes(groups: Sequence[Hashable], n: int) -> tuple[list[Hashable], Counts]:
    """List the groups, and give each participant the place of theirs in the list.

    Raises:
        InvalidInput: there are not as many groups as times.

    Source:
        Input rule of this package.
    """
    if len(groups) != n:
        found = f"{len(groups)} groups for {n} times"
        raise InvalidInput("groups", found, "each follow-up needs one group.", "Give lists of one length.")
    places: dict[Hashable, int] = {}
    codes = [places.setdefault(group, len(places)) for group in groups]
    return list(places), np.asarray(codes, dtype=np.int64)


def _event_table(times: Numbers, events: Counts, codes: Counts, groups: int) -> tuple[Numbers, Numbers]:
    """Count events and participants at risk: a row for each group, a column for each time with an event."""
    moments = np.unique(times[events == EVENT])
    died, at_risk = np.zeros((groups, moments.size)), np.zeros((groups, moments.size))
    for code in range(groups):
        mine = np.sort(times[codes == code])
        ended = times[(codes == code) & (events == EVENT)]
        at_risk[code] = mine.size - np.searchsorted(mine, moments, side="left")
        died[code] = np.bincount(np.searchsorted(moments, ended), minlength=moments.size)
    return died, at_risk


def _weights(died: Numbers, at_risk: Numbers, power: float) -> Numbers:
    """Weigh each time by a power of the survival of all groups together, just before it."""
    survival = np.cumprod(1 - died / at_risk, dtype=np.float64)
    before: Numbers = np.concatenate(([1.0], survival[:-1]))[: died.size]
    return before**power


def _expected(died: Numbers, at_risk: Numbers) -> Numbers:
    """Share the events of each time among the groups as they were at risk."""
    return at_risk * (died.sum(axis=0) / at_risk.sum(axis=0))


def _covariance(died: Numbers, at_risk: Numbers, factor: Numbers) -> Numbers:
    """Give the covariance of observed minus expected (hypergeometric at each time)."""
    events, everybody = died.sum(axis=0), at_risk.sum(axis=0)
    share = at_risk / everybody
    size = factor**2 * events * (everybody - events) / np.maximum(everybody - 1, 1)
    return np.diag(share @ size) - (share * size) @ share.T


def _chi_square(difference: Numbers, covariance: Numbers) -> float | None:
    """Give the square of the differences in units of their covariance; None where there is none."""
    if difference.size <= 1 or not np.any(np.diag(covariance) > 0):
        return None
    free, spread = difference[1:], covariance[1:, 1:]
    return float(free @ np.linalg.pinv(spread, hermitian=True) @ free)


def _nothing_to_compare(groups: int, observed: Numbers) -> str:
    """Say why there is no test."""
    if groups <= 1:
        return "fewer than two groups: nothing to compare"
    if not observed.any():
        return "nobody had the event: nothing to compare"
    return "at each event everybody at risk was of one group, or had it: nothing to compare"

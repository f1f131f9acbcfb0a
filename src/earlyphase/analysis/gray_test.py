"""Gray's test: is the cumulative incidence of a cause the same in all groups, the other causes competing?"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import chdtrc

from earlyphase.analysis.follow_up import Counts, Numbers, checked_ends, checked_times, merge_ties
from earlyphase.analysis.log_rank import group_codes
from earlyphase.faults import InvalidInput

CAUSE, OTHER = 1, 2
"""How ends are coded here: the cause that is compared, and every other."""


@dataclass(frozen=True, slots=True)
class GrayTest:
    """A comparison of cumulative incidences. Where nothing can be compared the figures are None; the note says why."""

    cause: int
    groups: tuple[str, ...]
    events: tuple[int, ...]
    """How many of each group had the event of the cause."""
    chi_square: float | None
    degrees_of_freedom: int
    p_value: float | None
    note: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class _Course:
    """What each group went through: a row for each time with an event, a column for each group."""

    at_risk: Numbers
    cause: Numbers
    other: Numbers
    before: Numbers
    """The survival without any event just before each time."""
    after: Numbers
    incidence: Numbers
    """The cumulative incidence of the cause just before each time."""


@dataclass(frozen=True, slots=True, eq=False)
class _Pooled:
    """What all groups have in common were their incidences equal."""

    risk: Numbers
    """Gray's h: those at risk over their survival, by time and group."""
    share: Numbers
    """How much of the events of the cause at each time falls to a unit of h."""
    before: Numbers
    after: Numbers


def gray_test(
    times: ArrayLike, ends: ArrayLike, groups: Sequence[Hashable], *, cause: int = 1, weight: float = 0.0
) -> GrayTest:
    """Compare the cumulative incidence of one cause between two or more groups.

    Args:
        times: how long each participant was followed.
        ends: 0 where the follow-up was censored, else the number of the cause.
        groups: the group of each participant.
        cause: the cause whose incidence is compared.
        weight: the power of 1 − the common incidence that weighs each event; 0 weighs all alike.

    Raises:
        InvalidInput: a time is negative or missing, an end is no cause, or the lists differ in length.

    Source:
        Gray RJ. Ann Stat 1988;16:1141; agrees with cuminc() of Gray, R package cmprsk 2.2-11.
    """
    followed = merge_ties(checked_times(times))
    most = max([cause, *(int(end) for end in np.asarray(ends, dtype=np.float64).ravel() if np.isfinite(end))])
    given = checked_ends(followed, ends, most)
    if cause < 1:
        raise InvalidInput("cause", cause, "is no cause: causes are numbered from 1.")
    coded = np.where(given == 0, 0, np.where(given == cause, CAUSE, OTHER)).astype(np.int64)
    names, codes = group_codes(groups, followed.size)
    events = tuple(int(((coded == CAUSE) & (codes == place)).sum()) for place in range(len(names)))
    freedom, told = max(len(names) - 1, 0), tuple(str(name) for name in names)
    if freedom == 0 or not any(events):
        note = "fewer than two groups" if freedom == 0 else "nobody had the event"
        return GrayTest(cause, told, events, None, freedom, None, f"{note}: nothing to compare")
    course = _course(followed, coded, codes, len(names))
    score, covariance = _score(course, weight)
    if not np.any(np.diag(covariance)[:-1] > 0):
        return GrayTest(cause, told, events, None, freedom, None, "nothing varies: nothing to compare")
    free = score[:-1]
    chi_square = float(free @ np.linalg.pinv(covariance[:-1, :-1], hermitian=True) @ free)
    return GrayTest(cause, told, events, chi_square, freedom, float(chdtrc(freedom, chi_square)))


def _course(times: Numbers, ends: Counts, codes: Counts, groups: int) -> _Course:
    moments = np.unique(times[ends > 0])
    shape = (moments.size, groups)
    at_risk, cause, other = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    for code in range(groups):
        mine, how = times[codes == code], ends[codes == code]
        at_risk[:, code] = mine.size - np.searchsorted(np.sort(mine), moments, side="left")
        for table, kind in ((cause, CAUSE), (other, OTHER)):
            table[:, code] = np.bincount(np.searchsorted(moments, mine[how == kind]), minlength=moments.size)
    some = np.maximum(at_risk, 1)
    after = np.cumprod(1 - (cause + other) / some, axis=0, dtype=np.float64)
    before = _shifted(after, 1.0)
    return _Course(at_risk, cause, other, before, after, _shifted(np.cumsum(before * cause / some, axis=0), 0.0))


def _shifted(values: Numbers, first: float) -> Numbers:
    """Give what stood just before each time."""
    return np.concatenate((np.full((1, *values.shape[1:]), first), values[:-1]))


def _pooled(course: _Course) -> _Pooled:
    risk = np.divide(course.at_risk, course.before, out=np.zeros_like(course.at_risk), where=course.at_risk > 0)
    share = course.cause.sum(axis=1) / risk.sum(axis=1)
    after = np.cumsum(share, dtype=np.float64)
    return _Pooled(risk, share, _shifted(after, 0.0), after)


def _score(course: _Course, weight: float) -> tuple[Numbers, Numbers]:
    """Give the score of every group with the covariance of the scores, as Gray 1988 gives them."""
    pooled = _pooled(course)
    left = np.maximum(1 - pooled.before, 0.0)
    factor = left**weight
    exposed = pooled.risk * (1 - course.incidence)
    due = course.cause.sum(axis=1, keepdims=True) * exposed / exposed.sum(axis=1, keepdims=True)
    score = (factor[:, None] * (course.cause - due)).sum(axis=0)

    part = pooled.risk / pooled.risk.sum(axis=1, keepdims=True)
    own = pooled.risk[:, :, None] * (np.eye(part.shape[1]) - part[:, None, :]) * factor[:, None, None]
    hazard = np.divide(pooled.share, left, out=np.zeros_like(left), where=left > 0)
    grown = np.cumsum(own * hazard[:, None, None], axis=0)
    ahead = grown[-1] - grown  # what is still to come of each group's influence
    alive = course.after > 0
    ratio = np.divide((1 - pooled.after)[:, None], course.after, out=np.zeros_like(course.after), where=alive)
    by_cause = own + np.where(alive, 1 - ratio, 1.0)[:, None, :] * ahead
    by_other = ratio[:, None, :] * ahead
    first, second = _variances(course, pooled)
    spread = np.einsum("tkr,tlr,tr->kl", by_cause, by_cause, first)
    return score, spread + np.einsum("tkr,tlr,tr->kl", by_other, by_other, second)


def _variances(course: _Course, pooled: _Pooled) -> tuple[Numbers, Numbers]:
    """Give the variance of the steps of each group, of the cause and of the others, with ties counted as they are."""
    here = course.at_risk > 0
    some = np.maximum(course.at_risk, 1)
    events = course.cause.sum(axis=1, keepdims=True)
    total = pooled.risk.sum(axis=1, keepdims=True)
    room = total * course.before - 1
    tied = np.where(events > 1, 1 - np.divide(events - 1, room, out=np.zeros_like(room), where=room != 0), 1.0)
    first = np.where(here, tied * course.before * events / (total * some), 0.0)
    tied = np.where(course.other > 1, 1 - (course.other - 1) / np.maximum(course.at_risk - 1, 1), 1.0)
    second = tied * course.before**2 * course.other / some**2
    return first, np.where(course.after > 0, second, 0.0)

"""Rules that stop a study early for toxicity or futility: their boundaries, and exactly how they behave."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

import numpy as np
from scipy.special import bdtr, bdtrc

from earlyphase.analysis.follow_up import Numbers
from earlyphase.analysis.proportions import BetaBelief, checked_rate, posterior
from earlyphase.faults import InvalidInput


class Concern(StrEnum):
    """What a rule watches for."""

    TOXICITY = "toxicity"
    """Too many participants with the event."""
    FUTILITY = "futility"
    """Too few."""


@dataclass(frozen=True, slots=True)
class Look:
    """One look at the data: after this many participants, stop at this count."""

    n: int
    stop_at: int | None
    """For toxicity the least, for futility the most events at which to stop; None where no count stops."""


@dataclass(frozen=True, slots=True)
class Boundary:
    """A stopping rule worked out: what to stop at, at every look."""

    concern: Concern
    rule: str
    """The rule in words, as a protocol states it."""
    looks: tuple[Look, ...]

    def stops(self, n: int, events: int) -> bool:
        """Say whether the rule stops at this count; never between two looks."""
        bound = next((look.stop_at for look in self.looks if look.n == n), None)
        if bound is None:
            return False
        return events >= bound if self.concern is Concern.TOXICITY else events <= bound


@dataclass(frozen=True, slots=True)
class Characteristics:
    """How a rule behaves when the true rate of the event is known. Computed exactly."""

    rate: float
    stops: float
    """The chance that the rule stops the study, at the last look included."""
    expected_n: float
    expected_events: float
    stops_at: tuple[tuple[int, float], ...]
    """The chance of stopping at each look: participants, chance."""


def continuously(first: int, last: int) -> tuple[int, ...]:
    """Look after every participant, from the first to the last of these.

    Raises:
        InvalidInput: there is no participant from the one to the other.

    Source:
        Ivanova A, Qaqish BF, Schell MJ. Biometrics 2005;61:540: toxicity is monitored after every participant.
    """
    return _checked_looks(range(first, last + 1))


def bayesian_toxicity(limit: float, certainty: float, prior: BetaBelief, looks: Sequence[int]) -> Boundary:
    """Stop where the rate of toxicity is believed, with more than this certainty, to exceed its limit.

    Args:
        limit: the highest rate that is tolerable.
        certainty: how sure one must be.
        prior: what is believed of the rate before the study.
        looks: after how many participants one looks.

    Raises:
        InvalidInput: a figure is out of range, or the prior alone would stop the study.

    Source:
        Geller NL et al. Clin Cancer Res 2003;9:5137; Thall PF, Simon R. Biometrics 1994;50:337.
    """
    _checked_open("limit", limit)
    _refuse_if(prior.chance_above(limit) > _checked_open("certainty", certainty), prior)
    rule = (
        f"stop when the chance that the rate exceeds {limit:g} is above {certainty:g}, "
        f"prior beta({prior.responders:g}, {prior.others:g})"
    )

    def stops(events: int, n: int) -> bool:
        """Weigh one count."""
        return posterior(prior, events, n).chance_above(limit) > certainty

    return Boundary(Concern.TOXICITY, rule, tuple(Look(n, _least(n, stops)) for n in _checked_looks(looks)))


def bayesian_futility(goal: float, certainty: float, prior: BetaBelief, looks: Sequence[int]) -> Boundary:
    """Stop where the rate of response is believed, with more than this certainty, not to exceed its goal.

    Args:
        goal: the rate of response that is worth pursuing.
        certainty: how sure one must be.
        prior: what is believed of the rate before the study.
        looks: after how many participants one looks.

    Raises:
        InvalidInput: a figure is out of range, or the prior alone would stop the study.

    Source:
        Thall PF, Simon R. Biometrics 1994;50:337.
    """
    _checked_open("goal", goal)
    _refuse_if(prior.chance_above(goal) < 1 - _checked_open("certainty", certainty), prior)
    rule = (
        f"stop when the chance that the rate exceeds {goal:g} is below {1 - certainty:g}, "
        f"prior beta({prior.responders:g}, {prior.others:g})"
    )

    def stops(events: int, n: int) -> bool:
        """Weigh one count."""
        return posterior(prior, events, n).chance_above(goal) < 1 - certainty

    return Boundary(Concern.FUTILITY, rule, tuple(Look(n, _most(n, stops)) for n in _checked_looks(looks)))


def exact_toxicity(limit: float, error: float, looks: Sequence[int]) -> Boundary:
    """Stop where so many toxicities would be too rare at the limit; all looks together err no more than stated.

    The same level is used at every look: the largest with which the chance of ever stopping, were the rate at its
    limit, stays at most the error.

    Source:
        Ivanova A, Qaqish BF, Schell MJ. Biometrics 2005;61:540.
    """
    rule = f"stop at an exact test of a rate of {limit:g}, one level at all looks, {error:g} in all"
    return _exact(Concern.TOXICITY, rule, (limit, error), looks)


def exact_futility(goal: float, error: float, looks: Sequence[int]) -> Boundary:
    """Stop where so few responses would be too rare at the goal; all looks together err no more than stated.

    The same level is used at every look: the largest with which the chance of ever stopping, were the rate at its
    goal, stays at most the error.

    Source:
        Ivanova A, Qaqish BF, Schell MJ. Biometrics 2005;61:540, applied to the other tail.
    """
    rule = f"stop at an exact test of a rate of {goal:g}, one level at all looks, {error:g} in all"
    return _exact(Concern.FUTILITY, rule, (goal, error), looks)


def operating_characteristics(boundary: Boundary, rate: float) -> Characteristics:
    """Give the chances and the expected size of a study under this rule, were the true rate so.

    Source:
        Schultz JR, Nichol FR, Elfring GL, Weed SD. Biometrics 1973;29:293: exact recursion over the counts.
    """
    checked_rate("rate", rate)
    moments = {look.n for look in boundary.looks}
    last = boundary.looks[-1].n
    going: Numbers = np.array([1.0])
    stopped: list[tuple[int, float]] = []
    expected_n = 0.0
    for n in range(1, last + 1):
        expected_n += float(going.sum())
        going = np.convolve(going, [1 - rate, rate])
        if n in moments:
            stopping = np.array([boundary.stops(n, events) for events in range(n + 1)])
            stopped.append((n, float(going[stopping].sum())))
            going = np.where(stopping, 0.0, going)
    stops = sum(chance for _, chance in stopped)
    return Characteristics(rate, stops, expected_n, expected_n * rate, tuple(stopped))


def _exact(concern: Concern, rule: str, terms: tuple[float, float], looks: Sequence[int]) -> Boundary:
    """Find the largest common level that keeps the error of all looks together."""
    rate, error = (_checked_open(place, value) for place, value in zip(("limit or goal", "error"), terms, strict=True))
    moments = _checked_looks(looks)
    tail = _chance_of_more if concern is Concern.TOXICITY else _chance_of_fewer
    levels = sorted({tail(events, n, rate) for n in moments for events in range(n + 1)})

    def bounded(level: float) -> Boundary:
        """Work the rule out at one level."""

        def stops(events: int, n: int) -> bool:
            """Test one count."""
            return tail(events, n, rate) <= level

        find = _least if concern is Concern.TOXICITY else _most
        return Boundary(concern, rule, tuple(Look(n, find(n, stops)) for n in moments))

    kept, refused = -1, len(levels)
    while refused - kept > 1:
        middle = (kept + refused) // 2
        errs = operating_characteristics(bounded(levels[middle]), rate).stops > error
        kept, refused = (kept, middle) if errs else (middle, refused)
    return bounded(levels[kept] if kept >= 0 else -1.0)


def _chance_of_more(events: int, n: int, rate: float) -> float:
    """Give the chance of this many events or more."""
    return 1.0 if events == 0 else float(bdtrc(events - 1, n, rate))


def _chance_of_fewer(events: int, n: int, rate: float) -> float:
    """Give the chance of this many events or fewer."""
    return float(bdtr(events, n, rate))


def _least(n: int, stops: Callable[[int, int], bool]) -> int | None:
    """Find the smallest count that stops."""
    return next((events for events in range(n + 1) if stops(events, n)), None)


def _most(n: int, stops: Callable[[int, int], bool]) -> int | None:
    """Find the largest count that stops."""
    return next((events for events in range(n, -1, -1) if stops(events, n)), None)


def _checked_looks(looks: Sequence[int]) -> tuple[int, ...]:
    """Take the numbers of participants after which one looks: rising, and at least one."""
    moments = tuple(looks)
    if not moments or moments[0] < 1 or any(later <= earlier for earlier, later in pairwise(moments)):
        rule = "must be numbers of participants that rise from 1 or more."
        raise InvalidInput("looks", list(moments), rule, "Write 3, 6, 9 for a look after each three.")
    return moments


def _checked_open(place: str, rate: float) -> float:
    """Take a probability that is neither 0 nor 1."""
    if not 0 < rate < 1:
        raise InvalidInput(place, rate, "must lie between 0 and 1.", "Write 0.3 for 30 %.")
    return rate


def _refuse_if(stops_by_itself: bool, prior: BetaBelief) -> None:  # noqa: FBT001 - the one thing that it asks
    """Refuse a prior that would stop the study before anybody is observed."""
    if stops_by_itself:
        shown = f"beta({prior.responders:g}, {prior.others:g})"
        remedy = "Take a prior that doubts more, or ask for more certainty."
        raise InvalidInput("prior", shown, "would stop the study before anybody is observed.", remedy)

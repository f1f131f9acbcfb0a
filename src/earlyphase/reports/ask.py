"""What a statistician asks of data in a line each, without a study; every answer shows itself in a notebook.

The answers are those of `earlyphase analyse`, as values.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from numpy.typing import ArrayLike

from earlyphase.analysis.aalen_johansen import CumulativeIncidence, aalen_johansen, incidence_at
from earlyphase.analysis.estimates import Estimate
from earlyphase.analysis.follow_up import as_numbers
from earlyphase.analysis.gray_test import GrayTest, gray_test
from earlyphase.analysis.kaplan_meier import KaplanMeier, kaplan_meier, reverse_kaplan_meier, survival_at
from earlyphase.analysis.log_rank import LogRank, log_rank
from earlyphase.analysis.proportions import JEFFREYS, BetaBelief, Posterior, posterior_of, proportion
from earlyphase.analysis.survival_quantiles import median
from earlyphase.escalation.showing import html_table
from earlyphase.faults import InvalidInput
from earlyphase.reports.drawing import draw
from earlyphase.reports.figures.survival import TimeAxis
from earlyphase.reports.figures.survival import kaplan_meier as curves_figure
from earlyphase.reports.values import Figure
from earlyphase.reports.wording import NOT_REACHED, percent, percent_interval, with_interval

EVERYBODY = ""
"""The name of the one group of data that are not split."""


@dataclass(frozen=True, slots=True)
class Group:
    """The survival of one group."""

    name: str
    curve: KaplanMeier
    median: Estimate
    follow_up: Estimate
    """The median by reverse Kaplan–Meier."""
    at: tuple[tuple[float, Estimate], ...]
    """The survival at each landmark."""


@dataclass(frozen=True, slots=True)
class Survival:
    """Kaplan–Meier curves, compared where there are several."""

    groups: tuple[Group, ...]
    compared: LogRank | None
    unit: str

    @property
    def median(self) -> Estimate:
        """The median of the only group.

        Raises:
            InvalidInput: there are several; ask each of `groups`.
        """
        return _only(self.groups).median

    def figure(self) -> Figure:
        """Draw the curves with the numbers at risk."""
        named = [(one.name, one.curve) for one in self.groups]
        return curves_figure(named, title="Without the event", axis=TimeAxis(title=self.unit))

    def _repr_html_(self) -> str:
        """Show the curves and what is read from them."""
        marks = [f"At {when:g}" for when, _ in (self.groups[0].at if self.groups else ())]
        rows = [
            (
                one.name or "all",
                str(one.curve.n),
                str(int(one.curve.events.sum())),
                _time(one.median),
                _time(one.follow_up),
                *(with_interval(percent(each.estimate), percent_interval(each)) for _, each in one.at),
            )
            for one in self.groups
        ]
        headings = ("Group", "N", "Events", f"Median, {self.unit}", f"Follow-up, {self.unit}", *marks)
        drawn = draw(self.figure(), background="white") if any(one.curve.n for one in self.groups) else ""
        notes = [one.median.note for one in self.groups if one.median.note]
        limits = {f"{100 * one.curve.level:g} % limits: {one.curve.interval.value}" for one in self.groups}
        told = [*sorted(limits), *notes, *(_compared("Log-rank", self.compared) if self.compared else ())]
        return drawn + html_table(headings, rows, ". ".join(told))


@dataclass(frozen=True, slots=True)
class Incidence:
    """Cumulative incidences by group and cause, compared where there are several groups."""

    groups: tuple[tuple[str, CumulativeIncidence], ...]
    compared: tuple[GrayTest, ...]
    at: tuple[float, ...]

    def _repr_html_(self) -> str:
        """Show the incidence of each cause at each landmark."""
        rows = [
            (
                name or "all",
                str(cause),
                str(curve.n),
                str(int(curve.events[cause - 1].sum())),
                *(with_interval(percent(one.estimate), percent_interval(one)) for one in _at(curve, cause, self.at)),
            )
            for name, curve in self.groups
            for cause in range(1, curve.causes + 1)
        ]
        headings = ("Group", "Cause", "N", "Events", *(f"At {when:g}" for when in self.at))
        told = [part for test in self.compared for part in _compared(f"Gray's test, cause {test.cause}", test)]
        return html_table(headings, rows, ". ".join(("Aalen–Johansen", *told)))


@dataclass(frozen=True, slots=True)
class Rate:
    """A response rate."""

    responders: int
    n: int
    exact: Estimate
    """By the interval that was asked for; Clopper–Pearson by default."""
    mid_p: Estimate
    posterior: Posterior

    def _repr_html_(self) -> str:
        """Show the rate with its intervals, and its posterior."""
        belief = self.posterior
        prior = f"posterior, prior beta({belief.prior.responders:g}, {belief.prior.others:g})"
        named = ((self.exact.interval, self.exact), (self.mid_p.interval, self.mid_p), (prior, belief.rate))
        rows = [(name, percent(one.estimate), percent_interval(one)) for name, one in named]
        above = (
            f" Chance that the true rate is above {percent(belief.null)}: {percent(belief.above)}; one-sided exact p = "
            f"{belief.p_value:.4f}."
            if belief.null is not None
            else ""
        )
        note = f"{self.responders} of {self.n} responded.{above}"
        return html_table(("By", "Rate", f"{100 * self.exact.level:g} % interval"), rows, note)


def km(  # noqa: PLR0913 - each is an option of the command
    times: ArrayLike,
    events: ArrayLike,
    by: Sequence[Hashable] | None = None,
    *,
    ci: str = "log-log",
    level: float = 0.95,
    at: Sequence[float] = (),
    unit: str = "time",
) -> Survival:
    """Estimate survival by Kaplan–Meier, for each group where `by` names them.

    Raises:
        InvalidInput: a time is negative or missing, an event is not 0 or 1, or the lists differ in length.
    """
    groups = tuple(
        _group(name, when, how, ci, level, at)
        for name, when, how in _split(list(_flat(times)), list(_flat(events)), by)
    )
    return Survival(groups, log_rank(times, events, by) if by is not None and len(groups) > 1 else None, unit)


def cif(
    times: ArrayLike,
    causes: ArrayLike,
    by: Sequence[Hashable] | None = None,
    *,
    level: float = 0.95,
    at: Sequence[float] = (),
) -> Incidence:
    """Estimate cumulative incidences by Aalen and Johansen: 0 is censored, 1, 2 … are causes.

    Raises:
        InvalidInput: a time is negative or missing, a cause is none, or the lists differ in length.
    """
    when, how = list(_flat(times)), list(_flat(causes))
    most = max((int(one) for one in how), default=0) or 1
    parts = _split(when, how, by)
    groups = tuple((name, aalen_johansen(mine, ends, causes=most, level=level)) for name, mine, ends in parts)
    several = by is not None and len(groups) > 1
    tests = tuple(gray_test(when, how, by or (), cause=cause) for cause in range(1, most + 1)) if several else ()
    return Incidence(groups, tests, tuple(at) or (max(when, default=0.0),))


def orr(
    responders: int,
    n: int,
    *,
    interval: str = "clopper-pearson",
    level: float = 0.95,
    prior: tuple[float, float] | None = None,
    null: float | None = None,
) -> Rate:
    """Give a response rate with its intervals and its posterior, and how likely the true rate exceeds a null.

    Args:
        responders: how many responded.
        n: how many were counted.
        interval: of the first estimate.
        level: the confidence level.
        prior: alpha and beta; Jeffreys' 0.5 and 0.5 when absent.
        null: the rate that is to be exceeded.

    Raises:
        InvalidInput: a count is negative, there are more responders than participants, or an option is not known.
    """
    belief = JEFFREYS if prior is None else BetaBelief(*prior)
    first, second = (proportion(responders, n, interval=way, level=level) for way in (interval, "mid-p"))
    return Rate(responders, n, first, second, posterior_of(belief, responders, n, null=null, level=level))


def _flat(values: ArrayLike) -> Sequence[float]:
    return as_numbers("values", values).tolist()


def _split(
    times: list[float], ends: list[float], by: Sequence[Hashable] | None
) -> list[tuple[str, list[float], list[float]]]:
    if by is None:
        return [(EVERYBODY, times, ends)]
    if not len(times) == len(ends) == len(by):
        found = f"{len(times)} times, {len(ends)} events, {len(by)} groups"
        raise InvalidInput("groups", found, "each follow-up needs one of each.", "Give lists of one length.")
    names = dict.fromkeys(by)
    places = {name: [place for place, own in enumerate(by) if own == name] for name in names}
    return [
        (str(name), [times[place] for place in own], [ends[place] for place in own]) for name, own in places.items()
    ]


def _group(name: str, times: list[float], events: list[float], ci: str, level: float, at: Sequence[float]) -> Group:
    curve = kaplan_meier(times, events, interval=ci, level=level)
    followed = median(reverse_kaplan_meier(times, events, interval=ci, level=level))
    return Group(name, curve, median(curve), followed, tuple((when, survival_at(curve, when)) for when in at))


def _only(groups: Sequence[Group]) -> Group:
    if len(groups) != 1:
        raise InvalidInput("groups", len(groups), "there is not one group.", "Ask each of `groups`.")
    return groups[0]


def _at(curve: CumulativeIncidence, cause: int, at: Sequence[float]) -> list[Estimate]:
    return [incidence_at(curve, cause, when) for when in at]


def _time(estimate: Estimate) -> str:
    if estimate.note.startswith("not estimable"):
        return "not estimable"
    shown = [
        NOT_REACHED if one is None else f"{one:.5g}" for one in (estimate.estimate, estimate.lower, estimate.upper)
    ]
    return f"{shown[0]} ({shown[1]} to {shown[2]})"


def _compared(name: str, test: LogRank | GrayTest) -> tuple[str, ...]:
    if test.chi_square is None or test.p_value is None:
        return (f"{name}: {test.note}",)
    return (f"{name}: chi-square {test.chi_square:.2f} on {test.degrees_of_freedom} df, p = {test.p_value:.4f}",)

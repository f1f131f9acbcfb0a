"""How figures are written for people: counts, shares, intervals, months, and what is missing."""

from collections.abc import Iterable, Mapping

from earlyphase.analysis.estimates import Estimate
from earlyphase.analysis.results import Number, counts
from earlyphase.analysis.summaries import summary
from earlyphase.dates import MONTH
from earlyphase.reports.values import Cell
from earlyphase.study.cohorts import level_name

NONE = "–"
"""What a cell shows where there is nothing to show."""
NOT_REACHED = "not reached"


def counted(participants: Iterable[str], of: int | None = None) -> Cell:
    """Show how many participants, and their share; the cell can be followed to them."""
    people = tuple(participants)
    numbers = counts(len(people), of)
    if of is None:
        return Cell(str(len(people)), people, numbers)
    if not people:
        return Cell("0" if of else NONE, (), numbers)
    return Cell(f"{len(people)} ({share(len(people), of)})", people, numbers)


def number(statistic: str, value: float, participants: Iterable[str] = ()) -> Cell:
    """Show a plain number: how many events there were."""
    return Cell(f"{value:g}", tuple(participants), (Number(statistic, value),))


def share(part: int, whole: int) -> str:
    """Write a share in whole percents; below 10 participants no decimals would mean anything."""
    return f"{100 * part / whole:.0f} %" if whole else NONE


def percent(value: float | None) -> str:
    """Write a probability in percent, to one decimal."""
    return NONE if value is None else f"{100 * value:.1f} %"


def percent_interval(estimate: Estimate) -> str:
    """Write an interval in percent."""
    if estimate.lower is None and estimate.upper is None:
        return NONE
    return f"{percent(estimate.lower)} to {percent(estimate.upper)}"


def months(days: float | None) -> str:
    """Write a time in months, to one decimal."""
    return NOT_REACHED if days is None else f"{days / MONTH:.1f}"


def months_interval(estimate: Estimate) -> str:
    """Write an interval of times in months."""
    if estimate.estimate is None and estimate.lower is None and estimate.upper is None:
        return NONE
    return f"{months(estimate.lower)} to {months(estimate.upper)}"


def level(number: int | None) -> str:
    """Name a dose level."""
    return NONE if number is None else f"Level {level_name(number)}"


def with_interval(figure: str, interval: str) -> str:
    """Put an interval, where there is one, behind its figure."""
    return figure if interval == NONE else f"{figure} ({interval})"


def named_level(number: int | None, people: int) -> str:
    """Head a column with a dose level, or all of them, and how many participants it has."""
    return f"{'All levels' if number is None else level(number)} (N = {people})"


def spread(values: Mapping[str, float], unit: str = "", decimals: int = 1) -> Cell:
    """Show the values of participants in one cell: the median with the least and the most."""
    people, found = tuple(values), summary(tuple(values.values()), unit)
    if found.median is None:
        return Cell(NONE, (), found.numbers())
    median, least, most = (f"{value or 0:.{decimals}f}" for value in (found.median, found.least, found.most))
    return Cell(f"{median} ({least} to {most})", people, found.numbers())

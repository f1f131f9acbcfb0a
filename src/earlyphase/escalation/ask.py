"""What a statistician asks of a design, in a line each; every answer shows itself in a notebook.

The options are those of the command line, `Options`, by their names: `target=0.3`, `cohort_size=3`, `max_n=30`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from html import escape
from typing import Any, TypeVar

from earlyphase.escalation import comparison
from earlyphase.escalation import paths as following
from earlyphase.escalation.calendar_time import Truth, simulate_calendar
from earlyphase.escalation.catalogue import Kind, build, find
from earlyphase.escalation.characteristics import Characteristics, characteristics, checked_truths
from earlyphase.escalation.comparison import Calendar, Compared, average, judge
from earlyphase.escalation.completing import completed, count_design_of, options_of
from earlyphase.escalation.conduct import Conduct
from earlyphase.escalation.course import advise, course_of
from earlyphase.escalation.decision_table import DecisionTable
from earlyphase.escalation.design import Recommendation
from earlyphase.escalation.exact import every_end
from earlyphase.escalation.interval import target_of
from earlyphase.escalation.notation import parse_outcomes
from earlyphase.escalation.scenarios import fixed_scenarios
from earlyphase.escalation.showing import html_table, svg_bars
from earlyphase.escalation.timed_catalogue import build_timed
from earlyphase.escalation.timed_characteristics import TimedCharacteristics
from earlyphase.faults import InvalidInput

Item = TypeVar("Item", Characteristics, TimedCharacteristics)


class Answers(tuple[Item, ...]):
    """One answer for each truth, in order."""

    __slots__ = ()

    def _repr_html_(self) -> str:
        """Show them in a notebook, one below the other."""
        return "".join(each.to_html() for each in self)


@dataclass(frozen=True, slots=True)
class Paths:
    """What a design advises now, and what each result of the next cohorts leads to."""

    now: Recommendation
    results: tuple[following.Path, ...]

    def _repr_html_(self) -> str:
        """Show them in a notebook, as a tree."""
        return f"<p>{escape(self.now.reason)}</p>{_tree(self.results)}"


@dataclass(frozen=True, slots=True)
class Comparison:
    """Designs side by side, over the same curves."""

    target: float
    designs: tuple[Compared, ...]

    def _repr_html_(self) -> str:
        """Show the averages over the curves in a notebook, as a table and as bars."""
        rows: list[tuple[str, ...]] = []
        bars: list[tuple[str, tuple[float, ...]]] = []
        for one in self.designs:
            mean = average([judge(result, self.target) for result in one.results])
            shares = (mean.correct, mean.too_low, mean.too_high, mean.none)
            bars.append((one.name, shares))
            treated = (f"{mean.at_mtd:.1%}", f"{mean.above:.1%}", f"{mean.participants:.1f}", one.method)
            rows.append((one.name, *(f"{share:.1%}" for share in shares), *treated))
        parts = ("MTD found", "too low", "too high", "none chosen")
        title = f"What comes of each design, on average over {len(self.designs[0].results)} curves"
        headings = ("Design", *parts, "Treated at the MTD", "Treated above it", "Participants", "Figures")
        return svg_bars(title, bars, parts) + html_table(headings, rows, f"{title}, target {self.target:g}.")


def decision_table(design: str, n_max: int = 30, **options: Any) -> DecisionTable:  # noqa: ANN401 - each has its own type
    """Give the decision table of a count-driven design.

    Raises:
        InvalidInput: an option is missing or wrong, or the design has no such table.

    Source: the design's own.
    """
    made = count_design_of(design, options_of(options), n_max)
    return DecisionTable(made.table.rows[:n_max])


def oc(design: str, *truths: Sequence[float], outcomes: str = "", **options: Any) -> Answers[Characteristics]:  # noqa: ANN401 - each has its own type
    """Give exact operating characteristics, one for each truth; with `outcomes` from here.

    Units: probability; participants.

    Raises:
        InvalidInput: an option or a truth cannot be used, or the design depends on calendar time.

    Source: the design's own.
    """
    if find(design).kind is Kind.TIME:
        raise InvalidInput("design", design, "depends on calendar time.", "Ask `oc_in_time`.")
    planned = build(design, completed(design, options_of(options), truths))
    checked_truths(truths, planned.doses)
    course = course_of(planned, parse_outcomes(outcomes, planned.doses)) if outcomes else None
    return Answers(characteristics(every_end(planned, course), truths))


def oc_in_time(
    design: str,
    *truths: Sequence[float],
    conduct: Conduct | None = None,
    trials: int = 1_000,
    seed: int = 1,
    responses: Sequence[float] = (),
    **options: Any,  # noqa: ANN401 - each has its own type
) -> Answers[TimedCharacteristics]:
    """Simulate operating characteristics in calendar time, one for each truth.

    Units: probability; participants; days.

    Raises:
        InvalidInput: an option or a truth cannot be used.

    Source: the design's own; `Conduct`.
    """
    planned = build_timed(design, completed(design, options_of(options), truths))
    checked_truths(truths, planned.doses)
    wanted = [Truth(tuple(truth), tuple(responses)) for truth in truths]
    return Answers(simulate_calendar(planned, truth, conduct or Conduct(), trials, seed) for truth in wanted)


def next_dose(design: str, outcomes: str = "", *, observed: bool = False, **options: Any) -> Recommendation:  # noqa: ANN401 - each has its own type
    """Give the next dose and its reason, after outcomes such as `1NNN 2NNT`.

    Raises:
        InvalidInput: an option is wrong, or the design could not have produced the outcomes and `observed` is not set.

    Source: the design's own.
    """
    planned = build(design, options_of(options))
    return advise(planned, parse_outcomes(outcomes, planned.doses), observed=observed)


def paths(design: str, outcomes: str = "", ahead: int = 1, **options: Any) -> Paths:  # noqa: ANN401 - each has its own type
    """Give what each result of the next cohorts leads to, so many cohorts ahead.

    Raises:
        InvalidInput: an option is wrong, or the paths are too many to be read.

    Source: the design's own.
    """
    planned = build(design, options_of(options))
    course = course_of(planned, parse_outcomes(outcomes, planned.doses)) if outcomes else None
    return Paths(*following.paths(planned, course, ahead))


def compare(
    *designs: str,
    truths: Sequence[Sequence[float]] = (),
    calendar: Calendar | None = None,
    **options: Any,  # noqa: ANN401 - each has its own type
) -> Comparison:
    """Compare designs over the same curves; by default over the fixed set for the target and the doses.

    Raises:
        InvalidInput: an option or a truth cannot be used.

    Source: the designs' own.
    """
    shared = options_of(options)
    target = target_of(shared)
    if not truths and shared.doses is None:
        raise InvalidInput("doses", None, "is missing.", "Give the number of doses, or truths.")
    curves = tuple(map(tuple, truths)) or fixed_scenarios(target, shared.doses or 0)
    shared = replace(shared, doses=shared.doses or len(curves[0]))
    checked_truths(curves, shared.doses or 0)
    return Comparison(target, comparison.compare(designs, shared, curves, calendar))


def _tree(results: tuple[following.Path, ...]) -> str:
    """Write paths as lists within lists."""
    if not results:
        return ""
    items = "".join(
        f"<li><code>{each.word}</code> {escape(each.advice.in_short())}{_tree(each.next)}</li>" for each in results
    )
    return f"<ul>{items}</ul>"

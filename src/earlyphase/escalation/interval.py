"""What the interval designs share: their target, the limits around it, and how options become a design."""

from collections.abc import Callable
from dataclasses import dataclass

from earlyphase.escalation.behaving import Behaving, behave, cohort_sizes, max_participants
from earlyphase.escalation.behaviours import StartAt
from earlyphase.escalation.count_design import CountDesign
from earlyphase.escalation.decision_table import DecisionTable
from earlyphase.escalation.design import Design
from earlyphase.escalation.isotonic import IsotonicSelection
from earlyphase.escalation.options import Options, needed
from earlyphase.faults import InvalidInput

N_MAX = 30
"""How far a table reaches where no maximum was given."""

CUTOFF = 0.95
"""Chance above which a dose is eliminated. Source: Ji 2010, Clin Trials 7:653; Liu & Yuan 2015."""

MARGIN = 0.05
"""Half-width of the interval around the target. Source: Yan 2017, Clin Cancer Res 23:3994; Liu 2020."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The target, and the interval around it in which the dose stays."""

    target: float
    low: float
    high: float


def limits(options: Options) -> Limits:
    """Give the target and its interval from `--target` and `--margin`.

    Raises:
        InvalidInput: the target is missing or not a probability, or the interval leaves 0 to 1.

    Source: Yan 2017, Clin Cancer Res 23:3994, for the margins of 0.05.
    """
    target = target_of(options)
    margin = options.margin or (MARGIN, MARGIN)
    if len(margin) not in (1, 2) or min(margin) < 0:
        raise InvalidInput("--margin", margin, "is not one margin or two, below and above.", "As in 0.05,0.05.")
    low, high = target - margin[0], target + margin[-1]
    if not 0 < low < high < 1:
        raise InvalidInput("--margin", margin, f"leads to the interval {low:g} to {high:g}, not within 0 and 1.")
    return Limits(target, low, high)


def target_of(options: Options) -> float:
    """Give the target DLT probability.

    Raises:
        InvalidInput: it is missing, or not between 0 and 1.

    Source: the protocol's target.
    """
    target = needed(options.target, "--target", "Give the target DLT probability, as in --target 0.3.")
    if not 0 < target < 1:
        raise InvalidInput("--target", target, "is not between 0 and 1.", "Give a probability, as in 0.3.")
    return target


def cutoff_of(options: Options) -> float:
    """Give the chance above which a dose is eliminated.

    Raises:
        InvalidInput: it is not between 0.5 and 1.

    Source: Ji 2010; Liu & Yuan 2015.
    """
    cutoff = CUTOFF if options.cutoff is None else options.cutoff
    if not 0.5 < cutoff < 1:  # noqa: PLR2004 - below one half a dose would be eliminated that is more likely safe
        raise InvalidInput("--cutoff", cutoff, "is not between 0.5 and 1.", "0.95 is usual.")
    return cutoff


def doses_of(options: Options) -> int:
    """Give the number of doses.

    Raises:
        InvalidInput: it is missing or not positive.

    Source: the protocol's dose levels.
    """
    doses = needed(options.doses, "--doses", "Give the number of dose levels, as in --doses 5.")
    if doses < 1:
        raise InvalidInput("--doses", doses, "is not a number of doses.", "Give 1 or more.")
    return doses


def count_design(name: str, options: Options, table: Callable[[int], DecisionTable]) -> Design:
    """Make a design from its table, with the behaviours that the options ask for; the MTD by isotonic regression.

    Args:
        name: the design's name.
        options: the user's options.
        table: makes the decision table up to a number of participants at a dose.

    Raises:
        InvalidInput: an option is missing or wrong.

    Source: Yuan 2016, Clin Cancer Res 22:4291.
    """
    selection = IsotonicSelection(target_of(options))
    n_max = max_participants(options) or N_MAX
    made = CountDesign(name, doses_of(options), table(n_max), selection, cohort_sizes(options)[-1])
    return behave(started(made, options), options)


def started(design: Design, options: Options) -> Design:
    """Let a design begin at the start dose of the options.

    Raises:
        InvalidInput: the dose is not there.

    Source: the protocol's start dose.
    """
    if options.start is None:
        return design
    if not 1 <= options.start <= design.doses:
        raise InvalidInput("--start", options.start, f"is not one of the {design.doses} doses.")
    return Behaving(design, StartAt(options.start))

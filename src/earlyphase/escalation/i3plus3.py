"""i3+3: intervals on the observed rate, with a look at what one DLT fewer would have meant."""

from earlyphase.escalation.decision_table import Cell, DecisionTable, eliminated, table_by_rule
from earlyphase.escalation.design import Design
from earlyphase.escalation.interval import Limits, count_design, cutoff_of, limits
from earlyphase.escalation.options import Options

ROUNDING = 1e-9
"""An observed rate within this of a limit lies on it: 3 of 12 is 0.25."""


def i3plus3_table(around: Limits, n_max: int, cutoff: float | None) -> DecisionTable:
    """Make the decision table of i3+3.

    Args:
        around: the target and its equivalence interval.
        n_max: the last number of participants.
        cutoff: a dose is eliminated once P(p > target) exceeds it, on three or more; None for the bare rule.

    Returns:
        The boundaries at 1 to `n_max` participants.

    Source: Liu 2020, J Biopharm Stat 30:294 (the i3+3 design).
    """

    def rule(n: int, dlts: int) -> Cell:
        if cutoff is not None and eliminated(around.target, cutoff, n, dlts):
            return Cell.ELIMINATE
        if dlts / n < around.low - ROUNDING:
            return Cell.ESCALATE
        if dlts / n <= around.high + ROUNDING:
            return Cell.STAY
        return Cell.STAY if (dlts - 1) / n < around.low - ROUNDING else Cell.DE_ESCALATE

    return table_by_rule(rule, n_max)


def from_options(options: Options) -> Design:
    """Make the design from a user's options.

    Raises:
        InvalidInput: an option is missing or wrong.

    Source: Liu 2020, J Biopharm Stat 30:294.
    """
    around, cutoff = limits(options), cutoff_of(options)
    return count_design("i3+3", options, lambda n_max: i3plus3_table(around, n_max, cutoff))

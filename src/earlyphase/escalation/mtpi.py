"""mTPI, the modified toxicity probability interval design."""

from itertools import pairwise

from earlyphase.escalation.decision_table import Cell, DecisionTable, eliminated, table_by_rule
from earlyphase.escalation.design import Design
from earlyphase.escalation.interval import Limits, count_design, cutoff_of, limits
from earlyphase.escalation.options import Options
from earlyphase.escalation.posterior import chance_between, strongest


def mtpi_table(around: Limits, n_max: int, cutoff: float) -> DecisionTable:
    """Make mTPI's decision table: of the three intervals, the one with the largest unit probability mass decides.

    Returns:
        The boundaries at 1 to `n_max` participants.

    Source: Ji 2010, Clin Trials 7:653.
    """
    edges = (0.0, around.low, around.high, 1.0)
    answers = (Cell.ESCALATE, Cell.STAY, Cell.DE_ESCALATE)

    def rule(n: int, dlts: int) -> Cell:
        if eliminated(around.target, cutoff, n, dlts):
            return Cell.ELIMINATE
        masses = [chance_between(low, high, n, dlts) / (high - low) for low, high in pairwise(edges)]
        return answers[strongest(masses)]

    return table_by_rule(rule, n_max)


def from_options(options: Options) -> Design:
    """Make the design from a user's options.

    Raises:
        InvalidInput: an option is missing or wrong.

    Source: Ji 2010, Clin Trials 7:653.
    """
    around, cutoff = limits(options), cutoff_of(options)
    return count_design("mTPI", options, lambda n_max: mtpi_table(around, n_max, cutoff))

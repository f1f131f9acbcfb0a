"""mTPI-2: the intervals below and above are cut into pieces as wide as the target's interval."""

from earlyphase.escalation.decision_table import DecisionTable
from earlyphase.escalation.design import Design
from earlyphase.escalation.interval import Limits, count_design, cutoff_of, limits
from earlyphase.escalation.keyboard import keys, strongest_piece_table
from earlyphase.escalation.options import Options
from earlyphase.escalation.posterior import chance_between


def mtpi2_table(around: Limits, n_max: int, cutoff: float) -> DecisionTable:
    """Make mTPI-2's decision table: the piece with the largest unit probability mass decides.

    The pieces left at 0 and 1 are narrower; their mass is divided by their own width.

    Returns:
        The boundaries at 1 to `n_max` participants.

    Source: Guo 2017, Contemp Clin Trials 58:23.
    """
    whole, target_key = keys(around)
    first, last = whole[0][0], whole[-1][1]
    pieces = [(0.0, first)] * (first > 0) + whole + [(last, 1.0)] * (last < 1)
    return strongest_piece_table(around, cutoff, n_max, pieces, target_key + (first > 0), _unit_mass)


def _unit_mass(low: float, high: float, n: int, dlts: int) -> float:
    return chance_between(low, high, n, dlts) / (high - low)


def from_options(options: Options) -> Design:
    """Make the design from a user's options.

    Raises:
        InvalidInput: an option is missing or wrong.

    Source: Guo 2017, Contemp Clin Trials 58:23.
    """
    around, cutoff = limits(options), cutoff_of(options)
    return count_design("mTPI-2", options, lambda n_max: mtpi2_table(around, n_max, cutoff))

"""The keyboard design: the strongest of equally wide keys decides, relative to the target key."""

from itertools import pairwise

from earlyphase.escalation.decision_table import Cell, DecisionTable, eliminated, table_by_rule
from earlyphase.escalation.design import Design
from earlyphase.escalation.interval import Limits, count_design, cutoff_of, limits
from earlyphase.escalation.options import Options
from earlyphase.escalation.posterior import chance_between, strongest

DIGITS = 12
"""Edges are rounded, so that a key that ends at 0 or 1 but for rounding is whole."""


def keys(around: Limits) -> tuple[list[tuple[float, float]], int]:
    """Give the keys from 0 to 1, each as wide as the target key, and the place of the target key among them.

    Units: probability.

    Returns:
        The whole keys, lowest first; what is left at the ends is no key.

    Source: Yan 2017, Clin Cancer Res 23:3994.
    """
    width = around.high - around.low
    below = int(round(around.low / width, DIGITS))
    above = int(round((1 - around.high) / width, DIGITS))
    edges = [round(around.low + step * width, DIGITS) for step in range(-below, above + 2)]
    return list(pairwise(edges)), below


def keyboard_table(around: Limits, n_max: int, cutoff: float) -> DecisionTable:
    """Make the keyboard's decision table.

    Returns:
        The boundaries at 1 to `n_max` participants; a dose is eliminated on three participants or more only.

    Source: Yan 2017, Clin Cancer Res 23:3994.
    """
    every, target_key = keys(around)

    def rule(n: int, dlts: int) -> Cell:
        if eliminated(around.target, cutoff, n, dlts):
            return Cell.ELIMINATE
        masses = [chance_between(low, high, n, dlts) for low, high in every]
        decides = strongest(masses)
        if decides == target_key:
            return Cell.STAY
        return Cell.ESCALATE if decides < target_key else Cell.DE_ESCALATE

    return table_by_rule(rule, n_max)


def from_options(options: Options) -> Design:
    """Make the design from a user's options.

    Raises:
        InvalidInput: an option is missing or wrong.

    Source: Yan 2017, Clin Cancer Res 23:3994.
    """
    around, cutoff = limits(options), cutoff_of(options)
    return count_design("keyboard", options, lambda n_max: keyboard_table(around, n_max, cutoff))

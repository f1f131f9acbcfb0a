"""The keyboard design: the strongest of equally wide keys decides, relative to the target key."""

from collections.abc import Callable, Sequence
from itertools import pairwise

from earlyphase.escalation.decision_table import Cell, DecisionTable, eliminated, table_by_rule
from earlyphase.escalation.design import Design
from earlyphase.escalation.interval import Limits, count_design, cutoff_of, limits
from earlyphase.escalation.options import Options
from earlyphase.escalation.posterior import chance_between, strongest

Weight = Callable[[float, float, int, int], float]

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
    return strongest_piece_table(around, cutoff, n_max, every, target_key, chance_between)


def strongest_piece_table(
    around: Limits, cutoff: float, n_max: int, pieces: Sequence[tuple[float, float]], target: int, weight: Weight
) -> DecisionTable:
    """Make a decision table in which the heaviest piece of the interval from 0 to 1 decides.

    Args:
        around: the target and its interval.
        cutoff: the chance of exceeding the target above which a dose is eliminated.
        n_max: participants at one dose, at most.
        pieces: lowest first.
        target: the place of the piece around the target.
        weight: what a piece weighs: from, to, participants, DLTs.

    Source: as `keyboard_table`; with the unit probability mass as weight Guo 2017, Contemp Clin Trials 58:23.
    """

    def rule(n: int, dlts: int) -> Cell:
        if eliminated(around.target, cutoff, n, dlts):
            return Cell.ELIMINATE
        decides = strongest([weight(low, high, n, dlts) for low, high in pieces])
        if decides == target:
            return Cell.STAY
        return Cell.ESCALATE if decides < target else Cell.DE_ESCALATE

    return table_by_rule(rule, n_max)


def from_options(options: Options) -> Design:
    """Make the design from a user's options.

    Raises:
        InvalidInput: an option is missing or wrong.

    Source: Yan 2017, Clin Cancer Res 23:3994.
    """
    around, cutoff = limits(options), cutoff_of(options)
    return count_design("keyboard", options, lambda n_max: keyboard_table(around, n_max, cutoff))

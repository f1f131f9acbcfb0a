"""BOIN, the Bayesian optimal interval design."""

from dataclasses import replace
from math import ceil, floor, log

from earlyphase.escalation.behaving import behave, cohort_sizes, max_participants
from earlyphase.escalation.count_design import CountDesign
from earlyphase.escalation.decision_table import Cell, DecisionTable, eliminated, table_by_rule
from earlyphase.escalation.design import Design
from earlyphase.escalation.interval import N_MAX, cutoff_of, doses_of, started, target_of
from earlyphase.escalation.isotonic import IsotonicSelection
from earlyphase.escalation.options import Options
from earlyphase.faults import InvalidInput

UNDER, OVER = 0.6, 1.4
"""Multiples of the target that are clearly too low and too high. Source: Liu & Yuan 2015, section 2."""

STRICTER = 0.05
"""What `extrasafe` takes from the cutoff at the lowest dose. Source: BOIN 2.7.2, `offset`."""


def boin_limits(target: float, under: float | None = None, over: float | None = None) -> tuple[float, float]:
    """Give the observed DLT rates at which BOIN escalates (at or below) and de-escalates (at or above).

    Units: probability.

    Raises:
        InvalidInput: the two rates do not enclose the target.

    Source: Liu & Yuan 2015, J R Stat Soc C 64:507, equation 2.
    """
    low = UNDER * target if under is None else under
    high = OVER * target if over is None else over
    if not 0 < low < target < high < 1:
        rule = f"do not enclose the target {target:g} within 0 and 1."
        raise InvalidInput("--under, --over", f"{low:g}, {high:g}", rule, "As in 0.18, 0.42 for 0.3.")
    escalate = log((1 - low) / (1 - target)) / log(target * (1 - low) / (low * (1 - target)))
    deescalate = log((1 - target) / (1 - high)) / log(high * (1 - target) / (target * (1 - high)))
    return escalate, deescalate


def boin_table(target: float, n_max: int, rates: tuple[float, float], cutoff: float) -> DecisionTable:
    """Make BOIN's decision table.

    Args:
        target: the target DLT probability.
        n_max: the last number of participants.
        rates: from `boin_limits`.
        cutoff: a dose is eliminated once P(p > target) exceeds it, on three or more.

    Returns:
        The boundaries at 1 to `n_max` participants.

    Source: Liu & Yuan 2015; Yuan 2016, Clin Cancer Res 22:4291.
    """

    def rule(n: int, dlts: int) -> Cell:
        if eliminated(target, cutoff, n, dlts):
            return Cell.ELIMINATE
        if dlts >= ceil(n * rates[1]):
            return Cell.DE_ESCALATE
        return Cell.ESCALATE if dlts <= floor(n * rates[0]) else Cell.STAY

    return table_by_rule(rule, n_max)


def from_options(options: Options) -> Design:
    """Make the design from a user's options.

    Raises:
        InvalidInput: an option is missing or wrong.

    Source: Liu & Yuan 2015; Yuan 2016; BOIN 2.7.2 for `--extrasafe`, `--bound-mtd`, `--titration`, `--stop-at`.
    """
    target, cutoff, sizes = target_of(options), cutoff_of(options), cohort_sizes(options)
    rates = boin_limits(target, options.under, options.over)
    n_max = max_participants(options) or N_MAX
    selection = IsotonicSelection(target, rates[1] if options.bound_mtd else None)
    design = CountDesign("BOIN", doses_of(options), boin_table(target, n_max, rates, cutoff), selection, sizes[-1])
    if options.extrasafe:
        design = replace(design, lowest=boin_table(target, n_max, rates, cutoff - STRICTER))
    return behave(started(design, options), options)

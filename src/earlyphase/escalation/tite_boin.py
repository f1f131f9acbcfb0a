"""TITE-BOIN: BOIN that need not wait: who is still in the window counts by the time that was followed."""

from dataclasses import dataclass

import numpy as np

from earlyphase.escalation.batch import Ints, States
from earlyphase.escalation.behaving import cohort_sizes
from earlyphase.escalation.boin import boin_limits
from earlyphase.escalation.design import Design
from earlyphase.escalation.interval import cutoff_of, target_of
from earlyphase.escalation.isotonic import IsotonicSelection, too_toxic
from earlyphase.escalation.options import Options
from earlyphase.escalation.timed_advice import Known
from earlyphase.escalation.timed_options import ladder, most_of
from earlyphase.escalation.underway import BY_SELECTION, WAIT, Floats, Moves, Truths, Underway

MOST_PENDING = 0.5
"""Share of a dose's participants that may be pending when the dose is raised or kept. Source: Yuan 2018."""

PRIOR_WEIGHT = 1.0
"""How many participants the prior is worth, with a mean of half the target. Source: Yuan 2018."""

WAITS = 2
"""Stands for a step that must wait until more is known."""

ROUNDING = 1e-9
"""A rate within this of the target has reached it: 3 of 15 is 0.2."""


@dataclass(frozen=True, slots=True)
class TiteBoin:
    """TITE-BOIN: a pending participant counts as the chance of a DLT that is still to come.

    A dose is lowered at once where the DLTs seen ask for it. It is raised or kept only while at most half of its
    participants are pending, on the estimate (y + r (c − f)) / n: y DLTs among n, c of them pending with f windows of
    follow-up together, and r the odds of (y + target / 2) / (n − c + 1). Imputed DLTs lower the dose only where the
    rate seen has reached the target, as the published tables have it.

    Source: Yuan 2018, Clin Cancer Res 24:4921.
    """

    doses: int
    target: float
    rates: tuple[float, float]
    """At or below the first the dose is raised, at or above the second it is lowered."""
    cutoff: float
    selection: IsotonicSelection
    most: int
    cohort_size: int = 3
    start: int = 1
    stop_at: int | None = None

    def decide(self, underway: Underway) -> Moves:
        """Say what each study does next.

        Source: as the class.
        """
        counts = underway.counts
        out = too_toxic(self.target, self.cutoff, counts.treated, counts.dlts)  # those pending count as without a DLT
        closed = np.where(out.any(axis=0), np.argmax(out, axis=0) + 1, self.doses + 1)
        step = self.step(*underway.here)
        begins = underway.current == 0
        dose = np.where(begins, self.start, np.clip(underway.current + step, 1, np.maximum(closed - 1, 1)))
        left = self.most - counts.treated.sum(axis=0, dtype=np.int64)
        over = (closed == 1) | (left <= 0) | ((step != WAITS) & self._enough(underway, dose))
        waits = (step == WAITS) & ~begins & ~over & (dose >= underway.current)
        dose = np.where(over, 0, np.where(waits, WAIT, dose))
        size = np.where(dose > 0, np.minimum(self.cohort_size, left), 0)
        return Moves(dose, size, np.full(len(dose), BY_SELECTION), np.zeros(len(dose), np.bool_))

    def step(self, treated: Ints, dlts: Ints, pending: Ints, followed: Floats) -> Ints:
        """Give what follows at the current dose: 1 up, 0 stay, −1 down, `WAITS`.

        Source: as the class.
        """
        n = np.maximum(treated, 1)
        imputed, rate = self.imputed(treated, dlts, pending, followed), dlts / n
        reached = rate >= self.target - ROUNDING
        by_estimate = np.where(
            reached, -(imputed >= self.rates[1]).astype(np.int64), (imputed <= self.rates[0]).astype(np.int64)
        )
        waits = pending > MOST_PENDING * n
        return np.where(rate >= self.rates[1], -1, np.where(waits, WAITS, by_estimate))

    def imputed(self, treated: Ints, dlts: Ints, pending: Ints, followed: Floats) -> Floats:
        """Estimate the DLT rate at the current dose, with the DLTs of the pending imputed.

        Units: probability.

        Source: Yuan 2018, Clin Cancer Res 24:4921.
        """
        n = np.maximum(treated, 1)
        likely = (dlts + PRIOR_WEIGHT * self.target / 2) / (n - pending + PRIOR_WEIGHT)
        return (dlts + likely / (1 - likely) * (pending - followed)) / n

    def select_many(self, states: States) -> Ints:
        """Select the MTD of each tally, 0 for none.

        Source: `IsotonicSelection`.
        """
        return self.selection.select(states.evaluable, states.dlts, self._out(states))

    def _out(self, states: States) -> Truths:
        """Say which doses are eliminated."""
        return too_toxic(self.target, self.cutoff, states.evaluable, states.dlts)

    def _imputed_here(self, underway: Underway) -> float:
        """Give the estimate at the current dose of the first study."""
        return float(self.imputed(*underway.here)[0])

    def _enough(self, underway: Underway, dose: Ints) -> Truths:
        """Say where the design would stay at a dose that has its share of participants."""
        if self.stop_at is None:
            return np.zeros(len(dose), np.bool_)
        here = underway.here.treated
        return (dose == underway.current) & (here >= self.stop_at)

    def explain(self, underway: Underway, moves: Moves) -> str:
        """Say which rule decided for the first study.

        Source: as the class.
        """
        treated, dlts, pending, _ = (part[0] for part in underway.here)
        low, high = self.rates
        if too_toxic(self.target, self.cutoff, np.array([treated]), np.array([dlts]))[0]:
            return f"the chance that the dose exceeds the target {self.target:g} is above {self.cutoff:g}"
        if dlts / max(treated, 1) >= high:
            return f"at a rate of {high:.3f} or more the dose is lowered"
        if moves.dose[0] == WAIT:
            return "more than half of the dose's participants are pending"
        if moves.dose[0] == 0:
            return "enough were treated"
        if not pending:
            return f"up to a rate of {low:.3f} the dose is raised, from {high:.3f} on it is lowered"
        return f"the rate with the pending imputed is {self._imputed_here(underway):.3f} ({low:.3f}, {high:.3f})"


def from_options(options: Options) -> Design:
    """Make the design from a user's options, for questions where everyone is known.

    Raises:
        InvalidInput: an option is missing or wrong.

    Source: Yuan 2018, Clin Cancer Res 24:4921.
    """
    return Known(timed_from_options(options))


def timed_from_options(options: Options) -> TiteBoin:
    """Make the design from a user's options.

    Raises:
        InvalidInput: an option is missing or wrong.

    Source: Yuan 2018, Clin Cancer Res 24:4921; the limits are those of BOIN, Liu & Yuan 2015.
    """
    target, (doses, start) = target_of(options), ladder(options)
    rates = boin_limits(target, options.under, options.over)
    selection = IsotonicSelection(target, rates[1] if options.bound_mtd else None)
    size, most = cohort_sizes(options)[-1], most_of(options)
    return TiteBoin(doses, target, rates, cutoff_of(options), selection, most, size, start, options.stop_at)

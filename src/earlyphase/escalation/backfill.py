"""BF-BOIN: BOIN, with more participants at lower doses while a cohort is followed."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from earlyphase.escalation.batch import Ints, States
from earlyphase.escalation.behaving import cohort_sizes
from earlyphase.escalation.boin import boin_limits, boin_table
from earlyphase.escalation.decision_table import DecisionTable, compiled
from earlyphase.escalation.design import Design
from earlyphase.escalation.interval import cutoff_of, target_of
from earlyphase.escalation.isotonic import IsotonicSelection
from earlyphase.escalation.options import Options
from earlyphase.escalation.timed_advice import Known
from earlyphase.escalation.timed_options import ladder, most_of
from earlyphase.escalation.underway import BY_SELECTION, WAIT, Moves, Underway
from earlyphase.faults import InvalidInput

CAP = 12
"""Participants at which a dose is closed for backfill. Source: Zhao 2024, Clin Cancer Res 30:673."""

REACH = 200
"""How far the decision table reaches: pooled doses included."""


@dataclass(frozen=True, slots=True)
class BackfillBoin:
    """BF-BOIN: who comes while the cohort is followed is treated at a lower dose that is open for backfill.

    A dose below the current one is open where a response was seen at it, fewer than the cap were treated there, and it
    is not unsafe; of those open the highest is taken. It is unsafe where its DLT rate, and that of it and the next
    higher dose together, reach BOIN's limit for lowering the dose; all above an unsafe dose are closed too. The dose
    moves on everyone known, as in BOIN; where a lower dose contradicts the move, the doses from there up to the current
    one are pooled: their rate decides, and a dose is lowered to the highest that is tolerable in the pool.

    Source: Zhao 2024, Clin Cancer Res 30:673; the R package bfboin for what the paper leaves open.
    """

    doses: int
    target: float
    rates: tuple[float, float]
    table: DecisionTable
    selection: IsotonicSelection
    escalation: int
    """Participants of the escalation at most, without the backfill."""
    cap: int = CAP
    cohort_size: int = 3
    start: int = 1
    stop_at: int | None = None

    @property
    def most(self) -> int:
        """Give how many participants can be treated at most, the backfill included.

        Source: the escalation's, and the cap at each dose but the highest.
        """
        return self.escalation + self.cap * (self.doses - 1)

    def decide(self, underway: Underway) -> Moves:
        """Say what each study does next.

        Source: as the class.
        """
        counts, current = underway.counts, underway.current.astype(np.int64)
        inside = (underway.dose > 0) & ~underway.aside
        follows = (underway.pending & inside).any(axis=0)
        left = self.escalation - inside.sum(axis=0)
        beside = self._open(underway)
        known = counts.treated - counts.pending
        moved, closed = self._moved(known, counts.dlts, current)
        enough = (moved == current) & (underway.here.treated >= (self.stop_at or REACH))
        over = (closed == 1) | (~follows & (current > 0) & ((left <= 0) | enough))
        waits = follows & (left > 0)
        dose = np.where(waits, np.where(beside > 0, beside, WAIT), np.where(follows, WAIT, moved))
        dose = np.where(over, 0, np.where(current == 0, self.start, dose))
        aside = waits & (beside > 0) & ~over
        size = np.where(dose > 0, np.where(aside, 1, np.minimum(self.cohort_size, left)), 0)
        return Moves(dose, size, np.full(len(dose), BY_SELECTION), aside)

    def select_many(self, states: States) -> Ints:
        """Select the MTD of each tally, 0 for none.

        Source: `IsotonicSelection`.
        """
        out = compiled(self.table).out[states.evaluable, states.dlts]
        return self.selection.select(states.evaluable, states.dlts, out)

    def explain(self, underway: Underway, moves: Moves) -> str:  # noqa: ARG002 - the interface's
        """Say which rule decided for the first study.

        Source: as the class.
        """
        if moves.aside[0]:
            return f"the cohort is followed, and dose {moves.dose[0]} is the highest that is open for backfill"
        if moves.dose[0] == WAIT:
            return "the cohort is followed, and no lower dose is open for backfill"
        low, high = self.rates
        return f"up to a rate of {low:.3f} the dose is raised, from {high:.3f} on lowered; lower doses are heard"

    def _open(self, underway: Underway) -> Ints:
        """Give the highest dose that is open for backfill, 0 for none."""
        treated, dlts, pending, _ = underway.counts
        known, doses = treated - pending, np.arange(1, self.doses + 1)[:, None]
        below = doses < underway.current
        pooled, hits = known[:-1] + known[1:], dlts[:-1] + dlts[1:]
        unsafe = np.zeros_like(below)
        unsafe[:-1] = (dlts[:-1] >= self._lowers(known[:-1])) & (hits >= self._lowers(pooled))
        closed = np.logical_or.accumulate(unsafe & below, axis=0)
        able = below & ~closed & (underway.responses() > 0) & (treated < self.cap)
        return np.where(able, doses, 0).max(axis=0)

    def _lowers(self, known: Ints) -> Ints:
        """Give the DLTs from which on the dose is lowered, for each number known."""
        return np.where(known > 0, np.ceil(known * self.rates[1]), REACH).astype(np.int64)

    def _moved(self, known: Ints, dlts: Ints, current: Ints) -> tuple[Ints, Ints]:
        """Give the next dose of the escalation, and the lowest that is eliminated."""
        table = compiled(self.table)
        step, out = table.step[known, dlts], table.out[known, dlts]
        closed = np.where(out.any(axis=0), np.argmax(out, axis=0) + 1, self.doses + 1)
        doses = np.arange(1, self.doses + 1)[:, None]
        at = step[np.maximum(current, 1) - 1, np.arange(len(current))].astype(np.int64)
        below = (doses < current) & (known > 0)
        contradicts = below & (((at == 1) & (step != 1)) | ((at != 1) & (step == -1)))
        moved = current + at
        for study in np.flatnonzero(contradicts.any(axis=0)):
            lowest = int(np.flatnonzero(contradicts[:, study]).max())
            here = int(current[study])
            moved[study] = self._pooled(known[lowest:here, study], dlts[lowest:here, study], lowest + 1, here)
        return np.clip(moved, 1, np.maximum(np.minimum(closed - 1, self.doses), 1)), closed

    def _pooled(self, known: Ints, dlts: Ints, lowest: int, current: int) -> int:
        """Give the next dose where a lower one contradicts: by the rate of all from there up to the current one."""
        n, y = np.cumsum(known), np.cumsum(dlts)
        step = compiled(self.table).step[n[-1], y[-1]]
        if step >= 0:
            return current + int(step)
        tolerable: NDArray[np.intp] = np.flatnonzero(y < self._lowers(n))
        return lowest + int(tolerable.max()) if len(tolerable) else max(1, lowest - 1)


def from_options(options: Options) -> Design:
    """Make the design from a user's options, for questions where everyone is known.

    Raises:
        InvalidInput: an option is missing or wrong.

    Source: as `BackfillBoin`.
    """
    return Known(timed_from_options(options))


def timed_from_options(options: Options) -> BackfillBoin:
    """Make the design from a user's options.

    Raises:
        InvalidInput: an option is missing or wrong.

    Source: as `BackfillBoin`; the limits are those of BOIN, Liu & Yuan 2015.
    """
    target, (doses, start) = target_of(options), ladder(options)
    rates, cap = boin_limits(target, options.under, options.over), CAP if options.cap is None else options.cap
    if cap < 1:
        raise InvalidInput("--cap", cap, "is not a number of participants.", f"{CAP} is usual.")
    escalation = most_of(options)
    table = boin_table(target, min(escalation, REACH) + cap * doses, rates, cutoff_of(options))
    selection = IsotonicSelection(target, rates[1] if options.bound_mtd else None)
    size = cohort_sizes(options)[-1]
    return BackfillBoin(doses, target, rates, table, selection, escalation, cap, size, start, options.stop_at)

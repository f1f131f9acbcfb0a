"""Rolling six: up to six participants of a dose at once, and the decision rests on who is still pending."""

from dataclasses import dataclass

import numpy as np

from earlyphase.escalation.batch import Ints, States
from earlyphase.escalation.design import Design
from earlyphase.escalation.options import Options
from earlyphase.escalation.three_plus_three import COHORT, EXCEEDED, FULL
from earlyphase.escalation.timed_advice import Known
from earlyphase.escalation.timed_options import ladder
from earlyphase.escalation.underway import WAIT, Moves, Underway


@dataclass(frozen=True, slots=True)
class RollingSix:
    """The rolling six: participants are added one by one, at most six at a dose.

    Two DLTs exceed a dose. From three participants on the dose is raised when all are known and none had a DLT; with
    six, when at most one had a DLT whatever the pending will show; until then accrual is suspended. The MTD is the
    highest dose not exceeded, on six participants with at most one DLT.

    Source: Skolnik 2008, J Clin Oncol 26:190.
    """

    doses: int
    start: int = 1

    @property
    def most(self) -> int:
        """Give how many participants the escalation can take at most.

        Source: six at each dose.
        """
        return FULL * self.doses

    def decide(self, underway: Underway) -> Moves:
        """Say what each study does next.

        Source: as the class.
        """
        counts = underway.counts
        exceeded = counts.dlts >= EXCEEDED
        limit = np.where(exceeded.any(axis=0), np.argmax(exceeded, axis=0), self.doses)
        here = np.where(underway.current > 0, np.minimum(underway.current, limit), self.start)
        treated, dlts, pending, _ = underway.at(here)
        unsure = dlts + pending
        open_places = treated < FULL
        settled = np.where(open_places, (unsure == 0) & (treated >= COHORT), unsure < EXCEEDED)
        last = here == limit
        dose = np.where(open_places, here, WAIT)
        dose = np.where(settled & ~last, here + 1, dose)
        dose = np.where((settled & last & ~open_places) | (limit == 0), 0, dose)
        mtd = np.where(limit == 0, 0, here)
        return Moves(dose, (dose > 0).astype(np.int64), mtd, np.zeros(len(dose), np.bool_))

    def select_many(self, states: States) -> Ints:
        """Select the MTD of each tally: the highest dose not exceeded that has six participants, 0 for none.

        Source: as the class.
        """
        fits = (states.evaluable >= FULL) & (np.cumsum(states.dlts >= EXCEEDED, axis=1) == 0)
        return np.where(fits, np.arange(1, self.doses + 1), 0).max(axis=1)

    def explain(self, underway: Underway, moves: Moves) -> str:
        """Say which rule decided for the first study.

        Source: as the class.
        """
        dlts, pending = int(underway.here.dlts[0]), int(underway.here.pending[0])
        if dlts >= EXCEEDED:
            return f"{EXCEEDED} DLTs exceed a dose"
        if moves.dose[0] == WAIT:
            return f"{FULL} were treated, and the {pending} pending may still exceed the dose"
        if moves.dose[0] == 0:
            return f"{FULL} with at most one DLT settle it"
        return f"up to {FULL} are added one by one until the dose is settled"


def from_options(options: Options) -> Design:
    """Make the design from a user's options, for questions where everyone is known.

    Raises:
        InvalidInput: an option is missing or wrong.

    Source: Skolnik 2008, J Clin Oncol 26:190.
    """
    return Known(timed_from_options(options))


def timed_from_options(options: Options) -> RollingSix:
    """Make the design from a user's options: `--doses`, `--start`.

    Raises:
        InvalidInput: the number of doses is missing or wrong.

    Source: Skolnik 2008, J Clin Oncol 26:190.
    """
    return RollingSix(*ladder(options))

"""Designs that a decision table drives: the counts at the current dose decide, eliminated doses stay closed."""

from dataclasses import dataclass

import numpy as np

from earlyphase.escalation.batch import Ints, States, Steps
from earlyphase.escalation.decision_table import Boundaries, Cell, DecisionTable, compiled
from earlyphase.escalation.design import Act, Recommendation, Tally
from earlyphase.escalation.isotonic import IsotonicSelection
from earlyphase.escalation.notation import require_tally


@dataclass(frozen=True, slots=True)
class CountDesign:
    """A design that goes one dose up, stays, or goes one dose down by its table; alone it has no end but elimination.

    Source: the framework of interval designs, Yuan 2016, Clin Cancer Res 22:4291.
    """

    name: str
    doses: int
    table: DecisionTable
    selection: IsotonicSelection
    cohort_size: int = 3
    start: int = 1
    lowest: DecisionTable | None = None
    """Another table for the lowest dose, where its elimination is stricter."""

    def recommend(self, tally: Tally) -> Recommendation:
        """Answer a tally of complete observations with the next step.

        Source: as the table's.
        """
        require_tally(tally, self.doses)
        if tally.current is None:
            reason = f"Nobody has been treated: start at dose {tally.name(self.start)}."
            return Recommendation(Act.START, self.start, self.cohort_size, None, reason)
        closed = self._lowest_closed(tally)
        if closed == 1:
            row = self._row(tally, 1)
            reason = f"{_count(tally, 1)}, at {row.eliminate_if_ge} or more it is eliminated: stop without an MTD."
            return Recommendation(Act.STOP, None, 0, None, reason)
        return self._step(tally, tally.current, closed)

    def recommend_many(self, states: States) -> Steps:
        """Answer each of many tallies with the next step.

        Source: as the table's.
        """
        every, current = np.arange(len(states.current)), np.maximum(states.current, 1) - 1
        self._require_reach(states)
        step, _ = compiled(self.table)
        out = self._out(states)
        move = step[states.evaluable[every, current], states.dlts[every, current]]
        top = np.full(len(current), self.doses)
        for below in range(self.doses - 1, -1, -1):
            top[out[:, below]] = below
        dose = np.maximum(np.minimum(current + 1 + move, top), 1)
        dose = np.where(states.current == 0, self.start, dose)
        dose = np.where(out[:, 0], 0, dose)
        return Steps(dose, np.where(dose > 0, self.cohort_size, 0), np.zeros_like(dose))

    def select_many(self, states: States) -> Ints:
        """Select the MTD of each tally, 0 for none.

        Source: `IsotonicSelection`.
        """
        return self.selection.select(states.evaluable, states.dlts, self._out(states))

    def _step(self, tally: Tally, current: int, closed: int) -> Recommendation:
        """Go up, stay or go down from the current dose, below those that are closed."""
        row, seen = self._row(tally, current), tally.doses[current - 1]
        move = {Cell.ESCALATE: 1, Cell.STAY: 0}.get(row.cell(seen.dlts), -1)
        dose = max(1, min(current + move, closed - 1))
        act = Act.ESCALATE if dose > current else Act.STAY if dose == current else Act.DE_ESCALATE
        reason = f"{_count(tally, current)}, {_rule(row, seen.dlts)}: {_what(tally, move, dose, closed)}."
        return Recommendation(act, dose, self.cohort_size, None, reason)

    def _row(self, tally: Tally, dose: int) -> Boundaries:
        """Give the boundaries that hold at a dose; before anyone was treated there, nothing is decided."""
        table = self.lowest if self.lowest and dose == 1 else self.table
        evaluable = tally.doses[dose - 1].evaluable
        return table.row(evaluable) if evaluable else Boundaries(0, None, None, None)

    def _lowest_closed(self, tally: Tally) -> int:
        """Give the lowest dose that is eliminated, or the number after the top dose."""
        for dose, seen in enumerate(tally.doses, start=1):
            if self._row(tally, dose).cell(seen.dlts) is Cell.ELIMINATE:
                return dose
        return self.doses + 1

    def _out(self, states: States) -> np.ndarray[tuple[int, int], np.dtype[np.bool_]]:
        """Say which doses are eliminated by their own counts."""
        flat = compiled(self.table).out.reshape(-1)
        out = flat.take(states.evaluable.astype(np.intp) * (self.table.n_max + 1) + states.dlts)
        if self.lowest:
            out[:, 0] = compiled(self.lowest).out[states.evaluable[:, 0], states.dlts[:, 0]]
        return out

    def _require_reach(self, states: States) -> None:
        """Refuse tallies beyond the table, by its own message."""
        most = int(states.evaluable.max(initial=0))
        if most > self.table.n_max:
            self.table.row(most)


def _count(tally: Tally, dose: int) -> str:
    """Say what was seen at a dose."""
    seen = tally.doses[dose - 1]
    return f"{seen.dlts} of {seen.evaluable} at dose {tally.name(dose)} had a DLT"


def _rule(row: Boundaries, dlts: int) -> str:
    """Say which boundary decides."""
    match row.cell(dlts):
        case Cell.ESCALATE:
            return f"at {row.escalate_if_le} or fewer the dose is raised"
        case Cell.DE_ESCALATE:
            return f"at {row.deescalate_if_ge} or more the dose is lowered"
        case Cell.ELIMINATE:
            return f"at {row.eliminate_if_ge} or more it is eliminated with all above"
        case Cell.STAY:
            return "between the boundaries" if row.n else "nobody was treated there yet"


def _what(tally: Tally, move: int, dose: int, closed: int) -> str:
    """Say what follows, and what kept the dose from moving."""
    current = tally.current or dose
    if dose > current:
        return f"escalate to dose {tally.name(dose)}"
    if dose < current:
        return f"de-escalate to dose {tally.name(dose)}"
    if move > 0:
        top = closed > len(tally.doses)
        return "stay, it is the top dose" if top else f"stay, dose {tally.name(closed)} is eliminated"
    return "stay, it is the lowest dose" if move < 0 else "stay"

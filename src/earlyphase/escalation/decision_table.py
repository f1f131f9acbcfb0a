"""Decision tables: at each number of participants at a dose, the DLTs at which to go up, down, or never back."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from earlyphase.escalation.posterior import chance_above
from earlyphase.escalation.showing import html_table
from earlyphase.faults import InvalidInput


class Cell(StrEnum):
    """What a table says of a count."""

    ESCALATE = "E"
    STAY = "S"
    DE_ESCALATE = "D"
    ELIMINATE = "DU"
    """De-escalate, and never come back to this dose or a higher one."""


class Boundaries(NamedTuple):
    """One row of a table: the boundaries at `n` evaluable participants; None where there is none."""

    n: int
    escalate_if_le: int | None
    deescalate_if_ge: int | None
    eliminate_if_ge: int | None

    def cell(self, dlts: int) -> Cell:
        """Give the decision at a number of DLTs.

        Source: the table itself.
        """
        if self.eliminate_if_ge is not None and dlts >= self.eliminate_if_ge:
            return Cell.ELIMINATE
        if self.deescalate_if_ge is not None and dlts >= self.deescalate_if_ge:
            return Cell.DE_ESCALATE
        if self.escalate_if_le is not None and dlts <= self.escalate_if_le:
            return Cell.ESCALATE
        return Cell.STAY


@dataclass(frozen=True, slots=True)
class DecisionTable:
    """The boundaries at n = 1, 2, … participants at a dose, without a gap."""

    rows: tuple[Boundaries, ...]

    def _repr_html_(self) -> str:
        """Show it in a notebook."""
        headings = ("Treated at the dose", "Escalate at ≤", "De-escalate at ≥", "Eliminate at ≥")
        return html_table(headings, [["–" if cell is None else f"{cell}" for cell in row] for row in self.rows])

    @property
    def n_max(self) -> int:
        """Give the last n of the table.

        Source: the table itself.
        """
        return len(self.rows)

    def row(self, evaluable: int) -> Boundaries:
        """Give the boundaries at a number of participants.

        Raises:
            InvalidInput: the table does not reach so far.

        Source: the table itself.
        """
        if not 1 <= evaluable <= self.n_max:
            rule = f"participants at one dose are beyond the decision table, which reaches {self.n_max}."
            raise InvalidInput("tally", evaluable, rule, "Give --max-n, or a longer table.")
        return self.rows[evaluable - 1]


def table_by_rule(rule: Callable[[int, int], Cell], n_max: int) -> DecisionTable:
    """Make a table from a rule that answers `n` and DLTs.

    Raises:
        InvalidInput: the rule contradicts itself: with more DLTs it would go higher.

    Source: the rule's own.
    """
    return DecisionTable(
        tuple(boundaries(n, [rule(n, dlts) for dlts in range(n + 1)], f"table, n {n}") for n in range(1, n_max + 1))
    )


ORDER = {Cell.ESCALATE: 0, Cell.STAY: 1, Cell.DE_ESCALATE: 2, Cell.ELIMINATE: 3}


def boundaries(n: int, cells: list[Cell], place: str) -> Boundaries:
    """Condense the decisions at 0, 1, … n DLTs into boundaries.

    Raises:
        InvalidInput: with more DLTs the decision would be bolder.

    Source: monotone decisions, as every published table has them.
    """
    ranks = [ORDER[cell] for cell in cells]
    for dlts in range(1, len(ranks)):
        if ranks[dlts] < ranks[dlts - 1]:
            rule = (
                f"contradicts {cells[dlts - 1]!s} at {dlts - 1} of {n}: more DLTs must not lead to a bolder decision."
            )
            raise InvalidInput(place, f"{cells[dlts]!s} at {dlts} of {n}", rule, "Correct the table.")
    up = sum(rank == 0 for rank in ranks)
    down, out = (next((at for at, rank in enumerate(ranks) if rank >= least), None) for least in (2, 3))
    return Boundaries(n, up - 1 if up else None, down, out)


def eliminated(target: float, cutoff: float, n: int, dlts: int, at_least: int = 3) -> bool:
    """Say whether a dose is too toxic to be given again: P(p > target) exceeds the cutoff, on three or more.

    Source: Liu & Yuan 2015, J R Stat Soc C 64:507, section 3.
    """
    return n >= at_least and chance_above(target, n, dlts) > cutoff


class Compiled(NamedTuple):
    """A table as arrays, indexed by n and DLTs, for many tallies at once."""

    step: NDArray[np.int8]
    """1 up, 0 stay, −1 down."""
    out: NDArray[np.bool_]
    """Whether the dose is eliminated."""


@lru_cache(maxsize=64)
def compiled(table: DecisionTable) -> Compiled:
    """Make the arrays of a table; row 0 stays and eliminates nothing.

    Source: the table itself.
    """
    side = table.n_max + 1
    step, out = np.zeros((side, side), np.int8), np.zeros((side, side), np.bool_)
    for n, up, down, eliminate in table.rows:
        if up is not None:
            step[n, : up + 1] = 1
        if down is not None:
            step[n, down:] = -1
        if eliminate is not None:
            step[n, eliminate:] = -1
            out[n, eliminate:] = True
    return Compiled(step, out)

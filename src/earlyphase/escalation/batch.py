"""Many tallies at once: the fast way through a design whose decision depends on counts alone."""

from typing import Any, NamedTuple, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from earlyphase.escalation.design import Design, DoseTally, Recommendation, Tally

Ints = NDArray[np.integer[Any]]


def by_row(counts: Ints) -> Ints:
    """Sum the columns of counts, column by column, which is faster than row by row.

    Source: arithmetic.
    """
    sums = np.zeros(len(counts), np.int64)
    for column in counts.T:
        sums += column
    return sums


class States(NamedTuple):
    """Many tallies: a row for each, a column for each dose."""

    evaluable: Ints
    dlts: Ints
    current: Ints
    """The dose that was given last, counted from 1; 0 before the first participant."""

    def total(self) -> Ints:
        """Give the participants of each tally.

        Source: arithmetic.
        """
        return by_row(self.evaluable)


class Steps(NamedTuple):
    """The next step from each of many tallies."""

    dose: Ints
    """The dose of the next cohort, counted from 1; 0 where the escalation is over."""
    size: Ints
    """How many more participants; 0 where the escalation is over."""
    mtd: Ints
    """Where the escalation is over: the MTD, 0 for none."""


@runtime_checkable
class BatchDesign(Protocol):
    """A design that answers many tallies at once, with the same steps as `recommend` one by one."""

    def recommend_many(self, states: States) -> Steps:
        """Answer each tally with the next step."""
        ...


@runtime_checkable
class Selecting(Protocol):
    """A design that can select an MTD from a tally when the escalation is ended from outside, at a maximum say."""

    def select_many(self, states: States) -> Ints:
        """Select the MTD of each tally, 0 for none."""
        ...


def steps_of(design: Design, states: States) -> Steps:
    """Answer each tally with the design's next step, all at once where the design can.

    Source: the design's own.
    """
    if isinstance(design, BatchDesign):
        return design.recommend_many(states)
    answers = [_numbers(design.recommend(tally)) for tally in tallies(states)]
    table = np.array(answers, np.int64).reshape(-1, 3)
    return Steps(table[:, 0], table[:, 1], table[:, 2])


def selection_of(design: Design, states: States) -> Ints:
    """Select the MTD of each tally as the design would; 0 where it has no rule of its own for that.

    Source: the design's own.
    """
    if isinstance(design, Selecting):
        return design.select_many(states)
    return np.zeros(len(states.current), np.int64)


def tallies(states: States) -> list[Tally]:
    """Give the tallies one by one.

    Source: bookkeeping.
    """
    rows = zip(states.evaluable.tolist(), states.dlts.tolist(), states.current.tolist(), strict=True)
    return [Tally(tuple(map(DoseTally, seen, hit)), current or None) for seen, hit, current in rows]


def states_of(tally: Tally) -> States:
    """Give one tally as a batch of one.

    Source: bookkeeping.
    """
    return States(
        np.array([[seen.evaluable for seen in tally.doses]], np.int16),
        np.array([[seen.dlts for seen in tally.doses]], np.int16),
        np.array([tally.current or 0], np.int16),
    )


def _numbers(advice: Recommendation) -> tuple[int, int, int]:
    """Give a recommendation as dose, size and MTD."""
    return advice.next_dose or 0, advice.cohort_size, advice.mtd or 0

"""Studies under way: who was treated at which dose, how long ago, and what is known of them at a moment.

A design whose decision depends on time answers many such studies at once. Rows are participants in the order of their
treatment, columns are studies: so what is done to all studies runs along the memory.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from earlyphase.escalation.batch import Ints, States, selection_of, steps_of
from earlyphase.escalation.design import Design

Floats = NDArray[np.float64]
Truths = NDArray[np.bool_]

WAIT = -1
"""Stands for a dose where nobody may be treated until more is known."""

BY_SELECTION = -1
"""Stands for an MTD that is selected once everyone was followed to the end."""


class Counts(NamedTuple):
    """What is known at each dose: a row for each dose, a column for each study."""

    treated: Ints
    dlts: Ints
    pending: Ints
    followed: Floats
    """The follow-up of the pending together, in windows."""


class Moves(NamedTuple):
    """What each of many studies does next."""

    dose: Ints
    """The dose, counted from 1; 0 where the escalation is over, `WAIT` where nobody may be treated yet."""
    size: Ints
    mtd: Ints
    """Where the escalation is over: the MTD, 0 for none, `BY_SELECTION` where it is selected from all results."""
    aside: Truths
    """Whether those are treated beside the escalation, which stays at its dose: backfill."""

    def some(self, which: Truths) -> "Moves":
        """Give the moves of some of the studies.

        Source: bookkeeping.
        """
        return Moves(self.dose[which], self.size[which], self.mtd[which], self.aside[which])


@dataclass(frozen=True)
class Underway:
    """Many studies at a moment, each its own."""

    doses: int
    dose: Ints
    """A row for each participant, a column for each study; 0 where there is none."""
    dlt: Truths
    """Whether a DLT was seen by now."""
    share: Floats
    """The share of the window that was followed by now; 1 where the outcome is known."""
    dlt_share: Floats
    """The share of the window after which the DLT came; without meaning where there was none."""
    response: Truths
    """Whether a response was seen by now."""
    aside: Truths
    """Whether the participant was treated beside the escalation."""
    current: Ints
    """The dose that the escalation stands at, 0 before the first participant."""

    @cached_property
    def pending(self) -> Truths:
        """Say whose outcome is not known yet."""
        return (self.share < 1) & (self.dose > 0)

    @cached_property
    def counts(self) -> Counts:
        """Count at each dose."""
        shares = np.where(self.pending, self.share, 0)
        found = [_count(self.dose == dose, self.dlt, self.pending, shares) for dose in range(1, self.doses + 1)]
        return Counts(*(np.stack(column) for column in zip(*found, strict=True)))

    def some(self, part: slice) -> "Underway":
        """Give some of the studies.

        Source: bookkeeping.
        """
        return Underway(
            self.doses,
            self.dose[:, part],
            self.dlt[:, part],
            self.share[:, part],
            self.dlt_share[:, part],
            self.response[:, part],
            self.aside[:, part],
            self.current[part],
        )

    def states(self) -> States:
        """Give the tallies, which hold for studies without pending participants.

        Source: bookkeeping.
        """
        return States(self.counts.treated.T, self.counts.dlts.T, self.current)

    def responses(self) -> Ints:
        """Count the responses seen at each dose: a row for each dose, a column for each study.

        Source: bookkeeping.
        """
        return np.stack([_sum((self.dose == dose) & self.response) for dose in range(1, self.doses + 1)])

    @cached_property
    def here(self) -> Counts:
        """Count at the current dose: one figure for each study."""
        return self.at(self.current)

    def at(self, dose: Ints) -> Counts:
        """Count at a dose of each study.

        Source: bookkeeping.
        """
        place, study = np.maximum(dose, 1) - 1, np.arange(len(dose))
        treated, dlts, pending, followed = self.counts
        return Counts(treated[place, study], dlts[place, study], pending[place, study], followed[place, study])


class TimedDesign(Protocol):
    """A design whose decision depends on time."""

    @property
    def doses(self) -> int:
        """Give how many doses the design chooses from."""
        ...

    @property
    def most(self) -> int:
        """Give how many participants the escalation can take at most; for backfill, with those treated beside it."""
        ...

    def decide(self, underway: Underway) -> Moves:
        """Say what each study does next, where a patient is there to be treated."""
        ...

    def select_many(self, states: States) -> Ints:
        """Select the MTD of each tally, 0 for none."""
        ...

    def explain(self, underway: Underway, moves: Moves) -> str:
        """Say which rule decided for the first study."""
        ...


@dataclass(frozen=True, slots=True)
class WhenComplete:
    """A count-driven design in calendar time: it waits until everyone's outcome is known.

    Source: the custom of phase 1: a cohort is followed through its window before the next is treated.
    """

    design: Design
    most: int

    @property
    def doses(self) -> int:
        """Give how many doses the design chooses from.

        Source: the design's own.
        """
        return self.design.doses

    def decide(self, underway: Underway) -> Moves:
        """Say what each study does next.

        Source: the design's own.
        """
        waits = underway.pending.any(axis=0)
        steps = steps_of(self.design, underway.states())
        dose = np.where(waits, WAIT, steps.dose)
        return Moves(dose, np.where(waits, 0, steps.size), steps.mtd, np.zeros(len(dose), np.bool_))

    def select_many(self, states: States) -> Ints:
        """Select the MTD of each tally, 0 for none.

        Source: the design's own.
        """
        return selection_of(self.design, states)

    def explain(self, underway: Underway, moves: Moves) -> str:  # noqa: ARG002 - the interface's
        """Say which rule decided for the first study.

        Source: the design's own.
        """
        return "its cohort is followed to the end" if moves.dose[0] == WAIT else "everyone is known"


def _count(here: Truths, dlt: Truths, pending: Truths, shares: Floats) -> tuple[Ints, Ints, Ints, Floats]:
    """Count at one dose."""
    return _sum(here), _sum(here & dlt), _sum(here & pending), np.einsum("pt,pt->t", here, shares)


def _sum(which: Truths) -> Ints:
    """Count the participants of each study of whom it is so."""
    return np.add.reduce(which.view(np.int8), axis=0, dtype=np.int16)  # pyright: ignore[reportReturnType] - an array, as the axis is one of two

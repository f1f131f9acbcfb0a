"""Behaviours that can be wrapped around any design: a maximum, an early end, titration, no skipping, cohort sizes."""

from dataclasses import dataclass
from itertools import accumulate
from typing import Protocol

import numpy as np

from earlyphase.escalation.batch import States, Steps, selection_of
from earlyphase.escalation.design import Design, Tally


class Behaviour(Protocol):
    """Something that changes the steps of a design, and says so in a sentence."""

    def adjust(self, design: Design, states: States, steps: Steps) -> Steps:
        """Change the steps of a design from many tallies."""
        ...

    def sentence(self, tally: Tally) -> str:
        """Say why, where a step was changed."""
        ...


def _end(design: Design, states: States, steps: Steps, ends: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> Steps:
    """End the escalation from some tallies, with the MTD that the design selects."""
    if not ends.any():
        return steps
    if ends.all():
        return Steps(np.zeros_like(steps.dose), np.zeros_like(steps.size), selection_of(design, states))
    mtd = np.array(steps.mtd)
    mtd[ends] = selection_of(design, States(states.evaluable[ends], states.dlts[ends], states.current[ends]))
    return Steps(np.where(ends, 0, steps.dose), np.where(ends, 0, steps.size), mtd)


@dataclass(frozen=True, slots=True)
class AtMost:
    """The escalation ends when this many were treated; the last cohort is cut to fit.

    Source: the maximum sample size of every trial; BOIN 2.7.2 `get.oc` cuts its last cohort alike.
    """

    participants: int

    def adjust(self, design: Design, states: States, steps: Steps) -> Steps:
        """End at the maximum, and cut the last cohort.

        Source: as the class.
        """
        left = self.participants - states.total()
        ended = _end(design, states, steps, (left <= 0) & (steps.dose > 0))
        return Steps(ended.dose, np.minimum(ended.size, np.maximum(left, 0)), ended.mtd)

    def sentence(self, tally: Tally) -> str:
        """Say why.

        Source: as the class.
        """
        treated = sum(seen.evaluable for seen in tally.doses)
        return f"{treated} of at most {self.participants} were treated."


@dataclass(frozen=True, slots=True)
class StopAt:
    """The escalation ends when the design would stay at a dose where this many were treated.

    Source: BOIN 2.7.2, `n.earlystop`.
    """

    participants: int

    def adjust(self, design: Design, states: States, steps: Steps) -> Steps:
        """End where the design stays and enough were treated.

        Source: as the class.
        """
        stays = (steps.dose == states.current) & (states.current > 0)
        here = states.evaluable[np.arange(len(states.current)), np.maximum(states.current, 1) - 1]
        return _end(design, states, steps, stays & (here >= self.participants))

    def sentence(self, tally: Tally) -> str:
        """Say why.

        Source: as the class.
        """
        treated = tally.doses[(tally.current or 1) - 1].evaluable
        place = f"dose {tally.name(tally.current or 1)}"
        return f"{treated} were treated at {place}, where {self.participants} end the escalation."


@dataclass(frozen=True, slots=True)
class NeverSkip:
    """The dose goes up by one at most, and begins at the first that was named.

    Source: Goodman 1995, Stat Med 14:1149.
    """

    def adjust(self, design: Design, states: States, steps: Steps) -> Steps:  # noqa: ARG002 - the interface's
        """Hold the dose at one above the current.

        Source: as the class.
        """
        highest = np.where(states.current > 0, states.current + 1, steps.dose)
        return Steps(np.minimum(steps.dose, highest), steps.size, steps.mtd)

    def sentence(self, tally: Tally) -> str:
        """Say why.

        Source: as the class.
        """
        return f"No dose is skipped on the way up from dose {tally.name(tally.current or 1)}."


@dataclass(frozen=True, slots=True)
class StartAt:
    """The first cohort is treated at this dose; a dose below it is a dose −1.

    Source: the protocol's start dose.
    """

    dose: int

    def adjust(self, design: Design, states: States, steps: Steps) -> Steps:  # noqa: ARG002 - the interface's
        """Begin at the start dose.

        Source: as the class.
        """
        return Steps(np.where(states.current == 0, self.dose, steps.dose), steps.size, steps.mtd)

    def sentence(self, tally: Tally) -> str:
        """Say why.

        Source: as the class.
        """
        return f"The study starts at dose {tally.name(self.dose)}."


@dataclass(frozen=True, slots=True)
class CohortSizes:
    """Cohort sizes that change in the course of the study; the last one repeats.

    Source: the protocol's cohort sizes.
    """

    sizes: tuple[int, ...]

    def adjust(self, design: Design, states: States, steps: Steps) -> Steps:  # noqa: ARG002 - the interface's
        """Give the places that are left in the cohort which stands open at this number of participants.

        Source: as the class.
        """
        total = states.total()
        ends = np.array(list(accumulate(self.sizes)))
        at = np.minimum(np.searchsorted(ends, total, side="right"), len(ends) - 1)
        last = self.sizes[-1]
        size = np.where(total < ends[-1], ends[at] - total, last - (total - ends[-1]) % last)
        return Steps(steps.dose, np.where(steps.dose > 0, size, 0), steps.mtd)

    def sentence(self, tally: Tally) -> str:
        """Say why.

        Source: as the class.
        """
        treated = sum(seen.evaluable for seen in tally.doses)
        return f"The cohorts are of {', '.join(map(str, self.sizes))}, and {treated} were treated."


@dataclass(frozen=True, slots=True)
class Titrated:
    """One participant a dose until the first DLT, or the top; then the cohort there is filled.

    Source: accelerated titration, Simon 1997, J Natl Cancer Inst 89:1138; BOIN 2.7.2, `titration`.
    """

    cohort_size: int

    def adjust(self, design: Design, states: States, steps: Steps) -> Steps:
        """Go up by single participants, then fill the cohort.

        Source: as the class.
        """
        hits = states.dlts.sum(axis=1, dtype=np.int64)
        single = states.evaluable.max(axis=1) <= 1
        here = states.dlts[np.arange(len(hits)), np.maximum(states.current, 1) - 1]
        begins = states.current == 0
        climbs = single & (hits == 0) & (states.current < design.doses) & ~begins
        fills = single & ~begins & ~climbs & (hits <= 1) & (here == hits) & (steps.dose > 0) & (self.cohort_size > 1)
        dose = np.where(climbs, states.current + 1, np.where(fills, states.current, steps.dose))
        size = np.where(climbs | begins, 1, np.where(fills, self.cohort_size - 1, steps.size))
        return Steps(dose, size, steps.mtd)

    def sentence(self, tally: Tally) -> str:
        """Say why.

        Source: as the class.
        """
        if any(seen.dlts for seen in tally.doses):
            return f"The first DLT ends the titration: the cohort of {self.cohort_size} is filled."
        return "The titration goes by single participants until the first DLT."

"""Behaviours that wrap any design: a maximum, an early end, titration, no skipping, cohort sizes, a start dose."""

from dataclasses import dataclass
from itertools import accumulate
from typing import Protocol

import numpy as np

from earlyphase.escalation.batch import Ints, States, Steps, selection_of, states_of, steps_of
from earlyphase.escalation.design import Act, Design, Recommendation, Tally
from earlyphase.escalation.options import Options
from earlyphase.faults import InvalidInput


USUAL_COHORT = 3
"""Participants in a cohort where nothing else is said. Source: the custom of phase 1, Storer 1989."""


class Behaviour(Protocol):
    """Something that changes the steps of a design, and says so in a sentence."""

    def adjust(self, design: Design, states: States, steps: Steps) -> Steps:
        """Change the steps of a design from many tallies."""
        ...

    def sentence(self, tally: Tally) -> str:
        """Say why, where a step was changed."""
        ...


@dataclass(frozen=True, slots=True)
class Behaving:
    """A design with a behaviour around it: itself a design, so that behaviours stack.

    Source: behaviours that wrap a selector, as in Brock's R package escalation.
    """

    design: Design
    behaviour: Behaviour

    @property
    def doses(self) -> int:
        """Give how many doses the design chooses from.

        Source: the design's own.
        """
        return self.design.doses

    def recommend(self, tally: Tally) -> Recommendation:
        """Answer a tally of complete observations with the next step.

        Source: the design's own and the behaviour's.
        """
        inner = self.design.recommend(tally)
        before = Steps(*(np.array([value or 0]) for value in (inner.next_dose, inner.cohort_size, inner.mtd)))
        after = self.behaviour.adjust(self.design, states_of(tally), before)
        dose, size, mtd = (int(value[0]) for value in after)
        if (dose, size, mtd) == (inner.next_dose or 0, inner.cohort_size, inner.mtd or 0):
            return inner
        reason = f"{inner.reason} {self.behaviour.sentence(tally)}{_end_sentence(tally, dose, mtd)}"
        return Recommendation(_act(tally.current, dose), dose or None, size, mtd or None, reason)

    def recommend_many(self, states: States) -> Steps:
        """Answer each of many tallies with the next step.

        Source: the design's own and the behaviour's.
        """
        return self.behaviour.adjust(self.design, states, steps_of(self.design, states))

    def select_many(self, states: States) -> Ints:
        """Select the MTD of each tally, 0 for none.

        Source: the design's own.
        """
        return selection_of(self.design, states)


def _end_sentence(tally: Tally, dose: int, mtd: int) -> str:
    """Say what the MTD is, where the escalation was ended."""
    if dose:
        return ""
    return f" The MTD is dose {tally.name(mtd)}." if mtd else " There is no MTD."


def _act(current: int | None, dose: int) -> Act:
    """Name the step from the current dose."""
    if dose == 0:
        return Act.STOP
    if current is None:
        return Act.START
    return Act.ESCALATE if dose > current else Act.STAY if dose == current else Act.DE_ESCALATE


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


def behave(design: Design, options: Options) -> Design:
    """Wrap a design in the behaviours that a user asked for.

    `--titration`, `--cohort-size` where it changes, `--never-skip`, `--stop-at`, and the maximum, from `--max-n` or
    `--cohorts` × `--cohort-size`. A start dose is the design's own, or `StartAt`.

    Raises:
        InvalidInput: a number is not positive, or two behaviours contradict each other.

    Source: as each behaviour.
    """
    sizes = cohort_sizes(options)
    for place, value in (("--stop-at", options.stop_at), ("--max-n", options.max_n), ("--cohorts", options.cohorts)):
        if value is not None and value < 1:
            raise InvalidInput(place, value, "is not a number of participants.", "Give 1 or more.")
    if options.titration and len(sizes) > 1:
        raise InvalidInput("--titration", None, "cannot go with cohort sizes that change.", "Leave one of the two out.")
    asked: list[Behaviour] = []
    asked += [CohortSizes(sizes)] if len(sizes) > 1 else []
    asked += [NeverSkip()] if options.never_skip else []
    asked += [StopAt(options.stop_at)] if options.stop_at else []
    asked += [Titrated(sizes[0])] if options.titration else []
    maximum = max_participants(options)
    asked += [AtMost(maximum)] if maximum else []
    for behaviour in asked:
        design = Behaving(design, behaviour)
    return design


def cohort_sizes(options: Options) -> tuple[int, ...]:
    """Give the cohort sizes that a user asked for, three where none.

    Raises:
        InvalidInput: a size is not positive.

    Source: the protocol's cohort sizes; three by the custom of phase 1.
    """
    sizes: tuple[int, ...] = options.cohort_size or (USUAL_COHORT,)
    if min(sizes) < 1:
        raise InvalidInput("--cohort-size", min(sizes), "is not a number of participants.", "Give 1 or more.")
    return sizes


def max_participants(options: Options) -> int | None:
    """Give the maximum that a user asked for, from `--max-n`, or from `--cohorts` and their sizes.

    Source: the protocol's sample size.
    """
    if options.max_n is not None or options.cohorts is None:
        return options.max_n
    sizes = cohort_sizes(options)
    return sum(sizes[min(cohort, len(sizes) - 1)] for cohort in range(options.cohorts))


def core(design: Design) -> Design:
    """Give the design within its behaviours.

    Source: bookkeeping.
    """
    while isinstance(design, Behaving):
        design = design.design
    return design

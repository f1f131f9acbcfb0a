"""A design with behaviours around it: itself a design, made from what a user asked for."""

from dataclasses import dataclass

import numpy as np

from earlyphase.escalation.batch import Ints, States, Steps, selection_of, states_of, steps_of
from earlyphase.escalation.behaviours import AtMost, Behaviour, CohortSizes, NeverSkip, StopAt, Titrated
from earlyphase.escalation.design import Act, Design, Recommendation, Tally
from earlyphase.escalation.options import Options
from earlyphase.faults import InvalidInput

USUAL_COHORT = 3
"""Participants in a cohort where nothing else is said. Source: the custom of phase 1, Storer 1989."""


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
    asked: list[Behaviour] = []
    changing = bool(sizes[1:])
    if options.titration and changing:
        raise InvalidInput("--titration", None, "cannot go with cohort sizes that change.", "Leave one of the two out.")
    asked += [CohortSizes(sizes)] if changing else []
    asked += [NeverSkip()] if options.never_skip else []
    asked += [StopAt(options.stop_at)] if options.stop_at else []
    asked += [Titrated(sizes[-1])] if options.titration else []
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


def max_of(design: Design) -> int | None:
    """Give the maximum of a design, where a behaviour around it sets one.

    Source: bookkeeping.
    """
    while isinstance(design, Behaving):
        if isinstance(design.behaviour, AtMost):
            return design.behaviour.participants
        design = design.design
    return None

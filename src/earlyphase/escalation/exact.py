"""Exact operating characteristics: every way that an escalation can go, with equal tallies merged.

How to use it, with any `Design` whose decision depends on counts alone::

    ends = every_end(design)                        # one pass; it knows nothing of the true DLT probabilities
    results = characteristics(ends, [[0.05, 0.15, 0.35], ...])     # thousands of truths from the same pass
    ends = every_end(design, follow(design, parse_outcomes("1NNN 2NNT")))      # from here

A design answers one tally at a time by `recommend`; where it also has `recommend_many(states) -> steps` (see `batch`)
all tallies of a stage are answered at once, which is what makes ten cohorts at five doses a matter of milliseconds. A
design with a rule for the MTD has `select_many(states)`, which the maximum and the early end (see `behaviours`) call.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from math import comb
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from earlyphase.escalation.batch import Ints, States, Steps, by_row, states_of, steps_of
from earlyphase.escalation.behaving import max_of
from earlyphase.escalation.course import Course, next_step
from earlyphase.escalation.design import Design, DoseTally, Tally
from earlyphase.faults import InvalidInput

Floats = NDArray[np.float64]

TOO_MANY = 5_000_000
"""States in one stage beyond which the exact way is refused: they would fill some gigabytes."""

LOOK_AHEAD, DOUBT = 20_000, 4
"""From how many states on their growth is foreseen, and by how much the foreseen may exceed the limit."""

REMEDY = "Simulate (--simulate, or in a comparison an option of conduct such as --accrual), or lower the maximum."
"""What to do about too many states."""

KEY_LIMIT = 2**62
"""Tallies are numbered within 64-bit integers."""


@dataclass(frozen=True, slots=True, eq=False)
class Ends:
    """Every way an escalation can end, by tally: how often paths lead there, and what is then called the MTD.

    With true DLT probabilities p, an end has the probability weight × Π p^dlts × (1 − p)^(evaluable − dlts).
    """

    seen: Tally
    """What had been seen before; its participants are in no count below."""
    evaluable: Ints
    """A row for each end, a column for each dose: participants from here on."""
    dlts: Ints
    weight: Floats
    """The number of orders of outcomes that lead there; independent of the truth."""
    mtd: Ints
    """The dose, counted from 1; 0 for none."""

    @property
    def doses(self) -> int:
        """Give the number of doses.

        Source: the design's own.
        """
        return len(self.seen.doses)

    def total(self) -> Ints:
        """Give the participants of each end, from here on.

        Source: arithmetic.
        """
        return by_row(self.evaluable)


class _Frontier(NamedTuple):
    """The states of one stage, with their weights."""

    states: States
    weight: Floats


class Branches(NamedTuple):
    """The results that a next cohort can have: the state it came from, dose (from 0), size, DLTs, weight."""

    parent: Ints
    dose: Ints
    size: Ints
    dlts: Ints
    weight: Floats


Brancher = Callable[[Floats, Steps], Branches]
"""Gives the results of the next cohorts, from the weights of the states and their next steps."""


def every_end(design: Design, course: Course | None = None, too_many: int = TOO_MANY) -> Ends:
    """Follow a design through every possible result, cohort by cohort, merging equal tallies.

    Args:
        design: any design whose decision depends on counts alone.
        course: where the escalation stands; by default at its beginning.
        too_many: how many states in one stage are refused.

    Returns:
        The ends, with weights that do not depend on the true DLT probabilities.

    Raises:
        InvalidInput: the states are too many.

    Source: the escalation as a finite Markov chain, as for the 3+3 in Lin & Shih 2001, Biostatistics 2:203.
    """
    return run(design, course, 1.0, _branch, too_many)


def run(design: Design, course: Course | None, weight: float, branch: Brancher, too_many: int = TOO_MANY) -> Ends:
    """Go through a design cohort by cohort, merging equal tallies.

    Args:
        design: any design whose decision depends on counts alone.
        course: where the escalation stands; by default at its beginning.
        weight: the weight with which it begins.
        branch: gives the results of the next cohort of every state, with their weights.
        too_many: how many states in one stage are refused.

    Raises:
        InvalidInput: the states are too many.

    Source: as `every_end`.
    """
    seen = course.tally if course else Tally((DoseTally(0, 0),) * design.doses)
    frontier, steps = _Frontier(states_of(seen), np.array([weight])), _first_steps(design, course, seen)
    ends: list[tuple[States, Floats, Ints]] = []
    sizes, most = [1], max_of(design)
    while len(frontier.weight):
        over = steps.dose == 0
        if over.any():
            ends.append((_some(frontier.states, over), frontier.weight[over], steps.mtd[over]))
        going = _Frontier(_some(frontier.states, ~over), frontier.weight[~over])
        frontier = _next(going.states, branch(going.weight, Steps(*(part[~over] for part in steps))))
        sizes.append(len(frontier.weight))
        _refuse_too_many(sizes, frontier.states, most, too_many)
        steps = steps_of(design, frontier.states)
    return _gather(seen, ends)


def _refuse_too_many(sizes: list[int], states: States, most: int | None, too_many: int) -> None:
    """Refuse when the states are too many, or will be: they grow like a power of the number treated."""
    if sizes[-1] > too_many:
        raise _too_large(sizes[-1], f"after {len(sizes) - 1} cohorts")
    stage = len(sizes) - 1
    if most is None or sizes[-1] < LOOK_AHEAD or stage == 1:
        return
    treated = int(states.total().max())
    power = math.log(sizes[-1] / sizes[-2]) / math.log(stage / (stage - 1))
    foreseen = sizes[-1] * (most / treated) ** power
    if foreseen > DOUBT * too_many:
        raise _too_large(int(foreseen), f"foreseen for {most} participants")


def _first_steps(design: Design, course: Course | None, seen: Tally) -> Steps:
    """Give the step from where the escalation stands, an open cohort first."""
    advice = next_step(design, course) if course else design.recommend(seen)
    return Steps(*(np.array([value or 0]) for value in (advice.next_dose, advice.cohort_size, advice.mtd)))


def _some(states: States, which: NDArray[np.bool_]) -> States:
    """Give some of the states, without copying where it is all of them."""
    if which.all():
        return states
    return States(states.evaluable[which], states.dlts[which], states.current[which])


def _next(before: States, branches: Branches) -> _Frontier:
    """Make states of the results of the next cohorts, merging the equal ones."""
    first, weight = _merge(_keys(before, branches), branches.weight)
    parent, rows = branches.parent[first], np.arange(len(first))
    evaluable, dlts = before.evaluable[parent], before.dlts[parent]
    dose = branches.dose[first]
    evaluable[rows, dose] += branches.size[first].astype(evaluable.dtype)
    dlts[rows, dose] += branches.dlts[first].astype(dlts.dtype)
    return _Frontier(States(evaluable, dlts, (dose + 1).astype(evaluable.dtype)), weight)


def _branch(weight: Floats, steps: Steps) -> Branches:
    """Give every number of DLTs that the next cohort of every state can have."""
    ways = steps.size.astype(np.int64) + 1
    parent = np.repeat(np.arange(len(weight)), ways)
    dlts = np.arange(len(parent)) - np.repeat(np.cumsum(ways) - ways, ways)
    size = steps.size[parent]
    orders = _orders(int(ways.max(initial=1)))[size, dlts]
    return Branches(parent, steps.dose[parent].astype(np.int64) - 1, size, dlts, weight[parent] * orders)


@cache
def _orders(most: int) -> Floats:
    """Give the number of orders in which so many of a cohort can have a DLT."""
    return np.array([[float(comb(size, dlts)) for dlts in range(most)] for size in range(most)])


def _keys(before: States, branches: Branches) -> list[Ints]:
    """Number the resulting tallies, equal ones equally; several numbers each where 64 bits cannot hold one.

    The current dose counts too: a decision may depend on it.
    """
    evaluable, dlts = np.ascontiguousarray(before.evaluable.T), np.ascontiguousarray(before.dlts.T)
    keys: list[Ints] = []
    for by_n, by_y in _places(evaluable, dlts, branches):
        moved = by_n[branches.dose] * branches.size + by_y[branches.dose] * branches.dlts
        parents = np.zeros(len(before.current), np.int64)
        for dose in np.flatnonzero(by_y):
            parents += evaluable[dose] * by_n[dose] + dlts[dose] * by_y[dose]
        keys.append(parents[branches.parent] + moved)
    keys[0] *= len(evaluable)
    keys[0] += branches.dose
    return keys


def _places(evaluable: Ints, dlts: Ints, branches: Branches) -> list[tuple[Ints, Ints]]:
    """Give for each key what one participant, and one DLT, at each dose add to it; 0 at the doses of another key."""
    doses = len(evaluable)
    most, worst = _maxima(evaluable, branches, branches.size), _maxima(dlts, branches, branches.dlts)
    places: list[tuple[Ints, Ints]] = []
    scale = KEY_LIMIT
    for dose, (n, y) in enumerate(zip(most, worst, strict=True)):
        if scale * n * y * doses >= KEY_LIMIT:
            places.append((np.zeros(doses, np.int64), np.zeros(doses, np.int64)))
            scale = 1
        by_n, by_y = places[-1]
        by_n[dose], by_y[dose] = scale * y, scale
        scale *= n * y
    return places


def _maxima(counts: Ints, branches: Branches, added: Ints) -> list[int]:
    """Give for each dose one more than the largest count that may result."""
    most = counts.max(axis=1, initial=0).astype(np.int64)
    np.maximum.at(most, branches.dose, counts[branches.dose, branches.parent] + added)
    return (most + 1).tolist()


def _merge(keys: list[Ints], weight: Floats) -> tuple[Ints, Floats]:
    """Give for each different key the place of one of its branches, and the sum of their weights."""
    if not len(weight):
        return np.zeros(0, np.int64), weight
    order = np.argsort(keys[0]) if len(keys) == 1 else np.lexsort(keys)
    new = np.zeros(len(order), np.bool_)
    new[0] = True
    for key in keys:
        ordered = key[order]
        new[1:] |= ordered[1:] != ordered[:-1]
    starts = np.flatnonzero(new)
    return order[starts], np.add.reduceat(weight[order], starts)


def _gather(seen: Tally, ends: list[tuple[States, Floats, Ints]]) -> Ends:
    """Put the ends of all stages together, counted from here."""
    before = states_of(seen)
    return Ends(
        seen,
        np.concatenate([states.evaluable for states, _, _ in ends]) - before.evaluable,
        np.concatenate([states.dlts for states, _, _ in ends]) - before.dlts,
        np.concatenate([weight for _, weight, _ in ends]),
        np.concatenate([mtd for _, _, mtd in ends]).astype(np.int64),
    )


def _too_large(states: int, when: str) -> InvalidInput:
    """Make the fault for too many states."""
    rule = f"{states:,} states {when} are too many to follow exactly."
    return InvalidInput("design", None, rule, REMEDY)

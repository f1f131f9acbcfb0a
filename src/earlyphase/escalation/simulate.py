"""Simulation of count-driven designs: for state spaces too large to follow exactly, and to check the exact figures.

Trials that stand at the same tally go on together: how many of them see each number of DLTs in the next cohort is one
multinomial draw, so a million trials cost little more than following every path once.
"""

import math
import sys
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from earlyphase.escalation.batch import Ints, Steps
from earlyphase.escalation.characteristics import Characteristics, MonteCarloError, checked_truths
from earlyphase.escalation.course import Course
from earlyphase.escalation.design import Design
from earlyphase.escalation.exact import Branches, Ends, Floats, run
from earlyphase.faults import InvalidInput

Whole = NDArray[np.int64]

CHUNK = 100_000
"""Trials that are drawn from one seed: results do not depend on who draws which chunk."""


def simulate(
    design: Design,
    truth: Sequence[float],
    trials: int,
    seed: int,
    course: Course | None = None,
    tolerable: float | None = None,
) -> Characteristics:
    """Simulate a count-driven design under one truth.

    Args:
        design: any design whose decision depends on counts alone.
        truth: the true DLT probability at each dose.
        trials: how many trials.
        seed: the seed; the same seed gives the same figures.
        course: where the escalation stands; by default at its beginning.
        tolerable: the highest tolerable probability, to count those treated above it.

    Units: probability; participants.

    Returns:
        The characteristics, with their Monte Carlo standard errors.

    Raises:
        InvalidInput: the truth or the number of trials cannot be used.

    Source: Morris 2019, Stat Med 38:2074, for the Monte Carlo standard errors.
    """
    if trials < 2:  # noqa: PLR2004 - a standard error needs two
        raise InvalidInput("--simulate", trials, "is not a number of trials.", "Give 2 or more.")
    chances = checked_truths([truth], design.doses)[0]
    chunks = [min(CHUNK, trials - first) for first in range(0, trials, CHUNK)]
    seeds = np.random.SeedSequence(seed).spawn(len(chunks))
    drawn = [simulate_chunk(design, chances, size, own, course) for size, own in zip(chunks, seeds, strict=True)]
    return _summary(drawn, chances, trials, tolerable)


def simulate_chunk(
    design: Design, chances: Floats, trials: int, seed: np.random.SeedSequence, course: Course | None = None
) -> Ends:
    """Simulate one chunk of trials; the weight of an end is the number of trials that came to it.

    Source: as `simulate`.
    """
    random = np.random.Generator(np.random.PCG64(seed))

    def branch(weight: Floats, steps: Steps) -> Branches:
        return _draw(weight.astype(np.int64), steps, chances, random)

    return run(design, course, float(trials), branch, too_many=sys.maxsize)


def _draw(
    trials: np.ndarray[tuple[int], np.dtype[np.int64]], steps: Steps, chances: Floats, random: np.random.Generator
) -> Branches:
    """Draw how many of the trials at each state see each number of DLTs in the next cohort."""
    found: list[tuple[Whole, ...]] = []
    for dose, size in sorted(set(zip(steps.dose.tolist(), steps.size.tolist(), strict=True))):
        here = np.flatnonzero((steps.dose == dose) & (steps.size == size))
        p = float(chances[dose - 1])
        masses = [math.comb(size, dlts) * p**dlts * (1 - p) ** (size - dlts) for dlts in range(size + 1)]
        counts = random.multinomial(trials[here], masses)
        state, dlts = np.nonzero(counts)
        same = np.ones_like(dlts)
        found.append((here[state], same * (dose - 1), same * size, dlts, counts[state, dlts]))
    if not found:
        nothing = np.zeros(0, np.int64)
        return Branches(nothing, nothing, nothing, nothing, np.zeros(0))
    parent, dose_at, size_at, dlts_at, count = (np.concatenate(column) for column in zip(*found, strict=True))
    return Branches(parent, dose_at, size_at, dlts_at, count.astype(np.float64))


def _summary(drawn: list[Ends], truth: Floats, trials: int, tolerable: float | None) -> Characteristics:
    """Sum the chunks up, with their standard errors."""
    count = np.concatenate([ends.weight for ends in drawn]) / trials
    evaluable = np.concatenate([ends.evaluable for ends in drawn])
    total = np.concatenate([ends.total() for ends in drawn])
    chosen = np.bincount(np.concatenate([ends.mtd for ends in drawn]), count, len(truth) + 1)
    mean = float(total @ count)
    spread = math.sqrt(max(0.0, float(total**2 @ count) - mean**2) / (trials - 1))
    above = evaluable[:, truth > (1 if tolerable is None else tolerable)].sum(axis=1, dtype=np.int64)
    errors = np.sqrt(chosen * (1 - chosen) / trials).tolist()
    return Characteristics(
        truth=tuple(truth.tolist()),
        no_mtd=float(chosen[0]),
        select=tuple(chosen[1:].tolist()),
        patients=tuple((count @ evaluable).tolist()),
        dlts=tuple((count @ np.concatenate([ends.dlts for ends in drawn])).tolist()),
        total_patients=mean,
        total_distribution=_distribution(total, count),
        overdosed_distribution=() if tolerable is None else _distribution(above, count),
        method="simulated",
        mcse=MonteCarloError(errors[0], tuple(errors[1:]), spread),
    )


def _distribution(numbers: Ints, chance: Floats) -> tuple[tuple[int, float], ...]:
    """Give each number with its chance."""
    masses = np.bincount(numbers, chance)
    return tuple((int(at), float(masses[at])) for at in np.flatnonzero(masses))

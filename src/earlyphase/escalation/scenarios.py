"""True dose–toxicity curves to judge designs by: a fixed set, and random ones from a stated generator."""

from collections.abc import Sequence
from math import exp, log

import numpy as np

from earlyphase.escalation.exact import Floats
from earlyphase.escalation.interval import target_of
from earlyphase.escalation.options import Options
from earlyphase.faults import InvalidInput

STEP = 1.0
"""How far neighbouring doses of a fixed curve stand apart, as log odds."""

TOO_TOXIC = 1.4
"""A curve whose lowest dose exceeds this multiple of the target has no MTD. Source: Liu & Yuan 2015, J R Stat Soc C
64:507, for what is clearly too toxic."""

TRIES = 100_000
"""How often a random curve is drawn anew before its generator is thought to hang."""


def fixed_scenarios(target: float, doses: int) -> tuple[tuple[float, ...], ...]:
    """Give one curve for each dose as the MTD, and one on which every dose is too toxic.

    The curves are logistic, with the target exactly at the MTD and neighbours one unit of log odds apart.

    Units: probability.

    Source: logistic dose–toxicity curves, as in Neuenschwander 2008, Stat Med 27:2420.
    """
    _refuse(target, doses)
    centre = log(target / (1 - target))
    places = [*range(1, doses + 1), -0.5]
    return tuple(tuple(1 / (1 + exp(-centre - STEP * (dose - mtd))) for dose in range(1, doses + 1)) for mtd in places)


def random_scenarios(number: int, target: float, doses: int, seed: int) -> tuple[tuple[float, ...], ...]:
    """Draw curves by the pseudo-uniform generator: every dose is as likely as another to be the MTD.

    A dose j is drawn as the MTD; an upper bound from the target to 1, by a Beta(max(doses − j, 0.5), 1); then as many
    uniform numbers below the bound as there are doses, in order, anew until dose j is the nearest to the target.

    Units: probability.

    Source: Clertant & O'Quigley 2017, J R Stat Soc B 79:1487.
    """
    _refuse(target, doses)
    if number < 1:
        raise InvalidInput("--random", number, "is not a number of curves.", "Give 1 or more.")
    random = np.random.default_rng(seed)
    return tuple(_curve(target, doses, int(random.integers(doses)), random) for _ in range(number))


def true_mtd(truth: Sequence[float], target: float) -> int:
    """Give the MTD of a curve: the dose nearest to the target, 0 where the lowest is clearly too toxic.

    Source: the target's definition; for "clearly", Liu & Yuan 2015, J R Stat Soc C 64:507.
    """
    if truth[0] > TOO_TOXIC * target:
        return 0
    distances = [abs(p - target) for p in truth]
    return distances.index(min(distances)) + 1


def _curve(target: float, doses: int, mtd: int, random: np.random.Generator) -> tuple[float, ...]:
    """Draw one curve with its MTD at a place counted from 0."""
    bound = target + (1 - target) * float(random.beta(max(doses - mtd - 1, 0.5), 1))
    for _ in range(TRIES):
        curve: Floats = np.sort(random.random(doses)) * bound
        if int(np.argmin(np.abs(curve - target))) == mtd:
            return tuple(curve.tolist())
    raise RuntimeError("the generator finds no curve")


def _refuse(target: float, doses: int) -> None:
    """Refuse what gives no curve."""
    target_of(Options(target=target))
    if doses < 1:
        raise InvalidInput("--doses", doses, "is not a number of doses.", "Give 1 or more.")

"""Skeletons for the CRM from indifference intervals: how far apart doses stand that the model can tell apart."""

from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from math import exp, log

from earlyphase.faults import InvalidInput

INTERCEPT = 3.0
"""The fixed intercept of the one-parameter logistic model. Source: dfcrm 0.2-2.1; Goodman 1995, Stat Med 14:1149."""


class Model(StrEnum):
    """How the DLT probability of a dose depends on the one parameter."""

    EMPIRIC = "empiric"
    """The skeleton to a power. Source: O'Quigley 1990, Biometrics 46:33."""
    LOGISTIC = "logistic"
    """A logistic curve with a fixed intercept. Source: Goodman 1995."""


@dataclass(frozen=True, slots=True)
class Scale:
    """Where a probability lies on the scale on which the parameter multiplies the dose."""

    model: Model
    intercept: float = INTERCEPT

    def label(self, probability: float) -> float:
        """Give the dose label of a probability.

        Source: Cheung 2011, Dose Finding by the Continual Reassessment Method, chapter 3.
        """
        if self.model is Model.EMPIRIC:
            return log(probability)
        return log(probability / (1 - probability)) - self.intercept

    def probability(self, label: float) -> float:
        """Give the probability of a dose label.

        Source: as `label`.
        """
        return exp(label) if self.model is Model.EMPIRIC else 1 / (1 + exp(-self.intercept - label))


def indifference_skeleton(
    target: float, halfwidth: float, prior_mtd: int, doses: int, scale: Scale | None = None
) -> tuple[float, ...]:
    """Give the skeleton whose indifference interval has the same half-width at every dose.

    Args:
        target: the target DLT probability.
        halfwidth: half the width of the interval around the target in which a neighbour may lie.
        prior_mtd: the dose, counted from 1, that is thought to be the MTD before the study.
        doses: how many doses.
        scale: the model; the empiric one by default.

    Units: probability.

    Returns:
        One prior DLT probability for each dose; that of `prior_mtd` is the target.

    Raises:
        InvalidInput: the interval leaves 0 to 1, or the dose is not there.

    Source: Lee & Cheung 2009, Clin Trials 6:227; dfcrm 0.2-2.1 `getprior`.
    """
    scale = scale or Scale(Model.EMPIRIC)
    _refuse(target, halfwidth, prior_mtd, doses)
    low, high = scale.label(target - halfwidth), scale.label(target + halfwidth)
    if high >= 0:
        rule = f"+ {halfwidth:g} lies above what the model reaches before its intercept of {scale.intercept:g}."
        raise InvalidInput("--target", target, rule, "Take the empiric model, or a larger intercept.")
    centre = scale.label(target)
    return tuple(scale.probability(centre * (high / low) ** (dose - prior_mtd)) for dose in range(1, doses + 1))


def checked_skeleton(skeleton: tuple[float, ...], place: str = "--skeleton") -> tuple[float, ...]:
    """Refuse a skeleton that no model can use.

    Returns:
        The skeleton.

    Raises:
        InvalidInput: a value is not a probability, or the values do not increase.

    Source: O'Quigley 1990, Biometrics 46:33: the model orders the doses.
    """
    if not skeleton:
        raise InvalidInput(place, None, "is empty.", "Give a prior DLT probability for each dose.")
    for value in skeleton:
        if not 0 < value < 1:
            raise InvalidInput(place, value, "is not between 0 and 1.", "Give prior DLT probabilities.")
    for at, (below, above) in enumerate(pairwise(skeleton), start=2):
        if above <= below:
            raise InvalidInput(place, above, f"of dose {at} is not above {below:g}.", "The values must increase.")
    return skeleton


def _refuse(target: float, halfwidth: float, prior_mtd: int, doses: int) -> None:
    """Refuse what gives no skeleton."""
    if not 0 < target < 1:
        raise InvalidInput("--target", target, "is not between 0 and 1.", "Give a probability, as in 0.25.")
    if not (halfwidth > 0 and target - halfwidth > 0 and target + halfwidth < 1):
        raise InvalidInput("--halfwidth", halfwidth, f"around the target {target:g} leaves 0 to 1.", "0.05 is usual.")
    if doses < 1:
        raise InvalidInput("--doses", doses, "is not a number of doses.", "Give 1 or more.")
    if not 1 <= prior_mtd <= doses:
        raise InvalidInput("--prior-mtd", prior_mtd, f"is not one of the {doses} doses.")

"""The Bayesian logistic regression model (BLRM) with overdose control."""

from dataclasses import dataclass
from itertools import pairwise
from math import log

import numpy as np
from numpy.typing import NDArray

from earlyphase.escalation.batch import Ints, States, Steps, states_of
from earlyphase.escalation.behaving import behave, cohort_sizes
from earlyphase.escalation.design import Act, Design, Recommendation, Tally
from earlyphase.escalation.interval import started
from earlyphase.escalation.model_based import act_of, first_step, steps_to
from earlyphase.escalation.options import Options, needed
from earlyphase.escalation.two_parameter import Posterior, Prior, TwoParameter
from earlyphase.faults import InvalidInput

INTERVAL = (0.16, 0.33)
"""The target interval of DLT probabilities. Source: Neuenschwander 2008, Stat Med 27:2420."""

OVERDOSE = 0.25
"""The chance of lying above the interval that a dose may not reach. Source: Babb 1998, Stat Med 17:1103; as above."""

PRIOR = (log(0.5), 2.0, 0.0, 1.0)
"""A weakly informative prior: mean and standard deviation of log alpha, then of log beta; alpha is the odds of a DLT at
the reference dose, a probability of one third. Source: Neuenschwander 2016, in Statistical Methods in Drug Combination
Studies, chapter 6; the R package OncoBayes2."""


@dataclass(frozen=True, slots=True)
class Blrm:
    """The BLRM: of the doses that overdose control admits, the one most likely to lie in the target interval.

    A dose is admitted where the posterior chance that its DLT probability lies above the interval is below the limit.
    Going up, no dose is skipped unless that is asked for. Where no dose is admitted the study ends without an MTD.

    Source: Neuenschwander 2008, Stat Med 27:2420; Babb 1998, Stat Med 17:1103.
    """

    model: TwoParameter
    interval: tuple[float, float] = INTERVAL
    overdose: float = OVERDOSE
    cohort_size: int = 3
    start: int = 1
    skips: bool = False

    @property
    def doses(self) -> int:
        """Give how many doses the design chooses from.

        Source: its model.
        """
        return len(self.model.amounts)

    def fit(self, states: States) -> Posterior:
        """Fit the model to many tallies.

        Source: as the class.
        """
        return self.model.fit(states.evaluable.astype(np.float64), states.dlts.astype(np.float64), self.interval)

    def recommend(self, tally: Tally) -> Recommendation:
        """Answer a tally of complete observations with the next step.

        Source: as the class.
        """
        first = first_step(self, tally)
        if first is not None:
            return first
        states = states_of(tally)
        found = self.fit(states)
        dose = int(self._next(states, found)[0])
        if dose == 0:
            reason = f"{self._overdosing(tally, found, 1)}, not below {self.overdose:g}: stop without an MTD."
            return Recommendation(Act.STOP, None, 0, None, reason)
        act = act_of(tally, dose)
        return Recommendation(act, dose, self.cohort_size, None, self._why(tally, found, act, dose))

    def recommend_many(self, states: States) -> Steps:
        """Answer each of many tallies with the next step.

        Source: as the class.
        """
        return steps_to(self, states, self._next(states, self.fit(states)))

    def select_many(self, states: States) -> Ints:
        """Select the MTD of each tally, as the next dose would be chosen, among the doses that were treated.

        Source: as the class; an untried dose is never called the MTD.
        """
        return self._best(self.fit(states), states.evaluable > 0)

    def _best(self, found: Posterior, allowed: NDArray[np.bool_]) -> Ints:
        """Give the dose most likely to lie in the target interval, of those admitted and allowed; 0 for none."""
        admitted = (found.over < self.overdose) & allowed
        best = np.argmax(np.where(admitted, found.target, -1.0), axis=1) + 1
        return np.where(admitted.any(axis=1), best, 0)

    def _next(self, states: States, found: Posterior) -> Ints:
        """Give the next dose, 0 where the study ends."""
        highest = np.where(states.current > 0, states.current + 1, self.doses)
        doses = np.arange(1, self.doses + 1)
        allowed = np.ones_like(found.over, np.bool_) if self.skips else doses <= highest[:, None]
        return self._best(found, allowed)

    def _overdosing(self, tally: Tally, found: Posterior, dose: int) -> str:
        """Say how likely a dose lies above the interval."""
        return (
            f"The chance that the DLT probability of dose {tally.name(dose)} exceeds {self.interval[1]:g} is "
            f"{found.over[0, dose - 1]:.3f}"
        )

    def _why(self, tally: Tally, found: Posterior, act: Act, dose: int) -> str:
        """Say what was seen, what is known of the dose, and what follows."""
        current = tally.current or 1
        seen = tally.doses[current - 1]
        count = f"{seen.dlts} of {seen.evaluable} at dose {tally.name(current)} had a DLT"
        low, high = self.interval
        target, over = found.target[0, dose - 1], found.over[0, dose - 1]
        what = "stay" if act is Act.STAY else f"{act} to dose {tally.name(dose)}"
        return (
            f"{count}; dose {tally.name(dose)} lies within {low:g} to {high:g} with the chance {target:.3f}, the most "
            f"of the doses admitted, and above with {over:.3f}, below {self.overdose:g}: {what}."
        )


def from_options(options: Options) -> Design:
    """Make the design from a user's options.

    Raises:
        InvalidInput: an option is missing or wrong.

    Source: as `Blrm`.
    """
    interval, overdose = _interval(options), OVERDOSE if options.overdose is None else options.overdose
    if not 0 < overdose < 1:
        raise InvalidInput("--overdose", overdose, "is not between 0 and 1.", f"{OVERDOSE:g} is usual.")
    model = TwoParameter(_amounts(options), _reference(options), _prior(options))
    design = Blrm(model, interval, overdose, cohort_sizes(options)[-1], skips=options.may_skip)
    return behave(started(design, options), options)


def _interval(options: Options) -> tuple[float, float]:
    """Give the target interval."""
    said = INTERVAL if options.interval is None else options.interval
    if len(said) != len(INTERVAL) or not 0 < said[0] < said[-1] < 1:
        raise InvalidInput("--interval", said, "is not an interval within 0 and 1.", "As in 0.16,0.33.")
    return said[0], said[1]


def _amounts(options: Options) -> tuple[float, ...]:
    """Give how much each dose is."""
    amounts = needed(options.amounts, "--amounts", "Give how much each dose is, in any unit, as in 0.5,1,2.")
    if options.doses not in (None, len(amounts)):
        raise InvalidInput("--doses", options.doses, f"is not the number of amounts, {len(amounts)}.")
    if amounts[0] <= 0:
        raise InvalidInput("--amounts", amounts[0], "is not above 0.", "The model takes their logarithms.")
    for at, (below, above) in enumerate(pairwise(amounts), start=2):
        if above <= below:
            raise InvalidInput("--amounts", above, f"of dose {at} is not above {below:g}.", "The values must increase.")
    return amounts


def _reference(options: Options) -> float:
    """Give the reference dose."""
    reference = needed(options.reference, "--reference", "Give the amount at which the odds of a DLT are alpha.")
    if reference <= 0:
        raise InvalidInput("--reference", reference, "is not above 0.", "Give an amount, as one of --amounts.")
    return reference


def _prior(options: Options) -> Prior:
    """Give the prior."""
    said = PRIOR if options.prior is None else options.prior
    if len(said) not in (4, 5) or min(said[1], said[3]) <= 0 or abs((*said, 0.0)[4]) >= 1:
        rule = "is not mean and standard deviation of log alpha, the same of log beta, and where wanted a correlation."
        raise InvalidInput("--prior", ",".join(f"{value:g}" for value in said), rule, "As in -0.69,2,0,1.")
    return Prior(*said)

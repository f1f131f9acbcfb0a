"""The continual reassessment method: a one-parameter model of all doses, refitted after each cohort."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from earlyphase.escalation.batch import Ints, States, Steps, states_of
from earlyphase.escalation.behaving import behave, cohort_sizes
from earlyphase.escalation.design import Act, Design, Recommendation, Tally
from earlyphase.escalation.interval import CUTOFF, started, target_of
from earlyphase.escalation.model_based import act_of, first_step, steps_to
from earlyphase.escalation.one_parameter import (
    PRIOR_SD,
    Estimate,
    Floats,
    OneParameter,
    log_likelihood,
    most_likely,
    posterior,
)
from earlyphase.escalation.options import Options, needed
from earlyphase.escalation.skeletons import INTERCEPT, Model, checked_skeleton, indifference_skeleton
from earlyphase.escalation.skeletons import Scale as SkeletonScale
from earlyphase.faults import InvalidInput

Named = TypeVar("Named", bound=StrEnum)

HALFWIDTH = 0.05
"""Half-width of the indifference interval where no skeleton was given. Source: Lee & Cheung 2009, Clin Trials 6:227."""

BLOCK = 128
"""Tallies that are fitted at once, small enough for one core and its cache."""


class Method(StrEnum):
    """How the parameter is estimated."""

    BAYES = "bayes"
    """By its posterior mean. Source: O'Quigley 1990, Biometrics 46:33."""
    MLE = "mle"
    """By maximum likelihood, once both outcomes were seen. Source: O'Quigley & Shen 1996, Biometrics 52:673."""


@dataclass(frozen=True, slots=True)
class Fit:
    """What the model says after each of many tallies."""

    chances: Floats
    """The DLT probability at each dose, at the estimate of the parameter: a row for each tally."""
    parameter: Floats
    above: Floats
    """The chance that the lowest dose's DLT probability exceeds the target."""


@dataclass(frozen=True, slots=True)
class Crm:
    """The CRM: the next cohort is treated at the dose whose estimate is nearest to the target.

    Going up, no dose is skipped unless that is asked for. By maximum likelihood the dose goes up by one until the first
    DLT, and down by one until somebody has none. The study ends without an MTD once the posterior chance that the
    lowest dose exceeds the target is larger than the cutoff; a cutoff of 1 leaves that rule out.

    Source: O'Quigley 1990, Biometrics 46:33; Goodman 1995, Stat Med 14:1149; Cheung 2011, Dose Finding by the
    Continual Reassessment Method.
    """

    model: OneParameter
    target: float
    method: Method = Method.BAYES
    cohort_size: int = 3
    start: int = 1
    cutoff: float = CUTOFF
    skips: bool = False

    @property
    def doses(self) -> int:
        """Give how many doses the design chooses from.

        Source: its skeleton.
        """
        return len(self.model.skeleton)

    def fit(self, states: States) -> Fit:
        """Fit the model to many tallies.

        Source: as the class.
        """
        evaluable, dlts = states.evaluable.astype(np.float64), states.dlts.astype(np.float64)
        bayes = self._posterior(evaluable, dlts)
        parameter = bayes.mean if self.method is Method.BAYES else most_likely(self.model, evaluable, dlts)
        return Fit(self.model.chances(parameter), parameter, bayes.above)

    def recommend(self, tally: Tally) -> Recommendation:
        """Answer a tally of complete observations with the next step.

        Source: as the class.
        """
        first = first_step(self, tally)
        if first is not None:
            return first
        fit = self.fit(states_of(tally))
        dose = int(self._next(states_of(tally), fit)[0])
        if dose == 0:
            reason = (
                f"The chance that dose {tally.name(1)} exceeds the target {self.target:g} is {fit.above[0]:.3f}, above "
                f"{self.cutoff:g}: stop without an MTD."
            )
            return Recommendation(Act.STOP, None, 0, None, reason)
        act = act_of(tally, dose)
        return Recommendation(act, dose, self.cohort_size, None, self._why(tally, fit, act, dose))

    def recommend_many(self, states: States) -> Steps:
        """Answer each of many tallies with the next step.

        Source: as the class.
        """
        return steps_to(self, states, self._next(states, self.fit(states)))

    def select_many(self, states: States) -> Ints:
        """Select the MTD of each tally: the dose nearest to the target among those up to the highest treated.

        Source: as the class; an untried dose is never called the MTD.
        """
        fit = self.fit(states)
        highest = np.where(states.evaluable > 0, np.arange(1, self.doses + 1), 0).max(axis=1)
        chosen = np.minimum(self._nearest(fit), np.maximum(highest, 1))
        return np.where((fit.above > self.cutoff) | (highest == 0), 0, chosen)

    def _posterior(self, evaluable: Floats, dlts: Floats) -> Estimate:
        """Give the posterior of the parameter, block by block."""
        grid = self.model.grid(self.target)
        blocks = range(0, max(1, len(evaluable)), BLOCK)
        parts = [slice(first, first + BLOCK) for first in blocks]
        fitted = [
            posterior(grid, log_likelihood(self.model, grid.points, evaluable[part], dlts[part])) for part in parts
        ]
        return Estimate(*(np.concatenate(column) for column in zip(*fitted, strict=True)))

    def _nearest(self, fit: Fit) -> NDArray[np.intp]:
        """Give the dose whose estimate is nearest to the target; of two, the lower."""
        return np.argmin(np.abs(fit.chances - self.target), axis=1) + 1

    def _next(self, states: States, fit: Fit) -> Ints:
        """Give the next dose, 0 where the study ends."""
        wanted, current = self._nearest(fit), states.current.astype(np.int64)
        if self.method is Method.MLE:
            hits, total = states.dlts.sum(axis=1, dtype=np.int64), states.total()
            alone = np.where(hits == 0, current + 1, current - 1)
            wanted = np.where((hits == 0) | (hits == total), np.clip(alone, 1, self.doses), wanted)
        if not self.skips:
            wanted = np.where(current > 0, np.minimum(wanted, current + 1), wanted)
        return np.where(fit.above > self.cutoff, 0, wanted)

    def _why(self, tally: Tally, fit: Fit, act: Act, dose: int) -> str:
        """Say what was seen, what is estimated, and what follows."""
        current = tally.current or 1
        seen = tally.doses[current - 1]
        count = f"{seen.dlts} of {seen.evaluable} at dose {tally.name(current)} had a DLT"
        hits, treated = sum(each.dlts for each in tally.doses), sum(each.evaluable for each in tally.doses)
        if self.method is Method.MLE and hits in (0, treated):
            rule = "until the first DLT the dose goes up by one" if hits == 0 else "all had a DLT"
            return f"{count}; {rule}: {act} to dose {tally.name(dose)}."
        estimates = ", ".join(f"{chance:.3f}" for chance in fit.chances[0])
        nearest = int(self._nearest(fit)[0])
        held = "" if nearest == dose else ", but no dose is skipped"
        what = "stay" if act is Act.STAY else f"{act} to dose {tally.name(dose)}"
        return (
            f"{count}; the DLT probabilities are estimated at {estimates}, dose {tally.name(nearest)} is nearest to "
            f"the target {self.target:g}{held}: {what}."
        )


def from_options(options: Options) -> Design:
    """Make the design from a user's options.

    Raises:
        InvalidInput: an option is missing or wrong.

    Source: as `Crm`.
    """
    return behave(started(crm_of(options), options), options)


def crm_of(options: Options) -> Crm:
    """Make the bare CRM from a user's options, without its behaviours.

    Raises:
        InvalidInput: an option is missing or wrong.

    Source: as `Crm`.
    """
    target = target_of(options)
    kind = one_of(options.model or Model.EMPIRIC, Model, "--model")
    method = one_of(options.method or Method.BAYES, Method, "--method")
    sd = PRIOR_SD if options.prior_sd is None else options.prior_sd
    if not sd > 0:
        raise InvalidInput("--prior-sd", sd, "is not above 0.", f"{PRIOR_SD:.3g} is usual.")
    skeleton = _skeleton(options, target, kind)
    reach = SkeletonScale(kind, INTERCEPT)
    if kind is Model.LOGISTIC and (reach.label(skeleton[-1]) >= 0 or reach.label(target) >= 0):
        rule = f"reaches what the logistic model keeps for its intercept, {reach.probability(0):.3f}."
        raise InvalidInput("--skeleton", max(skeleton[-1], target), rule, "Take the empiric model, or lower values.")
    model = OneParameter(skeleton, kind, sd)
    size, cutoff = cohort_sizes(options)[-1], crm_cutoff(options)
    return Crm(model, target, method, size, cutoff=cutoff, skips=options.may_skip)


def crm_cutoff(options: Options) -> float:
    """Give the chance above which the study ends at its lowest dose; 1 leaves the rule out.

    Raises:
        InvalidInput: it is not between 0.5 and 1.

    Source: the cutoff of Ji 2010, Clin Trials 7:653, on the model's own posterior.
    """
    cutoff = CUTOFF if options.cutoff is None else options.cutoff
    if not 0.5 < cutoff <= 1:  # noqa: PLR2004 - below one half a study would end that is more likely safe
        raise InvalidInput("--cutoff", cutoff, "is not between 0.5 and 1.", "0.95 is usual; 1 leaves the rule out.")
    return cutoff


def one_of(said: str, known: type[Named], place: str) -> Named:
    """Give the member of a closed list that a user named.

    Raises:
        InvalidInput: there is none of that name.

    Source: the list's own.
    """
    if said not in tuple(known):
        raise InvalidInput(place, said, "is not known.", f"There are: {', '.join(known)}.")
    return known(said)


def _skeleton(options: Options, target: float, kind: Model) -> tuple[float, ...]:
    """Give the skeleton that was given, or the one of the indifference interval."""
    if options.skeleton is not None:
        skeleton = checked_skeleton(options.skeleton)
        if options.doses not in (None, len(skeleton)):
            raise InvalidInput("--doses", options.doses, f"is not the length of the skeleton, {len(skeleton)}.")
        return skeleton
    remedy = "Give one prior DLT probability for each dose, or --prior-mtd and --doses to have it made."
    guess = needed(options.prior_mtd, "--skeleton", remedy)
    doses = needed(options.doses, "--doses", "Give the number of dose levels, as in --doses 5.")
    halfwidth = HALFWIDTH if options.halfwidth is None else options.halfwidth
    return indifference_skeleton(target, halfwidth, guess, doses, SkeletonScale(kind))

"""TITE-CRM: the CRM that need not wait; who is still in the window weighs as much as they were followed."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from earlyphase.escalation.batch import Ints, States
from earlyphase.escalation.crm import Crm, Method, crm_of, one_of
from earlyphase.escalation.design import Design
from earlyphase.escalation.one_parameter import BOUND, HALVINGS, Floats, OneParameter, posterior
from earlyphase.escalation.options import Options
from earlyphase.escalation.timed_advice import Known
from earlyphase.escalation.timed_options import ladder, most_of
from earlyphase.escalation.underway import BY_SELECTION, Moves, Underway

BLOCK = 256
"""Studies that are fitted at once, so that their likelihoods stay in the processor's cache."""

SMALL = 1e-4
"""Half the step of the difference by which the likelihood's slope is told."""


class Scheme(StrEnum):
    """How a participant who is still in the window weighs."""

    LINEAR = "linear"
    """By the share of the window that was followed."""
    ADAPTIVE = "adaptive"
    """By when DLTs came so far. Source: Cheung & Chappell 2000, Biometrics 56:1177, section 3."""


def weights(underway: Underway, scheme: Scheme) -> Floats:
    """Give the weight of each participant: a row for each, a column for each study.

    Units: share of 1.

    Returns:
        1 for who had a DLT, and for who was followed to the end.

    Source: Cheung & Chappell 2000, Biometrics 56:1177; dfcrm 0.2-2.1 `titecrm`.
    """
    if scheme is Scheme.LINEAR:
        return np.where(underway.dlt, 1.0, underway.share)
    came = np.sort(np.where(underway.dlt & (underway.dose > 0), underway.dlt_share, np.inf), axis=0)
    total = np.isfinite(came).sum(axis=0)
    before = (came[:, None, :] <= underway.share[None, :, :]).sum(axis=0)
    edge = np.ones((1, came.shape[1]))
    edges = np.concatenate([0 * edge, np.minimum(came, 1.0), edge])
    low = np.take_along_axis(edges, before, axis=0)
    high = np.take_along_axis(edges, before + 1, axis=0)
    width = np.where(high > low, high - low, 1.0)
    found = np.minimum((before + (underway.share - low) / width) / (total + 1), 1.0)
    return np.where(underway.dlt | (underway.share >= 1), 1.0, found)


def weighted_log_likelihood(model: OneParameter, parameter: Floats, underway: Underway, weight: Floats) -> Floats:
    """Give the log-likelihood of many studies: a row for each, a column for each parameter.

    Those known enter by their counts; each of the pending adds log(1 − weight × DLT probability).

    Source: Cheung & Chappell 2000, Biometrics 56:1177.
    """
    hit, spared = model.log_chances(parameter)
    counts, full = underway.counts, (weight >= 1) & ~underway.dlt & (underway.dose > 0)
    known = np.stack([np.sum((underway.dose == dose) & full, axis=0) for dose in range(1, underway.doses + 1)])
    found = counts.dlts.T.astype(np.float64) @ hit + known.T.astype(np.float64) @ spared
    study, person = np.nonzero(((weight < 1) & ~underway.dlt & (underway.dose > 0)).T)
    if len(study):
        terms = np.log1p(-weight[person, study][:, None] * np.exp(hit[underway.dose[person, study] - 1]))
        first = np.flatnonzero(np.diff(study, prepend=-1))
        found[study[first]] += np.add.reduceat(terms, first, axis=0)
    return found


@dataclass(frozen=True, slots=True)
class TiteCrm:
    """TITE-CRM: the CRM on a likelihood in which each participant weighs as much as they were followed.

    Nobody waits. No dose is skipped on the way up unless that is asked for; the rule for a lowest dose that is too
    toxic is that of the CRM.

    Source: Cheung & Chappell 2000, Biometrics 56:1177.
    """

    crm: Crm
    scheme: Scheme
    most: int
    start: int = 1
    stop_at: int | None = None

    @property
    def doses(self) -> int:
        """Give how many doses the design chooses from.

        Source: its skeleton.
        """
        return self.crm.doses

    def fit(self, underway: Underway) -> tuple[Floats, Floats]:
        """Give the estimate of the parameter, and the chance that the lowest dose exceeds the target.

        Source: as the class.
        """
        weight = weights(underway, self.scheme)
        blocks = [slice(first, first + BLOCK) for first in range(0, underway.dose.shape[1], BLOCK)]
        fitted = [self._fit(underway.some(part), weight[:, part]) for part in blocks]
        parameter, above = zip(*fitted, strict=True)
        return np.concatenate(parameter), np.concatenate(above)

    def decide(self, underway: Underway) -> Moves:
        """Say what each study does next.

        Source: as the class.
        """
        parameter, above = self.fit(underway)
        wanted = np.argmin(np.abs(self.crm.model.chances(parameter) - self.crm.target), axis=1) + 1
        current = underway.current.astype(np.int64)
        if self.crm.method is Method.MLE:
            wanted = self._without_estimate(underway, wanted)
        if not self.crm.skips:
            wanted = np.minimum(wanted, current + 1)
        left = self.most - underway.counts.treated.sum(axis=0, dtype=np.int64)
        enough = (wanted == current) & (underway.here.treated >= (self.stop_at or self.most))
        over = (above > self.crm.cutoff) | (left <= 0) | enough
        dose = np.where(current == 0, self.start, np.where(over, 0, wanted))
        size = np.where(dose > 0, np.minimum(self.crm.cohort_size, left), 0)
        return Moves(dose, size, np.full(len(dose), BY_SELECTION), np.zeros(len(dose), np.bool_))

    def select_many(self, states: States) -> Ints:
        """Select the MTD of each tally, 0 for none.

        Source: `Crm`.
        """
        return self.crm.select_many(states)

    def explain(self, underway: Underway, moves: Moves) -> str:
        """Say which rule decided for the first study.

        Source: as the class.
        """
        parameter, above = self.fit(underway)
        if above[0] > self.crm.cutoff:
            return f"the chance that the lowest dose exceeds the target {self.crm.target:g} is {above[0]:.3f}"
        chances = self.crm.model.chances(parameter)[0]
        nearest = int(np.argmin(np.abs(chances - self.crm.target))) + 1
        held = "" if moves.dose[0] in (nearest, 0) else ", but no dose is skipped"
        shown = ", ".join(f"{chance:.3f}" for chance in chances)
        return (
            f"the DLT probabilities are estimated at {shown}, dose {nearest} is nearest to the target "
            f"{self.crm.target:g}{held}"
        )

    def _fit(self, underway: Underway, weight: Floats) -> tuple[Floats, Floats]:
        """Fit the model to a block of studies."""
        grid = self.crm.model.grid(self.crm.target)
        bayes = posterior(grid, weighted_log_likelihood(self.crm.model, grid.points, underway, weight))
        parameter = bayes.mean if self.crm.method is Method.BAYES else self._most_likely(underway, weight)
        return parameter, bayes.above

    def _most_likely(self, underway: Underway, weight: Floats) -> Floats:
        """Give the parameter of the highest likelihood, study by study."""
        found: list[float] = []
        for study in range(underway.dose.shape[1]):
            one, own = underway.some(slice(study, study + 1)), weight[:, study : study + 1]
            low, high = -BOUND, BOUND
            for _ in range(HALVINGS):
                middle = (low + high) / 2
                around = np.array([middle - SMALL, middle + SMALL])
                below, above = weighted_log_likelihood(self.crm.model, around, one, own)[0]
                low, high = (middle, high) if above > below else (low, middle)
            found.append((low + high) / 2)
        return np.array(found)

    def _without_estimate(self, underway: Underway, wanted: Ints) -> Ints:
        """Go one dose up until the first DLT, and one down while everyone had one."""
        hits = underway.counts.dlts.sum(axis=0, dtype=np.int64)
        total = underway.counts.treated.sum(axis=0, dtype=np.int64)
        alone = np.clip(np.where(hits == 0, underway.current + 1, underway.current - 1), 1, self.doses)
        return np.where((hits == 0) | (hits == total), alone, wanted)


def from_options(options: Options) -> Design:
    """Make the design from a user's options, for questions where everyone is known.

    Raises:
        InvalidInput: an option is missing or wrong.

    Source: as `TiteCrm`.
    """
    return Known(timed_from_options(options))


def timed_from_options(options: Options) -> TiteCrm:
    """Make the design from a user's options.

    Raises:
        InvalidInput: an option is missing or wrong.

    Source: as `TiteCrm`.
    """
    crm = crm_of(options)
    _, start = ladder(options, crm.doses)
    scheme = one_of(options.scheme or Scheme.LINEAR, Scheme, "--scheme")
    return TiteCrm(crm, scheme, most_of(options), start, options.stop_at)

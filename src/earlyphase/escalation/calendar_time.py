"""Simulation in calendar time: what accrual, the DLT window, staggering, products and committees make of a design.

Many studies go on side by side, each at its own date. A decision is taken when a patient is there to be treated; a
patient who comes where nobody may be treated goes elsewhere, and the next one is awaited. The studies are drawn in
chunks, each from its own seed, so that who draws which chunk changes nothing.
"""

from functools import partial
from typing import NamedTuple

import numpy as np

from earlyphase.escalation.batch import Ints, States
from earlyphase.escalation.boin12 import Boin12
from earlyphase.escalation.characteristics import checked_truths
from earlyphase.escalation.conduct import Arrivals, Conduct
from earlyphase.escalation.executor import Executor, Serial
from earlyphase.escalation.timed_characteristics import Chunk, TimedCharacteristics, summed
from earlyphase.escalation.underway import BY_SELECTION, WAIT, Floats, Moves, TimedDesign, Truths, Underway
from earlyphase.faults import InvalidInput

CHUNK = 5_000
"""Studies that are drawn from one seed; so few that they stay in the processor's cache."""

ALMOST = 1 - 1e-12
"""The share of the window that is followed just before its end."""


class Truth(NamedTuple):
    """The chances that a simulation draws from, at each dose."""

    dlt: tuple[float, ...]
    response: tuple[float, ...] = ()
    """Empty where the design does not ask for responses."""


def simulate_calendar(  # noqa: PLR0913, PLR0917 - each says one thing of the simulation
    design: TimedDesign,
    truth: Truth,
    conduct: Conduct,
    trials: int,
    seed: int = 1,
    executor: Executor | None = None,
    tolerable: float | None = None,
) -> TimedCharacteristics:
    """Simulate a design in calendar time under one truth.

    Args:
        design: a design that decides in time; `WhenComplete` makes one of any count-driven design.
        truth: the chances of a DLT, and where the design asks for them of a response, at each dose.
        conduct: accrual, window, staggering and the like.
        trials: how many studies.
        seed: the seed; the same seed gives the same figures, whoever computes them.
        executor: who computes; by default this process alone.
        tolerable: the highest tolerable probability, to count those treated above it.

    Units: days; participants; probability.

    Returns:
        The characteristics with the duration as a distribution, and their Monte Carlo standard errors.

    Raises:
        InvalidInput: the truth or the number of studies cannot be used.

    Source: Yuan 2018, Clin Cancer Res 24:4921, for what is simulated; Morris 2019, Stat Med 38:2074, for the errors.
    """
    if trials < 2:  # noqa: PLR2004 - a standard error needs two
        raise InvalidInput("--simulate", trials, "is not a number of trials.", "Give 2 or more.")
    checked_truths([truth.dlt], design.doses)
    if truth.response:
        checked_truths([truth.response], design.doses, "--response")
    sizes = [min(CHUNK, trials - first) for first in range(0, trials, CHUNK)]
    seeds = np.random.SeedSequence(seed).spawn(len(sizes))
    draw = partial(draw_chunk, design, truth, conduct)
    chunks = (executor or Serial()).map(draw, list(zip(sizes, seeds, strict=True)))
    return summed(chunks, truth.dlt, tolerable)


def draw_chunk(design: TimedDesign, truth: Truth, conduct: Conduct, share: tuple[int, np.random.SeedSequence]) -> Chunk:
    """Draw one chunk of studies from its own seed.

    Source: as `simulate_calendar`.
    """
    studies = _Studies(design, truth, conduct, share[0], share[1])
    while studies.go_on():
        pass
    return studies.result()


class _Studies:
    """A chunk of studies: a row for each participant, a column for each study."""

    def __init__(
        self, design: TimedDesign, truth: Truth, conduct: Conduct, number: int, seed: np.random.SeedSequence
    ) -> None:
        """Begin all studies on day 0, with the first patient."""
        self.design, self.conduct = design, conduct
        self.random = np.random.Generator(np.random.PCG64(seed))
        self.chances, self.replies = (np.array([0.0, *each]) for each in (truth.dlt, truth.response))
        people, doses = (design.most, number), (design.doses + 1, number)
        self.dose, self.infused, self.known = np.zeros(people, np.int8), np.zeros(people), np.zeros(people)
        self.hit, self.reply, self.aside = (np.zeros(people, np.bool_) for _ in range(3))
        self.at_dose, self.last = np.zeros(doses, np.int64), np.zeros(doses)
        self.treated, self.enrolled, self.current, self.mtd = (np.zeros(number, np.int64) for _ in range(4))
        self.now, self.end = np.zeros(number), np.zeros(number)
        self.going = np.arange(number)

    def go_on(self) -> bool:
        """Decide in every study that is going on, and treat who is to be treated.

        Returns:
            Whether any study is still going on.
        """
        if not len(self.going):
            return False
        self.now[self.going] += np.where(self.enrolled[self.going] > 0, self._arrivals(len(self.going)), 0)
        moves = self.design.decide(self._underway(self.going))
        self._wait(self.going[moves.dose == WAIT])
        treats, over = moves.dose > 0, moves.dose == 0
        self._treat(self.going[treats], moves.some(treats))
        self._finish(self.going[over], moves.mtd[over])
        self.going = self.going[~over]
        return True

    def result(self) -> Chunk:
        """Give what became of the studies."""
        here = [self.dose == dose for dose in range(1, self.design.doses + 1)]
        patients = np.stack([each.sum(axis=0) for each in here])
        dlts = np.stack([(each & self.hit).sum(axis=0) for each in here])
        return Chunk(self.mtd, patients, dlts, self.end, self.enrolled)

    def _underway(self, studies: Ints) -> Underway:
        """Give what is known of some studies now."""
        rows, now = max(1, int(self.treated[studies].max(initial=0))), self.now[studies]
        every = slice(None) if len(studies) == len(self.now) else studies
        dose, hit, aside = self.dose[:rows, every], self.hit[:rows, every], self.aside[:rows, every]
        known, infused = self.known[:rows, every], self.infused[:rows, every]
        done = known <= now
        follow = np.clip((now - infused) / self.conduct.window, 0, ALMOST)
        reply = self.reply[:rows, every]
        if len(self.replies) > 1:
            reply = reply & (infused + self.conduct.window <= now)
        share = np.where(done, 1.0, follow)
        until = (known - infused) / self.conduct.window
        return Underway(self.design.doses, dose, hit & done, share, until, reply, aside, self.current[studies])

    def _wait(self, studies: Ints) -> None:
        """Go to the next moment at which something becomes known."""
        if not len(studies):
            return
        known, now = self.known[:, studies], self.now[studies]
        following = np.where(known > now, known, np.inf)
        if len(self.replies) > 1:
            seen = np.where(self.dose[:, studies] > 0, self.infused[:, studies] + self.conduct.window, 0)
            following = np.minimum(following, np.where(seen > now, seen, np.inf))
        self.now[studies] = following.min(axis=0)
        if not np.isfinite(self.now[studies]).all():
            raise RuntimeError("a design waits although nobody is pending")

    def _treat(self, studies: Ints, moves: Moves) -> None:
        """Treat the next cohorts, each participant as they come."""
        self.now[studies] += self.conduct.committee
        self.current[studies] = np.where(moves.aside, self.current[studies], moves.dose)
        for place in range(int(moves.size.max(initial=0))):
            some = moves.size > place
            if place:
                self.now[studies[some]] += self._arrivals(int(some.sum()))
            self._enrol(studies[some], moves.dose[some], moves.aside[some])

    def _enrol(self, studies: Ints, dose: Ints, aside: Truths) -> None:
        """Enrol one participant in each of some studies, and draw what will become of them."""
        row = self.treated[studies]
        infused = self._infusion(studies, dose)
        hit = self.random.random(len(studies)) < self.chances[dose]
        known = infused + self.conduct.window
        if not isinstance(self.design, Boin12):  # which waits for the responses, so that all is judged at the end
            known[hit] = infused[hit] + self._time_to_dlt(int(hit.sum()))
        self.dose[row, studies], self.aside[row, studies], self.hit[row, studies] = dose, aside, hit
        self.infused[row, studies], self.known[row, studies] = infused, known
        if len(self.replies) > 1:
            self.reply[row, studies] = self.random.random(len(studies)) < self.replies[dose]
        self.treated[studies] += 1
        self.enrolled[studies] += 1

    def _infusion(self, studies: Ints, dose: Ints) -> Floats:
        """Give the day of infusion, after the product is made and those before were watched for long enough.

        Who drops out, because the product cannot be made or because they are not evaluable, is replaced.
        """
        plan = self.conduct
        infused = self.now[studies] + self._vein_to_vein(len(studies))
        self._replace(studies, infused, plan.failure, 0.0)
        if plan.stagger or plan.stagger_first:
            before = self.at_dose[dose, studies]
            gap = np.where(before == 1, plan.stagger_first, plan.stagger)
            infused = np.where(before > 0, np.maximum(infused, self.last[dose, studies] + gap), infused)
            self.at_dose[dose, studies] += 1
        self._replace(studies, infused, plan.dropout, plan.window)
        self.last[dose, studies] = infused
        return infused

    def _replace(self, studies: Ints, infused: Floats, share: float, window: float) -> None:
        """Replace those who drop out, within a window from when they were to be infused, as often as it takes."""
        lost = np.flatnonzero(self.random.random(len(studies)) < share) if share else np.zeros(0, np.int64)
        while len(lost):
            until = self.random.random(len(lost)) * window
            infused[lost] += until + self._arrivals(len(lost)) + self._vein_to_vein(len(lost))
            self.enrolled[studies[lost]] += 1
            lost = lost[self.random.random(len(lost)) < share]

    def _finish(self, studies: Ints, mtd: Ints) -> None:
        """End studies, once everyone was followed."""
        if not len(studies):
            return
        self.end[studies] = self.known[:, studies].max(axis=0) + self.conduct.committee
        dose, hit = self.dose[:, studies], self.hit[:, studies]
        here = [dose == one for one in range(1, self.design.doses + 1)]
        counts = [np.stack([(each & of).sum(axis=0) for each in here], axis=1) for of in (np.True_, hit)]
        chosen = self.design.select_many(States(counts[0], counts[1], self.current[studies]))
        self.mtd[studies] = np.where(mtd == BY_SELECTION, chosen, mtd)

    def _arrivals(self, number: int) -> Floats:
        """Draw the days until the next patient comes."""
        if self.conduct.arrivals == Arrivals.EVEN:
            return np.full(number, self.conduct.accrual)
        return self.random.standard_exponential(number) * self.conduct.accrual

    def _vein_to_vein(self, number: int) -> Floats:
        """Draw the days from enrolment to infusion."""
        mean, sd = self.conduct.vein_to_vein, self.conduct.vein_to_vein_sd
        if not mean or not sd:
            return np.full(number, mean)
        return self.random.gamma((mean / sd) ** 2, sd**2 / mean, number)

    def _time_to_dlt(self, number: int) -> Floats:
        """Draw the days from infusion to the DLT."""
        late = self.random.random(number) < self.conduct.late
        return (late + self.random.random(number)) / 2 * self.conduct.window

"""The ways that the next cohorts can go: what each possible result leads to."""

from dataclasses import dataclass
from math import comb, prod

from earlyphase.escalation.course import Course, next_step
from earlyphase.escalation.design import Design, DoseTally, Recommendation, Tally
from earlyphase.faults import InvalidInput

TOO_MANY = 20_000
"""Paths beyond which nobody reads them."""


@dataclass(frozen=True, slots=True)
class Path:
    """One result of a cohort, what the design then advises, and where that can lead."""

    dose: int
    size: int
    dlts: int
    chance: float | None
    """The chance of this result after those before it, where a truth was given."""
    advice: Recommendation
    next: tuple["Path", ...]

    @property
    def word(self) -> str:
        """Write the result as an outcome, as in `2NNT`.

        Source: the notation.
        """
        return f"{self.dose}{'N' * (self.size - self.dlts)}{'T' * self.dlts}"


def paths(
    design: Design, course: Course | None = None, cohorts: int = 1, truth: tuple[float, ...] | None = None
) -> tuple[Recommendation, tuple[Path, ...]]:
    """Follow every result of the next cohorts.

    Args:
        design: any design whose decision depends on counts alone.
        course: where the escalation stands; by default at its beginning.
        cohorts: how many cohorts ahead.
        truth: the true DLT probability at each dose, for the chance of each result.

    Returns:
        What the design advises now, and the results of the next cohort with what follows.

    Raises:
        InvalidInput: the paths are too many to be read.

    Source: the rules of the design itself; dose transition pathways, Yap 2017, Clin Cancer Res 23:7440.
    """
    if cohorts < 1:
        raise InvalidInput("--cohorts", cohorts, "is not a number of cohorts.", "Give 1 or more.")
    start = course or Course(Tally((DoseTally(0, 0),) * design.doses), 0)
    now = next_step(design, start)
    ways = prod([now.cohort_size + 1] * cohorts)
    if ways > TOO_MANY:
        raise InvalidInput("--cohorts", cohorts, f"leads to up to {ways:,} paths.", "Look fewer cohorts ahead.")
    return now, _results(design, start.tally, now, cohorts, truth)


def _results(
    design: Design, seen: Tally, asked: Recommendation, cohorts: int, truth: tuple[float, ...] | None
) -> tuple[Path, ...]:
    """Give the results of the cohort that was asked for."""
    dose, size = asked.next_dose, asked.cohort_size
    if dose is None or cohorts == 0:
        return ()
    return tuple(_result(design, seen, (dose, size, dlts), cohorts, truth) for dlts in range(size + 1))


def _result(
    design: Design, seen: Tally, result: tuple[int, int, int], cohorts: int, truth: tuple[float, ...] | None
) -> Path:
    """Give one result and what follows from it."""
    dose, size, dlts = result
    before = seen.doses[dose - 1]
    after = DoseTally(before.evaluable + size, before.dlts + dlts)
    tally = Tally((*seen.doses[: dose - 1], after, *seen.doses[dose:]), dose, seen.names)
    advice = design.recommend(tally)
    chance = None
    if truth is not None:
        chance = comb(size, dlts) * truth[dose - 1] ** dlts * (1 - truth[dose - 1]) ** (size - dlts)
    return Path(dose, size, dlts, chance, advice, _results(design, tally, advice, cohorts - 1, truth))

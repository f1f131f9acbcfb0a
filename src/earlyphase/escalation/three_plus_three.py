"""The 3+3 design, in its three variants: they give different MTDs, so the protocol names one."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from earlyphase.escalation.design import Act, DoseTally, Recommendation, Tally
from earlyphase.escalation.notation import require_tally
from earlyphase.escalation.options import Options, needed
from earlyphase.faults import InvalidInput

if TYPE_CHECKING:
    from earlyphase.escalation.batch import States, Steps

COHORT = 3
"""Participants in a cohort. Source: Storer 1989, design A."""

FULL = 6
"""Participants at a dose after which its question is settled. Source: as above."""

EXCEEDED = 2
"""DLTs at a dose that exceed it, in three as in six. Source: as above; Le Tourneau 2009, J Natl Cancer Inst 101:708."""


class Variant(StrEnum):
    """Which of the three rules that are called 3+3."""

    LOWEST_STOP = "lowest_stop"
    """The MTD is the dose below the one that was exceeded, on three or six participants as it stands."""
    EXPAND_BELOW = "expand_below"
    """The dose below is filled to six first; the top dose is accepted on 0 of 3."""
    SIX_AT_MTD = "six_at_mtd"
    """No MTD without six participants, the top dose included."""


@dataclass(frozen=True, slots=True)
class ThreePlusThree:
    """The 3+3 design over `doses` doses, beginning at dose `start`: a start above 1 leaves a dose −1 below it.

    Beyond six at a dose the design has no rule: two DLTs still exceed the dose. Give it the participants of the
    escalation alone, not those of an expansion.

    Source: Storer 1989, Biometrics 45:925; Le Tourneau 2009, J Natl Cancer Inst 101:708.
    """

    doses: int
    variant: Variant
    start: int = 1

    def __post_init__(self) -> None:
        """Refuse a ladder that is not there."""
        if self.doses < 1:
            raise InvalidInput("doses", self.doses, "is not a number of doses.", "Give 1 or more.")
        if not 1 <= self.start <= self.doses:
            raise InvalidInput(
                "start", self.start, f"is not one of the {self.doses} doses.", f"Give 1 to {self.doses}."
            )

    def recommend(self, tally: Tally) -> Recommendation:
        """Answer a tally of complete observations with the next step.

        Source: Storer 1989; the variants as in `Variant`.
        """
        require_tally(tally, self.doses)
        if tally.current is None:
            return Recommendation(
                Act.START, self.start, COHORT, None, f"Nobody has been treated: start at dose {tally.name(self.start)}."
            )
        limit = self._highest_allowed(tally)
        if limit == 0:
            return _stop(None, f"{_count(tally, 1)}: the lowest dose is exceeded, so there is no MTD.")
        dose = _first_open(tally, min(tally.current, limit), limit)
        if dose == limit and self._accepts(tally, limit):
            return _stop(limit, self._why_accepted(tally, limit))
        return self._treat(tally, tally.current, dose)

    def recommend_many(self, states: "States") -> "Steps":
        """Answer each of many tallies with the next step.

        Source: as `recommend`.
        """
        from earlyphase.escalation.three_plus_three_many import steps  # noqa: PLC0415 - one tally needs no numpy

        return steps(self, states)

    def _highest_allowed(self, tally: Tally) -> int:
        """Give the dose below the lowest that is exceeded, or the top dose."""
        return next((at for at, seen in enumerate(tally.doses) if seen.dlts >= EXCEEDED), self.doses)

    def _accepts(self, tally: Tally, limit: int) -> bool:
        """Say whether the highest dose that is allowed may be called the MTD on what has been seen there."""
        seen = tally.doses[limit - 1]
        match self.variant:
            case Variant.LOWEST_STOP:
                enough = COHORT
            case Variant.EXPAND_BELOW:
                enough = COHORT if limit == self.doses else FULL
            case Variant.SIX_AT_MTD:
                enough = FULL
        return _cleared(seen) and seen.evaluable >= enough

    def _why_accepted(self, tally: Tally, limit: int) -> str:
        """Say why that dose is the MTD."""
        above = "the top dose is tolerated" if limit == self.doses else f"{_count(tally, limit + 1)}, exceeded"
        return f"{_count(tally, limit)}; {above}: the MTD is dose {tally.name(limit)} ({self.variant})."

    def _treat(self, tally: Tally, current: int, dose: int) -> Recommendation:
        """Ask for more participants at a dose, and say why there."""
        seen = tally.doses[dose - 1]
        size = _still_needed(seen)
        exceeded = dose < self.doses and tally.doses[dose].dlts >= EXCEEDED
        if dose > current:
            act, why = Act.ESCALATE, f"{_count(tally, current)}: escalate to dose {tally.name(dose)}."
        elif dose < current:
            act = Act.DE_ESCALATE
            down = f"go down to dose {tally.name(dose)} ({_seen(seen)}) and treat {size}"
            why = f"{_count(tally, dose + 1)}: it is exceeded, {down}."
        else:
            act, why = Act.STAY, f"{_count(tally, dose)}: {self._why_stay(seen, size, exceeded=exceeded)}"
        return Recommendation(act, dose, size, None, why)

    def _why_stay(self, seen: DoseTally, size: int, *, exceeded: bool) -> str:
        """Say why more are treated at the same dose."""
        if seen.evaluable < COHORT:
            return f"the cohort of {COHORT} is not complete, {size} more at this dose."
        if seen.dlts:
            return f"one DLT in fewer than {FULL} asks for {size} more at this dose."
        place = "the dose below an exceeded one" if exceeded else "the top dose"
        return f"{self.variant} asks for {FULL} at {place} before it is the MTD, {size} more."


def from_options(options: Options) -> ThreePlusThree:
    """Make the design from a user's options: `--doses`, `--variant`, `--start`.

    Raises:
        InvalidInput: the number of doses or the variant is missing, or is not one of those that are there.

    Source: as `ThreePlusThree`.
    """
    doses = needed(options.doses, "--doses", "The 3+3 needs its number of doses, as in --doses 3.")
    known = ", ".join(Variant)
    given = needed(options.variant, "--variant", f"Three rules are called 3+3: name one of {known}.")
    if given not in tuple(Variant):
        raise InvalidInput("--variant", given, "is not a variant of the 3+3.", f"Name one of {known}.")
    return ThreePlusThree(doses, Variant(given), options.start or 1)


def _cleared(seen: DoseTally) -> bool:
    """Say whether the dose may be left upwards: none of three or more, or at most one of six or more."""
    return (seen.dlts == 0 and seen.evaluable >= COHORT) or (seen.dlts < EXCEEDED and seen.evaluable >= FULL)


def _first_open(tally: Tally, start: int, limit: int) -> int:
    """Give the first dose from `start` upwards whose question is open, at most `limit`."""
    return next((dose for dose in range(start, limit) if not _cleared(tally.doses[dose - 1])), limit)


def _still_needed(seen: DoseTally) -> int:
    """Give how many complete the open three, or the six."""
    return COHORT - seen.evaluable if seen.evaluable < COHORT else FULL - seen.evaluable


def _stop(mtd: int | None, reason: str) -> Recommendation:
    """End the escalation."""
    return Recommendation(Act.STOP, None, 0, mtd, reason)


def _count(tally: Tally, dose: int) -> str:
    """Say what was seen at a dose."""
    seen = tally.doses[dose - 1]
    if seen.evaluable == 0:
        return f"nobody is evaluable at dose {tally.name(dose)} yet"
    return f"{seen.dlts} of {seen.evaluable} at dose {tally.name(dose)} had a DLT"


def _seen(seen: DoseTally) -> str:
    """Say what was seen at a dose, in brackets."""
    return f"{seen.dlts} of {seen.evaluable} there" if seen.evaluable else "nobody treated there yet"

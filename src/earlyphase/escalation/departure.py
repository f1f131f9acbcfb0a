"""Real studies deviate from their design: this names the rule from which a decision departed."""

from dataclasses import dataclass
from enum import StrEnum

from earlyphase.escalation.design import Act, Design, Recommendation, Tally
from earlyphase.escalation.three_plus_three import COHORT, EXCEEDED, ThreePlusThree
from earlyphase.faults import InvalidInput


class Rule(StrEnum):
    """The rules of the 3+3 that a committee can depart from, each as the sentence that it broke."""

    TWO_DLTS_EXCEED = "two DLTs at a dose exceed it, in three as in six"
    THREE_BEFORE_ESCALATION = "nobody goes higher before three are evaluable"
    ONE_OF_THREE_ASKS_FOR_SIX = "one DLT in three asks for three more at the same dose"
    SIX_BEFORE_MTD = "the variant asks for six participants at the MTD"
    ONE_DOSE_AT_A_TIME = "the next dose is the neighbour of this one"
    EXCEEDED_STAYS_CLOSED = "a dose that was exceeded is not given again"
    CLEARED_GOES_UP = "a dose that is cleared is left for the next higher one"
    TOLERATED_IS_NOT_LEFT_DOWNWARDS = "a dose is left downwards only when it is exceeded"
    HIGHEST_TOLERATED_IS_THE_MTD = "the MTD is the highest dose that was not exceeded"
    GO_ON_UNTIL_SETTLED = "the escalation goes on until an MTD is found or the lowest dose is exceeded"
    THE_END_IS_THE_END = "nobody is treated after the rule has ended the escalation"


@dataclass(frozen=True, slots=True)
class Departure:
    """A decision that was not the design's: the rule that it left, and the sentence that says so."""

    rule: Rule | None
    sentence: str


def departure(
    design: Design, tally: Tally, next_dose: int | None, mtd: int | None = None, advised: Recommendation | None = None
) -> Departure | None:
    """Name the rule that a decision departed from.

    Args:
        design: the design that was planned; the rules of the 3+3 are named, of others the recommendation alone.
        tally: what had been seen.
        next_dose: the dose of the next cohort as decided; None where the escalation was ended.
        mtd: the MTD as declared, where the escalation was ended and one was.
        advised: what the design advised, where the caller knows it; by default its answer to the tally.

    Returns:
        The departure, or None where the design advised the same.

    Source: Storer 1989, Biometrics 45:925; Le Tourneau 2009, J Natl Cancer Inst 101:708.
    """
    advised = advised or design.recommend(tally)
    if next_dose == advised.next_dose and (mtd is None or mtd == advised.mtd):
        return None
    rule = None
    if isinstance(design, ThreePlusThree):
        rule = _stopped(tally, mtd, advised) if next_dose is None else _treated(design, tally, next_dose, advised)
    named = f"; the rule: {rule}" if rule else ""
    return Departure(rule, f"It was decided to {_decided(next_dose, mtd)}{named}. {advised.reason}")


def decided_dose(taken: str, tally: Tally, advised: Recommendation) -> int | None:
    """Give the dose that a decision means, which was written as an act (`escalate`) or as a dose (`2`).

    Returns:
        The dose, or None for `stop`.

    Raises:
        InvalidInput: it is neither an act nor a dose of this design.

    Source: an escalation goes one dose up and a de-escalation one down, Storer 1989.
    """
    step = {Act.ESCALATE: 1, Act.STAY: 0, Act.DE_ESCALATE: -1}
    if taken == Act.STOP:
        return None
    if taken == Act.START or (taken in step and tally.current is None):
        return advised.next_dose
    if taken in tuple(step):
        dose = (tally.current or 0) + step[Act(taken)]
    elif taken.isdecimal():
        dose = int(taken)
    else:
        raise InvalidInput("--taken", taken, "is not a decision.", f"Give a dose, or one of {', '.join(Act)}.")
    if not 1 <= dose <= len(tally.doses):
        raise InvalidInput(
            "--taken", taken, f"leads to dose {dose}, which is not there.", f"There are {len(tally.doses)}."
        )
    return dose


def _decided(next_dose: int | None, mtd: int | None) -> str:
    """Say in words what was decided."""
    if next_dose is not None:
        return f"treat at dose {next_dose}"
    return "stop" if mtd is None else f"stop with dose {mtd} as the MTD"


def _stopped(tally: Tally, mtd: int | None, advised: Recommendation) -> Rule:
    """Name the rule that ending the escalation departed from."""
    if mtd is None:
        return Rule.GO_ON_UNTIL_SETTLED
    if any(seen.dlts >= EXCEEDED for seen in tally.doses[:mtd]):
        return Rule.TWO_DLTS_EXCEED
    if advised.next_dose is None:
        return Rule.HIGHEST_TOLERATED_IS_THE_MTD
    seen = tally.doses[mtd - 1]
    if advised.next_dose != mtd or seen.evaluable < COHORT:
        return Rule.GO_ON_UNTIL_SETTLED
    return Rule.ONE_OF_THREE_ASKS_FOR_SIX if seen.dlts else Rule.SIX_BEFORE_MTD


def _treated(design: ThreePlusThree, tally: Tally, dose: int, advised: Recommendation) -> Rule:
    """Name the rule that treating at a dose departed from."""
    current = tally.current or design.start
    if exceeded := [at for at, seen in enumerate(tally.doses, start=1) if seen.dlts >= EXCEEDED and at <= dose]:
        judged_tolerable = exceeded[0] == current and dose >= current
        return Rule.TWO_DLTS_EXCEED if judged_tolerable else Rule.EXCEEDED_STAYS_CLOSED
    if advised.next_dose is None:
        return Rule.THE_END_IS_THE_END
    if dose > advised.next_dose:
        return _too_high(tally, current, advised)
    if advised.decision is Act.DE_ESCALATE:
        return Rule.ONE_DOSE_AT_A_TIME
    return Rule.CLEARED_GOES_UP if dose == current else Rule.TOLERATED_IS_NOT_LEFT_DOWNWARDS


def _too_high(tally: Tally, current: int, advised: Recommendation) -> Rule:
    """Name the rule against going so high."""
    if advised.decision in (Act.ESCALATE, Act.START) or tally.current is None:
        return Rule.ONE_DOSE_AT_A_TIME
    seen = tally.doses[current - 1]
    if seen.evaluable < COHORT:
        return Rule.THREE_BEFORE_ESCALATION
    return Rule.ONE_OF_THREE_ASKS_FOR_SIX if seen.dlts else Rule.SIX_BEFORE_MTD

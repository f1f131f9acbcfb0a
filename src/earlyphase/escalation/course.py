"""The course of an escalation: outcomes in the order in which they were seen, held against the design."""

from dataclasses import dataclass, replace
from itertools import groupby

from earlyphase.escalation.design import Act, Design, DoseTally, Recommendation, Tally
from earlyphase.escalation.notation import CohortOutcome, tally
from earlyphase.faults import InvalidInput


@dataclass(frozen=True, slots=True)
class Course:
    """Where an escalation stands: its tally, and what is still missing in the open cohort (0 where none is open)."""

    tally: Tally
    open_places: int


def follow(design: Design, cohorts: tuple[CohortOutcome, ...], place: str = "outcomes") -> Course:
    """Follow cohorts along the design, which must have asked for each of them.

    A cohort may be written in several words (`1NN 1T`), and may be left incomplete where the missing participants
    could not have changed the next dose.

    Returns:
        Where the escalation stands after the last cohort.

    Raises:
        InvalidInput: the design could not have produced these outcomes; the message names the first that departs.

    Source: the rules of the design itself.
    """
    seen, open_places = tally((), design.doses), 0
    for number, (dose, outcomes) in enumerate(_pieces(cohorts), start=1):
        left = outcomes
        while left:
            asked = _asked(design, seen, open_places)
            if open_places and asked.next_dose == seen.current and dose != seen.current:
                asked = certain(design, seen, open_places) or asked
            if asked.next_dose != dose:
                raise _departs(place, number, f"{dose}{outcomes}", asked)
            given = min(len(left), asked.cohort_size)
            seen = _add(seen, dose, left[:given])
            left, open_places = left[given:], asked.cohort_size - given
    return Course(seen, open_places)


def next_step(design: Design, course: Course) -> Recommendation:
    """Advise after a course: an open cohort is completed first, unless the dose is already known to be too high.

    Returns:
        The design's recommendation, or the wish for the places still open in the cohort.

    Source: Storer 1989: accrual ends at a dose once its DLTs settle that it is exceeded.
    """
    return _asked(design, course.tally, course.open_places)


def advise(design: Design, cohorts: tuple[CohortOutcome, ...], *, observed: bool = False) -> Recommendation:
    """Advise after cohorts, in the order in which they were seen.

    Args:
        design: the design.
        cohorts: what was seen.
        observed: accept outcomes that the design could not have produced, as real studies deviate.

    Raises:
        InvalidInput: the design could not have produced the outcomes, and `observed` is not set.

    Source: the rules of the design itself.
    """
    return next_step(design, course_of(design, cohorts, observed=observed))


def course_of(design: Design, cohorts: tuple[CohortOutcome, ...], *, observed: bool = False) -> Course:
    """Give where an escalation stands after cohorts, in the order in which they were seen.

    Args:
        design: the design.
        cohorts: what was seen.
        observed: accept outcomes that the design could not have produced; no cohort is open then.

    Raises:
        InvalidInput: the design could not have produced the outcomes, and `observed` is not set.

    Source: the rules of the design itself.
    """
    try:
        return follow(design, cohorts)
    except InvalidInput:
        if not observed:
            raise
        return Course(tally(cohorts, design.doses), 0)


def certain(design: Design, seen: Tally, open_places: int) -> Recommendation | None:
    """Give the recommendation that every result of an open cohort leads to, as far as the next dose goes; else None.

    Source: arithmetic over the possible results.
    """
    if seen.current is None or not open_places:
        return None
    ends = [design.recommend(_with(seen, seen.current, open_places, dlts)) for dlts in range(open_places + 1)]
    alike = {(end.next_dose, end.mtd) for end in ends}
    return ends[0] if len(alike) == 1 else None


def _asked(design: Design, seen: Tally, open_places: int) -> Recommendation:
    """Give what the design asks for, with regard to the open cohort."""
    if not open_places or seen.current is None:
        return design.recommend(seen)
    evaluable, dlts = seen.doses[seen.current - 1]
    count = f"{dlts} of {evaluable} at dose {seen.name(seen.current)} had a DLT"
    known = certain(design, seen, open_places)
    if known and known.decision in (Act.DE_ESCALATE, Act.STOP) and known.mtd != seen.current:
        at_once = design.recommend(seen)
        if (at_once.next_dose, at_once.mtd) == (known.next_dose, known.mtd):
            return at_once
        return replace(known, reason=f"{count}: {known.decision}, whatever the {open_places} missing would show.")
    return Recommendation(
        Act.STAY, seen.current, open_places, None, f"{count}: the cohort is open, {open_places} more at this dose."
    )


def _pieces(cohorts: tuple[CohortOutcome, ...]) -> list[tuple[int, str]]:
    """Join neighbouring words at the same dose."""
    runs = groupby(cohorts, key=lambda cohort: cohort.dose)
    return [(dose, "".join(cohort.outcomes for cohort in run)) for dose, run in runs]


def _add(seen: Tally, dose: int, outcomes: str) -> Tally:
    """Add participants at a dose to a tally."""
    return _with(seen, dose, len(outcomes), outcomes.count("T"))


def _with(seen: Tally, dose: int, evaluable: int, dlts: int) -> Tally:
    """Add counts at a dose to a tally."""
    before = seen.doses[dose - 1]
    after = DoseTally(before.evaluable + evaluable, before.dlts + dlts)
    return Tally((*seen.doses[: dose - 1], after, *seen.doses[dose:]), dose, seen.names)


def _departs(place: str, number: int, word: str, asked: Recommendation) -> InvalidInput:
    """Make the fault for outcomes that the design did not ask for."""
    wish = "ends there" if asked.next_dose is None else f"asks for dose {asked.next_dose}"
    rule = f"could not have been produced by the design, which {wish}: {asked.reason}"
    return InvalidInput(f"{place}, step {number}", word, rule, "Add --observed if this is what was done.")

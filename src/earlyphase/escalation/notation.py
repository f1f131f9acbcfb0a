"""The compact notation of outcomes: `1NNN 2NNT` is three at dose 1 without a DLT, then three at dose 2, one with."""

from collections.abc import Iterable
from typing import NamedTuple

from earlyphase.escalation.design import DoseTally, Tally
from earlyphase.faults import InvalidInput

MEANING = {"N": "no DLT", "T": "DLT"}


class CohortOutcome(NamedTuple):
    """What was seen in participants treated together: their dose, and one letter for each, N or T."""

    dose: int
    outcomes: str

    @property
    def evaluable(self) -> int:
        """Count the participants.

        Source: the notation, as in Brock, dose-finding outcome strings (R packages trialr and escalation).
        """
        return len(self.outcomes)

    @property
    def dlts(self) -> int:
        """Count those with a DLT.

        Source: as `evaluable`.
        """
        return self.outcomes.count("T")


class Symbol(NamedTuple):
    """One character of an outcome string, and where it stands (from 1)."""

    text: str
    position: int


def parse_outcomes(text: str, doses: int | None = None, place: str = "outcomes") -> tuple[CohortOutcome, ...]:
    """Read `1NNN 2NNT` as cohorts, in order.

    Args:
        text: the outcomes; empty before the first participant.
        doses: how many doses there are, where that is known.
        place: what to call the text in a message, for example the option it came from.

    Returns:
        One cohort for each word.

    Raises:
        InvalidInput: a character is out of place; the message points at it.

    Source: Brock, outcome strings of the R packages trialr and escalation.
    """
    cohorts: list[CohortOutcome] = []
    position = 0
    while position < len(text):
        if text[position].isspace():
            position += 1
            continue
        end = next((at for at in range(position, len(text)) if text[at].isspace()), len(text))
        cohorts.append(_word(text, position, end, doses, place))
        position = end
    return tuple(cohorts)


def _word(text: str, start: int, end: int, doses: int | None, place: str) -> CohortOutcome:
    """Read one word, such as `2NNT`."""
    letters = next((at for at in range(start, end) if text[at] not in "0123456789"), end)
    if letters == start:
        raise _typo(place, text, start, "is not the number of a dose.", "Each word begins with its dose, as in 1NNN.")
    dose = int(text[start:letters])
    if dose < 1 or (doses is not None and dose > doses):
        range_of_doses = "Doses are counted from 1" + (f" to {doses}." if doses else ".")
        raise _typo(place, text, start, "is not a dose of this design.", range_of_doses)
    if letters == end:
        raise _typo(place, text, end, "after the dose there is no outcome.", "Write N or T for each participant.")
    for at in range(letters, end):
        if text[at] not in MEANING:
            raise _typo(place, text, at, "is not an outcome.", "Write N (no DLT) or T (DLT) for each participant.")
    return CohortOutcome(dose, text[letters:end])


def _typo(place: str, text: str, at: int, rule: str, remedy: str) -> InvalidInput:
    """Make the fault that points at a character."""
    value = text[at] if at < len(text) and not text[at].isspace() else None
    shown = text.replace("\n", " ").replace("\t", " ")
    return InvalidInput(f"{place}, character {at + 1}", value, rule, f"{remedy}\n    {shown}\n    {' ' * at}^")


def tally(cohorts: Iterable[CohortOutcome], doses: int) -> Tally:
    """Count what was seen at each dose.

    Returns:
        The tally over `doses` doses; its current dose is that of the last cohort.

    Raises:
        InvalidInput: a cohort stands at a dose that is not there.

    Source: the evaluable and the DLTs per dose are what every count-driven design sees, Liu & Yuan 2015.
    """
    evaluable, dlts, current = [0] * doses, [0] * doses, None
    for cohort in cohorts:
        if not 1 <= cohort.dose <= doses:
            raise InvalidInput(
                "outcomes", cohort.dose, f"is not a dose: there are {doses}.", "Check the number of doses."
            )
        evaluable[cohort.dose - 1] += cohort.evaluable
        dlts[cohort.dose - 1] += cohort.dlts
        current = cohort.dose
    return Tally(tuple(map(DoseTally, evaluable, dlts)), current)


def require_tally(tally: Tally, doses: int) -> None:
    """Refuse a tally that cannot be, such as one with more DLTs than participants.

    Raises:
        InvalidInput: with the count at fault.

    Source: arithmetic.
    """
    if len(tally.doses) != doses:
        raise InvalidInput("tally", len(tally.doses), f"is not its number of doses: the design has {doses}.")
    for dose, (evaluable, dlts) in enumerate(tally.doses, start=1):
        if not 0 <= dlts <= evaluable:
            raise InvalidInput(
                f"tally, dose {dose}", f"{dlts} of {evaluable}", "cannot be: DLTs are at most the evaluable."
            )
    if tally.current is not None and not 1 <= tally.current <= doses:
        raise InvalidInput("tally, current dose", tally.current, f"is not a dose: there are {doses}.")
    if tally.current is None and any(seen.evaluable for seen in tally.doses):
        raise InvalidInput("tally, current dose", None, "is missing although participants were treated.")

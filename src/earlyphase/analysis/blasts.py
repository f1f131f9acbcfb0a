"""How marrow blasts changed from baseline: over time, and at best."""

from dataclasses import dataclass

from earlyphase.dates import days_from
from earlyphase.faults import InvalidInput
from earlyphase.journal.payloads.leaving import NewTherapy
from earlyphase.journal.payloads.observations import Marrow
from earlyphase.study.state import Participant, Study


@dataclass(frozen=True, slots=True)
class BlastCourse:
    """One participant's change of marrow blasts."""

    participant: str
    level: int
    baseline: float
    """Units: percent of cells."""
    changes: tuple[tuple[int, float], ...]
    """Days from the infusion, and the change from baseline in percent."""

    @property
    def best(self) -> float | None:
        """The lowest change; None where nothing was examined after the infusion."""
        return min((change for _, change in self.changes), default=None)


def blast_courses(study: Study) -> tuple[BlastCourse, ...]:
    """Follow the marrow blasts of everybody who was infused, up to another therapy.

    The baseline is the last examination by morphology up to the infusion; without one, or with one of 0, a participant
    is left out: no percent change is defined.

    Source:
        ELN 2024 for ALL: response rests on marrow blasts by morphology and on their fall from baseline.
    """
    return tuple(found for person in study.enrolled if (found := _course(person)) is not None)


def _course(person: Participant) -> BlastCourse | None:
    infusion = person.infusion
    if infusion is None:
        return None
    later = [one.on for one in person.every(NewTherapy) if one.purpose != "bridging" and one.on >= infusion.on]
    marrows = sorted((one for one in person.every(Marrow) if one.method == "morphology"), key=lambda one: one.on)
    try:
        values = [(days_from(infusion.on, one.on), one.blasts.to("%").value) for one in marrows]
    except InvalidInput:
        return None
    end = min((days_from(infusion.on, day) for day in later), default=None)
    before = [value for day, value in values if day <= 0]
    if not before or before[-1] == 0:
        return None
    base = before[-1]
    after = [(day, 100 * (value - base) / base) for day, value in values if day > 0 and (end is None or day <= end)]
    return BlastCourse(person.id, infusion.level, base, tuple(after))

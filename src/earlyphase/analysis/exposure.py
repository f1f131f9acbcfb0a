"""What participants were given: the dose beside the assigned one, and the days of the product chain."""

from dataclasses import dataclass

from earlyphase.dates import days_from
from earlyphase.journal.payloads.treatment import Leukapheresis, Lymphodepletion
from earlyphase.study.state import Participant, Study


@dataclass(frozen=True, slots=True)
class Exposure:
    """One infused participant's treatment."""

    participant: str
    level: int
    administered: float
    unit: str
    percent_of_assigned: float
    enrolment_to_infusion: int | None
    """Units: days."""
    leukapheresis_to_infusion: int | None
    """Vein to vein. Units: days."""
    agents: tuple[str, ...]
    """Of the lymphodepletion."""


def exposures(study: Study) -> tuple[Exposure, ...]:
    """Give the exposure of everybody who was infused.

    Source:
        ICH E3, section 12.1: extent of exposure.
    """
    return tuple(found for person in study.enrolled if (found := _exposure(person)) is not None)


def _exposure(person: Participant) -> Exposure | None:
    infusion = person.infusion
    if infusion is None:
        return None
    given = infusion.administered.to(infusion.assigned.unit)
    collected = [one.on for one in person.every(Leukapheresis) if one.on <= infusion.on]
    conditioning = person.last(Lymphodepletion)
    return Exposure(
        person.id,
        infusion.level,
        given.value,
        given.unit,
        100 * given.value / infusion.assigned.value,
        days_from(person.enrolment.on, infusion.on) if person.enrolment else None,
        days_from(collected[-1], infusion.on) if collected else None,
        conditioning.agents if conditioning else (),
    )

"""CRS and ICANS: who had them, at which worst grade, from when and for how long."""

from dataclasses import dataclass

from earlyphase.analysis.safety import Emergent, EmergentEvent
from earlyphase.dates import days_from


@dataclass(frozen=True, slots=True)
class Course:
    """One participant's course of a syndrome: all its events together."""

    participant: str
    worst: int
    onset: int
    """Units: days from the infusion."""
    lasted: int | None
    """From the first day to the last, both counted; None while it goes on. Units: days."""


def courses_of(emergent: Emergent, terms: tuple[str, ...], level: int | None = None) -> tuple[Course, ...]:
    """Give each participant's course of a syndrome.

    Dates that are partly known count from the first day that they can be to the last. A course with an event that is
    not resolved goes on.

    Args:
        emergent: the treatment-emergent events.
        terms: under which names the syndrome is recorded, in any case.
        level: the dose level; all when absent.

    Source:
        ASTCT consensus grading, Lee et al. 2019, Biol Blood Marrow Transplant 25:625.
    """
    wanted = {term.lower() for term in terms}
    names = emergent.who(lambda one: one.event.term.lower() in wanted, level)
    events = {name: [one for one in emergent.events if one.participant == name] for name in names}
    return tuple(_course(name, [one for one in events[name] if one.event.term.lower() in wanted]) for name in names)


def _course(name: str, events: list[EmergentEvent]) -> Course:
    first = min(events, key=lambda one: one.day)
    ends = [one.event.resolved.latest for one in events if one.event.resolved is not None]
    lasted = days_from(first.began, max(ends)) + 1 if len(ends) == len(events) else None
    return Course(name, max(one.event.grade for one in events), first.day, lasted)

"""Treatment-emergent adverse events: which they are, and who had them, by class, term, worst grade and dose level."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from earlyphase.dates import days_from
from earlyphase.journal.payloads.safety import AdverseEvent, Relatedness
from earlyphase.protocol.dlt import Scale
from earlyphase.protocol.endpoints import Happening
from earlyphase.protocol.model import Protocol
from earlyphase.study.state import Participant, Study
from earlyphase.toxicity.emergence import Emergence, emergence
from earlyphase.toxicity.events import graded_event

SEVERE = 3
"""The grade from which an event is severe: CTCAE v5.0, definition of the grades."""


@dataclass(frozen=True, slots=True)
class EmergentEvent:
    """One treatment-emergent adverse event."""

    entry: int
    """The entry that recorded it."""
    participant: str
    level: int
    began: dt.date
    """The first day on which it can have begun, or worsened, after the infusion."""
    day: int
    """The same. Units: days from the infusion."""
    event: AdverseEvent

    @property
    def related(self) -> bool:
        """Whether the study product caused it, or possibly did."""
        return self.event.relatedness is not Relatedness.UNRELATED


@dataclass(frozen=True, slots=True)
class Emergent:
    """The treatment-emergent adverse events of a study, with whom they are counted among."""

    events: tuple[EmergentEvent, ...]
    infused: tuple[tuple[int, tuple[str, ...]], ...]
    """Whoever was infused, by level; every level of the protocol, lowest first."""
    horizon_days: int | None
    """Until when events count; None where nothing says. Units: days from the infusion."""

    def at(self, level: int | None) -> tuple[str, ...]:
        """Give whoever was infused at a level, or at any."""
        return tuple(name for number, names in self.infused if level in (None, number) for name in names)

    def who(self, meets: Callable[[EmergentEvent], bool], level: int | None = None) -> tuple[str, ...]:
        """Give the participants of a level, or of all, with an event that meets a condition."""
        having = {one.participant for one in self.events if meets(one)}
        return tuple(name for name in self.at(level) if name in having) if having else ()


@dataclass(frozen=True, slots=True)
class TermRow:
    """One row of a table of events: a system organ class as a whole, or one of its terms."""

    system_class: str
    term: str | None
    """None for the class as a whole."""

    def holds(self, one: EmergentEvent) -> bool:
        """Tell whether an event belongs to the row."""
        return one.event.system_class == self.system_class and self.term in (None, one.event.term)


def emergent(study: Study) -> Emergent:
    """Find the treatment-emergent adverse events of a study, at its cut-off.

    An event counts that began on the day of the infusion or later, or worsened from then on, up to the protocol's
    horizon. Where dates leave that open, it counts.

    Source:
        ICH E9, glossary (treatment emergent); the protocol's endpoint for treatment-emergent adverse events.
    """
    horizon = horizon_days(study.protocol)
    infused = [person for person in study.enrolled if person.infusion]
    events = [one for person in infused for one in emergent_events(person) if horizon is None or one.day <= horizon]
    levels = study.protocol.doses.numbers
    by_level = tuple(
        (level, tuple(person.id for person in infused if person.infusion and person.infusion.level == level))
        for level in levels
    )
    return Emergent(tuple(events), by_level, horizon)


def emergent_events(person: Participant) -> tuple[EmergentEvent, ...]:
    """Find one participant's adverse events that began or worsened after the infusion.

    Source:
        ICH E9, glossary (treatment emergent).
    """
    infusion = person.infusion
    if infusion is None:
        return ()
    onsets = ((fact, _began(fact.payload, infusion.on)) for fact in person.adverse_events)
    return tuple(
        EmergentEvent(fact.entry, person.id, infusion.level, began, days_from(infusion.on, began), fact.payload)
        for fact, began in onsets
        if began is not None
    )


def horizon_days(protocol: Protocol) -> int | None:
    """Give until when treatment-emergent events count; None, for as long as anybody is followed, without an endpoint.

    Units: days from the infusion.
    Source: the protocol's endpoints.
    """
    named = [endpoint.horizon_days for endpoint in protocol.endpoints if Happening.TEAE in endpoint.events]
    return named[0] if named else None


def _began(event: AdverseEvent, infusion: dt.date) -> dt.date | None:
    """Give the first day on which an event can have begun, or worsened, after the infusion; None where it did neither.

    Only times and grades matter here: a scale that the package does not know must not hide an event.
    """
    course = [(change.on, change.grade) for change in event.course]
    found = emergence(graded_event(event.term, Scale.CTCAE.value, event.grade, event.onset, course=course), infusion)
    match found.emergence:
        case Emergence.NO:
            return None
        case Emergence.NEW | Emergence.UNKNOWN:
            return max(event.onset.earliest, infusion)
        case Emergence.WORSENED:
            return min((on for on, _ in course if on >= infusion), default=infusion)


def term_rows(events: Sequence[EmergentEvent]) -> tuple[TermRow, ...]:
    """Order classes and their terms: the most frequent first, then by name.

    Source:
        ICH E3, section 12.2.3: adverse events by body system and preferred term.
    """
    having = {row: len({one.participant for one in found}) for row, found in _sorted_in(events).items()}
    classes = {row.system_class: number for row, number in having.items() if row.term is None}

    def place(row: TermRow) -> tuple[int, str, bool, int, str]:
        """Order classes by how many had them, and within a class its terms after the whole."""
        return -classes[row.system_class], row.system_class, row.term is not None, -having[row], row.term or ""

    return tuple(sorted(having, key=place))


def _sorted_in(events: Iterable[EmergentEvent]) -> dict[TermRow, list[EmergentEvent]]:
    """Put each event under its class and under its term."""
    found: dict[TermRow, list[EmergentEvent]] = {}
    for one in events:
        for term in (None, one.event.term):
            found.setdefault(TermRow(one.event.system_class, term), []).append(one)
    return found


def by_row(emergent: Emergent) -> Mapping[TermRow, Emergent]:
    """Give the events of each class and term apart, with the same participants to count among.

    Source:
        ICH E3, section 12.2.3: adverse events by body system and preferred term.
    """
    return {row: replace(emergent, events=tuple(found)) for row, found in _sorted_in(emergent.events).items()}


def worst_grades(
    emergent: Emergent, row: TermRow | None = None, level: int | None = None
) -> tuple[tuple[int, tuple[str, ...]], ...]:
    """Count each participant once, at their worst grade.

    Args:
        emergent: the events.
        row: the class or term; any event when absent.
        level: the dose level; all when absent.

    Returns:
        For grades 1 to 5, who had it as their worst.

    Source:
        CTCAE v5.0: grades 1 to 5; ICH E3, section 12.2.3: the most severe occurrence counts.
    """
    worst: dict[str, int] = {}
    for one in emergent.events:
        if row is None or row.holds(one):
            worst[one.participant] = max(worst.get(one.participant, 0), one.event.grade)
    people = emergent.at(level)
    return tuple((grade, tuple(name for name in people if worst.get(name) == grade)) for grade in range(1, 6))

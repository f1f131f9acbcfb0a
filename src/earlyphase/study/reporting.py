"""Expedited reporting: which reports of serious events are due, to whom, until when, and which were sent."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from earlyphase.journal.payloads.safety import AdverseEvent, Relatedness, SafetyReport
from earlyphase.protocol.model import Protocol
from earlyphase.study.state import Fact, Participant, Study
from earlyphase.toxicity.clocks import Deadline, Reportable, load_jurisdictions, reporting_deadlines

LIFE_THREATENING = 4
"""The grade from which an event threatens life. Source: CTCAE v5.0, definition of the grades."""


class Progress(StrEnum):
    """How a report stands."""

    OVERDUE = "overdue"
    DUE = "due"
    SENT = "sent"
    SENT_LATE = "sent late"

    @property
    def open(self) -> bool:
        """Whether it is still to be sent."""
        return self in (Progress.OVERDUE, Progress.DUE)


@dataclass(frozen=True, slots=True)
class Clock:
    """One report on one event, to one authority."""

    participant: str
    entry: int
    term: str
    grade: int
    aware_on: dt.date
    """Day 0."""
    assumed: str | None
    """What was taken because it is not recorded."""
    deadline: Deadline
    progress: Progress
    days_left: int
    """Until it is due, for one that is open. Units: days; negative when it is overdue."""
    sent_on: dt.date | None


def reporting_clocks(study: Study, today: dt.date, jurisdictions: Iterable[str] = ()) -> tuple[Clock, ...]:
    """Give every expedited report that the study's serious events call for: what is open first, by its due day.

    An event that began before the infusion is not a reaction to the product and starts no clock.

    Args:
        study: the state, as of whichever moment of recording.
        today: the day from which the clocks are read.
        jurisdictions: the codes of the authorities; those of the protocol when empty.

    Raises:
        InvalidInput: an unknown jurisdiction.

    Source: each jurisdiction's own rule, named on the deadline.
    """
    wanted = tuple(jurisdictions) or jurisdictions_of(study.protocol)
    found = [
        clock
        for person in study.participants.values()
        for fact in person.adverse_events
        for clock in clocks_of(person, fact, today, wanted)
    ]
    return tuple(sorted(found, key=_order))


def jurisdictions_of(protocol: Protocol) -> tuple[str, ...]:
    """Give the codes of the authorities that a protocol reports to; all that are known where it names none.

    Source: the protocol's `reporting.jurisdictions`.
    """
    named = protocol.reporting.jurisdictions if protocol.reporting else ()
    return tuple(one.value for one in named) or tuple(load_jurisdictions())


def whose_clocks(protocol: Protocol) -> str:
    """Say whose clocks run, and on whose word.

    Source: the protocol's `reporting.jurisdictions`.
    """
    codes = ", ".join(jurisdictions_of(protocol))
    if protocol.reporting is None:
        return f"The protocol names no jurisdiction, so every clock that is known runs: {codes}."
    return f"Reports go to {codes} ({protocol.reporting.basis} in the protocol)."


def _order(clock: Clock) -> tuple[bool, dt.date, int, str, str]:
    deadline = clock.deadline
    return not clock.progress.open, deadline.due, clock.entry, deadline.report, deadline.jurisdiction


def clocks_of(
    person: Participant, fact: Fact[AdverseEvent], today: dt.date, jurisdictions: tuple[str, ...]
) -> Iterator[Clock]:
    """Give the expedited reports that one event calls for.

    Raises:
        InvalidInput: an unknown jurisdiction.

    Source: each jurisdiction's own rule, named on the deadline.
    """
    event, infusion = fact.payload, person.infusion
    if infusion is None or event.onset.latest < infusion.on:
        return
    known = event.aware_on
    aware = known or dt.date.fromisoformat(fact.recorded_at[:10])
    assumed = None if known else f"awareness is not recorded: day 0 is taken from entry {fact.latest}"
    reportable = Reportable(
        aware,
        event.serious,
        event.relatedness is not Relatedness.UNRELATED,
        None if event.expected is None else not event.expected,
        event.grade >= LIFE_THREATENING or _fatal(person, fact),
    )
    sent = {(one.jurisdiction, one.report): one.on for one in _reports(person, fact)}
    for deadline in reporting_deadlines(reportable, jurisdictions):
        on = sent.get((deadline.jurisdiction, deadline.report))
        yield Clock(
            person.id,
            fact.entry,
            event.term,
            event.grade,
            aware,
            assumed,
            deadline,
            _progress(deadline, on, today),
            deadline.days_left(today),
            on,
        )


def _reports(person: Participant, fact: Fact[AdverseEvent]) -> Iterator[SafetyReport]:
    yield from (one for one in person.every(SafetyReport) if one.adverse_event == fact.entry)


def _fatal(person: Participant, fact: Fact[AdverseEvent]) -> bool:
    return person.death is not None and person.death.adverse_event == fact.entry


def _progress(deadline: Deadline, sent: dt.date | None, today: dt.date) -> Progress:
    if sent is not None:
        return Progress.SENT if sent <= deadline.due else Progress.SENT_LATE
    return Progress.DUE if today <= deadline.due else Progress.OVERDUE

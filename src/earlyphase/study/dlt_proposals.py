"""DLT proposals: the protocol's definition, evaluated on the adverse events of the journal. Reviewers decide."""

import dataclasses
import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from earlyphase.dates import PartialDate, days_from
from earlyphase.faults import InvalidInput
from earlyphase.journal.payloads.leaving import LossToFollowUp, Relapse, Withdrawal
from earlyphase.journal.payloads.safety import AdverseEvent, Relatedness
from earlyphase.protocol.escalation import NotEvaluable
from earlyphase.protocol.model import Protocol
from earlyphase.study.standing import dlt_window_end, dose_received_percent, never_to_be_infused
from earlyphase.study.state import Fact, Participant, Study
from earlyphase.toxicity.dlt import DltProposal, Finding, Fires, Verdict, propose_dlt
from earlyphase.toxicity.events import GradedEvent, When, graded_event, overlaps, span


class Proposed(StrEnum):
    """What the protocol proposes for a participant."""

    DLT = "DLT"
    NO_DLT = "no DLT"
    PENDING = "pending"
    UNKNOWN = "unknown"
    """It hangs on something that was not recorded."""
    NOT_EVALUABLE = "not evaluable"
    NOT_INFUSED = "not infused"
    """There is no window yet."""


@dataclass(frozen=True, slots=True)
class Imputed:
    """A date of which the day is not known, and the day that was taken for it."""

    entry: int
    term: str
    field: str
    recorded: str
    taken: dt.date


@dataclass(frozen=True, slots=True)
class ParticipantProposal:
    """What the protocol proposes for one participant, and what it rests on."""

    participant: str
    level: int
    proposed: Proposed
    reason: str
    not_evaluable: NotEvaluable | None = None
    clause: str | None = None
    """The clause that fired."""
    entry: int | None = None
    """The entry of the event that fired it."""
    until: dt.date | None = None
    """While it is pending: the day after which it is settled."""
    infused_on: dt.date | None = None
    window_ends: dt.date | None = None
    observed_until: dt.date | None = None
    """The last day that counts: the cut-off, or the day on which the participant left."""
    findings: tuple[Finding, ...] = ()
    """What fired, is pending or unknown, and what was spared or lies outside the window, and why."""
    imputed: tuple[Imputed, ...] = ()
    hangs_on_dates: bool = False
    """Whether the verdict is open only because a date is partial."""
    remarks: tuple[str, ...] = ()
    """What is wrong with the record itself."""


def dlt_proposals(study: Study, today: dt.date) -> tuple[ParticipantProposal, ...]:
    """Propose for every enrolled participant, in the order of enrolment.

    Args:
        study: the state, as of whichever moment of recording.
        today: the last day that counts.
    """
    found = (dlt_proposal(study.protocol, person, today) for person in study.enrolled)
    return tuple(one for one in found if one is not None)


def dlt_proposal(protocol: Protocol, person: Participant, today: dt.date) -> ParticipantProposal | None:
    """Propose for one participant; None before enrolment.

    Source: the protocol's `dlt` and `escalation.evaluability`.
    """
    if person.level is None:
        return None
    if person.infusion is None or person.infusion.on > today:
        return _not_infused(person, person.level)
    day_0, until = person.infusion.on, _observed_until(person, today)
    events, remarks = _events(person, until)
    exact = propose_dlt(protocol.dlt, events.values(), day_0, until)
    imputed = tuple(_imputed(person, day_0))
    taken = propose_dlt(protocol.dlt, _with_taken_dates(events, imputed), day_0, until) if imputed else exact
    proposed, reason, why = _settled(protocol, person, exact, until)
    hangs = imputed != () and exact.verdict is Verdict.UNKNOWN and taken.verdict is not Verdict.UNKNOWN
    if hangs:
        reason = f"{reason} With {_said(imputed)} it would be: {taken.verdict}."
    fired = exact.fired if proposed is Proposed.DLT else None
    return ParticipantProposal(
        participant=person.id,
        level=person.level,
        proposed=proposed,
        reason=reason,
        not_evaluable=why,
        clause=fired.clause.id if fired else None,
        entry=next((entry for entry, event in events.items() if fired and event == fired.event), None),
        until=exact.until if proposed is Proposed.PENDING else None,
        infused_on=day_0,
        window_ends=dlt_window_end(protocol, person.infusion),
        observed_until=until,
        findings=exact.findings,
        imputed=imputed,
        hangs_on_dates=hangs,
        remarks=remarks,
    )


def _not_infused(person: Participant, level: int) -> ParticipantProposal:
    never = never_to_be_infused(person)
    before = [fact for fact in person.adverse_events if person.infusion is None]
    reason = f"{person.id} was not infused{' and will not be' if never else ' yet'}: there is no DLT window."
    if before:
        reason += f" Adverse events before it ({len(before)}) cannot be DLTs."
    proposed = Proposed.NOT_EVALUABLE if never else Proposed.NOT_INFUSED
    why = NotEvaluable.NOT_INFUSED if never else None
    return ParticipantProposal(participant=person.id, level=level, proposed=proposed, reason=reason, not_evaluable=why)


def _observed_until(person: Participant, today: dt.date) -> dt.date:
    left = person.left_study_on
    return min(left, today) if left else today


def _events(person: Participant, until: dt.date) -> tuple[dict[int, GradedEvent], tuple[str, ...]]:
    """Give the events as they were known to run up to a day, by entry, and what cannot be read of them."""
    found: dict[int, GradedEvent] = {}
    remarks: list[str] = []
    for fact in person.adverse_events:
        try:
            found[fact.entry] = known_until(graded(fact), until)
        except InvalidInput as fault:
            remarks.append(f"Entry {fact.latest} cannot be judged: {fault}")
    began = {entry: event for entry, event in found.items() if event.steps}
    for one, other in overlaps(began.values()):
        remarks.append(f"{one.name} and {other.name} run at the same time: one course was recorded twice.")
    return began, tuple(remarks)


def graded(fact: Fact[AdverseEvent]) -> GradedEvent:
    """Give an adverse event of the journal with its grades over time.

    Raises:
        InvalidInput: its scale is not known, or its dates contradict each other.
    """
    event = fact.payload
    return graded_event(
        event.term,
        event.scale,
        event.grade,
        _exactly(event.onset, event.onset_at),
        resolved=_exactly(event.resolved, event.resolved_at) if event.resolved else None,
        course=[(_exactly(change.on, change.at), change.grade) for change in event.course],
        system_class=event.system_class,
        related=event.relatedness is not Relatedness.UNRELATED,
        cause=event.cause,
        name=f"{event.term} (entry {fact.entry})",
    )


def _exactly(day: PartialDate | dt.date, at: dt.time | None) -> When:
    """Give a moment as exactly as it was recorded: to the minute, the day, the month or the year."""
    if isinstance(day, PartialDate):
        if not day.complete:
            return day
        day = day.earliest
    return dt.datetime.combine(day, at) if at is not None else day


def known_until(event: GradedEvent, day: dt.date) -> GradedEvent:
    """Leave out what had not happened by a day."""
    steps = tuple(step for step in event.steps if span(step.start).earliest.date() <= day)
    return dataclasses.replace(event, steps=steps)


def _imputed(person: Participant, day_0: dt.date) -> Iterator[Imputed]:
    """Take the first day for an onset, yet none before the infusion where it can be later; the last day for an end."""
    for fact in person.adverse_events:
        event = fact.payload
        if not event.onset.complete:
            taken = min(max(event.onset.earliest, day_0), event.onset.latest)
            yield Imputed(fact.entry, event.term, "onset", str(event.onset), taken)
        if event.resolved is not None and not event.resolved.complete:
            yield Imputed(fact.entry, event.term, "resolved", str(event.resolved), event.resolved.latest)


def _with_taken_dates(events: dict[int, GradedEvent], imputed: Iterable[Imputed]) -> Iterator[GradedEvent]:
    taken = {(one.entry, one.field): one.taken for one in imputed}
    for entry, event in events.items():
        steps = list(event.steps)
        for field, at in (("onset", 0), ("resolved", -1)):
            day = taken.get((entry, field))
            if day is not None and isinstance(steps[at].start, PartialDate):
                steps[at] = dataclasses.replace(steps[at], start=day)
        yield dataclasses.replace(event, steps=tuple(steps))


def _said(imputed: Iterable[Imputed]) -> str:
    return " and ".join(
        f"the {one.field} of entry {one.entry} ({one.recorded}) taken as {one.taken}" for one in imputed
    )


def _settled(
    protocol: Protocol, person: Participant, found: DltProposal, until: dt.date
) -> tuple[Proposed, str, NotEvaluable | None]:
    """Turn the verdict on the events into one on the participant: who left, or got too little, is not evaluable."""
    if found.verdict is Verdict.DLT or found.verdict is Verdict.UNKNOWN:
        return Proposed(found.verdict.value), found.reason, None
    if (early := _left_early(protocol, person, until)) is not None:
        return early
    if found.verdict is Verdict.PENDING or person.infusion is None:
        return Proposed.PENDING, found.reason, None
    given, least = dose_received_percent(person.infusion), protocol.escalation.evaluability.minimum_dose_percent
    if given < least:
        reason = f"{found.reason} {given:.0f} % of the assigned dose was given; {least:g} % are needed to count."
        return Proposed.NOT_EVALUABLE, reason, NotEvaluable.UNDER_DOSED
    return Proposed.NO_DLT, found.reason, None


def _left_early(
    protocol: Protocol, person: Participant, until: dt.date
) -> tuple[Proposed, str, NotEvaluable | None] | None:
    """Say what cut the window short, if anything did."""
    end = dlt_window_end(protocol, person.infusion) or until
    for why, on in _cut_short(person, until):
        if on < end:
            day = days_from(person.infusion.on, on) if person.infusion else 0
            return Proposed.NOT_EVALUABLE, f"No DLT up to {on} (day {day}); {why}.", why
    if person.left_study_on is not None and person.left_study_on <= until < end:
        reason = f"No DLT was recorded; observation ended on {until}, before the end of the window ({end})."
        return Proposed.UNKNOWN, reason, None
    return None


def _cut_short(person: Participant, until: dt.date) -> Iterator[tuple[NotEvaluable, dt.date]]:
    """Give what ended the observation early, the earliest first."""
    found = [(one.on, NotEvaluable.PROGRESSION) for one in person.every(Relapse)]
    found += [(one.on, NotEvaluable.WITHDRAWAL) for one in person.every(Withdrawal) if one.leaves == "study"]
    found += [(one.on, NotEvaluable.LOST) for one in person.every(LossToFollowUp)]
    if person.death is not None and person.death.cause == "disease":
        found.append((person.death.on, NotEvaluable.DISEASE_DEATH))
    yield from ((why, on) for on, why in sorted(found) if on <= until)


NEAR = (Fires.YES, Fires.UNKNOWN, Fires.PENDING)
"""Findings that a reviewer looks at first; the others say why something is not a DLT."""

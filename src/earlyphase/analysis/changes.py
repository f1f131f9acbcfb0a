"""What has changed in a study between two reviews: by what was known then, and by what is known now."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from earlyphase.analysis.safety import SEVERE
from earlyphase.escalation.design import Act
from earlyphase.journal.payloads.conduct import DoseDecision
from earlyphase.journal.payloads.safety import AdverseEvent
from earlyphase.study.cohorts import escalation, level_name
from earlyphase.study.standing import Standing, standings
from earlyphase.study.state import Fact, Participant, Study
from earlyphase.study.stopping import stopping_states


class Matter(StrEnum):
    """What a change is about."""

    RECOMMENDATION = "Recommendation"
    DECISION = "Decision"
    PARTICIPANT = "Participant"
    EVENT = "Adverse event"
    STOPPING = "Stopping rule"
    PROTOCOL = "Protocol"


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is otherwise than at the last review."""

    matter: Matter
    participant: str | None
    before: str
    """Empty where there was nothing."""
    now: str


def changes_between(before: Study, now: Study) -> tuple[Change, ...]:
    """Find what a committee must know that it did not know at its last review.

    New adverse events are those of grade 3 or more and the serious ones; of the known ones, all that were changed.

    Source:
        EMA/CHMP/EWP/5872/03 (data monitoring committees), section on the information that a review rests on.
    """
    return (
        *_recommendation(before, now),
        *_decisions(before, now),
        *_participants(before, now),
        *_events(before, now),
        *_stopping(before, now),
        *_protocol(before, now),
    )


def _recommendation(before: Study, now: Study) -> Iterator[Change]:
    then, today = escalation(before).seen.reason, escalation(now).seen.reason
    if then != today:
        yield Change(Matter.RECOMMENDATION, None, then, today)


def _decisions(before: Study, now: Study) -> Iterator[Change]:
    known = {fact.entry for fact in before.decisions}
    for fact in now.decisions:
        if fact.entry not in known:
            yield Change(Matter.DECISION, None, "", _decided(fact.payload))


def _decided(made: DoseDecision) -> str:
    place = "at" if made.decision in (Act.STAY, Act.START) else "to"
    to = f" {place} level {level_name(made.next_level)}" if made.next_level is not None else ""
    rp2d = f", RP2D level {level_name(made.rp2d)}" if made.rp2d is not None else ""
    return f"{made.on}: {made.decision}{to}{rp2d}"


def _participants(before: Study, now: Study) -> Iterator[Change]:
    known = {one.participant: one for one in standings(before)}
    for one in standings(now):
        then = known.pop(one.participant, None)
        said, was = _stands(one), _stands(then) if then else ""
        if said != was:
            yield Change(Matter.PARTICIPANT, one.participant, was, said)
    for gone in known.values():
        yield Change(Matter.PARTICIPANT, gone.participant, _stands(gone), "no longer enrolled")


def _stands(one: Standing) -> str:
    why = f" ({one.not_evaluable})" if one.not_evaluable else ""
    until = f" until {one.until}" if one.unresolved and one.until else ""
    return f"level {level_name(one.level)}: {one.state}{why}{until}"


def _events(before: Study, now: Study) -> Iterator[Change]:
    for person in now.participants.values():
        old = before.participants.get(person.id, Participant(person.id, {}))
        known = {fact.entry: fact for fact in old.adverse_events}
        new = [fact for fact in person.adverse_events if fact.entry not in known]
        if grave := [fact for fact in new if fact.payload.grade >= SEVERE or fact.payload.serious]:
            yield Change(Matter.EVENT, person.id, "", f"new: {'; '.join(map(_brief, grave))}")
        for fact in person.adverse_events:
            then = known.pop(fact.entry, None)
            if then is not None and then.payload != fact.payload:
                yield Change(Matter.EVENT, person.id, _event(then), _event(fact))
        for gone in known.values():
            yield Change(Matter.EVENT, person.id, _event(gone), f"entry {gone.entry} was voided")


def _brief(fact: Fact[AdverseEvent]) -> str:
    serious = ", serious" if fact.payload.serious else ""
    return f"{fact.payload.term} {fact.payload.grade}{serious}"


def _event(fact: Fact[AdverseEvent]) -> str:
    event = fact.payload
    later = ", ".join(f"grade {change.grade} on {change.on}" for change in event.course)
    parts = [
        f"{event.term}, grade {event.grade}",
        f"from {event.onset}",
        later,
        f"resolved {event.resolved}" if event.resolved else "",
        event.relatedness.value,
        "serious" if event.serious else "",
    ]
    return ", ".join(part for part in parts if part)


def _stopping(before: Study, now: Study) -> Iterator[Change]:
    known = {state.rule.id: state for state in stopping_states(before)}
    for state in stopping_states(now):
        then = known.get(state.rule.id)
        counts = [f"{len(one.participants)} of {one.rule.at_least}" if one else "" for one in (then, state)]
        if counts[0] != counts[1]:
            yield Change(Matter.STOPPING, None, f"{state.rule.id}: {counts[0]}", f"{state.rule.id}: {counts[1]}")


def _protocol(before: Study, now: Study) -> Iterator[Change]:
    if before.version != now.version:
        yield Change(Matter.PROTOCOL, None, before.version or "not active", now.version or "not active")

"""Adjudications that rest on a grade, a date or a cause that was changed after the reviewers had found."""

import dataclasses
import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

from earlyphase.journal.payloads.safety import AdverseEvent, DltAdjudication, DltVerdict, GradeChange
from earlyphase.study.discordance import Discordance, discordant_decisions
from earlyphase.study.dlt_proposals import ParticipantProposal, Proposed, dlt_proposal
from earlyphase.study.standing import DltState, Standing, standings
from earlyphase.study.state import Fact, Participant, Study

RESTED_ON = (
    "grade", "term", "system_class", "scale", "onset", "onset_at", "resolved", "resolved_at", "course", "relatedness",
    "cause",
)  # fmt: skip
"""The fields of an event that a clause of the definition can rest on."""


@dataclass(frozen=True, slots=True)
class ChangedBasis:
    """An adjudication, and what the protocol would propose on the events as they are known now."""

    participant: str
    adjudication: int
    """The entry of the adjudication."""
    found: DltVerdict
    changes: tuple[str, ...]
    """What was changed since, by which entry."""
    proposed: Proposed
    reason: str
    decisions: tuple[Discordance, ...]
    """The decisions that another finding would have advised otherwise."""

    def __str__(self) -> str:
        """Say what has changed, and what hangs on it."""
        said = (
            f"{self.participant}: the adjudication of entry {self.adjudication} ({self.found}) rests on what changed: "
            f"{'; '.join(self.changes)}. The protocol would now propose {self.proposed}: {self.reason}"
        )
        entries = ", ".join(str(one.entry) for one in self.decisions)
        return f"{said} Decisions that rest on it: entry {entries}." if self.decisions else said


def changed_bases(study: Study, today: dt.date) -> tuple[ChangedBasis, ...]:
    """Find the adjudications whose events were changed since, where the protocol would now propose another finding.

    Args:
        study: the state, as of whichever moment of recording.
        today: the last day that counts.
    """
    found = (_changed(study, person, today) for person in study.enrolled)
    return tuple(one for one in found if one is not None)


def _changed(study: Study, person: Participant, today: dt.date) -> ChangedBasis | None:
    facts = person.all(DltAdjudication)
    if not facts:
        return None
    adjudication = facts[-1]
    later = [fact for fact in person.adverse_events if fact.latest > adjudication.latest]
    gone = _gone(person, adjudication)
    if not later and not gone:
        return None
    proposal = dlt_proposal(study.protocol, person, today)
    if proposal is None or proposal.proposed.value == adjudication.payload.verdict.value:
        return None
    changes = (*gone, *(_said(fact, adjudication) for fact in later if _matters(fact, adjudication, proposal)))
    if not changes:
        return None
    return ChangedBasis(
        person.id,
        adjudication.latest,
        adjudication.payload.verdict,
        changes,
        proposal.proposed,
        proposal.reason,
        _otherwise(study, proposal),
    )


def _gone(person: Participant, adjudication: Fact[DltAdjudication]) -> tuple[str, ...]:
    named = adjudication.payload.adverse_event
    if named is None or named in {fact.entry for fact in person.adverse_events}:
        return ()
    return (f"the event of entry {named} was voided",)


def _matters(fact: Fact[AdverseEvent], adjudication: Fact[DltAdjudication], proposal: ParticipantProposal) -> bool:
    """Tell whether an event is the one that was found, or one that a clause of the definition speaks of."""
    spoken_of = {finding.event.name for finding in proposal.findings}
    return fact.entry == adjudication.payload.adverse_event or any(
        f"(entry {fact.entry})" in name for name in spoken_of
    )


def _said(fact: Fact[AdverseEvent], adjudication: Fact[DltAdjudication]) -> str:
    event = f"{fact.payload.term}, grade {fact.payload.grade}"
    if fact.entry > adjudication.latest:
        return f"{event}, was recorded afterwards (entry {fact.entry})"
    was = fact.known_at(adjudication.latest)
    changes = "; ".join(_differences(was.payload, fact.payload)) if was is not None else ""
    return f"entry {fact.entry} ({fact.payload.term}) was changed by entry {fact.latest}: {changes or event}"


def _differences(was: AdverseEvent, now: AdverseEvent) -> Iterator[str]:
    """Say what a change made of an event: the old and the new of each field that a clause can rest on."""
    for field in RESTED_ON:
        old, new = getattr(was, field), getattr(now, field)
        if old != new:
            yield f"{field.replace('_', ' ')} was {_shown(old)}, is {_shown(new)}"


def _shown(value: object) -> str:
    if isinstance(value, tuple):
        steps = cast("tuple[GradeChange, ...]", value)
        return ", ".join(f"{one.grade} from {one.on}" for one in steps) or "none"
    return "not recorded" if value is None else str(value)


def _otherwise(study: Study, proposal: ParticipantProposal) -> tuple[Discordance, ...]:
    """Find the decisions that would have been advised otherwise, had the reviewers found what is now proposed."""
    known = {one.entry for one in discordant_decisions(study)}
    found = discordant_decisions(study, tuple(_as_proposed(study, proposal)))
    return tuple(one for one in found if one.entry not in known)


def _as_proposed(study: Study, proposal: ParticipantProposal) -> Iterator[Standing]:
    states = {
        Proposed.DLT: DltState.DLT,
        Proposed.NO_DLT: DltState.NO_DLT,
        Proposed.NOT_EVALUABLE: DltState.NOT_EVALUABLE,
    }
    for one in standings(study):
        if one.participant == proposal.participant:
            yield dataclasses.replace(one, state=states.get(proposal.proposed, DltState.PENDING))
        else:
            yield one

"""Stopping rules: how far each of them is, and whether the study must halt."""

from collections.abc import Iterator
from dataclasses import dataclass

from earlyphase.journal.payloads.conduct import StudySuspended
from earlyphase.journal.payloads.payload import Payload
from earlyphase.journal.payloads.safety import AdverseEvent, Death, DltAdjudication, DltVerdict
from earlyphase.protocol.dlt import Cause
from earlyphase.protocol.model import StoppingRule
from earlyphase.study.state import Fact, Participant, Study

GRADE_5 = 5
"""Death. Source: CTCAE v5.0, grade scale."""


@dataclass(frozen=True, slots=True)
class StoppingState:
    """How far a stopping rule is."""

    rule: StoppingRule
    participants: tuple[str, ...]
    """Who counts, in the order of their infusion."""
    last_entry: int
    """The entry that made the last of them count; 0 where nobody does."""
    reviewed: bool
    """Whether the study was suspended since."""

    @property
    def met(self) -> bool:
        """Whether the rule's number is reached."""
        return len(self.participants) >= self.rule.at_least

    @property
    def must_halt(self) -> bool:
        """Whether the study must be suspended for a review."""
        return self.met and not self.reviewed


def stopping_states(study: Study) -> tuple[StoppingState, ...]:
    """Give the state of every stopping rule.

    Source: the protocol's `stopping_rules`.
    """
    return tuple(_state(study, rule) for rule in study.protocol.stopping_rules)


def _state(study: Study, rule: StoppingRule) -> StoppingState:
    infused = [(person.infusion.on, person) for person in study.participants.values() if person.infusion]
    infused.sort(key=lambda pair: (pair[0], pair[1].order))
    counted = {
        person.id: min(entries) for _, person in infused[: rule.among_first] if (entries := _cases(person, rule))
    }
    last = max(counted.values(), default=0)
    halts = [fact.entry for fact in study.all(StudySuspended)]
    return StoppingState(rule, tuple(counted), last, any(halt > last for halt in halts))


def _cases(person: Participant, rule: StoppingRule) -> list[int]:
    """Give the entries by which a participant counts."""
    return [fact.latest for fact in _facts(person, rule)]


def _facts(person: Participant, rule: StoppingRule) -> Iterator[Fact[Payload]]:
    match rule.measure:
        case "dlt":
            yield from (fact for fact in person.all(DltAdjudication) if fact.payload.verdict is DltVerdict.DLT)
        case "death":
            yield from person.all(Death)
        case "grade 5":
            for fact in person.all(AdverseEvent):
                if fact.payload.grade == GRADE_5 and fact.payload.cause is not Cause.DISEASE:
                    yield fact

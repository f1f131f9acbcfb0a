"""The state of a study: what its journal says, with corrections and voids applied, as of a moment.

Everything that a rule decides (DLT standing, slots, recommendation) is computed from here by the other modules of this
package; nothing of it is stored.
"""

import datetime as dt
from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar, cast

import orjson

from earlyphase.journal.entry import Entry, Head
from earlyphase.journal.payloads import read_payload
from earlyphase.journal.payloads.conduct import DataLock, DoseDecision, StudyResumed, StudySuspended
from earlyphase.journal.payloads.entering import Consent, Enrolment
from earlyphase.journal.payloads.leaving import LossToFollowUp, Withdrawal
from earlyphase.journal.payloads.payload import Payload
from earlyphase.journal.payloads.safety import AdverseEvent, Death
from earlyphase.journal.payloads.treatment import Infusion
from earlyphase.protocol.model import Protocol
from earlyphase.protocol.versions import Protocols

T = TypeVar("T")
P = TypeVar("P", bound=Payload)
P_co = TypeVar("P_co", bound=Payload, covariant=True)


@dataclass(frozen=True, slots=True, eq=False)
class Fact(Generic[P_co]):
    """One fact as it stands: the entry that recorded it, and the payload that the latest correction gives it."""

    entry: int
    """The entry that first recorded it: its lasting number."""
    latest: int
    """The entry that says it now."""
    recorded_at: str
    recorded_by: str
    source: P_co | Entry
    """The payload, or the entry from which it is read when it is first asked for: most are not, in most questions."""
    before: "Fact[P_co] | None" = None
    """What stood until the latest correction; None where there was none."""

    @property
    def payload(self) -> P_co:
        """What was recorded.

        Raises:
            Broken: this version of the software cannot read it.
        """
        if isinstance(self.source, Entry):
            object.__setattr__(self, "source", read_payload(self.source))
        return cast("P_co", self.source)

    @property
    def written_on(self) -> dt.date | None:
        """The day under `on`, where it can be told without reading the payload, which most questions do not need."""
        if not isinstance(self.source, Entry):
            return getattr(self.source, "on", None)
        try:
            return dt.date.fromisoformat(orjson.loads(self.source.payload)["on"])
        except (KeyError, TypeError, ValueError):
            return None

    def known_at(self, entry: int) -> "Fact[P_co] | None":
        """Give the fact as it stood when an entry was made; None where it was not recorded yet."""
        fact: Fact[P_co] | None = self
        while fact is not None and fact.latest > entry:
            fact = fact.before
        return fact

    def __eq__(self, other: object) -> bool:
        """Facts are equal that say the same by the same entries."""
        return isinstance(other, Fact) and self._said == other._said  # pyright: ignore[reportUnknownMemberType] - any payload

    def __hash__(self) -> int:
        """Give what equal facts have in common."""
        return hash((self.entry, self.latest))

    @property
    def _said(self) -> tuple[int, int, str, str, Payload]:
        return self.entry, self.latest, self.recorded_at, self.recorded_by, self.payload


Facts = Mapping[type[Payload], tuple[Fact[Payload], ...]]


class Holder:
    """Typed access to facts by the type of their payload."""

    facts: Facts

    def all(self, kind: type[P]) -> tuple[Fact[P], ...]:
        """Give every fact of a type, in the order in which they were first recorded."""
        return cast("tuple[Fact[P], ...]", self.facts.get(kind, ()))

    def every(self, kind: type[P]) -> tuple[P, ...]:
        """Give every payload of a type, in the order in which they were first recorded."""
        return tuple(fact.payload for fact in self.all(kind))

    def last(self, kind: type[P]) -> P | None:
        """Give the payload of a type that was recorded last, if any."""
        found = self.all(kind)
        return found[-1].payload if found else None


@dataclass(frozen=True)
class Participant(Holder):
    """One participant: everything that the journal says of them."""

    id: str
    facts: Facts
    _computed: dict[Hashable, Any] = field(default_factory=dict[Hashable, Any], init=False, repr=False, compare=False)

    def once(self, what: Hashable, compute: Callable[[], T]) -> T:
        """Give what was computed of this participant before, or compute it. It goes when the participant changes.

        Args:
            what: names the question, and all that the answer depends on besides the participant.
            compute: gives the answer.
        """
        if what not in self._computed:
            self._computed[what] = compute()
        return self._computed[what]

    @property
    def consent(self) -> Consent | None:
        """The consent that opened the record."""
        return self.last(Consent)

    @property
    def enrolment(self) -> Enrolment | None:
        """The enrolment, with the assigned level."""
        return self.last(Enrolment)

    @property
    def level(self) -> int | None:
        """The dose level of the enrolment."""
        return self.enrolment.level if self.enrolment else None

    @property
    def infusion(self) -> Infusion | None:
        """The infusion: day 0."""
        return self.last(Infusion)

    @property
    def death(self) -> Death | None:
        """The death, if any."""
        return self.last(Death)

    @property
    def adverse_events(self) -> tuple[Fact[AdverseEvent], ...]:
        """The adverse events, each with its entry number."""
        return self.all(AdverseEvent)

    @property
    def left_study_on(self) -> dt.date | None:
        """The day from which nothing more can be observed: death, withdrawal from the study, or loss."""
        days = [day.on for day in (self.death, self.last(LossToFollowUp)) if day]
        days += [withdrawal.on for withdrawal in self.every(Withdrawal) if withdrawal.leaves == "study"]
        return min(days, default=None)

    def adding(self, payload: Payload) -> "Participant":
        """Give the participant as they would be with one more fact."""
        fact = Fact(0, 0, "", "", payload)
        return Participant(self.id, {**self.facts, type(payload): (*self.facts.get(type(payload), ()), fact)})

    def replacing(self, entry: int, payload: Payload | None) -> "Participant":
        """Give the participant as they would be with one fact replaced, or taken out."""
        kept = {kind: tuple(_replaced(found, entry, payload)) for kind, found in self.facts.items()}
        return Participant(self.id, {kind: found for kind, found in kept.items() if found})

    @property
    def order(self) -> int:
        """The entry that opened the record: participants come in this order."""
        return min((found[0].entry for found in self.facts.values() if found), default=0)


def _replaced(facts: tuple[Fact[Payload], ...], entry: int, payload: Payload | None) -> Iterator[Fact[Payload]]:
    for fact in facts:
        if fact.entry != entry:
            yield fact
        elif payload is not None:
            yield Fact(entry, fact.latest, fact.recorded_at, fact.recorded_by, payload)


@dataclass(frozen=True)
class Study(Holder):
    """A study as of a moment of recording."""

    name: str
    protocols: Protocols
    version: str | None
    """The protocol version in force; None before activation."""
    purpose: str | None
    """`study`, `simulation` or `training`; None before activation."""
    head: Head
    recorded_until: str | None
    """When the last entry that counts here was recorded (UTC)."""
    participants: Mapping[str, Participant]
    """By number, in the order of their consent."""
    facts: Facts
    """What concerns the study as a whole."""

    @property
    def protocol(self) -> Protocol:
        """The protocol in force; before activation, the original version."""
        version = self.version or next(iter(self.protocols))
        return self.protocols[version].protocol

    @property
    def simulated(self) -> bool:
        """Whether this is anything but a study's own journal."""
        return self.purpose != "study"

    @property
    def decisions(self) -> tuple[Fact[DoseDecision], ...]:
        """The committee's decisions, in order."""
        return self.all(DoseDecision)

    @property
    def suspended(self) -> bool:
        """Whether enrolment and treatment halt."""
        halts, resumptions = self.all(StudySuspended), self.all(StudyResumed)
        return bool(halts) and (not resumptions or resumptions[-1].entry < halts[-1].entry)

    @property
    def locked(self) -> bool:
        """Whether the data are locked."""
        return bool(self.all(DataLock))

    @property
    def enrolled(self) -> tuple[Participant, ...]:
        """The participants who took a slot, in the order of their enrolment."""
        found = [person for person in self.participants.values() if person.enrolment]
        return tuple(sorted(found, key=lambda person: person.all(Enrolment)[-1].entry))

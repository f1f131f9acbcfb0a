"""How much of what the site recorded has been compared with its source."""

from collections.abc import Iterator
from dataclasses import dataclass

from earlyphase.journal.payloads.checking import SourceVerified
from earlyphase.journal.payloads.payload import Payload
from earlyphase.study.course import AFTERWARDS
from earlyphase.study.state import Fact, Participant, Study


@dataclass(frozen=True, slots=True)
class Verified:
    """How far the verification of one participant's entries is."""

    participant: str
    verified: tuple[Fact[Payload], ...]
    to_verify: tuple[Fact[Payload], ...]
    """Never compared, or corrected since."""

    @property
    def total(self) -> int:
        """How many entries there are to compare."""
        return len(self.verified) + len(self.to_verify)

    @property
    def percent(self) -> float:
        """How many of them were compared.

        Units: percent.
        """
        return 100 * len(self.verified) / self.total if self.total else 0.0


def verification_of(person: Participant) -> Verified:
    """Say which entries of a participant were compared with the source, as they stand now."""
    compared = {entry for payload in person.every(SourceVerified) for entry in payload.entries}
    facts = sorted(from_source(person), key=lambda fact: fact.latest)
    return Verified(
        person.id,
        tuple(fact for fact in facts if fact.latest in compared),
        tuple(fact for fact in facts if fact.latest not in compared),
    )


def verifications(study: Study) -> tuple[Verified, ...]:
    """Say it of every participant."""
    return tuple(verification_of(person) for person in study.participants.values())


def from_source(person: Participant) -> Iterator[Fact[Payload]]:
    """Give the facts that have a source: what the site recorded of the participant."""
    for kind, facts in person.facts.items():
        if kind not in AFTERWARDS:
            yield from facts

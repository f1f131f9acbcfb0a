"""Holds a journal against what was signed and decided on it, and against a head hash that is known from elsewhere."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from earlyphase.faults import Broken, InvalidInput
from earlyphase.journal.entry import EMPTY, GENESIS, Entry, Head, Kind
from earlyphase.journal.payloads import read_payload
from earlyphase.journal.payloads.conduct import DoseDecision, ProtocolActivated, ProtocolAmended, Signature
from earlyphase.protocol.versions import Protocols
from earlyphase.study.reconstruct import reconstruct
from earlyphase.study.state import Study

SHORTEST_HASH = 12
"""A head hash may be given by so many of its first characters."""


@dataclass(frozen=True, slots=True)
class Damage:
    """Something that does not hold."""

    entry: int | None
    hash: str
    message: str


@dataclass(frozen=True, slots=True)
class Verification:
    """What was checked, and what does not hold."""

    study: Study
    entries: int
    head: Head
    protocols: tuple[str, ...]
    """Each version that took effect, with the entry and the digest that its file still has."""
    signatures: int
    decisions: int
    known_head: Head | None
    """Where the head hash that was given stands."""
    damage: tuple[Damage, ...]

    @property
    def sound(self) -> bool:
        """Whether everything holds."""
        return not self.damage


def verify(entries: Sequence[Entry], protocols: Protocols, known: str | None = None) -> Verification:
    """Verify a journal whose chain has been read and found whole.

    Args:
        entries: all entries, as a store gave them.
        protocols: the versions of the protocol, as their files are now.
        known: a head hash from a signature, an export or a backup; its first characters suffice.

    Raises:
        Broken: a protocol file is not the one that took effect, or an entry cannot be read.
        InvalidInput: `known` is too short to name a hash.
    """
    study = reconstruct(protocols, entries)
    head = _known_head(entries, known) if known is not None else None
    lost = [] if known is None or head else [_unknown_head(entries, known)]
    return Verification(
        study=study,
        entries=len(entries),
        head=entries[-1].head if entries else EMPTY,
        protocols=tuple(_took_effect(study)),
        signatures=len(study.all(Signature)),
        decisions=len(study.decisions),
        known_head=head,
        damage=(*_unreadable(entries), *not_in_the_chain(study, entries), *lost),
    )


def _unreadable(entries: Sequence[Entry]) -> Iterator[Damage]:
    """Find the entries whose payload this version of the software cannot read."""
    for entry in entries:
        if entry.kind == Kind.VOIDED:
            continue
        try:
            read_payload(entry)
        except Broken as fault:
            yield Damage(entry.seq, entry.hash, str(fault))


def _known_head(entries: Sequence[Entry], known: str) -> Head | None:
    if len(known) < SHORTEST_HASH:
        raise InvalidInput("head hash", known, f"is too short: give at least {SHORTEST_HASH} characters of it.")
    return next((entry.head for entry in entries if entry.hash.startswith(known.lower())), None)


def _unknown_head(entries: Sequence[Entry], known: str) -> Damage:
    last = entries[-1].head if entries else EMPTY
    return Damage(
        None,
        known,
        f"no entry has the hash {known[:12]}…: entries were cut off after it was noted, or it is of another journal. "
        f"The journal ends with entry {last.seq}, hash {last.hash[:12]}….",
    )


def _took_effect(study: Study) -> Iterator[str]:
    for kind in (ProtocolActivated, ProtocolAmended):
        for fact in study.all(kind):
            yield f"version {fact.payload.version} (entry {fact.entry}, {fact.payload.sha256[:12]}…)"


def not_in_the_chain(study: Study, entries: Sequence[Entry]) -> Iterator[Damage]:
    """Find what was signed, or decided upon, and is not in the chain before it.

    Args:
        study: the state.
        entries: all entries that it is made of.
    """
    seqs = {GENESIS: 0} | {entry.hash: entry.seq for entry in entries}
    yield from _moved(study, seqs)
    seen = [(fact.entry, "signature", "covers", fact.payload.covers) for fact in study.all(Signature)]
    seen += [(fact.entry, "decision", "is based on", fact.payload.based_on) for fact in study.all(DoseDecision)]
    for entry, what, does, digest in sorted(seen):
        if seqs.get(digest, entry) >= entry:
            message = f"the {what} of entry {entry} {does} the head {digest[:12]}…, which no entry before it has."
            yield Damage(entry, digest, message)


def _moved(study: Study, seqs: Mapping[str, int]) -> Iterator[Damage]:
    """Find signatures that do not stand just after what they cover: they were made elsewhere, and put here."""
    for fact in study.all(Signature):
        covers = fact.payload.covers
        if seqs.get(covers, fact.entry) < fact.entry - 1:
            message = f"the signature of entry {fact.entry} was made after entry {seqs[covers]}: it was moved."
            yield Damage(fact.entry, covers, message)

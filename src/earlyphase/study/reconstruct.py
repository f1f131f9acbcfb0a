"""The only read path: protocols and entries go in, the state of the study as of a moment comes out."""

import datetime as dt
from collections.abc import Iterable
from copy import copy
from typing import cast

from earlyphase.faults import Broken, InvalidInput
from earlyphase.journal.entry import EMPTY, Entry, Kind, write_time
from earlyphase.journal.payloads import kind_of, read_payload
from earlyphase.journal.payloads.conduct import ProtocolActivated, ProtocolAmended
from earlyphase.journal.payloads.payload import Payload
from earlyphase.protocol.versions import Protocols
from earlyphase.study.state import Fact, Facts, Participant, Study

_Places = dict[type[Payload], list[int]]


def reconstruct(protocols: Protocols, entries: Iterable[Entry], as_of: dt.datetime | None = None) -> Study:
    """Compute the state of a study from its protocols and its entries.

    Args:
        protocols: the versions of the protocol.
        entries: the journal, verified, in order.
        as_of: entries recorded later do not count; by default all do.

    Returns:
        The study. The same input gives the same study in any process.

    Raises:
        InvalidInput: the journal names a protocol version that is not there.
        Broken: an entry cannot be read, or a protocol file has changed since it took effect.
    """
    fold = Reconstruction(protocols)
    until = write_time(as_of) if as_of else None
    for entry in entries:
        if until is not None and entry.recorded_at > until:
            break
        fold.add(entry)
    return fold.study()


class Reconstruction:
    """The fold behind `reconstruct`, for those who go on from what was read."""

    def __init__(self, protocols: Protocols) -> None:
        """Start from nothing."""
        self._protocols = protocols
        self._name = next(iter(protocols.values())).protocol.study if protocols else ""
        self._facts: dict[int, Fact[Payload]] = {}
        self._root: dict[int, int] = {}
        self._owner: dict[int, str | None] = {}
        self._places: dict[str | None, _Places] = {None: {}}
        self._frozen: dict[str, Participant] = {}
        self._stale: set[str | None] = set()
        self._version: str | None = None
        self._purpose: str | None = None
        self._head = EMPTY
        self._recorded_until: str | None = None

    def copy(self) -> "Reconstruction":
        """Give one that goes on from here by itself: what is added to one of the two is not in the other.

        Facts and participants are values; both hold the same ones, with what was read and computed of them.
        """
        other = copy(self)
        for name in ("_facts", "_root", "_owner", "_frozen", "_stale"):
            setattr(other, name, getattr(self, name).copy())
        places = self._places.items()
        vars(other)["_places"] = {owner: {kind: [*seqs] for kind, seqs in kinds.items()} for owner, kinds in places}
        return other

    def add(self, entry: Entry) -> None:
        """Take in the next entry."""
        match entry.kind:
            case Kind.RECORDED | Kind.SIGNED:
                self._record(entry)
            case Kind.CORRECTED:
                self._correct(entry)
            case Kind.VOIDED:
                self._void(entry)
            case _:
                raise Broken(f"entry {entry.seq}", entry.kind, "is not a kind of entry.")
        self._name = entry.study
        self._head = entry.head
        self._recorded_until = entry.recorded_at

    def study(self) -> Study:
        """Give the state as it stands now."""
        for person in self._stale - {None}:
            facts = self._collect(person)
            if person is not None:
                self._frozen[person] = Participant(person, facts)
        self._stale.clear()
        people = sorted((p for p in self._frozen.values() if p.facts), key=lambda person: person.order)
        return Study(
            name=self._name,
            protocols=self._protocols,
            version=self._version,
            purpose=self._purpose,
            head=self._head,
            recorded_until=self._recorded_until,
            participants={person.id: person for person in people},
            facts=self._collect(None),
        )

    def _record(self, entry: Entry) -> None:
        kind = kind_of(entry)
        self._facts[entry.seq] = Fact(entry.seq, entry.seq, entry.recorded_at, entry.recorded_by, entry)
        self._root[entry.seq] = entry.seq
        self._owner[entry.seq] = entry.participant
        self._places.setdefault(entry.participant, {}).setdefault(kind, []).append(entry.seq)
        self._stale.add(entry.participant)
        if issubclass(kind, ProtocolActivated | ProtocolAmended):
            self._take_effect(entry, cast("ProtocolActivated | ProtocolAmended", read_payload(entry)))

    def _correct(self, entry: Entry) -> None:
        kind_of(entry)
        root = self._root_of(entry)
        before = self._facts[root]
        self._facts[root] = Fact(root, entry.seq, entry.recorded_at, entry.recorded_by, entry, before)
        self._root[entry.seq] = root
        self._stale.add(self._owner[root])

    def _void(self, entry: Entry) -> None:
        root = self._root_of(entry)
        del self._facts[root]
        self._stale.add(self._owner[root])

    def _root_of(self, entry: Entry) -> int:
        root = self._root.get(entry.supersedes or 0)
        if root is None or root not in self._facts:
            raise Broken(f"entry {entry.seq}", entry.supersedes, "is not an entry that can be corrected or voided.")
        return root

    def _collect(self, owner: str | None) -> Facts:
        found: dict[type[Payload], tuple[Fact[Payload], ...]] = {}
        for kind, seqs in self._places.get(owner, {}).items():
            facts = tuple(self._facts[seq] for seq in seqs if seq in self._facts)
            if facts:
                found[kind] = facts
        return found

    def _take_effect(self, entry: Entry, payload: ProtocolActivated | ProtocolAmended) -> None:
        known = self._protocols.get(payload.version)
        if known is None:
            raise InvalidInput(
                f"entry {entry.seq}",
                payload.version,
                "is a protocol version that the study folder does not hold.",
                f"It holds {', '.join(self._protocols)}: add the file of that version.",
            )
        if known.sha256 != payload.sha256:
            raise Broken(
                f"entry {entry.seq}",
                payload.version,
                f"took effect as {payload.sha256[:12]}…, but the protocol file is now {known.sha256[:12]}….",
                "Restore the file that was approved; a change is an amendment with a version of its own.",
            )
        self._version = payload.version
        if isinstance(payload, ProtocolActivated):
            self._purpose = payload.purpose

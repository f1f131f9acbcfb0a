"""The seam between a study and where its journal lies, and the store that lies in memory."""

from collections.abc import Sequence
from typing import Protocol

from earlyphase.journal.entry import EMPTY, Draft, Entry, Head, seal


class HeadMoved(Exception):  # noqa: N818 - it says what happened
    """Somebody else has added to the journal since it was read: look again."""

    def __init__(self, expected: Head, found: Head) -> None:
        """Say which head was expected and which was found."""
        self.expected = expected
        self.found = found
        super().__init__(f"the study has changed: entry {found.seq} was added after entry {expected.seq}; look again")


class Journal(Protocol):
    """Where the entries of one study lie. Every store gives the same guarantees: append only, one writer wins."""

    study: str

    def read(self) -> tuple[Entry, ...]:
        """Give all entries, verified.

        Raises:
            Broken: an entry does not match its hash or its place.
        """
        ...

    def append(self, drafts: Sequence[Draft], after: Head) -> tuple[Entry, ...]:
        """Chain drafts to the head that was read, durably, all or none.

        Raises:
            HeadMoved: the journal no longer ends there.
        """
        ...


class MemoryJournal:
    """A journal that lies in memory: for simulation and for what-if."""

    def __init__(self, study: str, entries: Sequence[Entry] = ()) -> None:
        """Start from nothing, or from a copy of what another journal holds."""
        self.study = study
        self._entries = list(entries)

    def read(self) -> tuple[Entry, ...]:
        """Give all entries."""
        return tuple(self._entries)

    def append(self, drafts: Sequence[Draft], after: Head) -> tuple[Entry, ...]:
        """Chain drafts to the head that was read."""
        head = self._entries[-1].head if self._entries else EMPTY
        if head != after:
            raise HeadMoved(after, head)
        added: list[Entry] = []
        for draft in drafts:
            entry, _ = seal(self.study, head, draft)
            head = entry.head
            added.append(entry)
        self._entries.extend(added)
        return tuple(added)

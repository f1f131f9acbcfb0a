"""Writes a journal that lies in memory to a file, all at once."""

import datetime as dt
from pathlib import Path

from earlyphase.faults import InvalidInput
from earlyphase.journal.entry import EMPTY, Draft, Entry, Kind
from earlyphase.journal.file import FileJournal
from earlyphase.journal.store import MemoryJournal


def require_new(path: Path) -> None:
    """Refuse to write where something is.

    Raises:
        InvalidInput: there is such a file.
    """
    if path.exists():
        raise InvalidInput(str(path), None, "exists already; a journal is never overwritten.", "Name another file.")


def write_journal(path: Path, journal: MemoryJournal) -> None:
    """Write a journal to a new file, in one piece; when this returns it is on disk.

    Raises:
        InvalidInput: there is such a file already, or it cannot be written.
    """
    require_new(path)
    entries = journal.read()
    written = FileJournal(path, journal.study).append([draft_of(entry) for entry in entries], EMPTY)
    if written != entries:
        raise RuntimeError("the file's entries are not those of the journal in memory")


def draft_of(entry: Entry) -> Draft:
    """Give the draft from which an entry was sealed."""
    return Draft(
        recorded_at=dt.datetime.fromisoformat(entry.recorded_at),
        recorded_by=entry.recorded_by,
        role=entry.role,
        kind=Kind(entry.kind),
        record=entry.record,
        participant=entry.participant,
        payload=entry.payload,
        supersedes=entry.supersedes,
        reason=entry.reason,
    )

"""The file store: JSON Lines, one writer at a time, on disk before it answers."""

import fcntl
import os
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path

from earlyphase.faults import Broken, InvalidInput
from earlyphase.journal.entry import EMPTY, Draft, Entry, Head, open_line, seal
from earlyphase.journal.store import HeadMoved


class FileJournal:
    """A journal in a file, one entry a line."""

    def __init__(self, path: Path, study: str) -> None:
        """Name the file; it need not exist until the first entry."""
        self.path = path
        self.study = study

    def read(self) -> tuple[Entry, ...]:
        """Give all entries, verified.

        Raises:
            Broken: a changed, missing or torn line; it is named, and nothing is dropped.
            InvalidInput: the file cannot be read, or holds another study.
        """
        return open_lines(self._bytes(), str(self.path), self.study)

    def append(self, drafts: Sequence[Draft], after: Head) -> tuple[Entry, ...]:
        """Chain drafts to the head that was read, and return when they are on disk.

        Raises:
            HeadMoved: the journal no longer ends there.
            Broken: the journal is damaged; nothing was written.
        """
        with self._alone() as handle:
            found = self._end(handle, after)
            if found != after:
                raise HeadMoved(after, found)
            head, lines = after, bytearray()
            added: list[Entry] = []
            for draft in drafts:
                entry, line = seal(self.study, head, draft)
                head = entry.head
                added.append(entry)
                lines += line + b"\n"
            _write_whole(handle, bytes(lines))
            return tuple(added)

    def set_aside_torn_line(self) -> Path | None:
        """Move an incomplete last line to a file of its own beside the journal, so that work can go on.

        Returns:
            Where the torn bytes are now, or None where the last line is whole.
        """
        with self._alone() as handle:
            content = self._bytes()
            whole = content.rfind(b"\n") + 1
            if whole == len(content):
                return None
            sound = content[:whole].count(b"\n")
            aside = self.path.with_name(f"{self.path.name}.torn-after-{sound}")
            with aside.open("xb") as torn:
                torn.write(content[whole:])
                torn.flush()
                os.fsync(torn.fileno())
            os.ftruncate(handle, whole)
            os.fsync(handle)
            return aside

    def _bytes(self) -> bytes:
        try:
            return self.path.read_bytes()
        except FileNotFoundError:
            return b""
        except OSError as fault:
            raise InvalidInput(str(self.path), None, f"cannot be read: {fault.strerror}.") from None

    def _end(self, handle: int, expected: Head) -> Head:
        """Find the head on disk; where the last line is the one expected, without reading the rest."""
        size = os.fstat(handle).st_size
        if size == 0:
            return EMPTY
        tail = os.pread(handle, 67, size - 67) if size > 67 else b""  # noqa: PLR2004 - 64 of hash, then `"}` and the line's end
        if tail.endswith(b'"}\n') and tail[:64] == expected.hash.encode():
            return expected
        entries = self.read()
        return entries[-1].head if entries else EMPTY

    @contextmanager
    def _alone(self) -> Generator[int]:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            new = not self.path.exists()
            handle = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o644)
        except OSError as fault:
            raise InvalidInput(str(self.path), None, f"cannot be written: {fault.strerror}.") from None
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            if new:
                _sync_folder(self.path.parent)
            yield handle
        finally:
            os.close(handle)


def open_lines(content: bytes, place: str, study: str | None = None) -> tuple[Entry, ...]:
    """Read and verify the lines of a journal.

    Raises:
        Broken: a changed, missing or torn line.
        InvalidInput: the journal is another study's.
    """
    *lines, rest = content.split(b"\n")
    head = EMPTY
    entries: list[Entry] = []
    for line in lines:
        entry = open_line(line, head, place)
        if study is not None and entry.study != study:
            raise InvalidInput(
                place,
                entry.study,
                f"is the study of this journal, not {study!r}.",
                "Name the right study or the right file.",
            )
        head = entry.head
        entries.append(entry)
    if rest:
        raise Broken(
            place,
            None,
            f"the last line is torn: {len(rest)} bytes after entry {head.seq} have no end. "
            f"Entries 1 to {head.seq} are sound.",
            "Run `earlyphase study verify` with --set-aside-torn-line: the bytes go to a file of their own.",
        )
    return tuple(entries)


def _write_whole(handle: int, lines: bytes) -> None:
    """Write all bytes and sync; where the disk refuses, leave the file as it was."""
    before = os.fstat(handle).st_size
    try:
        view = memoryview(lines)
        while view:
            view = view[os.write(handle, view) :]
        os.fsync(handle)
    except OSError as fault:
        os.ftruncate(handle, before)
        raise InvalidInput(
            "journal", None, f"could not be written: {fault.strerror}. Nothing was added.", "Make room and try again."
        ) from None


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

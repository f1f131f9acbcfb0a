"""The PostgreSQL store of the journal: the same lines and the same guarantees as the file store."""

from collections.abc import Sequence

import psycopg

from earlyphase.journal.entry import EMPTY, Draft, Entry, Head, open_line, seal
from earlyphase.journal.file import open_lines
from earlyphase.journal.store import HeadMoved

_NOT_NEXT = "EP001"
"""The code by which the database says that an entry does not follow the head."""


_NAMING = r"""
    select distinct study from journal_entry
    where record like 'role\_%%' and ((line::jsonb ->> 'payload')::jsonb) ->> 'person' = %s
"""


def studies_naming(connection: psycopg.Connection, person: str) -> frozenset[str]:
    """Find the studies whose delegation log names somebody, by the user name; what it says of them, the study tells."""
    with connection.transaction():
        return frozenset(study for (study,) in connection.execute(_NAMING, (person,)).fetchall())


class PostgresJournal:
    """A journal in a database that lets nobody change or remove an entry."""

    def __init__(self, connection: psycopg.Connection, study: str) -> None:
        """Use a connection; each append is a transaction of its own."""
        self._connection = connection
        self.study = study

    def read(self) -> tuple[Entry, ...]:
        """Give all entries, verified.

        Raises:
            Broken: an entry does not match its hash or its place.
        """
        return open_lines(self._lines(), f"journal of {self.study}", self.study)

    def after(self, head: Head) -> tuple[Entry, ...]:
        """Give the entries that came after a head that was read, verified.

        Raises:
            Broken: they do not follow it.
        """
        query = "select line from journal_entry where study = %s and seq > %s order by seq"
        with self._connection.transaction():
            rows = self._connection.execute(query, (self.study, head.seq)).fetchall()
        found: list[Entry] = []
        for (line,) in rows:
            found.append(open_line(line.encode(), head, f"journal of {self.study}"))
            head = found[-1].head
        return tuple(found)

    def head(self) -> Head:
        """Give the end of the journal without reading the rest."""
        query = "select seq, hash from journal_entry where study = %s order by seq desc limit 1"
        with self._connection.transaction():
            row = self._connection.execute(query, (self.study,)).fetchone()
        return Head(*row) if row else EMPTY

    def wait_for_turn(self) -> None:
        """Inside a transaction, wait for those who write to the study already: writers come one after the other."""
        self._connection.execute("select pg_advisory_xact_lock(hashtext('journal'), hashtext(%s))", (self.study,))

    def append(self, drafts: Sequence[Draft], after: Head) -> tuple[Entry, ...]:
        """Chain drafts to the head that was read, durably, all or none.

        Raises:
            HeadMoved: the journal no longer ends there: of two writers one wins.
        """
        head, added, lines = after, list[Entry](), list[tuple[str]]()
        for draft in drafts:
            entry, line = seal(self.study, head, draft)
            head = entry.head
            added.append(entry)
            lines.append((line.decode(),))
        self._insert(lines, after)
        return tuple(added)

    def adopt(self, lines: bytes) -> int:
        """Take in the lines of another store, hashes unchanged. The study must be new to this one.

        Returns:
            How many entries were taken in.

        Raises:
            Broken: the lines are not a sound journal.
            HeadMoved: the study has entries here already.
        """
        entries = open_lines(lines, "journal", self.study)
        self._insert([(line,) for line in lines.decode().splitlines()], EMPTY)
        return len(entries)

    def _insert(self, lines: Sequence[tuple[str]], after: Head) -> None:
        try:
            with self._connection.transaction(), self._connection.cursor() as cursor:
                cursor.executemany("insert into journal_entry (line) values (%s)", lines)
        except psycopg.errors.UniqueViolation:
            raise HeadMoved(after, self.head()) from None
        except psycopg.DatabaseError as fault:
            if fault.sqlstate == _NOT_NEXT:
                raise HeadMoved(after, self.head()) from None
            raise

    def export(self) -> bytes:
        """Give the journal as the lines of a file store.

        Raises:
            Broken: an entry does not match its hash or its place; nothing is exported then.
        """
        lines = self._lines()
        open_lines(lines, f"journal of {self.study}", self.study)
        return lines

    def _lines(self) -> bytes:
        query = "select line from journal_entry where study = %s order by seq"
        with self._connection.transaction():
            rows = self._connection.execute(query, (self.study,)).fetchall()
        return "".join(f"{line}\n" for (line,) in rows).encode()

"""Moves a study's journal between a file and the database: the same lines, the same hashes."""

import psycopg

from earlyphase.faults import InvalidInput
from earlyphase.journal.entry import Head
from earlyphase.journal.store import HeadMoved
from earlyphase.store.journal import PostgresJournal


def journal_to_database(address: str, study: str, lines: bytes) -> int:
    """Take the lines of a journal file into the database, all or none.

    Returns:
        How many entries were taken in.

    Raises:
        Broken: the lines are not a sound journal.
        InvalidInput: the study has entries in the database already, or the lines are another study's.
    """
    with psycopg.connect(address, autocommit=True) as connection:
        try:
            return PostgresJournal(connection, study).adopt(lines)
        except HeadMoved as moved:
            rule = f"has {moved.found.seq} entries in the database already."
            raise InvalidInput("journal", study, rule, "A journal is taken in once, and goes on where it is.") from None


def journal_from_database(address: str, study: str) -> tuple[bytes, Head]:
    """Give the lines of a study's journal, verified, and where it ends.

    Raises:
        Broken: an entry does not match its hash or its place.
        InvalidInput: the database has no entry of the study.
    """
    with psycopg.connect(address, autocommit=True) as connection:
        journal = PostgresJournal(connection, study)
        lines, head = journal.export(), journal.head()
    if not lines:
        raise InvalidInput(
            "journal", study, "has no entries in the database.", "Take a file in: `earlyphase journal import`."
        )
    return lines, head

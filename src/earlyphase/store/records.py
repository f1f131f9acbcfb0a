"""The records in the database: which versions of a record were seen, and what each says."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import psycopg

from earlyphase.faults import InvalidInput
from earlyphase.registry.model import Record
from earlyphase.store.records_reading import read_stored


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a record that was seen."""

    nct_id: str
    version: int
    """In the order in which they were seen, from 1."""
    shape: str
    last_update: str | None
    """As the record says it."""
    seen_at: dt.datetime
    source: str
    """The file and the line where it was first seen."""
    irregular: int
    """How much of it the registry's description does not have."""
    current: bool
    """Whether the search finds the record as it is in this version: the one last updated."""


def record_count(connection: psycopg.Connection) -> int:
    """Count the records."""
    row = connection.execute("select count(*) from record_index").fetchone()
    return row[0] if row else 0


def versions(connection: psycopg.Connection, nct_id: str) -> tuple[Version, ...]:
    """List the versions of a record that were seen, the first seen first.

    Raises:
        InvalidInput: there is no such record.
    """
    rows = connection.execute(
        "select nct_id, v.version, shape, last_update, seen_at, source, irregular, v.version = i.version"
        " from record_version v join record_index i using (nct_id) where nct_id = any(%s) order by v.version",
        (_spellings(nct_id),),
    ).fetchall()
    if not rows:
        raise InvalidInput(
            "record", nct_id, "is not in the database.", "Search for it, or import it: `earlyphase record import FILE`."
        )
    return tuple(Version(*row) for row in rows)


def latest_pair(seen: Sequence[Version]) -> tuple[int, int] | None:
    """Give the current version and the one that was last updated before it; None where there is no other."""
    current = next(one.version for one in seen if one.current)
    before = earlier_than(seen, current)
    return (before, current) if before else None


def earlier_than(seen: Sequence[Version], version: int) -> int | None:
    """Give the version, other than one, that was last updated; None where there is no other."""
    return max(((one.last_update or "", one.version) for one in seen if one.version != version), default=("", None))[1]


def stored_record(connection: psycopg.Connection, nct_id: str, version: int | None = None) -> Record:
    """Read a record as it was in one of its versions; by default in the current one.

    Raises:
        InvalidInput: there is no such record or version.
    """
    if version is None:
        version = next(one.version for one in versions(connection, nct_id) if one.current)
    row = connection.execute(
        "select shape, content, source from record_version where nct_id = any(%s) and version = %s",
        (_spellings(nct_id), version),
    ).fetchone()
    if row is None:
        known = ", ".join(str(one.version) for one in versions(connection, nct_id))
        raise InvalidInput(f"version of {nct_id}", version, "was not seen.", f"There is: {known}.")
    shape, content, source = row
    return read_stored(content, shape, source)


def _spellings(nct_id: str) -> list[str]:
    """Give the numbers that may be meant: as it was typed, and in capitals."""
    typed = nct_id.strip()
    return [typed, typed.upper()] if typed.isprintable() else []

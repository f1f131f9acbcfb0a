"""Writes a backup: everything that the database holds at one moment, in one file that says of itself what is in it."""

import hashlib
import os
import zipfile
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from earlyphase import __version__
from earlyphase.faults import InvalidInput
from earlyphase.journal.file import open_lines
from earlyphase.store.backup_manifest import JOURNAL, MANIFEST, NOT_KEPT, KeptJournal, KeptTable, Manifest
from earlyphase.store.backup_tables import columns_of, copied_out, migrations_in, steps_in, tables_in

Tell = Callable[[str], None]


def write_backup(address: str, path: Path, made_at: str, tell: Tell = lambda _: None) -> Manifest:
    """Write a backup of a database.

    Args:
        address: the database.
        path: the file to make; it must not exist.
        made_at: the moment, for the manifest.
        tell: is told what is being copied.

    Raises:
        Broken: a journal does not match its hashes; no backup is made of it.
        InvalidInput: the file exists, or cannot be written.
    """
    if path.exists():
        raise InvalidInput(str(path), None, "exists already.", "A backup is never written over: name another file.")
    partial = path.with_name(f"{path.name}.partial")
    try:
        with psycopg.connect(address) as connection, _opened(partial) as archive:
            connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            connection.read_only = True
            manifest = _copied(connection, archive, made_at, tell)
            archive.writestr(MANIFEST, manifest.model_dump_json(indent=1))
        partial.rename(path)
    except OSError as fault:
        partial.unlink(missing_ok=True)
        raise InvalidInput(str(path), None, f"cannot be written: {fault.strerror}.") from None
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
    return manifest


@contextmanager
def _opened(path: Path) -> Generator[zipfile.ZipFile]:
    """Make the file so that only its owner can read it: it holds people and identities. At the end it is on disk."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w+b") as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=5) as archive:
            yield archive
        file.flush()
        os.fsync(file.fileno())


def _copied(connection: psycopg.Connection, archive: zipfile.ZipFile, made_at: str, tell: Tell) -> Manifest:
    journals = {study: _journal(connection, archive, study, place, tell) for place, study in _studies(connection)}
    tables: dict[str, KeptTable] = {}
    for name in tables_in(connection):
        if name not in NOT_KEPT and name != JOURNAL:
            tell(name)
            tables[name] = _table(connection, archive, name)
    return Manifest(
        software=__version__,
        made_at=made_at,
        steps=steps_in(connection),
        migrations=migrations_in(connection),
        tables=tables,
        journals=journals,
    )


def _studies(connection: psycopg.Connection) -> list[tuple[int, str]]:
    rows = connection.execute("select distinct study from journal_entry order by study").fetchall()
    return list(enumerate((str(name) for (name,) in rows), start=1))


def _journal(
    connection: psycopg.Connection, archive: zipfile.ZipFile, study: str, place: int, tell: Tell
) -> KeptJournal:
    tell(f"journal of {study}")
    rows = connection.execute("select line from journal_entry where study = %s order by seq", (study,)).fetchall()
    lines = "".join(f"{line}\n" for (line,) in rows).encode()
    entries = open_lines(lines, f"journal of {study}", study)
    safe = "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in study)
    file = f"journals/{place:04}-{safe}.jsonl"
    archive.writestr(file, lines)
    return KeptJournal(file=file, entries=len(entries), head=entries[-1].hash, sha256=hashlib.sha256(lines).hexdigest())


def _table(connection: psycopg.Connection, archive: zipfile.ZipFile, name: str) -> KeptTable:
    columns, file, digest = columns_of(connection, name), f"tables/{name}.copy", hashlib.sha256()
    with archive.open(file, "w", force_zip64=True) as member:
        for block in copied_out(connection, name, columns):
            digest.update(block)
            member.write(block)
    counted: Any = connection.execute(sql.SQL("select count(*) from {}").format(sql.Identifier(name))).fetchone()
    return KeptTable(file=file, columns=columns, rows=int(counted[0]), sha256=digest.hexdigest())

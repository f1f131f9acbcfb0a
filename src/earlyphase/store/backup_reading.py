"""Checks a backup, and puts it into an empty database: all of it, verified against its manifest, or nothing."""

import hashlib
import zipfile
import zlib
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import psycopg
from psycopg import sql
from pydantic import ValidationError

from earlyphase.faults import Broken, InvalidInput
from earlyphase.journal.file import open_lines
from earlyphase.store.backup_manifest import JOURNAL, MANIFEST, KeptJournal, KeptTable, Manifest
from earlyphase.store.backup_tables import columns_of, copied_out, migrations_in, steps_in, tables_in

BLOCK = 1 << 20
"""Units: bytes."""

DAMAGE = (zipfile.BadZipFile, EOFError, NotImplementedError, OSError, RuntimeError, zlib.error)
"""What reading an archive says of bytes that are not as they were written."""

FULL = ("journal_entry", "people_person", "record_version")
"""A database that holds any of these is nobody's to fill."""

Tell = Callable[[str], None]

_ANOTHER = "Restore into a new one: another --data, or another database."

_REMEDY = "Use another backup: this one is not as it was written."


def check_backup(path: Path) -> Manifest:
    """Hold a backup against its manifest: every byte, every count, every journal's chain and head.

    Raises:
        Broken: something does not match.
        InvalidInput: it is no backup.
    """
    with _opened(path) as archive:
        manifest = _manifest(archive, path)
        for name, table in manifest.tables.items():
            _check_table(archive, path, name, table)
        for study, journal in manifest.journals.items():
            _check_journal(archive, path, study, journal)
    return manifest


def require_new(address: str, manifest: Manifest) -> None:
    """Refuse, before anything is changed, a database that holds something or is of a later version than a backup.

    Raises:
        InvalidInput: it is not empty, or has tables that the backup does not know.
    """
    with psycopg.connect(address) as connection:
        _require_empty(connection)
        there = set(tables_in(connection))
        steps = steps_in(connection) if "schema_step" in there else ()
        later = [*(set(steps) - set(manifest.steps)), *(set(migrations_in(connection)) - set(manifest.migrations))]
    if later or (there and not steps):
        rule = "was made by a later version than the backup." if later else "has tables of other software."
        raise InvalidInput("database", None, rule, _ANOTHER)


def fill(address: str, path: Path, manifest: Manifest, tell: Tell = lambda _: None) -> None:
    """Put what a backup holds into a database that has the same tables and no content, and verify it there.

    Raises:
        Broken: what lies in the database afterwards is not what the backup holds; nothing is kept then.
        InvalidInput: the database is not empty, or has other tables.
    """
    with psycopg.connect(address) as connection, _opened(path) as archive:
        _require_empty(connection)
        _require_tables(connection, manifest)
        _tables_in(connection, archive, manifest, tell)
        for study, journal in manifest.journals.items():
            tell(f"journal of {study}")
            _lines_in(connection, archive, journal)
        _verify(connection, manifest)
        _go_on_counting(connection)


def _tables_in(connection: psycopg.Connection, archive: zipfile.ZipFile, manifest: Manifest, tell: Tell) -> None:
    """Copy every table but the journal. What the database writes of itself at a change is in the backup already."""
    ordered = [name for name in tables_in(connection) if name in manifest.tables]
    connection.execute("set constraints all deferred")
    for name in ordered:
        connection.execute(sql.SQL("alter table {} disable trigger user").format(sql.Identifier(name)))
    for name in reversed(ordered):
        connection.execute(sql.SQL("delete from {}").format(sql.Identifier(name)))
    for name in ordered:
        tell(name)
        _copied_in(connection, archive, name, manifest.tables[name])
    connection.execute("set constraints all immediate")
    for name in ordered:
        connection.execute(sql.SQL("alter table {} enable trigger user").format(sql.Identifier(name)))


@contextmanager
def _opened(path: Path) -> Generator[zipfile.ZipFile]:
    remedy = "Name a file that `earlyphase backup` wrote."
    try:
        file = path.open("rb")
    except OSError as fault:
        raise InvalidInput(str(path), None, f"cannot be read: {fault.strerror}.", remedy) from None
    with file:
        try:
            with zipfile.ZipFile(file) as archive:
                yield archive
        except DAMAGE as fault:
            raise Broken(
                str(path), None, f"is damaged, or no backup: {str(fault) or 'it ends early'}.", remedy
            ) from None


def _manifest(archive: zipfile.ZipFile, path: Path) -> Manifest:
    try:
        return Manifest.model_validate_json(archive.read(MANIFEST))
    except KeyError:
        raise Broken(str(path), None, "has no manifest.", _REMEDY) from None
    except ValidationError as fault:
        if any(one["loc"] == ("format",) for one in fault.errors(include_url=False)):
            remedy = "Restore it with that version."
            raise Broken(
                str(path), None, "was written by a later version, which keeps backups otherwise.", remedy
            ) from None
        first = fault.errors(include_url=False)[0]
        raise Broken(str(path), None, f"has a manifest that cannot be read: {first['msg']}.", _REMEDY) from None


def _member(archive: zipfile.ZipFile, path: Path, file: str) -> IO[bytes]:
    try:
        return archive.open(file)
    except KeyError:
        raise Broken(str(path), file, "is missing.", _REMEDY) from None


def _check_table(archive: zipfile.ZipFile, path: Path, name: str, table: KeptTable) -> None:
    digest, rows = hashlib.sha256(), 0
    with _member(archive, path, table.file) as member:
        while block := member.read(BLOCK):
            digest.update(block)
            rows += block.count(b"\n")
    if (digest.hexdigest(), rows) != (table.sha256, table.rows):
        raise Broken(str(path), name, f"does not match the manifest: {rows} rows, {table.rows} expected.", _REMEDY)


def _check_journal(archive: zipfile.ZipFile, path: Path, study: str, journal: KeptJournal) -> None:
    with _member(archive, path, journal.file) as member:
        lines = member.read()
    entries = open_lines(lines, f"journal of {study} in {path}", study)
    end = entries[-1].hash if entries else None
    if (len(entries), end, hashlib.sha256(lines).hexdigest()) != (journal.entries, journal.head, journal.sha256):
        rule = f"has {len(entries)} entries, and {journal.entries} were written, with the head {journal.head[:12]}…."
        raise Broken(str(path), f"journal of {study}", rule, _REMEDY)


def _require_empty(connection: psycopg.Connection) -> None:
    there = tables_in(connection)
    for name in (name for name in FULL if name in there):
        query = sql.SQL("select exists (select from {})").format(sql.Identifier(name))
        if (found := connection.execute(query).fetchone()) and found[0]:
            rule = f"is not empty: {name} has rows."
            raise InvalidInput("database", None, rule, _ANOTHER)


def _require_tables(connection: psycopg.Connection, manifest: Manifest) -> None:
    there = set(tables_in(connection))
    for name, table in manifest.tables.items():
        if name not in there or not set(table.columns) <= set(columns_of(connection, name)):
            rule = f"has no table {name} with the columns of the backup."
            raise InvalidInput("database", None, rule, f"Restore with version {manifest.software}.")


def _copied_in(connection: psycopg.Connection, archive: zipfile.ZipFile, name: str, table: KeptTable) -> None:
    columns = sql.SQL(", ").join(map(sql.Identifier, table.columns))
    query = sql.SQL("copy {} ({}) from stdin").format(sql.Identifier(name), columns)
    with connection.cursor() as cursor, cursor.copy(query) as copy, archive.open(table.file) as member:
        while block := member.read(BLOCK):
            copy.write(block)


def _lines_in(connection: psycopg.Connection, archive: zipfile.ZipFile, journal: KeptJournal) -> None:
    query = sql.SQL("copy {} (line) from stdin").format(sql.Identifier(JOURNAL))
    with connection.cursor() as cursor, cursor.copy(query) as copy, archive.open(journal.file) as member:
        for line in member:
            copy.write_row((line.rstrip(b"\n").decode(),))


def _verify(connection: psycopg.Connection, manifest: Manifest) -> None:
    """Read back what lies in the database now, and hold it against the manifest."""
    for name, table in manifest.tables.items():
        digest = hashlib.sha256()
        for block in copied_out(connection, name, table.columns):
            digest.update(block)
        if digest.hexdigest() != table.sha256:
            raise Broken("database", name, "is not what the backup holds.", "Nothing was kept.")
    for study, journal in manifest.journals.items():
        query = "select line from journal_entry where study = %s order by seq"
        rows = connection.execute(query, (study,)).fetchall()
        lines = "".join(f"{line}\n" for (line,) in rows).encode()
        if hashlib.sha256(lines).hexdigest() != journal.sha256:
            raise Broken("database", f"journal of {study}", "is not what the backup holds.", "Nothing was kept.")
    if set(steps_in(connection)) != set(manifest.steps):
        raise Broken("database", None, "has other steps of the schema than the backup.", "Nothing was kept.")


def _go_on_counting(connection: psycopg.Connection) -> None:
    """Let the numbers that the database gives go on after those that are taken."""
    rows = connection.execute(
        "select c.relname, a.attname, pg_get_serial_sequence(quote_ident(c.relname), a.attname) "
        "from pg_class c join pg_attribute a on a.attrelid = c.oid "
        "where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace and a.attnum > 0 and not a.attisdropped "
        "and pg_get_serial_sequence(quote_ident(c.relname), a.attname) is not null"
    ).fetchall()
    for table, column, sequence in rows:
        last = sql.SQL("select setval({}, coalesce(max({}), 1), max({}) is not null) from {}").format(
            sql.Literal(sequence), sql.Identifier(column), sql.Identifier(column), sql.Identifier(table)
        )
        connection.execute(last)

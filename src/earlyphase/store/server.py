"""Finds the database: a server that is named, or an embedded PostgreSQL in a folder."""

from collections.abc import Collection, Generator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from earlyphase.faults import InvalidInput
from earlyphase.store.embedded import embedded

REFUSALS = (
    psycopg.OperationalError,  # not there, gone, full
    psycopg.errors.InsufficientPrivilege,
    psycopg.errors.ReadOnlySqlTransaction,
)
"""What a database may answer to whoever asks rightly. Everything else it refuses is a fault of ours."""


@contextmanager
def opened(url: str | None, folder: Path) -> Generator[str]:
    """Give the address of the database as it is.

    Args:
        url: the address of a server, such as the value of DATABASE_URL; None for the embedded one.
        folder: where the embedded database keeps its files; it is made when it is not there.

    Raises:
        InvalidInput: there is no database at that address, it refuses, or the folder cannot hold one.
    """
    if url:
        with refusals_told():
            yield url
        return
    with embedded(folder) as address, refusals_told():
        yield address


@contextmanager
def database(url: str | None, folder: Path) -> Generator[str]:
    """Give the address of the database, with its schema up to date; else as `opened`."""
    with opened(url, folder) as address:
        prepare(address)
        yield address


@contextmanager
def refusals_told() -> Generator[None]:
    """Turn what a database refuses into a sentence, also where other software says it in its own words."""
    try:
        yield
    except Exception as fault:
        cause = fault if isinstance(fault, psycopg.Error) else fault.__cause__
        if not isinstance(cause, REFUSALS):
            raise
        if isinstance(cause, psycopg.OperationalError) and cause.sqlstate is None:  # the way there, not the server
            rule, remedy = f"leads to no database: {_said(cause)}.", "Correct it, or leave it out for the embedded one."
            raise InvalidInput("DATABASE_URL", None, rule, remedy) from None
        raise InvalidInput("database", None, f"refuses: {_said(cause)}.", "Put that right, and try again.") from None


def _said(fault: psycopg.Error) -> str:
    """Give what the server said, without the statement."""
    return (fault.diag.message_primary or str(fault)).strip().rstrip(".").replace("\n", " ")


def prepare(address: str, only: Collection[str] | None = None) -> None:
    """Bring the schema of a database up to date. Running it again changes nothing.

    Args:
        address: the database.
        only: the steps to take, where it shall be as it once was; all by default.

    Raises:
        InvalidInput: there is no database at that address, it refuses, or a step is not known.
    """
    steps = sorted((Path(__file__).parent / "schema").glob("*.sql"))
    if only is not None:
        if unknown := sorted(set(only) - {step.name for step in steps}):
            rule = "is a step of the schema that this version does not know."
            raise InvalidInput("schema", unknown[0], rule, "Use the version that made it, or a later one.")
        steps = [step for step in steps if step.name in only]
    with refusals_told(), psycopg.connect(address) as connection:
        connection.execute("select pg_advisory_xact_lock(hashtext('earlyphase schema'))")
        connection.execute("create table if not exists schema_step (name text primary key)")
        done = {row[0] for row in connection.execute("select name from schema_step").fetchall()}
        for step in steps:
            if step.name not in done:
                connection.execute(step.read_bytes())
                connection.execute("insert into schema_step values (%s)", (step.name,))

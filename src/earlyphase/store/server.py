"""Finds the database: a server that is named, or an embedded PostgreSQL in a folder."""

from collections.abc import Collection, Generator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from earlyphase.faults import InvalidInput
from earlyphase.store.embedded import embedded


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
    with embedded(folder) as address:
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

"""Finds the database for the commands that need one: a server that is named, or the embedded one in a folder."""

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from earlyphase.cli.user_data import user_folder

DatabaseOption = Annotated[
    str | None,
    typer.Option("--database", envvar="DATABASE_URL", help="The address of a PostgreSQL server, if not the embedded."),
]
"""The option `--database`."""

DataOption = Annotated[
    Path | None, typer.Option("--data", help="Where the embedded database is kept (else EARLYPHASE_DATA or your data).")
]
"""The option `--data`."""


@contextmanager
def open_database(url: str | None, data: Path | None) -> Generator[str]:
    """Give the address of the database that the options name, its schema up to date.

    Raises:
        InvalidInput: there is none at that address, it refuses, or the folder cannot hold one.
    """
    from earlyphase.store.server import database  # noqa: PLC0415 - kept out of the start-up

    with database(url, (data or user_folder()) / "database") as address:
        yield address

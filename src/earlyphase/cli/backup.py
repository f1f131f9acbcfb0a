"""`earlyphase backup`: everything that the site holds, in one file that can be checked."""

import datetime as dt
import sys
from pathlib import Path
from typing import Annotated

import typer

from earlyphase.cli.database import DatabaseOption, DataOption, open_database


def command(
    file: Annotated[Path, typer.Argument(help="The file to make; it must not exist.")],
    database: DatabaseOption = None,
    data: DataOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Answer as JSON.")] = False,
) -> None:
    """Write everything that the database holds at this moment into one file: journals, people, identities, records.

    The site may go on meanwhile. The file is checked against its manifest before the command ends; only its owner can
    read it, and it is not encrypted. The settings of the site (site.env) are not in it: keep them elsewhere.

    Example: earlyphase backup site-2026-05-03.zip
    """
    from earlyphase.store.backup_reading import check_backup  # noqa: PLC0415 - kept out of the start-up
    from earlyphase.store.backup_writing import write_backup  # noqa: PLC0415 - as above

    moment = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")  # noqa: TID251 - the command line reads the clock
    with open_database(database, data) as address:
        write_backup(address, file, moment, progress)
    manifest = check_backup(file)
    if as_json:
        print(manifest.model_dump_json())
        return
    rows = sum(table.rows for table in manifest.tables.values())
    print(f"{file}: {len(manifest.tables)} tables with {rows} rows, {len(manifest.journals)} journals; checked.")
    for study, journal in manifest.journals.items():
        print(f"{study}: {journal.entries} entries, head {journal.head}")


def progress(what: str) -> None:
    """Say what is being copied, where somebody looks."""
    if sys.stderr.isatty():
        print(what, file=sys.stderr)

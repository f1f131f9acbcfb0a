"""`earlyphase restore`: check a backup, or put it into an empty database."""

import secrets
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from earlyphase.cli.backup import progress
from earlyphase.cli.database import DatabaseOption, DataOption
from earlyphase.cli.user_data import user_folder

if TYPE_CHECKING:
    from earlyphase.store.backup_manifest import Manifest


def command(
    file: Annotated[Path, typer.Argument(help="A file that `earlyphase backup` wrote.")],
    check: Annotated[bool, typer.Option("--check", help="Only check the file; nothing is restored.")] = False,
    database: DatabaseOption = None,
    data: DataOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Answer as JSON.")] = False,
) -> None:
    """Check a backup against its manifest, and put it into an empty database: all of it, verified there, or nothing.

    A backup of an earlier version is restored as it was and then brought up to date. Nobody is logged in afterwards.

    Example: earlyphase restore site-2026-05-03.zip --check
    """
    from earlyphase.store.backup_reading import check_backup  # noqa: PLC0415 - kept out of the start-up

    manifest = check_backup(file)
    if not check:
        _restore(file, manifest, database, data or user_folder())
    if as_json:
        print(manifest.model_dump_json())
        return
    rows = sum(table.rows for table in manifest.tables.values())
    done = "checked" if check else "restored and verified"
    print(f"{file}, made at {manifest.made_at} by version {manifest.software}: {done}.")
    print(f"{len(manifest.tables)} tables with {rows} rows, {len(manifest.journals)} journals.")
    for study, journal in manifest.journals.items():
        print(f"{study}: {journal.entries} entries, head {journal.head}")


def _restore(file: Path, manifest: "Manifest", url: str | None, data: Path) -> None:
    from earlyphase.store.backup_reading import fill, require_new  # noqa: PLC0415 - as above
    from earlyphase.store.server import opened, prepare  # noqa: PLC0415 - as above

    with opened(url, data / "database") as address:
        require_new(address, manifest)
        from earlyphase.web.start import configure, prepare_tables  # noqa: PLC0415 - as above

        secret = secrets.token_urlsafe(64)  # nothing is signed with it
        configure({"DATABASE_URL": address, "EARLYPHASE_SECRET_KEY": secret, "EARLYPHASE_DEBUG": "1"})
        from earlyphase.web.operations.upgrading import migrate_to, require_known  # noqa: PLC0415 - needs Django

        require_known(manifest.migrations)
        prepare(address, manifest.steps)
        migrate_to(manifest.migrations)
        fill(address, file, manifest, progress)
        prepare(address)
        prepare_tables()

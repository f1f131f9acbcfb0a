"""`earlyphase journal import`: a study's journal from a file into the database, hashes unchanged."""

import json
from pathlib import Path
from typing import Annotated

import typer

from earlyphase.cli.database import DatabaseOption, DataOption, open_database
from earlyphase.faults import InvalidInput
from earlyphase.protocol.library import study_folder
from earlyphase.protocol.reading import read_protocols
from earlyphase.store.moving import journal_to_database


def command(
    study: Annotated[str, typer.Argument(help="A study that comes with the package, or a study's folder.")],
    journal: Annotated[Path, typer.Option(help="The journal file.")],
    database: DatabaseOption = None,
    data: DataOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Answer as JSON.")] = False,
) -> None:
    """Take a study's journal from a file into the database: the same lines, the same hashes, verified before.

    Example: earlyphase journal import STUDY --journal demo/journal.jsonl
    """
    name = next(iter(read_protocols(study_folder(study)).values())).protocol.study
    try:
        lines = journal.read_bytes()
    except OSError as fault:
        raise InvalidInput("--journal", str(journal), f"cannot be read: {fault.strerror}.") from None
    with open_database(database, data) as address:
        entries = journal_to_database(address, name, lines)
    if as_json:
        print(json.dumps({"study": name, "journal": str(journal), "entries": entries}, ensure_ascii=False))
    else:
        print(f"{entries} entries of {name} are in the database.")

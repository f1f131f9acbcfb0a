"""`earlyphase journal export`: a study's journal from the database to a file, hashes unchanged."""

import json
import os
from pathlib import Path
from typing import Annotated

import typer

from earlyphase.cli.database import DatabaseOption, DataOption, open_database
from earlyphase.faults import InvalidInput
from earlyphase.protocol.library import study_folder
from earlyphase.protocol.reading import read_protocols
from earlyphase.store.moving import journal_from_database


def command(
    study: Annotated[str, typer.Argument(help="A study that comes with the package, or a study's folder.")],
    journal: Annotated[Path, typer.Option(help="The file to make; it must not exist.")],
    database: DatabaseOption = None,
    data: DataOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Answer as JSON.")] = False,
) -> None:
    """Export a study's journal from the database to a file: the same lines, the same hashes.

    Example: earlyphase journal export STUDY --journal copy.jsonl
    """
    name = next(iter(read_protocols(study_folder(study)).values())).protocol.study
    with open_database(database, data) as address:
        lines, head = journal_from_database(address, name)
    _write_new(journal, lines)
    answer = {"study": name, "journal": str(journal), "entries": head.seq, "head": head.hash}
    if as_json:
        print(json.dumps(answer, ensure_ascii=False))
    else:
        print(f"{journal}: {head.seq} entries of {name}.")
        print(f"Head: {head.hash}")


def _write_new(path: Path, lines: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as file:
            file.write(lines)
            file.flush()
            os.fsync(file.fileno())
    except FileExistsError:
        raise InvalidInput("--journal", str(path), "exists already.", "Name a file that does not.") from None
    except OSError as fault:
        raise InvalidInput("--journal", str(path), f"cannot be written: {fault.strerror}.") from None

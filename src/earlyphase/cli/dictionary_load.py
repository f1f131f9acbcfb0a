"""`earlyphase dictionary load`: keep the user's own copy of a dictionary beside the facts that the package carries."""

from pathlib import Path
from typing import Annotated

import typer

from earlyphase.cli.user_data import user_folder
from earlyphase.faults import InvalidInput
from earlyphase.toxicity.descriptions import keep_sheet, read_sheet
from earlyphase.toxicity.meddra import keep_meddra, read_meddra

DICTIONARIES = ("ctcae", "meddra")


def command(
    dictionary: Annotated[str, typer.Argument(help="ctcae or meddra.")],
    file: Annotated[Path, typer.Argument(help="NCI's sheet (.xlsx or .csv); MedDRA's folder of .asc files, or a CSV.")],
    version: Annotated[str, typer.Option(help="Its version.")] = "5.0",
    as_json: Annotated[bool, typer.Option("--json", help="Answer as JSON.")] = False,
) -> None:
    """Load your own copy of a dictionary: the descriptions of CTCAE, or the terms of MedDRA under your licence.

    The package carries neither NCI's descriptions nor MedDRA. What is loaded stays on this machine, in the folder that
    the answer names (set EARLYPHASE_DATA to choose another).

    Example: earlyphase dictionary load ctcae CTCAE_v5.0.xlsx
    """
    match dictionary.lower():
        case "ctcae":
            sheet = read_sheet(file, version)
            kept, terms = keep_sheet(sheet, user_folder()), len(sheet.terms)
            facts = {"unknown_terms": sheet.unknown, "absent_terms": sheet.absent}
        case "meddra":
            book = read_meddra(file, version)
            kept, terms = keep_meddra(book, user_folder()), len(book.lowest)
            facts = {"preferred_terms": len(book.preferred)}
        case _:
            raise InvalidInput("dictionary", dictionary, "cannot be loaded.", f"Known: {', '.join(DICTIONARIES)}.")
    answer = {"dictionary": dictionary.lower(), "version": version, "terms": terms, "kept": str(kept), **facts}
    if as_json:
        import orjson  # noqa: PLC0415 - kept out of the start-up

        print(orjson.dumps(answer).decode())
        return
    print(f"Kept {terms} terms of {dictionary} {version} in {kept}.")
    for name, found in facts.items():
        if isinstance(found, tuple) and found:
            print(f"{name.replace('_', ' ').capitalize()}: {', '.join(found)}.")

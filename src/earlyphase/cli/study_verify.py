"""`earlyphase study verify`: whether a journal is whole, and whole as it was signed."""

from pathlib import Path
from typing import Annotated, Any

import typer

from earlyphase.cli.exits import BROKEN
from earlyphase.cli.study_source import open_study, read_moment
from earlyphase.faults import Broken
from earlyphase.journal.file import FileJournal
from earlyphase.protocol.library import study_folder
from earlyphase.protocol.reading import read_protocols
from earlyphase.study.verification import Verification, verify


def command(
    study: Annotated[str, typer.Argument(help="A study that comes with the package, or a study's folder.")],
    journal: Annotated[Path, typer.Option(help="The journal file.")],
    head: Annotated[str | None, typer.Option(help="A head hash that is known from a signature or a backup.")] = None,
    as_of: Annotated[
        str | None, typer.Option(help="Only what was recorded by then (2026-05-03, or 2026-05-03T14:30Z).")
    ] = None,
    set_aside_torn_line: Annotated[
        bool, typer.Option("--set-aside-torn-line", help="Move an incomplete last line to a file of its own.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Answer as JSON.")] = False,
) -> None:
    """Verify a journal: its chain of hashes, the protocol files, and the heads that were signed and decided upon.

    Entries that were cut off at the end leave a chain that is sound in itself: they show by --head, a hash that you
    know from a signed page, an export or a backup. The exit code is 4 when anything does not hold.

    Example: earlyphase study verify STUDY --journal demo/journal.jsonl
    """
    moment = read_moment(as_of, "--as-of")
    aside = _set_aside(study, journal) if set_aside_torn_line else None
    try:
        found = open_study(study, journal)
        verified = verify(found.recorded_by(moment), found.protocols, head)
    except Broken as fault:
        if not as_json:
            raise
        _print({"sound": False, "damage": [{"entry": None, "hash": None, "message": str(fault)}]})
        raise SystemExit(BROKEN) from None
    if as_json:
        _print(_as_json(verified, aside))
    else:
        _show(verified, aside)
    if not verified.sound:
        raise SystemExit(BROKEN)


def _set_aside(study: str, journal: Path) -> Path | None:
    name = next(iter(read_protocols(study_folder(study)).values())).protocol.study
    return FileJournal(journal, name).set_aside_torn_line() if journal.is_file() else None


def _as_json(found: Verification, aside: Path | None) -> dict[str, Any]:
    return {
        "sound": found.sound,
        "study": found.study.name,
        "purpose": found.study.purpose,
        "entries": found.entries,
        "head": found.head.hash,
        "protocols": list(found.protocols),
        "signatures": found.signatures,
        "decisions": found.decisions,
        "known_head_is_entry": found.known_head.seq if found.known_head else None,
        "torn_line_set_aside": str(aside) if aside else None,
        "damage": [{"entry": one.entry, "hash": one.hash, "message": one.message} for one in found.damage],
    }


def _show(found: Verification, aside: Path | None) -> None:
    if aside:
        print(f"The torn last line is now in {aside}.")
    print(f"{found.entries} entries; each matches its hash and follows the one before it.")
    for version in found.protocols:
        print(f"Protocol {version}: the file is the one that took effect.")
    print(f"{found.signatures} signatures and {found.decisions} dose decisions looked up in the chain.")
    if found.known_head:
        after = found.entries - found.known_head.seq
        print(f"The head that you know is entry {found.known_head.seq}; {after} entries came after it.")
    for one in found.damage:
        print(f"broken: {one.message}")
    print(f"Head: entry {found.head.seq}, {found.head.hash}")
    print("The journal is sound." if found.sound else "The journal is NOT sound.")


def _print(answer: dict[str, Any]) -> None:
    import orjson  # noqa: PLC0415 - kept out of the start-up

    print(orjson.dumps(answer, option=orjson.OPT_INDENT_2).decode())

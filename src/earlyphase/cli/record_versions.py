"""`earlyphase record versions`: which versions of a record were seen, and what changed between two."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from earlyphase.cli.database import DatabaseOption, DataOption, open_database
from earlyphase.faults import InvalidInput
from earlyphase.registry.difference import Change, Kind, difference, words_changed
from earlyphase.registry.leaves import printable
from earlyphase.store.records import Version, earlier_than, stored_record, versions
from earlyphase.store.search import searching

if TYPE_CHECKING:
    from rich.text import Text

_STYLES = {Kind.ADDED: "green", Kind.REMOVED: "red strike", None: ""}
_CONTEXT = 60
"""Characters of unchanged text that are shown beside a change."""


def command(
    number: Annotated[str, typer.Argument(help="The registration number of a record in the database.")],
    before: Annotated[int | None, typer.Option("--from", help="The earlier version; else the one before.")] = None,
    after: Annotated[int | None, typer.Option("--to", help="The later version; else the current one.")] = None,
    database: DatabaseOption = None,
    data: DataOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Answer as JSON.")] = False,
) -> None:
    """List the versions of a record that were imported, and show what changed between two of them.

    Example: earlyphase record versions STUDY
    """
    with open_database(database, data) as address, searching(address) as connection:
        seen = versions(connection, number)
        pair = _pair(seen, before, after)
        changes: tuple[Change, ...] = ()
        if pair:
            changes = difference(*(stored_record(connection, number, version) for version in pair))
    if as_json:
        _print_json(seen, pair, changes)
    else:
        _show(seen, pair, changes)


def _pair(seen: tuple[Version, ...], before: int | None, after: int | None) -> tuple[int, int] | None:
    """Say which two versions to compare; by default the current one and the one last updated before it."""
    numbers = [one.version for one in seen]
    for option, given in (("--from", before), ("--to", after)):
        if given is not None and given not in numbers:
            raise InvalidInput(option, given, "was not seen.", f"There is: {', '.join(map(str, numbers))}.")
    after = after or next(one.version for one in seen if one.current)
    before = before or earlier_than(seen, after)
    return (before, after) if before else None


def _print_json(seen: tuple[Version, ...], pair: tuple[int, int] | None, changes: tuple[Change, ...]) -> None:
    import orjson  # noqa: PLC0415 - kept out of the start-up

    compared = {"from": pair[0], "to": pair[1], "changes": [asdict(change) for change in changes]} if pair else None
    answer = {"versions": [asdict(one) for one in seen], "compared": compared}
    print(orjson.dumps(answer, option=orjson.OPT_INDENT_2, default=str).decode())


def _show(seen: tuple[Version, ...], pair: tuple[int, int] | None, changes: tuple[Change, ...]) -> None:
    from rich.console import Console  # noqa: PLC0415 - kept out of the start-up
    from rich.table import Table  # noqa: PLC0415 - as above

    console = Console(highlight=False)
    table = Table(box=None, padding=(0, 2, 0, 0))
    for column in ("version", "last updated", "seen", "shape", "irregular", "from", ""):
        table.add_column(column)
    for one in seen:
        facts = (str(one.version), one.last_update or "unknown", f"{one.seen_at:%Y-%m-%d %H:%M %Z}", one.shape)
        table.add_row(*facts, str(one.irregular), printable(one.source), "current" if one.current else "")
    console.print(table)
    if pair is None:
        console.print("\nNo other version was seen.")
        return
    console.print(f"\nFrom version {pair[0]} to version {pair[1]}: {len(changes)} changes.")
    for change in changes:
        console.print(f"\n{printable(change.field)}", style="bold", markup=False)
        console.print(_told(change))


def _told(change: Change) -> "Text":
    from rich.text import Text  # noqa: PLC0415 - as above

    if isinstance(change.before, str) and isinstance(change.after, str):
        told = Text()
        for run in words_changed(change.before, change.after):
            told.append(printable(run.text if run.kind else _shortened(run.text)), style=_STYLES[run.kind])
        return told
    parts = ((Kind.REMOVED, change.before), (Kind.ADDED, change.after))
    shown = [(kind, value) for kind, value in parts if change.kind in (kind, Kind.CHANGED)]
    return Text("\n").join(Text(f"{kind}: {printable(_written(value))}", style=_STYLES[kind]) for kind, value in shown)


def _shortened(text: str) -> str:
    """Leave out the middle of a long text that did not change."""
    return text if len(text) <= 2 * _CONTEXT else f"{text[:_CONTEXT]} … {text[-_CONTEXT:]}"


def _written(value: object) -> str:
    import json  # noqa: PLC0415 - only where it is used

    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)

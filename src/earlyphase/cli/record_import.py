"""`earlyphase record import`: take registry records into the database."""

import datetime as dt
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from earlyphase.cli.database import DatabaseOption, DataOption, open_database
from earlyphase.cli.exits import INVALID
from earlyphase.faults import InvalidInput
from earlyphase.store.records_import import Tally, Watch, import_records
from earlyphase.store.records_source import given_records, stored_size

if TYPE_CHECKING:
    from rich.console import Console

_SHOWN = 20
"""Refusals that are printed; the others go to the file of `--refused` only."""


def command(
    files: Annotated[list[Path], typer.Argument(help="Records as JSON or JSON Lines, also .gz or .xz.")],
    database: DatabaseOption = None,
    data: DataOption = None,
    refused: Annotated[Path | None, typer.Option(help="Write every refusal to this file, one a line.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Answer as JSON.")] = False,
) -> None:
    """Import registry records: from ClinicalTrials.gov (v2) or the flat rows of AACT exports.

    Every version of a record that is seen is kept, once. What cannot be read is told with file and line, and the rest
    is done; the exit code is 2 then. An import that was interrupted can be run again.

    Example: earlyphase record import records.jsonl.gz
    """
    from rich.console import Console  # noqa: PLC0415 - kept out of the start-up

    _require(files)
    console = Console(stderr=True, highlight=False)
    with open_database(database, data) as address, _refusals(refused, console) as tell, _bar(files, console) as advance:
        given = (one for path in files for one in given_records(path, advance))
        moment = dt.datetime.now(dt.UTC)  # noqa: TID251 - the command line reads the clock
        tally = import_records(address, given, moment, Watch(lambda _: None, tell))
        if tally.new or tally.changed:
            _measure(address, moment.date(), console)
    if as_json:
        _print_json(tally)
    else:
        _show(tally)
    if tally.refused:
        raise SystemExit(INVALID)


def _measure(address: str, today: dt.date, console: "Console") -> None:
    """Measure how often each check fires, for the pages of the records."""
    from rich.progress import Progress  # noqa: PLC0415 - kept out of the start-up

    from earlyphase.store.rates import SAMPLE, measure_rates  # noqa: PLC0415 - as above

    with Progress(console=console, transient=True) as progress:
        task = progress.add_task("measuring how often each check fires", total=SAMPLE)
        measure_rates(address, today, lambda number: progress.update(task, completed=number))


def _require(files: list[Path]) -> None:
    for path in files:
        if not path.is_file():
            raise InvalidInput(str(path), None, "is no file.", "Check the path. Nothing was imported.")


@contextmanager
def _refusals(file: Path | None, console: "Console") -> Generator[Callable[[InvalidInput], None]]:
    """Print the first refusals, and write all of them to a file where one is named."""
    count = 0
    try:
        kept = file.open("w", encoding="utf-8") if file else None
    except OSError as fault:
        raise InvalidInput("--refused", str(file), f"cannot be written: {fault.strerror}.") from None

    def tell(fault: InvalidInput) -> None:
        nonlocal count
        count += 1
        if kept:
            kept.write(f"{fault}\n")
        if count <= _SHOWN:
            console.print(f"refused: {fault}", markup=False, soft_wrap=True)

    try:
        yield tell
    finally:
        if kept:
            kept.close()
        if count > _SHOWN:
            hint = f": they are in {file}" if file else ": name a file with --refused to see them"
            console.print(f"and {count - _SHOWN} more{hint}.", markup=False)


@contextmanager
def _bar(files: list[Path], console: "Console") -> Generator[Callable[[int], None]]:
    """Show how much of the files has been read."""
    from rich.progress import Progress  # noqa: PLC0415 - kept out of the start-up

    with Progress(console=console, transient=True) as progress:
        task = progress.add_task("importing", total=stored_size(files) or None)
        yield lambda size: progress.advance(task, size)


def _as_json(tally: Tally) -> dict[str, Any]:
    kinds = [{"field": field, "why": why, "records": records} for (field, why), records in tally.kinds.most_common()]
    names = ("read", "new", "changed", "known", "refused", "irregular")
    return {**{name: getattr(tally, name) for name in names}, "irregularities": kinds}


def _print_json(tally: Tally) -> None:
    import orjson  # noqa: PLC0415 - kept out of the start-up

    print(orjson.dumps(_as_json(tally), option=orjson.OPT_INDENT_2).decode())


def _show(tally: Tally) -> None:
    print(f"{tally.read:,} read: {tally.new:,} new records, {tally.changed:,} new versions of known ones, ", end="")
    print(f"{tally.known:,} seen before, {tally.refused:,} refused.")
    if tally.irregular:
        print(f"{tally.irregular:,} have something that the registry's description does not have; it is kept:")
    for (field, why), records in tally.kinds.most_common(_SHOWN):
        print(f"  {field} {why} ({records:,})")

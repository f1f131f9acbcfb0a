"""`earlyphase record check`: what a careful reviewer would send back."""

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from earlyphase.cli.record_source import find_record
from earlyphase.faults import InvalidInput
from earlyphase.registry.checks.case import Case
from earlyphase.registry.checks.catalogue import FiringRate, check_record, firing_rates
from earlyphase.registry.checks.finding import Finding, Severity
from earlyphase.registry.checks.who import DataSetItem, who_data_set
from earlyphase.registry.model import Record
from earlyphase.registry.reading import read_records
from earlyphase.registry.twins import twin_findings, twins_of

if TYPE_CHECKING:
    from rich.table import Table

_QUOTED = 90
_WORTH_A_BAR = 200
_COLOURS = {Severity.MAJOR: "bold red", Severity.ADVISORY: "yellow"}


def command(
    record: Annotated[
        str | None, typer.Argument(help="A study that comes with earlyphase, or a record's JSON file.")
    ] = None,
    among: Annotated[Path | None, typer.Option(help="Also look for twins among these records (JSON Lines).")] = None,
    rates: Annotated[Path | None, typer.Option(help="Tell how often each check fires on these (JSON Lines).")] = None,
    who: Annotated[bool, typer.Option("--who", help="Print the WHO data set item by item instead.")] = False,
    today: Annotated[str | None, typer.Option(help="Check as of this date (2026-05-03) instead of today.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print a list as JSON.")] = False,
) -> None:
    """Check a registry record: what is wrong with it, where, why, and what to do.

    Findings are major (a reviewer would send the record back) or advisory. Each names its basis and its place.

    Example: earlyphase record check STUDY
    """
    day = _day(today)
    if rates is not None:
        _print_rates(firing_rates(_records(rates), day), as_json=as_json)
    elif record is None:
        raise typer.BadParameter("give a record, or --rates with a file of records")
    elif who:
        _print_who(who_data_set(Case(find_record(record), day)), as_json=as_json)
    else:
        found = find_record(record)
        twins = twin_findings(found, twins_of(found, _records(among))) if among else ()
        findings = sorted([*check_record(found, day), *twins], key=lambda finding: finding.group)
        _print_findings(findings, day, as_json=as_json)


def _day(text: str | None) -> dt.date:
    if text is None:
        return dt.date.today()  # noqa: DTZ011, TID251 - the command line reads the clock; the user's own day counts
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise InvalidInput("--today", text, "is not a date.", "Write it as 2026-05-03.") from None


def _records(path: Path) -> Iterator[Record]:
    """Go through a file of records with a progress bar; tell of the lines that are none."""
    from rich.console import Console  # noqa: PLC0415 - only where it is used
    from rich.progress import track  # noqa: PLC0415 - as above

    console = Console(stderr=True)
    lines = list(read_records(path))
    for line in track(lines, "checking", console=console, transient=True, disable=len(lines) < _WORTH_A_BAR):
        if isinstance(line, Record):
            yield line
        else:
            console.print(f"passed over: {line}", markup=False, highlight=False, soft_wrap=True)


def _print_findings(findings: list[Finding], day: dt.date, *, as_json: bool) -> None:
    if as_json:
        _print_json([asdict(finding) for finding in findings])
        return
    from rich.console import Console  # noqa: PLC0415 - only where it is used
    from rich.padding import Padding  # noqa: PLC0415 - as above
    from rich.text import Text  # noqa: PLC0415 - as above

    console = Console(highlight=False)
    for finding in sorted(findings, key=lambda one: one.severity is not Severity.MAJOR):
        head = Text(f"{finding.severity.value:9}", style=_COLOURS[finding.severity])
        console.print(head.append(finding.id, style="bold"))
        console.print(Padding(Text(finding.sentence), (0, 0, 0, 9)))
        for line in _places(finding):
            console.print(Padding(Text(line, style="dim"), (0, 0, 0, 9)))
    major = sum(finding.severity is Severity.MAJOR for finding in findings)
    console.print(f"\n{major} major and {len(findings) - major} advisory findings, as of {day}.")


def _places(finding: Finding) -> Iterator[str]:
    if finding.span:
        quoted = " ".join(finding.span.quoted.split())
        short = quoted if len(quoted) <= _QUOTED else f"{quoted[: _QUOTED - 1]}…"
        yield f"{finding.span.field.removeprefix('protocolSection.')} at {finding.span.start}: “{short}”"
    yield f"basis: {finding.basis}"


def _print_who(items: tuple[DataSetItem, ...], *, as_json: bool) -> None:
    if as_json:
        _print_json([asdict(item) for item in items])
    else:
        table = _table("WHO Trial Registration Data Set 1.3.1", ("item", "", "state", "note"))
        for item in items:
            table.add_row(str(item.number), item.name, item.state.value, item.note)
        _print_table(table)


def _print_rates(rates: tuple[FiringRate, ...], *, as_json: bool) -> None:
    if as_json:
        _print_json([{"id": rate.check.id, "fired": rate.fired, "records": rate.records} for rate in rates])
    else:
        records = rates[0].records
        table = _table(f"How often each check fires on {records} records", ("group", "check", "severity", "fired", "%"))
        for rate in rates:
            share = f"{100 * rate.fired / records:.0f}" if records else ""
            table.add_row(str(rate.check.group), rate.check.id, rate.check.severity.value, str(rate.fired), share)
        _print_table(table)


def _table(title: str, columns: tuple[str, ...]) -> "Table":
    from rich.table import Table  # noqa: PLC0415 - only where it is used

    made = Table(title=title, title_justify="left", box=None, padding=(0, 2, 0, 0))
    for column in columns:
        made.add_column(column, justify="right" if column in {"item", "group", "fired", "%"} else "left")
    return made


def _print_table(table: "Table") -> None:
    from rich.console import Console  # noqa: PLC0415 - only where it is used

    Console(highlight=False).print(table)


def _print_json(value: list[dict[str, Any]]) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=1))

"""`earlyphase study report`: a study's tables and figures, as a page and as a document."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from earlyphase.cli.study_source import open_study, read_day, read_moment
from earlyphase.faults import InvalidInput

if TYPE_CHECKING:
    from earlyphase.reports.values import Report, Table

AS_OF = "What was recorded by then (2026-05-03, or 2026-05-03T14:30Z)."
CUTOFF = "The data cut-off: the last clinical day that counts. By default the day of the last entry."


def command(
    study: Annotated[str, typer.Argument(help="A study that comes with the package, or a study's folder.")],
    journal: Annotated[Path, typer.Option(help="The journal file.")],
    out: Annotated[Path, typer.Option(help="The folder for report.html and report.pdf.")] = Path("report"),
    as_of: Annotated[str | None, typer.Option("--as-of", help=AS_OF)] = None,
    cutoff: Annotated[str | None, typer.Option(help=CUTOFF)] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Answer with every table as JSON, cell by cell.")] = False,
) -> None:
    """Write a study's report: populations, escalation, safety, response, time to event, listings, assumptions.

    It writes report.html, one file that works offline, and report.pdf. The same journal, protocol, cut-off and
    software give the same bytes.

    Example: earlyphase study report STUDY --journal demo/journal.jsonl --cutoff 2027-06-30 --out report
    """
    moment, day = read_moment(as_of, "--as-of"), read_day(cutoff, "--cutoff")
    state = open_study(study, journal).as_of(moment)

    from earlyphase.reports.study_report import results, study_report  # noqa: PLC0415 - what is wrong is said first
    from earlyphase.reports.writing import write_report  # noqa: PLC0415 - as above

    report = study_report(results(state, day))
    try:
        written = write_report(report, out)
    except OSError as fault:
        raise InvalidInput("--out", str(out), f"cannot be written to: {fault.strerror}.") from None
    if as_json:
        _print_json(report, written)
    else:
        _show(report, written)


def _print_json(report: "Report", written: tuple[Path, ...]) -> None:
    import orjson  # noqa: PLC0415 - kept out of the start-up

    answer: dict[str, Any] = {
        "title": report.title,
        "stamp": report.stamp,
        "files": [str(path) for path in written],
        "tables": [_as_json(table) for table in report.tables],
        "figures": [{"id": one.id, "title": one.title, "says": one.alt} for one in report.figures],
    }
    print(orjson.dumps(answer).decode())


def _as_json(table: "Table") -> dict[str, Any]:
    columns = [
        {"heading": one.heading, "group": one.group} if one.group else {"heading": one.heading} for one in table.columns
    ]
    rows = [[{"text": cell.text, "participants": cell.participants} for cell in row.cells] for row in table.rows]
    return {"id": table.id, "title": table.title, "columns": columns, "rows": rows, "footnotes": table.footnotes}


def _show(report: "Report", written: tuple[Path, ...]) -> None:
    from rich.console import Console  # noqa: PLC0415 - kept out of the start-up
    from rich.text import Text  # noqa: PLC0415 - as above

    console = Console(highlight=False)
    stamp = report.stamp
    console.print(Text(f"{stamp.study}, data cut-off {stamp.cutoff}", style="bold"))
    if stamp.label:
        console.print(Text(f"{stamp.label.value}. {stamp.label.says}", style="bold yellow"))
    contents = f"Tables: {len(report.tables)}; figures: {len(report.figures)}; entries: {stamp.entries}"
    console.print(Text(f"{contents}; head {stamp.head[:12]}…"))
    for path in written:
        console.print(Text(f"{path}  {path.stat().st_size / 1024:.0f} KiB", overflow="fold"))

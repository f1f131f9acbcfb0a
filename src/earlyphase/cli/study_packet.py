"""`earlyphase study packet`: the packet of a safety review, as a page and as a document."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from earlyphase.cli.study_source import OpenStudy, open_study, read_day, read_moment
from earlyphase.faults import InvalidInput

if TYPE_CHECKING:
    import datetime as dt

    from earlyphase.analysis.from_here import Scenario
    from earlyphase.reports.packet_basis import PacketBasis
    from earlyphase.reports.values import Report
    from earlyphase.study.state import Study

CUTOFF = "The data cut-off: the last clinical day that counts. By default the day of the last entry."
COMPARE = "The day of the last review: shows what has changed, by what was known then."
SCENARIO = "True probabilities of a DLT, lowest level first (0.05,0.1,0.2,0.35); may be repeated."


def command(
    study: Annotated[str, typer.Argument(help="A study that comes with the package, or a study's folder.")],
    journal: Annotated[Path, typer.Option(help="The journal file.")],
    out: Annotated[Path, typer.Option(help="The folder for packet.html and packet.pdf.")] = Path("packet"),
    cutoff: Annotated[str | None, typer.Option(help=CUTOFF)] = None,
    as_of: Annotated[
        str | None, typer.Option("--as-of", help="What was recorded by then (2026-05-03, or 2026-05-03T14:30Z).")
    ] = None,
    compare: Annotated[str | None, typer.Option(help=COMPARE)] = None,
    scenario: Annotated[list[str] | None, typer.Option(help=SCENARIO)] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Answer with every table as JSON, cell by cell.")] = False,
) -> None:
    """Write the packet of a safety review: who counts, who is pending, what is recommended and why, what to sign.

    It is pinned to a data cut-off and to the head of the journal: the same journal, protocol, cut-off and software give
    the same bytes. With --compare it opens with what has changed since the last review.

    Example: earlyphase study packet STUDY --journal demo/journal.jsonl --cutoff 2026-03-01 --out packet
    """
    day, moment, last = read_day(cutoff, "--cutoff"), read_moment(as_of, "--as-of"), read_day(compare, "--compare")
    opened = open_study(study, journal)
    state = opened.as_of(moment)
    before = _before(opened, last, day)

    from earlyphase.reports.packet import packet, write_packet  # noqa: PLC0415 - what is wrong is said first
    from earlyphase.reports.packet_basis import packet_basis  # noqa: PLC0415 - as above

    basis = packet_basis(state, day, before, _scenarios(scenario or []))
    report = packet(basis)
    try:
        written = write_packet(report, out)
    except OSError as fault:
        raise InvalidInput("--out", str(out), f"cannot be written to: {fault.strerror}.") from None
    if as_json:
        _print_json(basis, report, written)
    else:
        _show(basis, report, written)


def _before(opened: OpenStudy, last: "dt.date | None", cutoff: "dt.date | None") -> "tuple[Study, dt.date] | None":
    if last is None:
        return None
    if cutoff is not None and last >= cutoff:
        raise InvalidInput("--compare", str(last), f"is not before the cut-off, {cutoff}.", "Name an earlier day.")
    then = opened.as_of(read_moment(str(last), "--compare"))
    if then.recorded_until is None:
        raise InvalidInput("--compare", str(last), "lies before the first entry of the journal.", "Name a later day.")
    return then, last


def _scenarios(texts: list[str]) -> "list[Scenario]":
    from earlyphase.analysis.from_here import Scenario  # noqa: PLC0415 - reads numpy

    found: list[Scenario] = []
    for number, text in enumerate(texts, start=1):
        try:
            truth = tuple(float(part) for part in text.split(","))
        except ValueError:
            raise InvalidInput("--scenario", text, "is not a list of numbers.", "Write 0.05,0.1,0.2,0.35.") from None
        found.append(Scenario(f"scenario {number}", truth))
    return found


def _print_json(basis: "PacketBasis", report: "Report", written: tuple[Path, ...]) -> None:
    import orjson  # noqa: PLC0415 - kept out of the start-up

    answer: dict[str, Any] = {
        "title": report.title,
        "subtitle": report.subtitle,
        "stamp": report.stamp,
        "level": basis.level,
        "recommendation": basis.now.seen.model_dump(mode="json"),
        "decision_due": basis.now.decision_due,
        "files": [str(path) for path in written],
        "tables": [
            {
                "id": table.id,
                "title": table.title,
                "columns": [column.heading for column in table.columns],
                "rows": [[cell.text for cell in row.cells] for row in table.rows],
                "footnotes": table.footnotes,
            }
            for table in report.tables
        ],
    }
    print(orjson.dumps(answer).decode())


def _show(basis: "PacketBasis", report: "Report", written: tuple[Path, ...]) -> None:
    from rich.console import Console  # noqa: PLC0415 - kept out of the start-up
    from rich.text import Text  # noqa: PLC0415 - as above

    console = Console(highlight=False)
    stamp = report.stamp
    console.print(Text(report.subtitle, style="bold"))
    if stamp.label:
        console.print(Text(f"{stamp.label.value}. {stamp.label.says}", style="bold yellow"))
    console.print(Text(f"{basis.now.seen.reason} Entries: {stamp.entries}; head {stamp.head[:12]}…"))
    if basis.last is not None:
        console.print(Text(f"Changes since {basis.last.on}: {len(basis.last.changes)}"))
    for path in written:
        console.print(Text(f"{path}  {path.stat().st_size / 1024:.0f} KiB", overflow="fold"))

"""`earlyphase design report`: what a study's escalation rule means, what its size buys, what other designs would do."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from earlyphase.cli.design_options import numbers
from earlyphase.escalation.planning import planning_of
from earlyphase.faults import InvalidInput
from earlyphase.protocol.library import study_folder
from earlyphase.protocol.reading import read_protocols

if TYPE_CHECKING:
    from earlyphase.reports.values import Report


def command(
    study: Annotated[str, typer.Argument(help="A study that comes with the package, or a study's folder.")],
    target: Annotated[float | None, typer.Option(help="Target DLT probability, instead of the study's own.")] = None,
    truth: Annotated[
        list[str] | None, typer.Option(help="True DLT probabilities from the starting level up; may be repeated.")
    ] = None,
    out: Annotated[Path, typer.Option(help="The folder for report.html and report.pdf.")] = Path("design-report"),
    as_json: Annotated[bool, typer.Option("--json", help="Answer with every table as JSON, cell by cell.")] = False,
) -> None:
    """Write the design report of a study, from its protocol's dose levels, rule, and planned number.

    It shows what the three rules that are called 3+3 would do, what the planned participants buy, and what BOIN and CRM
    would have done with them: exactly, as counts alone decide. What the truth may be is assumed, and said: in the
    file design.yaml of the study's folder, or by --target and --truth.

    Example: earlyphase design report STUDY --truth 0.05,0.15,0.35 --out design-report
    """
    folder, truths = study_folder(study), [numbers(text, "--truth") for text in truth or []]
    protocol = list(read_protocols(folder).values())[-1].protocol
    planning = planning_of(folder, protocol.doses, target, truths)
    from rich.console import Console  # noqa: PLC0415 - what is wrong is said first

    from earlyphase.cli.design_report_contents import design_report  # noqa: PLC0415 - as above
    from earlyphase.reports.writing import write_report  # noqa: PLC0415 - as above

    with Console(stderr=True).status("Following every path …"):
        report = design_report(protocol, planning)
        try:
            written = write_report(report, out)
        except OSError as fault:
            raise InvalidInput("--out", str(out), f"cannot be written to: {fault.strerror}.") from None
    if as_json:
        _print_json(report, written)
    else:
        for path in written:
            print(f"{path}  {path.stat().st_size / 1024:.0f} KiB")


def _print_json(report: "Report", written: tuple[Path, ...]) -> None:
    """Print every table, cell by cell."""
    import orjson  # noqa: PLC0415 - kept out of the start-up

    tables = [
        {
            "id": table.id,
            "title": table.title,
            "columns": [column.heading for column in table.columns],
            "rows": [[cell.text for cell in row.cells] for row in table.rows],
        }
        for table in report.tables
    ]
    print(orjson.dumps({"title": report.title, "files": [str(path) for path in written], "tables": tables}).decode())

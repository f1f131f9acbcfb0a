"""`earlyphase study tables`: every table and figure of a study as files, and a page that links them."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from earlyphase.cli.study_report import AS_OF, CUTOFF
from earlyphase.cli.study_source import open_study, read_day, read_moment
from earlyphase.faults import InvalidInput

if TYPE_CHECKING:
    from earlyphase.reports.outputs.writing import Written
    from earlyphase.reports.values import Report


def command(
    study: Annotated[str, typer.Argument(help="A study that comes with the package, or a study's folder.")],
    journal: Annotated[Path, typer.Option(help="The journal file.")],
    out: Annotated[Path, typer.Option(help="The folder for the files.")] = Path("tables"),
    as_of: Annotated[str | None, typer.Option("--as-of", help=AS_OF)] = None,
    cutoff: Annotated[str | None, typer.Option(help=CUTOFF)] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Answer with the list of files as JSON.")] = False,
) -> None:
    """Write every table as HTML, RTF, Word, PDF and CSV, and every figure as SVG, PNG, PDF and interactive HTML.

    The page index.html links the files. results.csv and results.json hold every number of the tables, with the
    participants whom it counts; registry-results.json has the results as ClinicalTrials.gov takes them.

    Example: earlyphase study tables STUDY --journal demo/journal.jsonl --cutoff 2027-06-30 --out tables
    """
    moment, day = read_moment(as_of, "--as-of"), read_day(cutoff, "--cutoff")
    state = open_study(study, journal).as_of(moment)

    from earlyphase.exchange.registry_results import registry_results  # noqa: PLC0415 - what is wrong is said first
    from earlyphase.reports.study_report import results  # noqa: PLC0415 - as above
    from earlyphase.reports.study_tables import study_tables  # noqa: PLC0415 - as above

    found = results(state, day)
    report = study_tables(found)
    try:
        written = _write(report, out, quiet=as_json)
        registry = _write_registry(registry_results(found.study), out)
    except OSError as fault:
        raise InvalidInput("--out", str(out), f"cannot be written to: {fault.strerror}.") from None
    if as_json:
        _print_json(report, written, registry)
    else:
        _show(report, written)


def _write(report: "Report", out: Path, *, quiet: bool) -> "Written":
    from rich.console import Console  # noqa: PLC0415 - kept out of the start-up
    from rich.progress import Progress  # noqa: PLC0415 - as above

    from earlyphase.reports.outputs.writing import write_outputs  # noqa: PLC0415 - as above

    with Progress(console=Console(stderr=True), transient=True, disable=quiet) as bar:
        task = bar.add_task("Tables and figures", total=None)
        return write_outputs(report, out, lambda done, of: bar.update(task, completed=done, total=of))


def _write_registry(section: dict[str, Any], out: Path) -> Path:
    import orjson  # noqa: PLC0415 - kept out of the start-up

    path = out / "registry-results.json"
    path.write_bytes(orjson.dumps({"resultsSection": section}, option=orjson.OPT_INDENT_2))
    return path


def _print_json(report: "Report", written: "Written", registry: Path) -> None:
    import orjson  # noqa: PLC0415 - kept out of the start-up

    outputs = [
        {
            "id": one.id,
            "kind": one.kind,
            "number": one.number,
            "title": one.title,
            "files": {kind: str(path) for kind, path in one.files.items()},
        }
        for one in written.outputs
    ]
    data = [str(path) for path in written.data]
    answer: dict[str, Any] = {"stamp": report.stamp, "index": str(written.index), "outputs": outputs, "data": data}
    answer["registry"] = str(registry)
    print(orjson.dumps(answer).decode())


def _show(report: "Report", written: "Written") -> None:
    from rich.console import Console  # noqa: PLC0415 - kept out of the start-up
    from rich.text import Text  # noqa: PLC0415 - as above

    console, stamp = Console(highlight=False), report.stamp
    console.print(Text(f"{stamp.study}, data cut-off {stamp.cutoff}", style="bold"))
    if stamp.label:
        console.print(Text(f"{stamp.label.value}. {stamp.label.says}", style="bold yellow"))
    files = sum(len(one.files) for one in written.outputs) + len(written.data) + 2
    console.print(Text(f"Tables: {len(report.tables)}; figures: {len(report.figures)}; files: {files}"))
    console.print(Text(str(written.index), overflow="fold"))

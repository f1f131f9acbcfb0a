"""`earlyphase study check`: what a protocol assumes, interprets, contradicts and leaves undecided."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from earlyphase.cli.exits import INVALID
from earlyphase.eligibility.cases import CaseReport, run_cases
from earlyphase.eligibility.changes import Change, changes
from earlyphase.eligibility.criteria_set import criteria_set
from earlyphase.eligibility.decidability import Undecided, decidability
from earlyphase.protocol.check import check
from earlyphase.protocol.findings import Finding, FindingKind, Findings
from earlyphase.protocol.library import study_folder
from earlyphase.protocol.model import Protocol
from earlyphase.protocol.reading import read_protocols
from earlyphase.registry.model import Record
from earlyphase.registry.reading import read_record

if TYPE_CHECKING:
    from rich.console import Console

_HEADINGS = {
    FindingKind.CONTRADICTION: "Contradictions",
    FindingKind.UNDECIDED: "Left undecided",
    FindingKind.INTERPRETATION: "Interpretations, to be confirmed by a named person",
    FindingKind.ASSUMPTION: "Assumptions, because the record is silent",
}


def command(
    study: Annotated[str, typer.Argument(help="A study that comes with the package, or a folder with protocol.yaml.")],
    as_json: Annotated[bool, typer.Option("--json", help="Answer as JSON.")] = False,
) -> None:
    """Check a study's protocol against itself and against its registry record.

    It lists contradictions, what is left undecided, interpretations and assumptions, the criteria that nobody can
    evaluate as published, and runs the worked patients of the study. Findings are no fault: the exit code is 0 unless
    the protocol cannot be read or a worked patient comes out otherwise than expected.

    Example: earlyphase study check STUDY
    """
    folder = study_folder(study)
    answers: list[dict[str, Any]] = []
    failed, before = False, None
    for version in read_protocols(folder).values():
        protocol = version.protocol
        found = check(protocol, _record(protocol, folder))
        undecided, cases = decidability(protocol), run_cases(protocol, folder)
        failed = failed or bool(cases.mismatches)
        changed = changes(criteria_set(before), criteria_set(protocol)) if before else ()
        before = protocol
        answers.append(_as_json(protocol, version.sha256, found) | _criteria_json(undecided, cases, changed))
        if not as_json:
            _show(protocol, version.sha256, found)
            _show_criteria(undecided, cases, changed)
    if as_json:
        import orjson  # noqa: PLC0415 - kept out of the start-up

        print(orjson.dumps({"study": answers[0]["study"], "versions": answers}).decode())
    if failed:
        raise typer.Exit(INVALID)


def _record(protocol: Protocol, folder: Path) -> Record | None:
    return read_record(folder / protocol.record) if protocol.record else None


def _as_json(protocol: Protocol, sha256: str, found: Findings) -> dict[str, Any]:
    counts = {kind.value: len(found.of(kind)) for kind in FindingKind}
    listed = {kind.value: [asdict(finding) for finding in found.of(kind)] for kind in FindingKind}
    return {
        "study": protocol.study,
        "version": protocol.version,
        "sha256": sha256,
        "record": protocol.record,
        "counts": counts,
        "findings": listed,
    }


def _criteria_json(undecided: tuple[Undecided, ...], cases: CaseReport, changed: tuple[Change, ...]) -> dict[str, Any]:
    return {
        "decidability": [asdict(one) for one in undecided],
        "cases": asdict(cases),
        "changed_criteria": [asdict(one) for one in changed],
    }


def _show_criteria(undecided: tuple[Undecided, ...], cases: CaseReport, changed: tuple[Change, ...]) -> None:
    """Print what screening cannot decide, and how the worked patients came out."""
    from rich.console import Console  # noqa: PLC0415 - kept out of the start-up
    from rich.markup import escape  # noqa: PLC0415 - as above
    from rich.padding import Padding  # noqa: PLC0415 - as above

    console = Console(highlight=False)
    console.print(f"\n[bold]Criteria that screening cannot decide, or that read otherwise: {len(undecided)}[/bold]")
    following = [one.criterion for one in undecided[1:]] + [""]
    for one, after in zip(undecided, following, strict=True):
        console.print(f"• [cyan]{one.criterion}[/cyan] {one.reading}: {one.defect}")
        ask = f"Ask the sponsor: {one.question}" if one.question and one.criterion != after else ""
        console.print(Padding("\n".join(escape(line) for line in (one.says, ask) if line), (0, 0, 0, 2)))
    for change in changed:
        console.print(f"• [cyan]{change.criterion}[/cyan] against the version before: {change.effect}")
        lines = (change.before and f"before: {change.before}", change.after and f"now: {change.after}", change.example)
        console.print(Padding("\n".join(escape(line) for line in lines if line), (0, 0, 0, 2)))
    right = "all as expected" if not cases.mismatches else f"{len(cases.mismatches)} verdicts are not as expected"
    console.print(f"\n[bold]Worked patients: {cases.cases}[/bold], {right}")
    for one in cases.mismatches:
        console.print(f"• [red]{escape(one.case)}[/red] {one.about}: expected {one.expected}, found {one.found}")


def _show(protocol: Protocol, sha256: str, found: Findings) -> None:
    """Print the findings for a reader, the gravest first."""
    from rich.console import Console  # noqa: PLC0415 - kept out of the start-up

    console = Console(highlight=False)
    against = f"against {protocol.record}" if protocol.record else "without a registry record"
    console.print(f"[bold]{protocol.study}[/bold], protocol {protocol.version} ({sha256[:12]}), {against}", markup=True)
    for kind, heading in _HEADINGS.items():
        findings = found.of(kind)
        console.print(f"\n[bold]{heading}: {len(findings)}[/bold]")
        for finding in findings:
            _print_finding(console, finding)


def _print_finding(console: "Console", finding: Finding) -> None:
    from rich.markup import escape  # noqa: PLC0415 - as above
    from rich.padding import Padding  # noqa: PLC0415 - as above

    mark = "resolved" if finding.resolved else finding.place
    place = f"{finding.place} ({mark})" if finding.resolved else finding.place
    console.print(f"• [cyan]{escape(place)}[/cyan]")
    lines = [finding.says, *(part for part in (finding.why, finding.resolved, finding.source) if part)]
    console.print(Padding("\n".join(escape(line) for line in lines), (0, 0, 0, 2)))

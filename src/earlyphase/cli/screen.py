"""`earlyphase screen`: who is eligible, why not, and what is still needed to know."""

import datetime as dt
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from earlyphase.cli.screen_input import columns_from, day_of, patients_from
from earlyphase.eligibility.attrition import attrition
from earlyphase.eligibility.comparing import moved
from earlyphase.eligibility.criteria_set import CriteriaSet, criteria_set
from earlyphase.eligibility.facts import Patient
from earlyphase.eligibility.fhir import Skipped
from earlyphase.eligibility.screening import Screening, screen
from earlyphase.faults import InvalidInput
from earlyphase.protocol.criteria import Stage
from earlyphase.protocol.library import study_folder
from earlyphase.protocol.reading import read_protocols

FEW = 3
"""So many patients are shown criterion by criterion without being asked to."""


def command(
    study: Annotated[str, typer.Argument(help="A study that comes with the package, or a folder with protocol.yaml.")],
    patients: Annotated[
        Path, typer.Argument(help="Facts, one JSON object a line (see `study schema patient`), or a FHIR R4 bundle.")
    ],
    stage: Annotated[Stage, typer.Option(help="Criteria of this stage and of earlier ones are due.")] = Stage.SCREENING,
    on: Annotated[str, typer.Option(help="The day on which eligibility is asked; today by default.")] = "",
    as_written: Annotated[bool, typer.Option(help="Evaluate the text read literally.")] = False,
    what_if: Annotated[str, typer.Option(help="Compare with one changed criterion: 'I6: lvef >= 45 %'.")] = "",
    against: Annotated[str, typer.Option(help="Compare with another version of the protocol: 1.0.")] = "",
    population: Annotated[
        bool, typer.Option(help="Only count: for a hundred thousand, without their evidence.")
    ] = False,
    details: Annotated[bool, typer.Option(help="Show every criterion of every patient.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Answer as JSON.")] = False,
    as_html: Annotated[bool, typer.Option("--html", help="Answer as one page that needs nothing else.")] = False,
) -> None:
    """Screen patients: a verdict for each criterion with its evidence, and the fewest tests that would settle the rest.

    Nothing is guessed: what is missing, stale, without a unit, in conflict or not due stays unknown, with its cause.

    Example: earlyphase screen STUDY patients.ndjson --stage screening --on 2026-04-02
    """
    if as_html and (as_json or population):
        beside = "--json" if as_json else "--population"
        raise InvalidInput("--html", None, f"cannot be given with {beside}.", "Give one of them.")
    today = day_of(on)
    folder = study_folder(study)
    criteria = _criteria(folder, as_written=as_written)
    other, beside = _other(criteria, folder, what_if, against)
    if population:
        from earlyphase.cli.screen_population import count  # noqa: PLC0415 - numpy is kept out of the start-up

        columns, skipped = columns_from(patients, criteria, folder)
        count(criteria, other, beside, columns, stage, today, skipped=skipped, as_json=as_json)
        return
    people, skipped = patients_from(patients, folder, criteria)
    found = _screen_all(criteria, people, stage, today)
    changed = _screen_all(other, people, stage, today) if other else []
    if as_json:
        _print_json(_as_json(criteria, stage, found, changed, beside) | {"skipped": [asdict(one) for one in skipped]})
    else:
        _show(criteria, found, changed, beside, skipped, as_html=as_html, details=details)


def _show(
    criteria: CriteriaSet,
    found: list[Screening],
    changed: list[Screening],
    beside: str,
    skipped: tuple[Skipped, ...],
    *,
    as_html: bool,
    details: bool,
) -> None:
    """Show what was found to people: as one page of HTML, or in the terminal."""
    if as_html:
        from earlyphase.reports.page import page  # noqa: PLC0415 - kept out of the start-up
        from earlyphase.reports.screening_report import screening_report  # noqa: PLC0415 - as above

        print(page(screening_report(criteria, found, changed, beside, skipped)))
        return
    from earlyphase.cli.screen_page import show, show_skipped  # noqa: PLC0415 - as above

    show(criteria, found, changed, beside, detailed=details or len(found) <= FEW)
    show_skipped(skipped)


def _print_json(answer: dict[str, Any]) -> None:
    import orjson  # noqa: PLC0415 - kept out of the start-up

    print(orjson.dumps(answer).decode())


def _criteria(folder: Path, *, as_written: bool) -> CriteriaSet:
    """Give the criteria of the latest version of a study's protocol."""
    latest = list(read_protocols(folder).values())[-1]
    return criteria_set(latest.protocol, as_written=as_written)


def _other(criteria: CriteriaSet, folder: Path, what_if: str, against: str) -> tuple[CriteriaSet | None, str]:
    """Give the criteria to compare with, and what they are called."""
    if what_if and against:
        raise InvalidInput("--against", against, "cannot be given with --what-if.", "Give one of them.")
    if what_if:
        return _changed(criteria, what_if), f"what if {what_if}"
    if not against:
        return None, ""
    versions = read_protocols(folder)
    if against not in versions:
        rule = "is not a version of the protocol."
        raise InvalidInput("--against", against, rule, f"There are {', '.join(versions)}.")
    return criteria_set(versions[against].protocol), f"under version {against}"


def _changed(criteria: CriteriaSet, what_if: str) -> CriteriaSet:
    name, colon, expression = what_if.partition(":")
    if not colon:
        raise InvalidInput("--what-if", what_if, "names no criterion.", "Write 'I6: lvef >= 45 %'.")
    return criteria.changed(name.strip(), expression.strip())


def _screen_all(criteria: CriteriaSet, people: list[Patient], stage: Stage, today: dt.date) -> list[Screening]:
    from rich.console import Console  # noqa: PLC0415 - kept out of the start-up
    from rich.progress import track  # noqa: PLC0415 - as above

    console = Console(stderr=True)
    quiet = not console.is_terminal
    return [
        screen(criteria, one, stage, today)
        for one in track(people, "Screening", console=console, transient=True, disable=quiet)
    ]


def _as_json(
    criteria: CriteriaSet, stage: Stage, found: list[Screening], changed: list[Screening], beside: str
) -> dict[str, Any]:
    answer: dict[str, Any] = {
        "study": criteria.study,
        "version": criteria.version,
        "stage": stage,
        "rounding": criteria.rounding,
        "attrition": asdict(attrition(criteria, found)),
        "patients": [asdict(one) for one in found],
    }
    if changed:
        answer["what_if"] = {
            "reading": beside,
            "attrition": asdict(attrition(criteria, changed)),
            "moved": [asdict(one) for one in moved(found, changed)],
        }
    return answer

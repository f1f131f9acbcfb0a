"""`earlyphase study compare`: which criteria differ between two versions, by meaning, and whom it touches."""

import datetime as dt
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from earlyphase.cli.screen_input import columns_from, day_of
from earlyphase.eligibility.changes import Change, changes
from earlyphase.eligibility.criteria_set import CriteriaSet, criteria_set
from earlyphase.faults import InvalidInput
from earlyphase.protocol.criteria import Stage
from earlyphase.protocol.library import known_studies, study_folder
from earlyphase.protocol.model import Protocol
from earlyphase.protocol.reading import read_protocol, read_protocols

SHOWN = 20
"""So many persons are named on the screen; all of them with --json."""


def command(
    before: Annotated[
        str, typer.Argument(help="STUDY, STUDY@VERSION, a protocol (.yaml) or a registry record (.json).")
    ],
    after: Annotated[str, typer.Argument(help="The other one, in the same forms.")],
    patients: Annotated[
        Path | None, typer.Option(help="Whom of this population does it touch? As for `screen`.")
    ] = None,
    stage: Annotated[
        Stage, typer.Option(help="For the population: criteria up to this stage are due.")
    ] = Stage.SCREENING,
    on: Annotated[str, typer.Option(help="The day on which eligibility is asked; today by default.")] = "",
    reading: Annotated[str, typer.Option(help="The study whose protocol says what a record's words mean.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Answer as JSON.")] = False,
) -> None:
    """Compare two protocols, two records, or one with the other, by the meaning of their criteria.

    A criterion is found again by its meaning and its words, whatever its number. The words of a record mean what the
    protocol says of the same words; words that no protocol has read are listed, and nobody is judged by them.

    Example: earlyphase study compare STUDY@1.0 STUDY@2.0 --patients patients.ndjson
    """
    protocol = _reading(before, after, reading)
    one, other = _criteria(before, protocol), _criteria(after, protocol)
    found = changes(one, other)
    touched = _population(one, other, patients, stage, day_of(on)) if patients else None
    if as_json:
        import orjson  # noqa: PLC0415 - kept out of the start-up

        named = {"before": _name(one), "after": _name(other), "changes": [asdict(change) for change in found]}
        print(orjson.dumps(named | ({"population": touched} if touched else {})).decode())
        return
    _show(one, other, found, touched)


def _name(criteria: CriteriaSet) -> str:
    return f"{criteria.study}, {criteria.version if criteria.version == 'record' else f'protocol {criteria.version}'}"


def _reading(before: str, after: str, reading: str) -> Protocol | None:
    """Find the protocol that says what a record's words mean: the one that is named, or compared, or comes with it."""
    named = [reading] if reading else [one for one in (after, before) if not one.endswith(".json")]
    if named:
        return _protocol(named[0])
    beside = [Path(one).parent for one in (after, before)]
    folders = [folder for folder in beside if (folder / "protocol.yaml").is_file()] or list(known_studies().values())
    number = _record_number(after)
    for folder in folders:
        protocol = list(read_protocols(folder).values())[-1].protocol
        if protocol.study == number:
            return protocol
    return None


def _record_number(path: str) -> str | None:
    from earlyphase.registry.reading import read_record  # noqa: PLC0415 - only for records

    return read_record(Path(path)).nct_id


def _criteria(source: str, reading: Protocol | None) -> CriteriaSet:
    if not source.endswith(".json"):
        return criteria_set(_protocol(source))
    from earlyphase.eligibility.record_criteria import record_criteria  # noqa: PLC0415 - only for records
    from earlyphase.registry.reading import read_record  # noqa: PLC0415 - as above

    return record_criteria(read_record(Path(source)), reading)


def _protocol(source: str) -> Protocol:
    if source.endswith((".yaml", ".yml")):
        return read_protocol(Path(source))
    study, _, version = source.partition("@")
    versions = read_protocols(study_folder(study))
    if version and version not in versions:
        raise InvalidInput(source, version, "is not a version of the protocol.", f"There are {', '.join(versions)}.")
    return versions[version].protocol if version else list(versions.values())[-1].protocol


def _population(one: CriteriaSet, other: CriteriaSet, patients: Path, stage: Stage, today: dt.date) -> dict[str, Any]:
    """Hold a population against both."""
    from earlyphase.eligibility.comparing import moved_together  # noqa: PLC0415 - numpy is kept out of the start-up
    from earlyphase.eligibility.pairing import paired  # noqa: PLC0415 - as above
    from earlyphase.eligibility.population import narrowing, population  # noqa: PLC0415 - as above

    columns, _ = columns_from(patients, one)
    before, after = (narrowing(each, population(each, columns, today), stage) for each in (one, other))
    pairs = [(old.id, new.id) for old, new in paired(one.rules, other.rules)]
    moved = moved_together(columns.ids, before, after, pairs)
    return {
        "stage": stage,
        "before": asdict(before.attrition),
        "after": asdict(after.attrition),
        "moved": [asdict(each) for each in moved],
    }


def _show(one: CriteriaSet, other: CriteriaSet, found: tuple[Change, ...], touched: dict[str, Any] | None) -> None:
    from rich.console import Console  # noqa: PLC0415 - kept out of the start-up
    from rich.markup import escape  # noqa: PLC0415 - as above
    from rich.padding import Padding  # noqa: PLC0415 - as above

    console = Console(highlight=False)
    count = "no criterion differs" if not found else f"{len(found)} differ"
    console.print(f"[bold]{escape(_name(one))}[/bold] against [bold]{escape(_name(other))}[/bold]: {count}")
    for change in found:
        was = f" (was {change.was})" if change.was not in {"", change.criterion} else ""
        console.print(f"• [cyan]{change.criterion}[/cyan]{was}: {change.effect}")
        lines = (change.before and f"before: {change.before}", change.after and f"now: {change.after}")
        examples = (
            change.example and f"moves: {change.example}",
            change.other_example and f"and: {change.other_example}",
        )
        console.print(Padding("\n".join(escape(line) for line in (*lines, *examples) if line), (0, 0, 0, 2)))
    if touched is None:
        return
    before, after = touched["before"], touched["after"]
    for name in ("eligible", "unsettled", "not_eligible"):
        console.print(f"{name.replace('_', ' ')}: {before[name]} → {after[name]} of {before['screened']}")
    for each in touched["moved"][:SHOWN]:
        by = f" (by {', '.join(each['criteria'])})" if each["criteria"] else ""
        console.print(f"{escape(each['patient'])}: {each['before']} → {each['after']}{by}")
    if len(touched["moved"]) > SHOWN:
        console.print(f"… and {len(touched['moved']) - SHOWN} more (all with --json)")

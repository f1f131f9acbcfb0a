"""`earlyphase study status`: where a study stands."""

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from earlyphase.cli.study_source import open_study, read_moment, today_of
from earlyphase.study.cohorts import Phase, level_name
from earlyphase.study.status import Status, status_of

if TYPE_CHECKING:
    from rich.table import Table


def command(
    study: Annotated[str, typer.Argument(help="A study that comes with the package, or a study's folder.")],
    journal: Annotated[Path, typer.Option(help="The journal file.")],
    as_of: Annotated[
        str | None, typer.Option("--as-of", help="What was recorded by then (2026-05-03, or 2026-05-03T14:30Z).")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Answer as JSON.")] = False,
) -> None:
    """Say where a study stands: the open level, its slots, who is in the DLT window, what is recommended, what is due.

    With --as-of it answers with what was known at that moment. A simulation is looked at from its last entry.

    Example: earlyphase study status STUDY --journal demo/journal.jsonl --as-of 2026-03-01
    """
    moment = read_moment(as_of, "--as-of")
    state = open_study(study, journal).as_of(moment)
    found = status_of(state, today_of(state, moment))
    if as_json:
        import orjson  # noqa: PLC0415 - kept out of the start-up

        print(orjson.dumps(status_as_json(found), option=orjson.OPT_INDENT_2).decode())
    else:
        show_status(found)


def status_as_json(found: Status) -> dict[str, Any]:
    """Give a status as JSON values."""
    answer = asdict(found)
    answer["simulated"] = found.purpose != "study"
    answer["head"] = found.head._asdict()
    answer["recommendation"] = found.recommendation.model_dump(mode="json")
    return answer


def show_status(found: Status) -> None:
    """Print a status for a reader."""
    from rich.console import Console  # noqa: PLC0415 - kept out of the start-up
    from rich.text import Text  # noqa: PLC0415 - as above

    console = Console(highlight=False)
    console.print(Text(f"{found.study}: {found.title}", style="bold"))
    if found.purpose != "study":
        console.print(Text(_label(found), style="bold magenta"))
    for line in _lines(found):
        console.print(Text(line))
    console.print(_levels(found))
    if found.in_window:
        console.print(_windows(found))
    if found.decisions:
        console.print(decisions_table(found))
    for alert in found.alerts:
        console.print(Text(f"! {alert.what}: {alert.message}", style="bold yellow"))
    console.print(Text(f"Head: entry {found.head.seq}, {found.head.hash}", style="dim"))


def _label(found: Status) -> str:
    return "NOT ACTIVE" if found.purpose is None else {"simulation": "SIMULATED"}.get(found.purpose, "TRAINING")


def _lines(found: Status) -> Iterator[str]:
    version = f"protocol {found.protocol_version}" if found.protocol_version else "protocol not active"
    yield f"Looked at from {found.today}; {version}; last entry {found.recorded_until or 'none'}."
    if found.locked:
        yield "The data are locked."
    if found.open_level is None:
        yield "No dose level takes participants."
    else:
        slots = found.slots
        yield (
            f"Open: level {level_name(found.open_level)} ({found.open_dose}), {found.phase}. "
            f"Slots: {slots.free} free, {slots.held} held by participants not yet infused, {slots.taken} taken."
        )
    if found.next_infusion and found.slots.free + found.slots.held:
        wait = found.next_infusion
        yield f"Next infusion: {f'from {wait.earliest}, ' if wait.earliest else ''}{wait.because}."
    if found.phase is Phase.ESCALATION:
        due = "The committee can decide now." if found.decision_due else _waiting(found)
        advice = found.recommendation
        yield f"Recommendation as it stands: {advice.decision}. {advice.reason} {due}".rstrip()
    if found.stopping_rules:
        counts = (f"{one.rule} {len(one.participants)} of {one.at_least}" for one in found.stopping_rules)
        yield f"Stopping rules, so far: {'; '.join(counts)}."


def _waiting(found: Status) -> str:
    return f"The decision waits: {'; '.join(found.waits_for)}." if found.waits_for else ""


def _table(title: str, *columns: str) -> "Table":
    from rich.table import Table  # noqa: PLC0415 - only where it is used

    made = Table(title=title, title_justify="left", title_style="bold", box=None, padding=(0, 2, 0, 0))
    for column in columns:
        made.add_column(column)
    return made


def _levels(found: Status) -> "Table":
    table = _table(
        "\nDose levels", "level", "dose", "enrolled", "infused", "pending", "evaluable", "DLT", "not evaluable"
    )
    for one in found.levels:
        counts = (one.enrolled, one.infused, one.pending, one.evaluable, one.dlts, one.not_evaluable)
        here = " ←" if one.level == found.open_level else ""
        table.add_row(f"{level_name(one.level)}{here}", one.dose, *(str(count) for count in counts))
    return table


def _windows(found: Status) -> "Table":
    table = _table(
        "\nIn the DLT window, or waiting for the adjudication", "participant", "level", "infused", "day", "until"
    )
    for one in found.in_window:
        table.add_row(one.participant, level_name(one.level), str(one.infused_on), str(one.day), str(one.until))
    return table


def decisions_table(found: Status) -> "Table":
    """Give the decision history as a table."""
    table = _table("\nDecisions", "on", "entry", "decision", "to", "seen then")
    for one in found.decisions:
        to = f"level {level_name(one.next_level)}" if one.next_level is not None else ""
        if one.rp2d is not None:
            to = f"RP2D level {level_name(one.rp2d)}"
        why = f" Decided otherwise: {one.differs_because}" if one.differs_because else ""
        table.add_row(str(one.on), str(one.entry), one.decision.value, to, one.advice + why)
    return table

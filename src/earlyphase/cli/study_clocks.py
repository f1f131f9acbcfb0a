"""`earlyphase study clocks`: which expedited reports are due, to whom, and until when."""

import datetime as dt
import itertools
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from earlyphase.cli.study_source import label_of, open_study, read_moment, today_of

if TYPE_CHECKING:
    from earlyphase.study.reporting import Clock


def command(
    study: Annotated[str, typer.Argument(help="A study that comes with the package, or a study's folder.")],
    journal: Annotated[Path, typer.Option(help="The journal file.")],
    as_of: Annotated[
        str | None, typer.Option("--as-of", help="What was recorded by then (2026-05-03, or 2026-05-03T14:30Z).")
    ] = None,
    jurisdiction: Annotated[
        list[str] | None,
        typer.Option(help="Whom to report to: ICH, US, EU, CN; may be repeated. By default those of the protocol."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Answer as JSON.")] = False,
) -> None:
    """Say which expedited reports of serious events are due, to whom, and until when: what is open comes first.

    The clock runs from the day on which the sponsor became aware (day 0). Causality or expectedness that is not
    recorded does not stop it. A report that was sent is recorded as `safety_report`.

    Example: earlyphase study clocks STUDY --journal demo/journal.jsonl --jurisdiction EU
    """
    from earlyphase.study.reporting import reporting_clocks, whose_clocks  # noqa: PLC0415 - reads the table of clocks

    moment = read_moment(as_of, "--as-of")
    state = open_study(study, journal).as_of(moment)
    today = today_of(state, moment)
    clocks = reporting_clocks(state, today, jurisdiction or ())
    if as_json:
        import orjson  # noqa: PLC0415 - kept out of the start-up

        found = [_fields(one) for one in clocks]
        said = f"Asked for: {', '.join(jurisdiction)}." if jurisdiction else whose_clocks(state.protocol)
        answer = {
            "study": state.name,
            "simulated": state.simulated,
            "today": today,
            "jurisdictions": said,
            "sources": _sources(clocks),
            "clocks": found,
        }
        print(orjson.dumps(answer, option=orjson.OPT_INDENT_2).decode())
        return
    _show(clocks, today, label_of(state))
    for code, rule in _sources(clocks).items():
        print(f"{code}: {rule['source']}. Confirmed: {rule['confirmed']}.")
    if not jurisdiction:
        print(whose_clocks(state.protocol))


def _sources(clocks: tuple["Clock", ...]) -> dict[str, dict[str, str]]:
    """Give the rule behind each jurisdiction's times, and what was read to confirm it."""
    from earlyphase.toxicity.clocks import load_jurisdictions  # noqa: PLC0415 - reads the table of clocks

    known = load_jurisdictions()
    codes = dict.fromkeys(one.deadline.jurisdiction for one in clocks)
    return {code: {"source": known[code].source, "confirmed": known[code].confirmed} for code in codes}


def _fields(clock: "Clock") -> dict[str, Any]:
    from dataclasses import asdict  # noqa: PLC0415 - kept out of the start-up

    return {**asdict(clock), "progress": clock.progress.value}


def _show(clocks: tuple["Clock", ...], today: dt.date, label: str | None) -> None:
    """Print what is due next, then every report."""
    from rich.console import Console  # noqa: PLC0415 - kept out of the start-up
    from rich.table import Table  # noqa: PLC0415 - as above
    from rich.text import Text  # noqa: PLC0415 - as above

    console = Console(highlight=False)
    if label:
        console.print(Text(label, style="bold magenta"))
    console.print(Text(_next(clocks, today)))
    table = Table(box=None, padding=(0, 2, 0, 0))
    for heading in ("due", "left", "report", "to", "", "event"):
        table.add_column(heading, no_wrap=heading != "event")
    for _, group in itertools.groupby(clocks, key=_alike):
        first, *others = group
        left = f"{first.days_left} d" if first.progress.open else f"{first.progress} {first.sent_on}"
        to = ", ".join(one.deadline.jurisdiction for one in (first, *others))
        event = f"{first.term}, grade {first.grade} (entry {first.entry}), aware on {first.aware_on}"
        table.add_row(str(first.deadline.due), left, first.deadline.report, to, first.participant, event)
    if clocks:
        console.print(table)
    for said in dict.fromkeys(f"Entry {one.entry}: {one.assumed}." for one in clocks if one.assumed):
        console.print(Text(said))


def _alike(one: "Clock") -> tuple[object, ...]:
    """Say what reports have in common that stand in one line."""
    return one.entry, one.deadline.due, one.deadline.report, one.progress, one.sent_on


def _next(clocks: tuple["Clock", ...], today: dt.date) -> str:
    still = [one for one in clocks if one.progress.open]
    late = sum(one.days_left < 0 for one in still)
    if not still:
        return f"Looked at from {today}: no expedited report is due."
    soonest = next((one for one in still if one.days_left >= 0), None)
    said = f"Looked at from {today}: {late} overdue, {len(still) - late} due."
    if soonest is None:
        return said
    where = f"{soonest.deadline.report} on entry {soonest.entry} to {soonest.deadline.jurisdiction}"
    return f"{said} Next: {where}, until {soonest.deadline.due} ({soonest.days_left} days left)."

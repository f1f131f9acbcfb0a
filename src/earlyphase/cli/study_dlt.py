"""`earlyphase study dlt`: what the protocol proposes for each DLT window, and what the reviewers found."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from earlyphase.cli.study_source import label_of, open_study, read_moment, today_of
from earlyphase.faults import InvalidInput
from earlyphase.study.cohorts import level_name

if TYPE_CHECKING:
    from rich.console import Console

    from earlyphase.study.dlt_proposals import ParticipantProposal
    from earlyphase.study.dlt_review import ReviewState
    from earlyphase.study.state import Study


def command(
    study: Annotated[str, typer.Argument(help="A study that comes with the package, or a study's folder.")],
    journal: Annotated[Path, typer.Option(help="The journal file.")],
    participant: Annotated[
        list[str] | None, typer.Option(help="A participant, with every clause that was near; may be repeated.")
    ] = None,
    reviewer: Annotated[
        str | None, typer.Option(help="Who looks: a reviewer sees the others' findings once their own is in.")
    ] = None,
    as_of: Annotated[
        str | None, typer.Option("--as-of", help="What was recorded by then (2026-05-03, or 2026-05-03T14:30Z).")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Answer as JSON.")] = False,
) -> None:
    """Propose for each DLT window what the protocol's definition says, with the clause that fired; reviewers decide.

    A proposal is pending while the window or a clause is open, and unknown where it hangs on something that is not
    recorded. What the reviewers found is hidden until all of it is in.

    Example: earlyphase study dlt STUDY --journal demo/journal.jsonl --participant 004
    """
    from earlyphase.study.changed_basis import changed_bases  # noqa: PLC0415 - reads the grading scales
    from earlyphase.study.dlt_proposals import dlt_proposals  # noqa: PLC0415 - as above

    moment = read_moment(as_of, "--as-of")
    state = open_study(study, journal).as_of(moment)
    today = today_of(state, moment)
    wanted = _wanted(state, participant or [])
    proposals = [one for one in dlt_proposals(state, today) if one.participant in wanted]
    changed = [str(one) for one in changed_bases(state, today) if one.participant in wanted]
    if as_json:
        import orjson  # noqa: PLC0415 - kept out of the start-up

        found = [_fields(state, one, reviewer) for one in proposals]
        answer = {
            "study": state.name,
            "simulated": state.simulated,
            "today": today,
            "head": state.head.hash,
            "proposals": found,
            "changed": changed,
        }
        print(orjson.dumps(answer, option=orjson.OPT_INDENT_2, default=str).decode())
        return
    _show(state, proposals, changed, today, reviewer, every_clause=bool(participant))


def _wanted(study: "Study", named: list[str]) -> frozenset[str]:
    enrolled = [person.id for person in study.enrolled]
    for name in named:
        if name not in enrolled:
            known = f"Enrolled are {', '.join(enrolled)}." if enrolled else "Nobody has been enrolled."
            raise InvalidInput("--participant", name, "is not enrolled.", known)
    return frozenset(named or enrolled)


def _review(study: "Study", one: "ParticipantProposal") -> "ReviewState":
    from earlyphase.study.dlt_review import review_state  # noqa: PLC0415 - as above

    return review_state(study.protocol, study.participants[one.participant])


def _fields(study: "Study", one: "ParticipantProposal", reviewer: str | None) -> dict[str, Any]:
    from earlyphase.journal.payloads.safety import DltAdjudication  # noqa: PLC0415 - as above
    from earlyphase.study.dlt_review import visible_reviews  # noqa: PLC0415 - as above

    review, adjudicated = _review(study, one), study.participants[one.participant].last(DltAdjudication)
    fields = {name: getattr(one, name) for name in one.__slots__}
    fields["findings"] = [
        {"event": each.event.name, "clause": each.clause.id, "fires": each.fires.value, "reason": each.reason}
        for each in one.findings
    ]
    visible = visible_reviews(review, reviewer)
    seen = [{"entry": fact.entry, **fact.payload.model_dump(mode="json")} for fact in visible]
    fields["reviews"] = {"state": review.says, "wanted": review.wanted, "seen": seen}
    fields["adjudication"] = adjudicated.model_dump(mode="json") if adjudicated else None
    return fields


def _show(
    study: "Study",
    proposals: list["ParticipantProposal"],
    changed: list[str],
    today: dt.date,
    reviewer: str | None,
    *,
    every_clause: bool,
) -> None:
    from rich.console import Console  # noqa: PLC0415 - kept out of the start-up
    from rich.text import Text  # noqa: PLC0415 - as above

    console = Console(highlight=False)
    if label := label_of(study):
        console.print(Text(label, style="bold magenta"))
    version = study.version or "not active"
    console.print(Text(f"Looked at from {today}; the definition of protocol {version}. Reviewers decide."))
    _show_table(console, study, proposals)
    if every_clause:
        for one in proposals:
            _show_one(console, study, one, reviewer)
    for said in changed:
        console.print(Text(f"! {said}", style="bold yellow"))


def _show_table(console: "Console", study: "Study", proposals: list["ParticipantProposal"]) -> None:
    from rich.table import Table  # noqa: PLC0415 - kept out of the start-up

    from earlyphase.journal.payloads.safety import DltAdjudication  # noqa: PLC0415 - as above
    from earlyphase.study.dlt_proposals import Proposed  # noqa: PLC0415 - as above

    table = Table(box=None, padding=(0, 2, 0, 0))
    for heading in ("", "level", "infused", "window until", "proposed", "clause", "found"):
        table.add_column(heading, no_wrap=True)
    for one in proposals:
        adjudicated, review = study.participants[one.participant].last(DltAdjudication), _review(study, one)
        waits = review.says if review.reviews or one.proposed is not Proposed.NOT_INFUSED else ""
        found = adjudicated.verdict.value if adjudicated else waits
        dates = (one.infused_on or "", one.window_ends or "")
        texts = (one.participant, level_name(one.level), *dates, one.proposed, one.clause or "", found)
        table.add_row(*map(str, texts))
    console.print(table)


def _show_one(console: "Console", study: "Study", one: "ParticipantProposal", reviewer: str | None) -> None:
    """Print a participant's proposal with its sentence, every clause that was near, and the reviews to be seen."""
    from rich.padding import Padding  # noqa: PLC0415 - kept out of the start-up
    from rich.text import Text  # noqa: PLC0415 - as above

    from earlyphase.toxicity.dlt import Fires  # noqa: PLC0415 - as above

    console.print(Text(f"\n{one.participant}: {one.proposed}. {one.reason}", style="bold"))
    order = (Fires.YES, Fires.PENDING, Fires.UNKNOWN, Fires.NO)
    near = sorted(one.findings, key=lambda each: order.index(each.fires))
    lines = [f"{_CALLED.get(each.fires.value, each.fires.value)}: {each.reason}" for each in near]
    lines += [
        f"imputed: {each.term} (entry {each.entry}), {each.field} {each.recorded}, taken as {each.taken}"
        for each in one.imputed
    ]
    for line in (*lines, *one.remarks, *_reviews(_review(study, one), reviewer)):
        console.print(Padding(Text(line), (0, 0, 0, 2)))


_CALLED = {"no": "not a DLT"}


def _reviews(review: "ReviewState", reviewer: str | None) -> Iterator[str]:
    from earlyphase.study.dlt_review import visible_reviews  # noqa: PLC0415 - as above

    visible = visible_reviews(review, reviewer)
    for fact in visible:
        finding = fact.payload
        said = f"{finding.reviewer} found {finding.verdict} on {finding.on} (entry {fact.entry})"
        yield f"{said}: {finding.because}"
    if review.reviews and not visible:
        yield f"Reviews: {review.says}. Until they are complete, they are hidden from whoever has not reviewed."

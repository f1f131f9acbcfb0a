"""The commands: record anything, correct, void. Each goes through the same desk as a form, and is refused alike."""

from collections.abc import Callable
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Router
from ninja.params.functions import Header
from pydantic import ValidationError

from earlyphase.faults import InvalidInput
from earlyphase.journal.entry import Kind
from earlyphase.journal.payloads import TYPES
from earlyphase.journal.payloads.payload import Payload
from earlyphase.journal.payloads.safety import DltReview
from earlyphase.study.commands import Command, Correct, Record, Void
from earlyphase.study.refusal import Reason, Refused
from earlyphase.web.access import Member, member_of
from earlyphase.web.api.answers import FORBIDDEN, MADE, Answer, invalid, problem, refused, said, unfit_fields
from earlyphase.web.api.door import NotThere, member_with
from earlyphase.web.api.once import once
from earlyphase.web.api.reading import NO, Seq, StudyName, shown
from earlyphase.web.api.shapes import Recorded, ToCorrect, ToRecord, ToVoid
from earlyphase.web.blinding import hidden_from
from earlyphase.web.studies import act, journal_of

IN_A_BROWSER = frozenset({"dose_decision", "signature", "role_granted", "role_ended"})
"""What a person vouches for with the password, or what gives rights: a token, which can leak, does neither."""

Key = Annotated[
    str | None, Header(alias="Idempotency-Key", description="New for each new request, the same for one sent again.")
]


def commands() -> Router:
    """Make the addresses of the commands: one for each record of the journal."""
    router = Router(tags=["commands"])
    answers = {201: Recorded, **NO}
    for kind in TYPES:
        if kind.record not in IN_A_BROWSER:
            router.post(
                f"/studies/{{study}}/records/{kind.record}",
                response=answers,
                operation_id=f"record_{kind.record}",
                summary=(kind.__doc__ or kind.record).strip().splitlines()[0],
                url_name=f"record_{kind.record}",
            )(_recording(kind))
    router.post("/studies/{study}/entries/{seq}/correction", response=answers, operation_id="correct")(correct)
    router.post("/studies/{study}/entries/{seq}/void", response=answers, operation_id="void")(void)
    for record in (kind.record for kind in TYPES if kind.record in IN_A_BROWSER):
        path = f"/studies/{{study}}/records/{record}"
        router.post(path, response=NO, operation_id=f"record_{record}")(signed_elsewhere)
    return router


def _recording(kind: type[Payload]) -> Callable[..., HttpResponse]:
    def record(request: HttpRequest, study: StudyName, body: ToRecord, key: Key = None) -> HttpResponse:  # noqa: ARG001 - read from the header
        """Record something new."""
        member = member_with(request, study)
        payload = body.payload | _own_fields(member, kind, body.payload)
        number = {} if body.participant is None else {"participant": body.participant}
        return _carried_out(request, member, Record, {"command": kind.record, "payload": payload, **number})

    return record


def correct(request: HttpRequest, study: StudyName, seq: Seq, body: ToCorrect, key: Key = None) -> HttpResponse:  # noqa: ARG001 - read from the header
    """Replace what an entry says, in full, with a reason. The entry itself stays in the journal."""
    member = _who_may_change(request, study, seq)
    fields = {"command": "correct", "entry": seq, "payload": body.payload, "reason": body.reason}
    return _carried_out(request, member, Correct, fields)


def void(request: HttpRequest, study: StudyName, seq: Seq, body: ToVoid, key: Key = None) -> HttpResponse:  # noqa: ARG001 - read from the header
    """Take an entry out of the state, with a reason. The entry itself stays in the journal."""
    member = _who_may_change(request, study, seq)
    return _carried_out(request, member, Void, {"command": "void", "entry": seq, "reason": body.reason})


def signed_elsewhere(request: HttpRequest, study: StudyName) -> HttpResponse:
    """Refuse: decisions, signatures and roles need the password of a person."""
    member_with(request, study)
    what = "this needs the person's password, and a token has none: decisions, signatures, roles."
    return problem(FORBIDDEN, what, "Do it in the browser.").response()


def written(member: Member, wanted: list[Command]) -> Answer:
    """Carry out commands, all or none, and show what was written."""
    try:
        journal_of(member.study).wait_for_turn()
        found = act(member.study, wanted, member.author)
    except InvalidInput as fault:
        return invalid(fault)
    if isinstance(found, Refused):
        return refused(found)
    after = member_of(member.person, member.study) or member
    last = shown(after, found[-1:])[0]
    return said({"entry": last, "head": found[-1].hash}, MADE)


def _carried_out(request: HttpRequest, member: Member, kind: type[Any], fields: dict[str, Any]) -> HttpResponse:
    try:
        command = kind.model_validate(fields)
    except ValidationError as fault:
        return unfit_fields(fault.errors(include_url=False)).response()
    return once(request, member, lambda: written(member, [command])).response()


def _own_fields(member: Member, kind: type[Payload], given: dict[str, Any]) -> dict[str, Any]:
    """Give the fields that name who acts: a review is its reviewer's own.

    Raises:
        NotYours: it names somebody else.
    """
    if kind is not DltReview:
        return {}
    if given.get("reviewer", member.person.full_name) != member.person.full_name:
        raise NotYours("a review is recorded by its reviewer, and the token is somebody else's.")
    return {"reviewer": member.person.full_name}


class NotYours(Exception):  # noqa: N818 - it says what is wrong
    """Something was recorded in the name of somebody else."""

    @property
    def refused(self) -> Refused:
        """Give it as a refusal."""
        return Refused((Reason("reviewer", str(self), remedy="Leave `reviewer` out: it is you."),))


def _who_may_change(request: HttpRequest, study: str, seq: int) -> Member:
    """Let an entry be changed that can be seen; the desk decides the rest."""
    member = member_with(request, study)
    found = next((one for one in member.seen.entries if one.seq == seq), None)
    if found is None or seq in hidden_from(member) or found.kind not in (Kind.RECORDED, Kind.CORRECTED):
        raise NotThere(f"There is no entry {seq} that can be changed.")
    return member

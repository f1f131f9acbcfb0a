"""Observations of other systems: a laboratory's message becomes entries, all of it or nothing, and only once."""

from dataclasses import asdict
from typing import Any

from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from ninja import Router

from earlyphase.exchange.fhir_observations import Message, Observed, entries_of, read_observations
from earlyphase.faults import InvalidInput
from earlyphase.journal.entry import Entry
from earlyphase.study.commands import Record
from earlyphase.study.refusal import Reason, Refused
from earlyphase.web.access import Member, member_of
from earlyphase.web.api.answers import DONE, INVALID, MADE, NOT_THERE, Answer, invalid, problem, refused, said
from earlyphase.web.api.body import read_json
from earlyphase.web.api.door import member_with
from earlyphase.web.api.models import Received
from earlyphase.web.api.reading import NO, ParticipantPath, StudyName, shown
from earlyphase.web.api.shapes import Found
from earlyphase.web.studies import act, journal_of

ToBeMade = tuple[tuple[Observed, ...], str, dict[str, Any]]
"""Observations that make one entry, its record and its payload."""

_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "description": "An Observation, or a Bundle of Observations, of FHIR R4. Whom they name is not read.",
        "content": {
            "application/json": {
                "schema": {
                    "type": "object",
                    "required": ["resourceType"],
                    "properties": {"resourceType": {"enum": ["Bundle", "Observation"]}},
                }
            }
        },
    }
}


def observations() -> Router:
    """Make the address of the intake."""
    router = Router(tags=["observations"])
    router.post(
        "/studies/{study}/participants/{number}/observations",
        response={200: Found, 201: Found, **NO},
        operation_id="observations",
        summary="Laboratory values and vital signs as FHIR R4 Observations",
        openapi_extra=_BODY,
    )(take_in)
    return router


def take_in(request: HttpRequest, study: StudyName, number: ParticipantPath) -> HttpResponse:
    """Record the observations of a message: all or none; one that came before is not recorded again."""
    member = member_with(request, study)
    if number not in member.seen.state.participants:
        return problem(NOT_THERE, f"There is no participant {number}.").response()
    try:
        message = read_observations(read_json(request.body))
    except InvalidInput as fault:
        return invalid(fault).response()
    return (_unusable(message) or _recorded(member, number, message)).response()


def _unusable(message: Message) -> Answer | None:
    if not message.unusable:
        return None
    what = f"{len(message.unusable)} of the observations cannot be recorded; nothing was."
    remedy = "Leave them out and record them by hand, or have their codes and units put right."
    listed = [asdict(one) for one in message.unusable]
    body = {"status": INVALID, "what": what, "remedy": remedy, "reasons": [], "unusable": listed}
    return said(body, INVALID)


def _recorded(member: Member, number: str, message: Message) -> Answer:
    names = [one.identifier for one in message.observed]
    known = {one.identifier: one for one in Received.objects.filter(study=member.study, identifier__in=names)}
    changed = [_changed(one, number, known[one.identifier]) for one in message.observed if _differs(one, number, known)]
    if changed:
        return refused(Refused(tuple(changed)))
    new = list(entries_of(one for one in message.observed if one.identifier not in known))
    try:
        with transaction.atomic():
            found = _written(member, number, new)
    except IntegrityError:
        reason = Reason(
            "changed", "the same observations are being recorded at this moment.", remedy="Send them again."
        )
        return refused(Refused((reason,)))
    if isinstance(found, Refused):
        return refused(found)
    return _told(member, found, new, known)


def _differs(one: Observed, number: str, known: dict[str, Received]) -> bool:
    before = known.get(one.identifier)
    return before is not None and (before.content, before.participant) != (one.digest, number)


def _changed(one: Observed, number: str, before: Received) -> Reason:
    whose = "" if before.participant == number else f" for participant {before.participant}"
    message = f"observation {one.identifier} came before{whose} with another content, and is in entry {before.entry}."
    return Reason("received", message, remedy=f"Correct entry {before.entry}, with the reason.")


def _written(member: Member, number: str, new: list[ToBeMade]) -> list[Entry] | Refused:
    """Record what is new, and remember which observation is in which entry: in the same transaction."""
    if not new:
        return []
    commands = [Record(command=record, participant=number, payload=payload) for _, record, payload in new]
    journal_of(member.study).wait_for_turn()
    done = act(member.study, commands, member.author)
    if not isinstance(done, Refused):
        for (together, _, _), entry in zip(new, done, strict=True):
            for one in together:
                fields = {"identifier": one.identifier, "content": one.digest, "entry": entry.seq}
                Received.objects.create(study=member.study, participant=number, **fields)
    return done


def _told(
    member: Member,
    found: list[Entry],
    new: list[ToBeMade],
    known: dict[str, Received],
) -> Answer:
    after = member_of(member.person, member.study) or member
    taken = {one.identifier: entry.seq for (together, _, _), entry in zip(new, found, strict=True) for one in together}
    before = {name: one.entry for name, one in known.items()}
    body = {
        "study": member.study,
        "head": after.seen.state.head.hash,
        "entries": shown(after, found),
        "taken": taken,
        "known_before": before,
    }
    return said(body, MADE if found else DONE)

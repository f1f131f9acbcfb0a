"""The queries about how the study is conducted: its data, its team, its signatures and decisions, its design."""

from dataclasses import asdict
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router

from earlyphase.study.completeness import completeness, not_counted, totals
from earlyphase.study.queries import proposed_queries
from earlyphase.study.queries import queries as asked_queries
from earlyphase.study.refusal import Refused
from earlyphase.study.signatures import decisions_now, signatures_now
from earlyphase.study.source_verification import verifications
from earlyphase.study.team import delegation_log
from earlyphase.web.api.answers import refused, said
from earlyphase.web.api.door import NotThere, member_with
from earlyphase.web.api.reading import NO, ParticipantPath, StudyName
from earlyphase.web.api.same import unless_same
from earlyphase.web.api.shapes import Found
from earlyphase.web.clock import today_of
from earlyphase.web.studies import site_folders
from earlyphase.web.whole_record import as_signed, whole_record


def conduct() -> Router:
    """Make the addresses of these queries."""
    router = Router(tags=["queries"])
    for path, view, summary in (
        ("data", data, "What is complete, what is asked about the data, what agrees with its source"),
        ("team", team, "The delegation log: who has which role, and had"),
        ("signatures", signatures, "Every signature, and whether it still holds"),
        ("decisions", decisions, "Every decision on the dose, and how far one can lean on it today"),
        ("design", design, "What the study's rule does, from the start and from here, beside other designs"),
        ("participants/{number}/whole", whole, "Every entry of a participant as the database holds it"),
    ):
        answers = {200: Found, 304: None, **NO}
        router.get(f"/studies/{{study}}/{path}", response=answers, summary=summary, operation_id=view.__name__)(
            unless_same(view)
        )
    return router


def data(request: HttpRequest, study: StudyName) -> HttpResponse:
    """Give the completeness of every participant, the queries with what could be asked, and source verification."""
    member = member_with(request, study)
    state, today = member.seen.state, today_of(member.seen.state)
    people = completeness(state, today)
    found = {
        "today": today,
        "completeness": people,
        "totals": totals(people),
        "not_counted": not_counted(state),
        "queries": [asdict(one) | {"state": one.state} for one in asked_queries(state)],
        "proposed_queries": list(proposed_queries(state, today)),
        "source_verification": [_verified(one) for one in verifications(state)],
        "locked": state.locked,
    }
    return said({"study": study, "head": state.head.hash, **found}).response()


def team(request: HttpRequest, study: StudyName) -> HttpResponse:
    """Give every role that was ever granted, in the order of the grants; `stands` says whether it does today."""
    state = member_with(request, study).seen.state
    today = today_of(state)
    log = [asdict(one) | {"stands": one.stands(today)} for one in delegation_log(state)]
    return said({"study": study, "head": state.head.hash, "delegation_log": log}).response()


def signatures(request: HttpRequest, study: StudyName) -> HttpResponse:
    """Give every signature: who, when, its meaning, what it covers, and what of that was changed since."""
    member = member_with(request, study)
    found = [as_signed(one) for one in signatures_now(member.seen.state, member.seen.entries)]
    return said({"study": study, "head": member.seen.state.head.hash, "signatures": found}).response()


def decisions(request: HttpRequest, study: StudyName) -> HttpResponse:
    """Give every decision with its signatures, and what by today's knowledge speaks against it."""
    member = member_with(request, study)
    found = [
        {
            "entry": one.decision.latest,
            "decision": one.decision.payload,
            "state": one.state,
            "based_on_entry": one.based_on,
            "signatures": [as_signed(each) for each in one.signatures],
            "discordance": one.discordance,
        }
        for one in decisions_now(member.seen.state, member.seen.entries)
    ]
    return said({"study": study, "head": member.seen.state.head.hash, "decisions": found}).response()


def design(request: HttpRequest, study: StudyName) -> HttpResponse:
    """Give the operating characteristics under each assumed curve: exact, not simulated."""
    from earlyphase.web.designs import designs_of  # noqa: PLC0415 - reads numpy and scipy

    state = member_with(request, study).seen.state
    found = designs_of(state, site_folders()[study])
    return said({"study": study, "head": state.head.hash, **asdict(found)}).response()


def whole(request: HttpRequest, study: StudyName, number: ParticipantPath) -> HttpResponse:
    """Give every entry of a participant with its hash, and the signatures that cover it; refused while it unblinds."""
    member = member_with(request, study)
    if number not in member.seen.state.participants:
        raise NotThere(f"There is no participant {number}.")
    found = whole_record(member, number)
    if isinstance(found, Refused):
        return refused(found).response()
    found["head_entry"], found["head"] = found["head"]["seq"], found["head"]["hash"]
    return said(found).response()


def _verified(one: Any) -> dict[str, Any]:  # noqa: ANN401 - as the query gives it
    return {"participant": one.participant, "verified": len(one.verified), "total": one.total}

"""The queries: where a study stands, what is recorded, what is computed. Each is the query of a page."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated, Any

import orjson
from django.http import HttpRequest, HttpResponse
from ninja import Router
from ninja.params.functions import Path, Query

from earlyphase.analysis.cutoff import at_cutoff
from earlyphase.eligibility.screening import screen_person
from earlyphase.faults import InvalidInput
from earlyphase.journal.entry import Entry
from earlyphase.journal.payloads import read_payload
from earlyphase.protocol.criteria import Stage
from earlyphase.study.cohorts import design_of, escalation, in_levels, what_if
from earlyphase.study.dlt_proposals import ParticipantProposal, dlt_proposals
from earlyphase.study.dlt_review import review_state, visible_reviews
from earlyphase.study.evidence import criteria_of, screened
from earlyphase.study.reporting import reporting_clocks
from earlyphase.study.standing import standing
from earlyphase.study.state import Participant, Study
from earlyphase.study.status import status_of
from earlyphase.study.verification import verify
from earlyphase.web.access import Member
from earlyphase.web.api.answers import refused, said
from earlyphase.web.api.door import NotThere, member_with
from earlyphase.web.api.same import unless_same
from earlyphase.web.api.shapes import Entries, EntryShape, Found, Problem, Studies
from earlyphase.web.blinding import hidden_from, refused_export
from earlyphase.web.clock import today_of
from earlyphase.web.history import Told, told
from earlyphase.web.studies import journal_of

MOST = 500
"""Entries in one answer."""

LARGEST = 2**53
"""The largest number that every reader of JSON keeps exact."""

MOST_PENDING = 6
"""A cohort that is asked about."""

END_OF_DAY = dt.time(23, 59, 59, 999999, tzinfo=dt.UTC)

NO = dict.fromkeys((400, 401, 403, 404, 409, 413, 422, 429, 500, 503), Problem)
"""Every way in which anything here can be answered with no."""

StudyName = Annotated[str, Path(description="The study that the token is for.")]
ParticipantPath = Annotated[str, Path(description="The participant's number.")]
AsOf = Annotated[
    str | None, Query(description="What was recorded by then: 2026-05-03 (its end, UTC), or 2026-05-03T14:30:00Z.")
]
Jurisdictions = Annotated[list[str] | None, Query(description="Whom to report to: ICH, US, EU, CN. All by default.")]
Seq = Annotated[int, Path(ge=1, le=LARGEST)]

_LINES = {"responses": {200: {"content": {"application/jsonl": {"schema": {"type": "string"}}}}}}


def queries() -> Router:
    """Make the addresses of the queries."""
    router = Router(tags=["queries"])
    for path, view, shape, summary in (
        ("/studies", studies, Studies, "The study that the token opens"),
        ("/studies/{study}/status", status, Found, "Where the study stands: the board"),
        ("/studies/{study}/participants", participants, Found, "Every participant, and where each stands"),
        ("/studies/{study}/participants/{number}", participant, Found, "A participant, with every fact that stands"),
        ("/studies/{study}/participants/{number}/screening", screening, Found, "What the facts say of each criterion"),
        ("/studies/{study}/entries", entries, Entries, "Entries of the journal"),
        ("/studies/{study}/entries/{seq}", entry, EntryShape, "One entry"),
        ("/studies/{study}/recommendation", recommendation, Found, "What is recommended, and what would change it"),
        ("/studies/{study}/clocks", clocks, Found, "Which expedited reports are due"),
        ("/studies/{study}/dlt", dlt, Found, "What the protocol proposes for each DLT window"),
        ("/studies/{study}/results", results, Found, "Results as of a cut-off, in the registry's shape"),
        ("/studies/{study}/verification", verification, Found, "Whether the journal is whole, and as it was signed"),
    ):
        router.get(path, response={200: shape, 304: None, **NO}, summary=summary, operation_id=view.__name__)(
            unless_same(view)
        )
    router.get(
        "/studies/{study}/journal",
        response={200: None, 304: None, **NO},
        summary="The journal as the lines of a file",
        operation_id="journal",
        openapi_extra=_LINES,
    )(unless_same(export))
    return router


def studies(request: HttpRequest) -> HttpResponse:
    """Say which study the token opens, and as what."""
    token: Any = getattr(request, "auth", None)
    member = member_with(request, token.study)
    state = member.seen.state
    fields = {
        "study": state.name,
        "title": state.protocol.title,
        "role": member.role,
        "purpose": state.purpose,
        "protocol_version": state.version,
        "entries": state.head.seq,
        "head": state.head.hash,
    }
    return said({"studies": [fields]}).response()


def status(request: HttpRequest, study: StudyName, as_of: AsOf = None) -> HttpResponse:
    """Give the board: levels, slots, windows, the recommendation as it stands, what is due."""
    state, today = _known(member_with(request, study), as_of)
    found = asdict(status_of(state, today))
    return said({**found, "head": state.head.hash, "simulated": state.simulated}).response()


def participants(request: HttpRequest, study: StudyName, as_of: AsOf = None) -> HttpResponse:
    """Give every participant by number, in the order of consent."""
    state, _ = _known(member_with(request, study), as_of)
    found = [_in_short(state, person) for person in state.participants.values()]
    return said({**_of(state), "participants": found}).response()


def participant(request: HttpRequest, study: StudyName, number: ParticipantPath) -> HttpResponse:
    """Give a participant with every fact that stands."""
    member = member_with(request, study)
    state, person, hidden = member.seen.state, _person(member, number), hidden_from(member)
    facts = [
        {
            "entry": fact.latest,
            "record": kind.record,
            "recorded_at": fact.recorded_at,
            "hidden": fact.latest in hidden,
            "payload": None if fact.latest in hidden else fact.payload,
        }
        for kind, found in person.facts.items()
        for fact in found
    ]
    return said({**_of(state), **_in_short(state, person), "facts": facts}).response()


def screening(
    request: HttpRequest,
    study: StudyName,
    number: ParticipantPath,
    stage: Stage = Stage.ENROLMENT,
    on: dt.date | None = None,
) -> HttpResponse:
    """Give the verdict on each criterion that is due, with its evidence, the causes of unknowns and the next tests."""
    member = member_with(request, study)
    state, person = member.seen.state, _person(member, number)
    asked = screened(state, person, stage, on or today_of(state))
    return said({**_of(state), **asdict(screen_person(criteria_of(state), asked, stage))}).response()


def entries(  # noqa: PLR0913, PLR0917 - each is a field of the query
    request: HttpRequest,
    study: StudyName,
    participant: str | None = None,
    record: str | None = None,
    by: str | None = None,
    after: Annotated[int, Query(ge=0, le=LARGEST)] = 0,
    limit: Annotated[int, Query(ge=1, le=MOST)] = 100,
) -> HttpResponse:
    """Give the entries that match, in the order of the journal."""
    member = member_with(request, study)
    wanted = {"participant": participant, "record": record, "by": by}
    matching = [one for one in member.seen.entries if _matches(one, wanted)]
    left = [one for one in matching if one.seq > after]
    page = shown(member, left[:limit])
    last = page[-1]["seq"] if len(left) > limit else None
    head = member.seen.state.head.hash
    return said({"total": len(matching), "next": last, "head": head, "entries": page}).response()


def entry(request: HttpRequest, study: StudyName, seq: Seq) -> HttpResponse:
    """Give one entry of the journal."""
    member = member_with(request, study)
    found = [one for one in member.seen.entries if one.seq == seq]
    if not found:
        raise NotThere(f"There is no entry {seq}.")
    return said(shown(member, found)[0]).response()


def recommendation(
    request: HttpRequest,
    study: StudyName,
    pending: Annotated[int | None, Query(ge=0, le=MOST_PENDING, description="How many are awaited; as it is.")] = None,
) -> HttpResponse:
    """Give the recommendation as it stands, and what each way in which those who are awaited turn out leads to."""
    state = member_with(request, study).seen.state
    now, protocol = escalation(state), state.protocol
    level, awaited = now.opening.level, len(now.unresolved) if pending is None else pending
    answers = what_if(design_of(protocol), now.tally, protocol.doses.index(level), awaited) if level is not None else {}
    outcomes = [
        {"evaluable": evaluable, "dlts": dlts, "recommendation": in_levels(protocol, answer)}
        for (evaluable, dlts), answer in answers.items()
    ]
    found = {
        "phase": now.opening.phase,
        "level": level,
        "recommendation": now.seen,
        "decision_due": now.decision_due,
        "awaited": [one.participant for one in now.unresolved],
        "what_if": outcomes,
    }
    return said({**_of(state), **found}).response()


def clocks(
    request: HttpRequest, study: StudyName, as_of: AsOf = None, jurisdiction: Jurisdictions = None
) -> HttpResponse:
    """Give every expedited report that is due or was sent: what is open comes first."""
    state, today = _known(member_with(request, study), as_of)
    found = [{**asdict(one), "progress": one.progress} for one in reporting_clocks(state, today, jurisdiction or ())]
    return said({**_of(state), "today": today, "clocks": found}).response()


def dlt(request: HttpRequest, study: StudyName, as_of: AsOf = None) -> HttpResponse:
    """Give for each window what the protocol's definition proposes, and the reviews that you may see."""
    member = member_with(request, study)
    state, today = _known(member, as_of)
    found = [_proposal(state, one, member.person.full_name) for one in dlt_proposals(state, today)]
    return said({**_of(state), "today": today, "proposals": found}).response()


def results(request: HttpRequest, study: StudyName, cutoff: dt.date | None = None, as_of: AsOf = None) -> HttpResponse:
    """Give the results up to a clinical day, as they were known at a moment: what ClinicalTrials.gov takes."""
    from earlyphase.exchange.registry_results import registry_results  # noqa: PLC0415 - reads scipy: kept out of the start

    state, _ = _known(member_with(request, study), as_of)
    cut, day = at_cutoff(state, cutoff)
    return said({**_of(state), "cutoff": day, "resultsSection": registry_results(cut)}).response()


def verification(request: HttpRequest, study: StudyName, head: str | None = None) -> HttpResponse:
    """Verify the journal as it lies in the database, and against a head hash that is known from elsewhere."""
    member = member_with(request, study)
    found = verify(journal_of(study).read(), member.seen.protocols, head)
    fields = {
        "sound": found.sound,
        "entries": found.entries,
        "protocols": found.protocols,
        "signatures": found.signatures,
        "decisions": found.decisions,
        "known_head_is_entry": found.known_head.seq if found.known_head else None,
        "damage": [asdict(one) for one in found.damage],
    }
    return said({"study": study, "head": found.head.hash, **fields}).response()


def export(request: HttpRequest, study: StudyName) -> HttpResponse:
    """Give the journal as the lines of a file store, verified; refused while it would unblind a reviewer."""
    member = member_with(request, study)
    if no := refused_export(member):
        return refused(no).response()
    answer = HttpResponse(journal_of(study).export(), content_type="application/jsonl")
    answer["Cache-Control"] = "private, no-store"
    return answer


def shown(member: Member, found: Sequence[Entry]) -> list[dict[str, Any]]:
    """Give entries as the interface shows them: without what a reviewer may not see yet."""
    return [_entry(one) for one in told(member.seen.entries, hidden_from(member), found)]


def _entry(one: Told) -> dict[str, Any]:
    names = ("seq", "kind", "record", "participant", "recorded_at", "recorded_by", "role", "supersedes", "hash")
    fields = {name: getattr(one.entry, name) for name in names}
    fields["followed_by"] = one.followed_by.seq if one.followed_by else None
    fields |= {"hidden": one.hidden, "reason": None if one.hidden else one.entry.reason}
    return fields | {"payload": None if one.hidden else orjson.loads(one.entry.payload)}


def _matches(one: Entry, wanted: dict[str, str | None]) -> bool:
    values = {"participant": one.participant, "record": one.record.partition("/")[0], "by": one.recorded_by}
    return all(asked is None or values[name] == asked for name, asked in wanted.items())


def _of(state: Study) -> dict[str, Any]:
    return {"study": state.name, "head": state.head.hash, "simulated": state.simulated}


def _known(member: Member, as_of: str | None) -> tuple[Study, dt.date]:
    """Give the study as it was known at a moment, and the day from which it is looked at."""
    if as_of is None:
        return member.seen.state, today_of(member.seen.state)
    moment = _moment(as_of)
    state = member.seen.as_of(moment).state
    return state, today_of(state, moment)


def _moment(text: str) -> dt.datetime:
    remedy = "Write it as 2026-05-03, or with a time and its zone: 2026-05-03T14:30:00Z."
    try:
        if len(text) == len("2026-05-03"):
            return dt.datetime.combine(dt.date.fromisoformat(text), END_OF_DAY)
        moment = dt.datetime.fromisoformat(text).astimezone(dt.UTC) if _has_zone(text) else None
    except (ValueError, OverflowError):
        raise InvalidInput("as_of", text, "is not a moment.", remedy) from None
    if moment is None:
        raise InvalidInput("as_of", text, "has no time zone.", remedy)
    return moment


def _has_zone(text: str) -> bool:
    return dt.datetime.fromisoformat(text).tzinfo is not None


def _person(member: Member, number: str) -> Participant:
    found = member.seen.state.participants.get(number)
    if found is None:
        raise NotThere(f"There is no participant {number}.")
    return found


def _in_short(state: Study, person: Participant) -> dict[str, Any]:
    place = standing(state.protocol, person)
    return {
        "participant": person.id,
        "level": person.level,
        "consented_on": person.consent.on if person.consent else None,
        "enrolled_on": person.enrolment.on if person.enrolment else None,
        "infused_on": person.infusion.on if person.infusion else None,
        "dlt": place.state if place else None,
        "left_study_on": person.left_study_on,
    }


def _proposal(state: Study, one: ParticipantProposal, viewer: str) -> dict[str, Any]:
    review = review_state(state.protocol, state.participants[one.participant])
    fields = {name: getattr(one, name) for name in one.__slots__}
    fields["findings"] = [
        {"event": each.event.name, "clause": each.clause.id, "fires": each.fires.value, "reason": each.reason}
        for each in one.findings
    ]
    seen = [{"entry": fact.entry, "review": fact.payload} for fact in visible_reviews(review, viewer)]
    return {**fields, "reviews": {"state": review.says, "wanted": review.wanted, "seen": seen}}


def standing_payload(one: Entry) -> dict[str, Any]:
    """Give what an entry says, brought up to the present schema, as JSON values."""
    return orjson.loads(read_payload(one).model_dump_json(exclude_none=True))

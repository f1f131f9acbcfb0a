"""The screening log: everybody who consented, each criterion's verdict with its evidence, and what is missing."""

from collections import Counter
from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from earlyphase.eligibility.screening import Eligibility
from earlyphase.study.deviations import deviations
from earlyphase.study.screening_log import Logged, LoggedCriterion, Outcome, logged, screening_log
from earlyphase.web.access import Member, for_members
from earlyphase.web.clock import today_of
from earlyphase.web.pages import study_page

JSON = "application/json"
FILTERS = ("participant", "outcome", "eligibility", "criterion")


@require_safe
@for_members
def screening(request: HttpRequest, member: Member) -> HttpResponse:
    """Show the log, filtered, as a page or as JSON."""
    study = member.seen.state
    log = screening_log(study, today_of(study))
    wanted = {name: request.GET.get(name, "").strip() for name in FILTERS}
    found = tuple(one for one in log if _matches(one, wanted))
    if wants_json(request):
        return _json(member, found)
    counts = Counter(one.outcome for one in log)
    context = {
        "log": found,
        "total": len(log),
        "counts": tuple((outcome.value, counts[outcome]) for outcome in Outcome),
        "wanted": wanted,
        "outcomes": tuple(outcome.value for outcome in Outcome),
        "eligibilities": tuple(one.value for one in Eligibility),
        "criteria": tuple(one.id for one in study.protocol.criteria),
        "query": request.GET.urlencode(),
    }
    return study_page(request, "screening.html", member, context)


@require_safe
@for_members
def screening_of(request: HttpRequest, member: Member, number: str) -> HttpResponse:
    """Show one participant's verdicts in full, criterion by criterion."""
    study, person = member.seen.state, member.participant(number)
    deviating = tuple(one for one in deviations(study) if one.participant == number)
    one = logged(study, person, today_of(study), deviating)
    if wants_json(request):
        return _json(member, (one,))
    return study_page(request, "screening_of.html", member, {"person": person, "one": one})


def wants_json(request: HttpRequest) -> bool:
    """Tell whether a program asks: by `format=json`, or because it accepts nothing else as gladly."""
    return request.GET.get("format") == "json" or request.get_preferred_type(["text/html", JSON]) == JSON


def _matches(one: Logged, wanted: dict[str, str]) -> bool:
    open_or_failed = {each.id for each in (*one.failing, *one.unsettled)}
    return (
        (not wanted["participant"] or wanted["participant"].lower() in one.participant.lower())
        and wanted["outcome"] in ("", one.outcome.value)
        and wanted["eligibility"] in ("", one.eligibility.value)
        and (not wanted["criterion"] or wanted["criterion"] in open_or_failed)
    )


def _json(member: Member, found: tuple[Logged, ...]) -> HttpResponse:
    study = member.seen.state
    answer = {
        "study": study.name,
        "simulated": study.simulated,
        "head": study.head.hash,
        "protocol_version": study.version,
        "today": today_of(study),
        "participants": [_fields(one) for one in found],
    }
    return HttpResponse(orjson.dumps(answer), content_type=JSON)


def _fields(one: Logged) -> dict[str, Any]:
    return {
        "participant": one.participant,
        "consented_on": one.consented_on,
        "outcome": one.outcome,
        "ended": one.ended or None,
        "stage": one.stage,
        "on": one.on,
        "eligibility": one.eligibility,
        "criteria": [_criterion(each) for each in one.criteria],
        "fewest_tests": [{"test": need.test, "about": need.about} for need in one.next_tests],
        "waits": [wait.says for wait in one.waits],
        "terms_that_no_criterion_knows": one.ignored,
        "deviations": [{"act": each.act, "on": each.on, "because": each.because} for each in one.deviations],
    }


def _criterion(each: LoggedCriterion) -> dict[str, Any]:
    stated = each.statement
    return {
        "id": each.id,
        "kind": each.kind,
        "stage": each.stage,
        "verdict": each.verdict,
        "standing": each.standing,
        "evidence": [
            {
                "about": shown.evidence.about,
                "value": shown.evidence.value,
                "on": shown.evidence.on,
                "because": shown.evidence.because,
                "entries": shown.entries,
            }
            for shown in each.evidence
        ],
        "unknown": [{"cause": one.cause, "says": one.says, "test": one.need.test} for one in each.unknowns],
        "statement": stated
        and {
            "by": stated.by,
            "on": stated.on,
            "stage": stated.stage,
            "verdict": stated.verdict,
            "says": stated.says or None,
            "entry": stated.entry,
        },
        "settled_by_statement": each.settled,
    }

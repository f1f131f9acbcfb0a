"""Which rules a record must pass before it is appended."""

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

from earlyphase.dates import PartialDate
from earlyphase.journal.payloads import checking, conduct, delegation, entering, safety, treatment
from earlyphase.journal.payloads.payload import Payload
from earlyphase.study import (
    rules_checking,
    rules_conduct,
    rules_eligibility,
    rules_entering,
    rules_events,
    rules_review,
    rules_safety,
    rules_team,
    rules_treatment,
)
from earlyphase.study.course import ORDER, course_reasons, spoken
from earlyphase.study.refusal import Reason
from earlyphase.study.state import Fact, Participant, Study

AHEAD_OF_UTC = dt.timedelta(hours=14)
"""The site furthest ahead: its date may be a day later than the date in UTC."""

HALTED: tuple[type[Payload], ...] = (
    entering.Enrolment,
    treatment.Leukapheresis,
    treatment.Lymphodepletion,
    treatment.Infusion,
)
"""What does not happen while the study is suspended."""

HELD_AGAIN: tuple[type[Payload], ...] = (
    entering.EligibilityConfirmed,
    safety.AdverseEvent,
    safety.DltAdjudication,
    safety.Death,
)
"""What is held against its own rules again when it is corrected: findings, not acts."""

PARTICIPANT_RULES: dict[type[Payload], tuple[Callable[[Study, Participant, Any], Iterator[Reason]], ...]] = {
    entering.EligibilityConfirmed: (rules_eligibility.eligibility,),
    entering.Enrolment: (rules_entering.enrolment, rules_eligibility.enrolment),
    treatment.Leukapheresis: (rules_treatment.still_in,),
    treatment.ProductReleased: (rules_treatment.release,),
    treatment.Lymphodepletion: (rules_treatment.still_in, rules_treatment.lymphodepletion),
    treatment.Infusion: (rules_treatment.still_in, rules_treatment.infusion, rules_eligibility.infusion),
    safety.AdverseEvent: (rules_events.adverse_event,),
    safety.DltReview: (rules_review.review,),
    safety.DltAdjudication: (rules_safety.adjudication,),
    safety.SafetyReport: (rules_safety.safety_report,),
    safety.Death: (rules_safety.fatal_event,),
    checking.Query: (rules_checking.query,),
    checking.QueryAnswer: (rules_checking.query_goes_on,),
    checking.QueryClosed: (rules_checking.query_goes_on,),
    checking.SourceVerified: (rules_checking.source_verified,),
}

STUDY_RULES: dict[type[Payload], tuple[Callable[[Study, Any], Iterator[Reason]], ...]] = {
    delegation.RoleGranted: (rules_team.delegation,),
    delegation.RoleEnded: (rules_team.delegation,),
    conduct.ProtocolActivated: (rules_conduct.activation,),
    conduct.ProtocolAmended: (rules_conduct.activation,),
    conduct.DoseDecision: (rules_conduct.dose_decision,),
    conduct.StudySuspended: (rules_conduct.suspension,),
    conduct.StudyResumed: (rules_conduct.suspension,),
    conduct.DataLock: (rules_checking.data_lock,),
}


def reasons_against(study: Study, participant: str | None, payload: Payload, at: dt.datetime) -> Iterator[Reason]:
    """Find every reason not to record a payload now."""
    if blocked := [*rules_conduct.active(study, payload), *named_rightly(study, participant, payload)]:
        yield from blocked
        return
    yield from not_in_the_future(payload, at)
    if isinstance(payload, HALTED):
        yield from rules_conduct.running(study)
    if participant is None:
        for rule in STUDY_RULES.get(type(payload), ()):
            yield from rule(study, payload)
        return
    yield from _for_participant(study, study.participants.get(participant, Participant(participant, {})), payload)


def _for_participant(study: Study, person: Participant, payload: Payload) -> Iterator[Reason]:
    found = list(new_course_reasons(person, person.adding(payload)))
    yield from found
    accepted = getattr(payload, "deviation", None) is not None
    said = {reason.message for reason in found}
    for rule in PARTICIPANT_RULES.get(type(payload), ()):
        for reason in rule(study, person, payload):
            if reason.message not in said and not (accepted and reason.deviation_possible):
                yield reason


def missing_steps(study: Study, participant: str | None, kind: type[Payload]) -> Iterator[Reason]:
    """Find the steps that a record needs and that are not there: they say more than a field that is missing too."""
    person = study.participants.get(participant or "")
    for first, then in ORDER:
        if then is kind and (person is None or not person.all(first)):
            yield Reason(
                "order",
                f"{participant}: {spoken(first)} is not recorded, and {spoken(kind)} needs it.",
                remedy=f"Record {spoken(first)} first.",
            )


def correction_reasons(study: Study, person: Participant, fact: Fact[Payload], payload: Payload) -> Iterator[Reason]:
    """Find every reason not to replace what an entry says.

    A correction is held against the participant's own course, and again against the rules on what it says. Slots were
    decided when the act was recorded, so only another level asks for one.
    """
    yield from new_course_reasons(person, person.replacing(fact.entry, payload))
    without = person.replacing(fact.entry, None)
    if isinstance(payload, HELD_AGAIN):
        for rule in PARTICIPANT_RULES[type(payload)]:
            yield from rule(study, without, payload)
    if isinstance(payload, safety.DltReview):
        yield from rules_review.corrected_review(study, without, payload)
    if isinstance(payload, entering.Enrolment) and payload.level != level_before(fact) and payload.deviation is None:
        yield from rules_entering.slot(study, person, payload)


def level_before(fact: Fact[Payload]) -> int | None:
    """Give the level that an enrolment named before it was corrected."""
    return fact.payload.level if isinstance(fact.payload, entering.Enrolment) else None


def new_course_reasons(before: Participant, after: Participant) -> Iterator[Reason]:
    """Find what a change makes impossible in a participant's course."""
    known = set(course_reasons(before))
    yield from (reason for reason in course_reasons(after) if reason not in known)


def named_rightly(study: Study, participant: str | None, payload: Payload) -> Iterator[Reason]:
    """A participant's record names one who is known, and a record of the study names nobody."""
    if payload.about == "study":
        if participant is not None:
            yield Reason(
                "participant",
                f"{payload.record} concerns the whole study, not {participant}.",
                remedy="Leave the participant out.",
            )
    elif participant is None:
        yield Reason(
            "participant", f"{payload.record} is a participant's: none is named.", remedy="Name the participant."
        )
    elif participant not in study.participants and not isinstance(payload, entering.Consent):
        yield Reason(
            "consent",
            f"{participant} is not known to the study: there is no consent.",
            remedy="Record the consent first.",
        )


def not_in_the_future(payload: Payload, at: dt.datetime) -> Iterator[Reason]:
    """Facts lie in the past."""
    latest = (at.astimezone(dt.UTC) + AHEAD_OF_UTC).date()
    for field, value in payload:
        day = value.earliest if isinstance(value, PartialDate) else value
        if isinstance(day, dt.date) and day > latest and field not in payload.ahead:
            yield Reason(
                "future",
                f"{spoken(type(payload))}: {field} is {value}, which has not come yet (it is {at:%Y-%m-%d %H:%M} UTC).",
                remedy="Correct the date.",
            )

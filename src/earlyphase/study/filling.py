"""Fills in the fields of a command that the study itself knows, so that nobody types them."""

from typing import Any

from earlyphase.journal.payloads.conduct import DoseDecision, ProtocolActivated, ProtocolAmended
from earlyphase.journal.payloads.entering import Enrolment
from earlyphase.journal.payloads.payload import Payload
from earlyphase.journal.payloads.safety import DltAdjudication, DltReview
from earlyphase.journal.payloads.treatment import Infusion
from earlyphase.study.cohorts import escalation
from earlyphase.study.dlt_review import review_state
from earlyphase.study.state import Study

AS_RECOMMENDED = "as recommended"
"""What a committee writes as its decision when it follows the advice."""


def filled(
    study: Study, kind: type[Payload], participant: str | None, fields: dict[str, Any], by: str
) -> dict[str, Any]:
    """Give the fields with what was left out and is known: of the study, and of who records."""
    if kind is ProtocolActivated or kind is ProtocolAmended:
        return _with_protocol(study, kind, fields)
    if kind is Infusion:
        return _with_dose(study, participant, fields)
    if kind is DoseDecision and study.version is not None:
        return _with_advice(study, fields)
    known: dict[str, Any] = {}
    if kind is Enrolment:
        known = {"level": escalation(study).opening.level or study.protocol.doses.start}
    elif kind is DltReview:
        known = {"reviewer": by}
    elif kind is DltAdjudication:
        known = _of_reviews(study, participant)
    return {**known, **fields}


def _with_protocol(study: Study, kind: type[Payload], fields: dict[str, Any]) -> dict[str, Any]:
    known = {"version": next(iter(study.protocols))} if kind is ProtocolActivated else {}
    complete = {**known, **fields}
    version = study.protocols.get(str(complete.get("version")))
    return {"sha256": version.sha256, **complete} if version else complete


def _with_dose(study: Study, participant: str | None, fields: dict[str, Any]) -> dict[str, Any]:
    person = study.participants.get(participant or "")
    level = fields.get("level", person.level if person else None)
    if level not in study.protocol.doses.numbers:
        return fields
    dose = study.protocol.doses.dose(level)
    return {"level": level, "assigned": {"value": dose.value, "unit": dose.unit}, **fields}


def _of_reviews(study: Study, participant: str | None) -> dict[str, Any]:
    person = study.participants.get(participant or "")
    found = review_state(study.protocol, person) if person else None
    if found is None or found.outcome is None:
        return {}
    finding = found.outcome.model_dump(mode="json", exclude={"on", "reviewer", "because"}, exclude_none=True)
    return {**finding, "reviewers": found.reviewers}


def _with_advice(study: Study, fields: dict[str, Any]) -> dict[str, Any]:
    now = escalation(study)
    known = {
        "based_on": study.head.hash,
        "protocol_version": study.version,
        "recommended": now.seen.model_dump(mode="json"),
    }
    if fields.get("decision") == AS_RECOMMENDED:
        known |= {
            "next_level": now.seen.next_level,
            "cohort_size": now.recommendation.cohort_size,
            "rp2d": now.seen.mtd,
        }
        fields = {**fields, "decision": now.seen.decision.value}
    return {**known, **fields}

"""The closed union of payload types: what an entry of the journal can hold.

Old entries are never migrated. When a type changes, its number rises and `UPCASTERS` gains a pure function from the
old JSON object to the new one.
"""

from collections.abc import Callable
from typing import Any

import orjson
from pydantic import ValidationError

from earlyphase.faults import Broken, InvalidInput
from earlyphase.journal.entry import Entry
from earlyphase.journal.payloads import (
    bedside,
    checking,
    conduct,
    delegation,
    entering,
    leaving,
    observations,
    safety,
    treatment,
)
from earlyphase.journal.payloads.payload import Payload

TYPES: tuple[type[Payload], ...] = (
    delegation.RoleGranted,
    delegation.RoleEnded,
    conduct.ProtocolActivated,
    conduct.ProtocolAmended,
    entering.Consent,
    entering.ScreeningFacts,
    entering.EligibilityConfirmed,
    entering.ScreenFailure,
    entering.Enrolment,
    treatment.Leukapheresis,
    treatment.ProductReleased,
    treatment.ProductFailed,
    treatment.Lymphodepletion,
    treatment.Infusion,
    observations.Visit,
    observations.Laboratory,
    observations.VitalSigns,
    bedside.BedsideChart,
    observations.Marrow,
    observations.Mrd,
    observations.ExtramedullaryFinding,
    observations.ResponseAssessment,
    safety.AdverseEvent,
    safety.SafetyReport,
    safety.DltReview,
    safety.DltAdjudication,
    leaving.Relapse,
    leaving.Transplant,
    leaving.NewTherapy,
    leaving.Withdrawal,
    leaving.LossToFollowUp,
    safety.Death,
    checking.Query,
    checking.QueryAnswer,
    checking.QueryClosed,
    checking.SourceVerified,
    conduct.DoseDecision,
    conduct.StudySuspended,
    conduct.StudyResumed,
    conduct.DataLock,
    conduct.Signature,
)
"""Every payload type, in the order of a study's course."""

BY_NAME: dict[str, type[Payload]] = {kind.record: kind for kind in TYPES}

UPCASTERS: dict[tuple[str, int], Callable[[dict[str, Any]], dict[str, Any]]] = {}
"""From the type and number of an old payload to the same payload one number later."""

_CURRENT = {f"{kind.record}/{kind.number}": kind for kind in TYPES}


def label(kind: type[Payload]) -> str:
    """Write a payload type as entries do: `infusion/1`."""
    return f"{kind.record}/{kind.number}"


def write_payload(payload: Payload) -> str:
    """Write a payload as the text that the journal keeps.

    Raises:
        ValueError: what would be read back is not what is written; nothing may be appended then.
    """
    text = payload.model_dump_json(exclude_none=True)
    if type(payload).model_validate_json(text) != payload:
        raise ValueError(f"{payload.record} does not read back as it was written: {text}")
    return text


def kind_of(entry: Entry) -> type[Payload]:
    """Find the payload type of an entry, without reading the payload.

    Raises:
        Broken: this version of the software does not know it.
    """
    kind = _CURRENT.get(entry.record) or BY_NAME.get(entry.record.partition("/")[0])
    if kind is None:
        raise Broken(
            f"entry {entry.seq}",
            entry.record,
            "is not a record that is known.",
            "Read it with the version that wrote it.",
        )
    return kind


def read_payload(entry: Entry) -> Payload:
    """Read the payload of an entry, brought up to the present schema.

    Raises:
        Broken: this version of the software cannot read it.
    """
    kind = _CURRENT.get(entry.record)
    try:
        if kind is not None:
            return kind.model_validate_json(entry.payload)
        return _upcast(entry)
    except (ValidationError, KeyError) as fault:
        raise Broken(
            f"entry {entry.seq}", entry.record, f"cannot be read: {fault}.", "Read it with the version that wrote it."
        ) from None


def _upcast(entry: Entry) -> Payload:
    name, _, number = entry.record.partition("/")
    kind, fields = BY_NAME[name], orjson.loads(entry.payload)
    for step in range(int(number or 0), kind.number):
        fields = UPCASTERS[name, step](fields)
    return kind.model_validate_json(orjson.dumps(fields))


def payload_type(name: str, place: str) -> type[Payload]:
    """Find a payload type by its name.

    Raises:
        InvalidInput: there is none of that name.
    """
    import difflib  # noqa: PLC0415 - needed only to help

    if name in BY_NAME:
        return BY_NAME[name]
    near = difflib.get_close_matches(name, BY_NAME, n=1)
    raise InvalidInput(
        place,
        name,
        "is not a record of the journal.",
        f"Did you mean {near[0]!r}?" if near else f"Known are {', '.join(BY_NAME)}.",
    )

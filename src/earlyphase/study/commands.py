"""What a person can ask of a study: to record something, to correct or void an entry, to sign."""

from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, Field, TypeAdapter, ValidationError

from earlyphase.faults import InvalidInput
from earlyphase.journal.payloads import BY_NAME, TYPES
from earlyphase.journal.payloads.payload import EntryNumber, Name, Sentence
from earlyphase.protocol.stated import Model

ParticipantNumber = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9-]{0,19}$")]

FILLED_IN: dict[str, frozenset[str]] = {
    "protocol_activated": frozenset({"version", "sha256"}),
    "protocol_amended": frozenset({"sha256"}),
    "enrolment": frozenset({"level"}),
    "infusion": frozenset({"level", "assigned"}),
    "dlt_review": frozenset({"reviewer"}),
    "dlt_adjudication": frozenset({"verdict", "adverse_event", "not_evaluable", "reviewers"}),
    "dose_decision": frozenset({"based_on", "protocol_version", "recommended"}),
}
"""Fields that may be left out of a command: the study knows them, or they are who records."""


class _Command(Model):
    recorded_at: AwareDatetime | None = None
    """When it is recorded; only in a simulation or a training journal, elsewhere the clock decides."""


class Record(_Command):
    """Record something new."""

    command: str
    """The name of the record: `consent`, `infusion`, `dose_decision` …"""
    participant: ParticipantNumber | None = None
    payload: dict[str, Any]


class Correct(_Command):
    """Replace what an entry says, in full."""

    command: Literal["correct"]
    entry: EntryNumber
    payload: dict[str, Any]
    reason: Sentence


class Void(_Command):
    """Take an entry out of the state; the history keeps it."""

    command: Literal["void"]
    entry: EntryNumber
    reason: Sentence


class Sign(_Command):
    """Sign everything that the journal holds."""

    command: Literal["sign"]
    meaning: Sentence
    printed_name: Name


Command = Record | Correct | Void | Sign

_BY_WORD: dict[str, type[Correct | Void | Sign]] = {"correct": Correct, "void": Void, "sign": Sign}


def read_command(text: str | bytes, place: str) -> Command:
    """Read one command from a line of JSON.

    Raises:
        InvalidInput: it is not JSON, or not a command; the field is named.
    """
    try:
        fields = TypeAdapter(dict[str, Any]).validate_json(text)
    except ValidationError as fault:
        raise InvalidInput(place, None, f"is not a JSON object: {fault.errors()[0]['msg']}.") from None
    kind = _BY_WORD.get(str(fields.get("command")), Record)
    try:
        return kind.model_validate_json(text)
    except ValidationError as fault:
        raise invalid_fields(place, fault) from None


def invalid_fields(place: str, fault: ValidationError) -> InvalidInput:
    """Say which field is wrong, what stands there and what was expected."""
    first = fault.errors()[0]
    where = ".".join(str(part) for part in first["loc"])
    missing = first["type"] == "missing"
    value = None if missing or isinstance(first["input"], dict) else first["input"]
    rest = f" ({fault.error_count() - 1} more faults)" if fault.error_count() > 1 else ""
    return InvalidInput(
        f"{place}, field {where or 'of the whole'}", value, f"{first['msg'].removeprefix('Value error, ')}.{rest}"
    )


def command_schemas() -> dict[str, dict[str, Any]]:
    """Give the JSON Schema of every command, by its name."""
    records = {kind.record: _record_schema(kind.record) for kind in TYPES if kind.record != "signature"}
    return records | {word: kind.model_json_schema() for word, kind in _BY_WORD.items()}


def _record_schema(name: str) -> dict[str, Any]:
    kind = BY_NAME[name]
    payload = kind.model_json_schema()
    definitions = payload.pop("$defs", {})
    payload["required"] = [field for field in payload.get("required", []) if field not in FILLED_IN.get(name, ())]
    schema = Record.model_json_schema()
    schema["title"], schema["description"] = name, (kind.__doc__ or "").strip()
    schema["properties"]["command"] = {"const": name}
    schema["properties"]["payload"] = payload
    if kind.about == "participant":
        schema["required"] = ["command", "participant", "payload"]
    if definitions:
        schema["$defs"] = definitions
    return schema

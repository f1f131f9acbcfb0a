"""`earlyphase study schema`: the JSON Schema of a study's files."""

import json
from enum import StrEnum
from typing import Annotated, Any, assert_never

import typer


class File(StrEnum):
    """The files that have a schema."""

    PROTOCOL = "protocol"
    PATIENT = "patient"
    CASE = "case"


def command(
    of: Annotated[
        File, typer.Argument(help="Of which file: a protocol, a patient's facts, a worked case.")
    ] = File.PROTOCOL,
    as_json: Annotated[bool, typer.Option("--json", help="On one line, for programs.")] = False,
) -> None:
    """Print the JSON Schema of a file, so that an editor completes and checks what you write.

    Example: earlyphase study schema patient > patient.schema.json
    """
    print(json.dumps(schema(of), ensure_ascii=False, indent=None if as_json else 2))


def schema(of: File) -> dict[str, Any]:
    """Give the JSON Schema of a kind of file."""
    match of:
        case File.PROTOCOL:
            from earlyphase.protocol.json_schema import protocol_schema  # noqa: PLC0415 - only what is asked for

            return protocol_schema()
        case File.PATIENT:
            from earlyphase.eligibility.facts import patient_schema  # noqa: PLC0415 - as above

            return patient_schema()
        case File.CASE:
            from earlyphase.eligibility.cases import case_schema  # noqa: PLC0415 - as above

            return case_schema()
        case _:
            assert_never(of)

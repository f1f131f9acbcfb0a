"""`earlyphase study schema`: the JSON Schema of a protocol file."""

import json
from typing import Annotated

import typer

from earlyphase.protocol.json_schema import protocol_schema


def command(
    as_json: Annotated[bool, typer.Option("--json", help="On one line, for programs.")] = False,
) -> None:
    """Print the JSON Schema of a protocol file, so that an editor completes and checks what you write.

    Example: earlyphase study schema > protocol.schema.json
    """
    print(json.dumps(protocol_schema(), ensure_ascii=False, indent=None if as_json else 2))

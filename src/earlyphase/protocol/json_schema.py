"""The JSON Schema of a protocol file, for editors."""

from typing import Any

from earlyphase.protocol.model import Protocol


def protocol_schema() -> dict[str, Any]:
    """Give the JSON Schema of a protocol file."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **Protocol.model_json_schema()}

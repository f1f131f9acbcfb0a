"""Completes the description of the interface: what each record takes, an example of it, and the registry's pages."""

from functools import cache
from importlib.resources import files
from typing import Any

import orjson

from earlyphase.study.commands import command_schemas
from earlyphase.web.api.once import HEADER, KEY
from earlyphase.web.api.registry_description import registry_paths

JSON = "application/json"


def complete(found: Any) -> Any:  # noqa: ANN401 - JSON, as all below
    """Complete what the framework has found out: it knows no payloads, and takes a header that must be for optional."""
    paths = found["paths"]
    for operation in (one for methods in paths.values() for one in methods.values()):
        for parameter in operation.get("parameters", ()):
            if parameter["name"] == HEADER:
                parameter |= {"required": True, "schema": {"type": "string", "pattern": f"^{KEY}$"}}
                parameter["example"] = "visit-001-day-7"
    known = examples()
    for name, schema in command_schemas().items():
        for path, methods in paths.items():
            if path.endswith(f"/records/{name}") and "requestBody" in methods["post"]:
                content = {"schema": _body(schema, found), "example": known[name]}
                methods["post"]["requestBody"]["content"][JSON] = content
    paths |= registry_paths()
    return found


@cache
def examples() -> dict[str, dict[str, Any]]:
    """Give a request for every record that a program can make, by the record's name. The people are virtual."""
    return orjson.loads((files("earlyphase.web.api") / "examples.json").read_bytes())


def _body(schema: dict[str, Any], whole: dict[str, Any]) -> dict[str, Any]:
    """Give the body of a record, its definitions moved to where OpenAPI has them."""
    moved = _moved(schema)
    whole["components"]["schemas"].update(moved.pop("$defs", {}))
    wanted = {name: moved["properties"][name] for name in ("participant", "payload")}
    required = [name for name in moved["required"] if name in wanted]
    return {"type": "object", "title": moved["title"], "properties": wanted, "required": required}


def _moved(value: Any) -> Any:  # noqa: ANN401
    if isinstance(value, dict):
        found: dict[str, Any] = {name: _moved(inner) for name, inner in value.items()}  # pyright: ignore[reportUnknownVariableType]
        if isinstance(found.get("$ref"), str):
            found["$ref"] = found["$ref"].replace("#/$defs/", "#/components/schemas/")
        return found
    return [_moved(inner) for inner in value] if isinstance(value, list) else value  # pyright: ignore[reportUnknownVariableType]

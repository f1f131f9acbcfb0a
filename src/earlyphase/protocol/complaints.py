"""Turns what a model says of a value into a sentence for the person who wrote it."""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic_core import ErrorDetails

from earlyphase.protocol.yaml_tree import Tree

_EXPECTED = {
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "string_type": "text: put it in quotes",
    "bool_type": "true or false",
    "tuple_type": "a list",
    "list_type": "a list",
    "frozen_set_type": "a list",
    "model_type": "a mapping of keys and values",
    "dict_type": "a mapping of keys and values",
    "model_attributes_type": "a mapping of keys and values",
    "dataclass_type": "a mapping of keys and values",
    "dataclass_exact_type": "a mapping of keys and values",
}
"""What was expected, by the kind of error."""

_NOTHING: Mapping[str, Any] = {}

Path = tuple[int | str, ...]

_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Complaint:
    """What is wrong in one line."""

    line: int
    value: object
    rule: str
    remedy: str = ""
    absent: bool = False
    """Whether something is missing; a mistyped key is often why, so it is told first."""


def complaint(error: ErrorDetails, schema: Mapping[str, Any], tree: Tree, whole: str = "the protocol") -> Complaint:
    """Say what is wrong with a file in one place.

    Args:
        error: what the model says.
        schema: the JSON Schema of the model.
        tree: what the file says.
        whole: what to call the whole of it.
    """
    path = error["loc"]
    key = str(path[-1]) if path else ""
    there = schema_at(schema, path[:-1])
    match error["type"]:
        case "missing":
            rule = f"{_name(path[:-1], whole)} has no `{key}`."
            return Complaint(_find(tree, path).line, None, rule, _describe(there, key), absent=True)
        case "extra_forbidden" | "unexpected_keyword_argument":
            return Complaint(
                _key_line(tree, path), key, f"is not a key of {_name(path[:-1], whole)}.", nearest_key(key, there)
            )
        case "enum" | "literal_error":
            if key == "[key]":  # pydantic's name for the key of a mapping itself
                return _choice(error, path[:-2], schema_at(schema, (*path[:-2], key)), tree)
            return _choice(error, path, schema_at(schema, path), tree)
        case "value_error":
            return Complaint(
                _find(tree, path).line, None, _sentence(str(error["ctx"]["error"])) if "ctx" in error else ""
            )
        case kind:
            expected = _EXPECTED.get(kind)
            known = schema_at(schema, path).get("properties", {})
            keys = f" Its keys: {', '.join(known)}." if known else ""
            rule = f"is not {expected}." if expected else f"is not valid: {_sentence(error['msg'])}"
            line, value = _find(tree, path).line, _shown(error["input"])
            return Complaint(line, value, f"at {_name(path, whole)} {rule}", keys.strip())


def _choice(error: ErrorDetails, path: Path, schema: Mapping[str, Any], tree: Tree) -> Complaint:
    choices = [str(one) for one in schema.get("enum", [schema["const"]] if "const" in schema else [])]
    near = difflib.get_close_matches(str(error["input"]), choices, n=1, cutoff=0.5)
    hint = f"Did you mean {near[0]!r}? " if near else ""
    rule = f"is not among the choices for {_name(path, 'the whole')}."
    listed = f"Choices: {', '.join(choices)}." if choices else _sentence(error["msg"])
    return Complaint(_find(tree, error["loc"]).line, _shown(error["input"]), rule, hint + listed)


def nearest_key(key: str, schema: Mapping[str, Any]) -> str:
    """Suggest the known key that is nearest to an unknown one."""
    known = list(schema.get("properties", {}))
    near = difflib.get_close_matches(key, known, n=1, cutoff=0.5)
    return f"Did you mean `{near[0]}`?" if near else f"Known here: {', '.join(known)}."


def schema_at(schema: Mapping[str, Any], path: Path) -> Mapping[str, Any]:
    """Find the part of a JSON Schema that speaks of a place; empty where there is none."""
    here = _resolved(schema, schema)
    for step in path:
        options = [_resolved(one, schema) for one in here.get("anyOf", ())] or [here]
        here = _resolved(next((found for one in options if (found := _step(one, step))), _NOTHING), schema)
    options = [_resolved(one, schema) for one in here.get("anyOf", ())]
    return next((one for one in options if one.get("type") != "null"), here)


def _step(here: Mapping[str, Any], step: int | str) -> Mapping[str, Any] | None:
    if isinstance(step, int):
        return here.get("items")
    if step == "[key]":
        return here.get("propertyNames")
    extra: Mapping[str, Any] | bool | None = here.get("additionalProperties")
    return here.get("properties", {}).get(step) or (None if isinstance(extra, bool) else extra)


def _resolved(part: Mapping[str, Any], schema: Mapping[str, Any]) -> Mapping[str, Any]:
    name = str(part.get("$ref", "")).rpartition("/")[2]
    return schema.get("$defs", {}).get(name, part) if name else part


def _find(tree: Tree, path: Path) -> Tree:
    """Go to the deepest node on a path: union tags and missing keys are no nodes."""
    for step in path:
        tree = tree.inside.get(step, tree)
    return tree


def _key_line(tree: Tree, path: Path) -> int:
    parent = _find(tree, path[:-1])
    return parent.keys.get(str(path[-1]), parent.line)


def _name(path: Path, whole: str) -> str:
    """Write a path as people do: `doses.levels[2].dose`."""
    text = "".join(f"[{step + 1}]" if isinstance(step, int) else f".{step}" for step in path)
    return f"`{text.lstrip('.')}`" if text else whole


def _describe(schema: Mapping[str, Any], key: str) -> str:
    about = schema.get("properties", {}).get(key, {}).get("description", "")
    return f"Add it: {about}" if about else "Add it."


def _shown(value: object) -> object:
    """Keep a complaint readable: long values are cut, structures are not shown."""
    if isinstance(value, dict | list):
        return "a mapping" if isinstance(value, dict) else "a list"
    text = str(value)
    return value if len(text) <= _SHOWN else text[:_SHOWN] + "…"


def _sentence(text: str) -> str:
    """End a message as a sentence."""
    cleaned = " ".join(text.split())
    return cleaned if cleaned.endswith((".", "?", "!")) else cleaned + "."

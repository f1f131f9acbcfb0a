"""How each field of a payload is typed: read from the payload type's own schema."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any

from earlyphase.journal.payloads import BY_NAME

Schema = Mapping[str, Any]

LONG_TEXT = 200
"""Characters: a field that may hold more is typed in a box of several lines."""


PAPER = "from_paper"
"""The field of every record that comes last: acts of the study as a whole are not taken from paper."""


class Shape(StrEnum):
    """What a field looks like."""

    LINE = "line"
    TEXT = "text"
    DATE = "date"
    PARTIAL_DATE = "partial date"
    TIME = "time"
    NUMBER = "number"
    CHOICE = "choice"
    YES_NO = "yes or no"
    QUANTITY = "quantity"
    FINDING = "finding"
    """A quantity, yes or no, or a coded word."""
    LINES = "lines"
    """Several short texts, one a line."""
    ROWS = "rows"
    """Several groups of fields."""


@dataclass(frozen=True, slots=True)
class Part:
    """One field of a payload type, or of a row."""

    name: str
    shape: Shape
    required: bool
    help: str
    choices: tuple[str, ...] = ()
    default: str = ""
    parts: tuple["Part", ...] = ()
    """The fields of a row."""


@cache
def parts_of(record: str) -> tuple[Part, ...]:
    """Give the fields of a payload type, in order. A field that only a program fills in is not among them."""
    kind = BY_NAME[record]
    schema = kind.model_json_schema()
    parts = _parts(schema, schema.get("$defs", {}))
    paper = tuple(part for part in parts if part.name == PAPER and kind.about == "participant")
    return (*(part for part in parts if part.name != PAPER), *paper)


def _parts(schema: Schema, definitions: Schema) -> tuple[Part, ...]:
    required = frozenset(schema.get("required", ()))
    found = (_part(name, field, definitions, required=name in required) for name, field in schema["properties"].items())
    return tuple(part for part in found if part is not None)


def _part(name: str, field: Schema, definitions: Schema, *, required: bool) -> Part | None:
    plain = _plain(field, definitions)
    shape = _shape(plain, definitions)
    if shape is None:
        return None
    default = field.get("default")
    rows = _parts(_plain(plain["items"], definitions), definitions) if shape is Shape.ROWS else ()
    text = {True: "yes", False: "no"}.get(default, "") if isinstance(default, bool) else str(default or "")
    return Part(
        name,
        shape,
        required,
        " ".join(field.get("description", "").replace("`", "").split()),
        _choices(plain),
        "" if isinstance(default, list) else text,
        rows,
    )


def _plain(field: Schema, definitions: Schema) -> Schema:
    """Follow references, and take the null out of what may be left out."""
    if "$ref" in field:
        return _plain(definitions[field["$ref"].rpartition("/")[2]], definitions)
    options = [option for option in field.get("anyOf", ()) if option.get("type") != "null"]
    return _plain(options[0], definitions) if len(options) == 1 else field


def _choices(plain: Schema) -> tuple[str, ...]:
    return tuple(str(choice) for choice in plain.get("enum", [plain["const"]] if "const" in plain else ()))


def _shape(plain: Schema, definitions: Schema) -> Shape | None:  # noqa: PLR0911 - one answer a kind of schema
    if "enum" in plain or "const" in plain:
        return Shape.CHOICE
    if "anyOf" in plain:
        return Shape.FINDING
    match plain.get("type"):
        case "string":
            return _text(plain)
        case "integer" | "number":
            return Shape.NUMBER
        case "boolean":
            return Shape.YES_NO
        case "array":
            items = _plain(plain["items"], definitions)
            return Shape.ROWS if items.get("type") == "object" else Shape.LINES
        case _:
            return Shape.QUANTITY if "unit" in plain.get("properties", {}) else None


def _text(plain: Schema) -> Shape:
    match plain.get("format"):
        case "date":
            return Shape.DATE
        case "time":
            return Shape.TIME
        case _ if "2026-05" in plain.get("examples", ()):
            return Shape.PARTIAL_DATE
        case _:
            return Shape.TEXT if plain.get("maxLength", 0) > LONG_TEXT else Shape.LINE

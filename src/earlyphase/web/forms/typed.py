"""What was typed into a form, and the way from there to a payload and back.

Nothing is judged here: what is no number stays the text that it is, so that the payload's own rule says what is wrong.
"""

import math
import re
from collections.abc import Iterator, Mapping
from typing import Any

from earlyphase.faults import InvalidInput
from earlyphase.journal.payloads.payload import UNREADABLE
from earlyphase.quantities import Quantity, ucum_spelling
from earlyphase.web.forms.shapes import Part, Shape

Typed = Mapping[str, str]
"""By the path of a field: `on`, `results.0.value.unit`."""

YES_NO = {"yes": True, "no": False}

_INDEX = re.compile(r"\d{1,9}")


def unreadable(typed: Typed) -> Iterator[tuple[str, str]]:
    """Find the fields that hold what is no text: control characters, or bytes that are not UTF-8."""
    for path, text in typed.items():
        if UNREADABLE.search(text):
            yield path, "holds a character that is no text (a control character, or another encoding than UTF-8)."


def payload_of(parts: tuple[Part, ...], typed: Typed, prefix: str = "") -> dict[str, Any]:
    """Give the payload that was typed; an empty field is left out."""
    found = ((part.name, _value(part, typed, f"{prefix}{part.name}")) for part in parts)
    return {name: value for name, value in found if value is not None}


def typed_of(parts: tuple[Part, ...], payload: Mapping[str, Any], prefix: str = "") -> dict[str, str]:
    """Give what would be typed to say what a payload says."""
    typed: dict[str, str] = {}
    for part in parts:
        value = payload.get(part.name)
        if value is not None:
            typed |= _typed(part, value, f"{prefix}{part.name}")
    return typed


def numbered(parts: tuple[Part, ...], typed: Typed, keys: Mapping[str, str]) -> dict[str, str]:
    """Drop the rows that were left empty, and number those that are left from 0.

    Args:
        parts: the fields of the form.
        typed: what was typed.
        keys: the field of a row that the form itself had filled in, by the name of the rows.
    """
    rows = {part.name for part in parts if part.shape is Shape.ROWS}
    kept = {path: text for path, text in typed.items() if path.partition(".")[0] not in rows}
    for name in rows:
        for place, row in enumerate(_filled_rows(name, typed, keys.get(name))):
            kept |= {f"{name}.{place}.{path}": text for path, text in row.items()}
    return kept


def rows_in(name: str, typed: Typed) -> dict[int, dict[str, str]]:
    """Give the rows that were typed, by their numbers, in order."""
    found: dict[int, dict[str, str]] = {}
    for path, text in typed.items():
        first, _, rest = path.partition(".")
        number, _, inner = rest.partition(".")
        if first == name and inner and _INDEX.fullmatch(number):
            found.setdefault(int(number), {})[inner] = text
    return dict(sorted(found.items()))


def places(parts: tuple[Part, ...], typed: Typed, keys: Mapping[str, str]) -> dict[str, str]:
    """Give, by the start of a path as `numbered` has it, the start of the path as it was typed."""
    found: dict[str, str] = {}
    for part in (part for part in parts if part.shape is Shape.ROWS):
        filled = [place for place, row in rows_in(part.name, typed).items() if _is_filled(row, keys.get(part.name))]
        found |= {f"{part.name}.{new}.": f"{part.name}.{old}." for new, old in enumerate(filled)}
    return found


def _filled_rows(name: str, typed: Typed, key: str | None) -> Iterator[dict[str, str]]:
    return (row for row in rows_in(name, typed).values() if _is_filled(row, key))


def _is_filled(row: Mapping[str, str], key: str | None) -> bool:
    return any(text.strip() for path, text in row.items() if path != key)


def _value(part: Part, typed: Typed, path: str) -> Any:  # noqa: ANN401, PLR0911 - JSON; one answer a shape
    text = typed.get(path, "").replace("\r\n", "\n").strip()
    match part.shape:
        case Shape.NUMBER:
            return _number(text)
        case Shape.YES_NO:
            return YES_NO.get(text, text or None)
        case Shape.QUANTITY:
            return _quantity(typed, path)
        case Shape.FINDING:
            return _finding(text)
        case Shape.LINES:
            return [line.strip() for line in text.splitlines() if line.strip()] or None
        case Shape.ROWS:
            rows = (payload_of(part.parts, typed, f"{path}.{place}.") for place in rows_in(part.name, typed))
            return list(rows) or None
        case _:
            return text or None


def _number(text: str) -> int | float | str | None:
    if re.fullmatch(r"[+-]?\d{1,30}", text, re.ASCII):
        return int(text)
    try:
        number = float(text) if re.fullmatch(r"[-+.\deE]{1,40}", text, re.ASCII) else None
    except ValueError:
        return text
    return number if number is not None and math.isfinite(number) else text or None  # 1e999 is no number that is kept


def _quantity(typed: Typed, path: str) -> dict[str, Any] | None:
    value, unit = (typed.get(f"{path}.{half}", "").strip() for half in ("value", "unit"))
    return {"value": _number(value), "unit": ucum_spelling(unit)} if value else None


def _finding(text: str) -> dict[str, Any] | bool | str | None:
    if text in YES_NO:
        return YES_NO[text]
    try:
        found = Quantity.read(text)
    except InvalidInput:
        return text or None
    return {"value": found.value, "unit": found.unit}


def _typed(part: Part, value: Any, path: str) -> dict[str, str]:  # noqa: ANN401 - JSON
    match part.shape:
        case Shape.QUANTITY:
            return {f"{path}.value": str(value["value"]), f"{path}.unit": str(value["unit"])}
        case Shape.FINDING if isinstance(value, dict):
            return {path: f"{value['value']} {value['unit']}"}
        case Shape.LINES:
            return {path: "\n".join(value)}
        case Shape.ROWS:
            rows = (typed_of(part.parts, row, f"{path}.{place}.") for place, row in enumerate(value))
            return {inner: text for row in rows for inner, text in row.items()}
        case _:
            return {path: {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)}

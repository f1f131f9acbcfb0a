"""What a stored record is read from: its shape, its number, its digest, and the record itself."""

import hashlib
import json
import re
from dataclasses import dataclass
from typing import Any, cast

from earlyphase.faults import InvalidInput
from earlyphase.registry.aact import flat_record, is_flat
from earlyphase.registry.model import Record
from earlyphase.registry.reading import parse_record

V2, FLAT = "v2", "flat"
"""The shapes of a record: the registry's API, and the rows of AACT exports."""

_NUMBER = re.compile(r"[\w./-]{3,40}")


@dataclass(frozen=True, slots=True)
class Known:
    """What can be told of a record without reading it whole."""

    nct_id: str
    shape: str
    digest: bytes
    """Of its content, whatever the order of its keys."""
    text: str
    """The JSON as it was given."""


def identify(content: bytes, place: str) -> Known:
    """Tell which record, in which shape and with which content, was given.

    Raises:
        InvalidInput: it is no JSON in UTF-8, no record, or has no number.
    """
    try:
        text = content.decode("utf-8-sig").strip()
        data: Any = json.loads(text)
        written = json.dumps(data, sort_keys=True, separators=(",", ":")).encode()
    except (ValueError, RecursionError):
        parse_record(content, place)  # says what is wrong, and where
        raise InvalidInput(place, None, "cannot be read.") from None
    if not isinstance(data, dict):
        raise InvalidInput(place, None, "is no record but another kind of JSON.", "Give records as the registry does.")
    row = cast("dict[str, Any]", data)
    flat = is_flat(row)
    number = row.get("nct_id") if flat else _v2_number(row, content, place)
    return Known(_number(number, place), FLAT if flat else V2, hashlib.sha256(written).digest(), text)


def read_stored(content: bytes | str, shape: str, place: str) -> Record:
    """Read a record in one of the two shapes.

    Raises:
        InvalidInput: a field has the wrong type.
    """
    return flat_record(json.loads(content), place) if shape == FLAT else parse_record(content, place)


def _v2_number(row: dict[str, Any], content: bytes, place: str) -> object:
    match row:
        case {"protocolSection": {"identificationModule": {"nctId": number}}}:
            return number
        case {"protocolSection": _}:
            return None
        case _:
            parse_record(content, place)
            return None


def _number(given: object, place: str) -> str:
    if isinstance(given, str) and _NUMBER.fullmatch(given.strip()):
        return given.strip()
    shown = given[:80] if isinstance(given, str) else given if isinstance(given, int | float) else None
    raise InvalidInput(place, shown, "has no registration number (nctId).", "Give the record its number.")

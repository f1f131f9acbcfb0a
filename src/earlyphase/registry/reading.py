"""Reads registry records from JSON and writes them back unchanged."""

import json
import lzma
import math
import re
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NoReturn, cast

from pydantic import ValidationError

from earlyphase.faults import InvalidInput
from earlyphase.registry.model import Record
from earlyphase.registry.part import as_json

LARGEST = 64 * 1024 * 1024
"""Units: bytes. No record of the registry comes near; more than this is a whole download, not one record."""

DEEPEST = 100
"""Levels of nesting. The registry's own records have about a dozen."""

_TOO_DEEP = "is nested too deeply to be a record."
_HALF_CHARACTER = re.compile(r"\\u[dD][89a-fA-F]")
_FIELD_TAGS = frozenset({"bool", "str", "int", "float"})


def read_record(source: Path | bytes | str, place: str = "record") -> Record:
    """Read one record.

    Args:
        source: a path, or the JSON itself.
        place: what to call JSON that has no path.

    Raises:
        InvalidInput: it cannot be read, is not JSON (with line and column), or a field (path) has the wrong type.
    """
    if isinstance(source, Path):
        return parse_record(_bytes_of(source), str(source))
    return parse_record(source, place)


def parse_record(given: bytes | str, place: str) -> Record:
    """Make a record of JSON text.

    Raises:
        InvalidInput: as `read_record`.
    """
    if len(given) > LARGEST:
        raise InvalidInput(
            place, None, f"is larger than {LARGEST // 2**20} MiB.", "Give one record, or use JSON Lines."
        )
    data = _json_of(given, place)
    if not isinstance(data, dict) or "protocolSection" not in data:
        rule = "is not a ClinicalTrials.gov v2 record: it has no protocolSection."
        raise InvalidInput(place, None, rule, "Download it as JSON from the registry.")
    try:
        return Record.model_validate(data)
    except ValidationError as fault:
        _refuse(fault, place)
    except RecursionError:
        raise InvalidInput(place, None, _TOO_DEEP) from None


def read_records(path: Path) -> Iterator[Record | InvalidInput]:
    """Read a file of JSON Lines, plain or compressed (`.xz`, `.gz`); empty lines are passed over.

    Returns:
        For each line its record, or what is wrong with it: one bad line does not cost the others.

    Raises:
        InvalidInput: the file cannot be read.
    """
    for number, line in enumerate(_bytes_of(path).splitlines(), start=1):
        if line.strip():
            try:
                yield parse_record(line, f"{path} line {number}")
            except InvalidInput as fault:
                yield fault


def write_record(record: Record) -> bytes:
    """Write a record as JSON: the keys, their order and the values that were read."""
    return (json.dumps(as_json(record), ensure_ascii=False, indent=1) + "\n").encode()


def _bytes_of(path: Path) -> bytes:
    try:
        stored = path.read_bytes()
        if path.suffix == ".xz":
            return lzma.decompress(stored)
        return zlib.decompress(stored, wbits=31) if path.suffix == ".gz" else stored
    except FileNotFoundError:
        raise InvalidInput(str(path), None, "does not exist.", "Check the path.") from None
    except (OSError, lzma.LZMAError, zlib.error) as fault:
        raise InvalidInput(str(path), None, f"cannot be read: {fault}.") from None


def _json_of(given: bytes | str, place: str) -> Any:  # noqa: ANN401 - any JSON
    try:
        text = given.decode("utf-8-sig") if isinstance(given, bytes) else given
        data = json.loads(text, object_pairs_hook=_object, parse_float=_float, parse_constant=_no_constant)
    except UnicodeDecodeError as fault:
        raise InvalidInput(f"{place} byte {fault.start + 1}", None, "is not UTF-8.", "Save it as UTF-8.") from None
    except json.JSONDecodeError as fault:
        where = f"{place} line {fault.lineno} column {fault.colno}"
        raise InvalidInput(where, None, f"is not JSON: {fault.msg}.", "Download the record again.") from None
    except _Unfaithful as fault:
        raise InvalidInput(place, fault.value, fault.rule, "Write it as the registry does.") from None
    except RecursionError:
        raise InvalidInput(place, None, _TOO_DEEP) from None
    except ValueError as fault:
        raise InvalidInput(place, None, f"holds a number that cannot be read: {fault}.") from None
    if _depth(data) > DEEPEST:
        raise InvalidInput(place, None, _TOO_DEEP)
    if _HALF_CHARACTER.search(text) and not _writable(data):
        raise InvalidInput(place, None, "holds half of a two-part character.", "Download the record again.")
    return data


def _depth(data: Any) -> int:  # noqa: ANN401 - any JSON
    """Count the levels of nesting, without recursion."""
    depth, level = 0, [data]
    while level and depth <= DEEPEST:
        depth += 1
        level = [value for held in level for value in _inner(held)]
    return depth


def _inner(held: Any) -> Iterable[Any]:  # noqa: ANN401 - any JSON
    match held:
        case dict():
            return cast("dict[str, Any]", held).values()
        case list():
            return cast("list[Any]", held)
        case _:
            return ()


def _writable(data: Any) -> bool:  # noqa: ANN401 - any JSON
    try:
        json.dumps(data, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return False
    return True


class _Unfaithful(Exception):  # noqa: N818 - it never leaves this module
    """JSON that Python could read only by losing something."""

    def __init__(self, value: str, rule: str) -> None:
        super().__init__(value, rule)
        self.value = value
        self.rule = rule


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise _Unfaithful(twice, "stands twice in one object.")
    return made


def _float(digits: str) -> float:
    number = float(digits)
    if math.isinf(number):
        raise _Unfaithful(digits, "is too large a number.")
    return number


def _no_constant(word: str) -> NoReturn:
    raise _Unfaithful(word, "is no JSON number.")


def _refuse(fault: ValidationError, place: str) -> NoReturn:
    """Say which field has the wrong type."""
    error = fault.errors(include_url=False)[0]
    steps = [step for step in error["loc"] if step not in _FIELD_TAGS]
    path = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps).lstrip(".")
    words = error["msg"].replace("Input should be a valid tuple", "Input should be a list")
    value = error["input"] if isinstance(error["input"], str | int | float | bool | None) else None
    raise InvalidInput(f"{place}: {path}", value, f"has the wrong type: {words.lower()}.", "Correct the field.")

"""Lists what stands in a record but not in the registry's description: kept, and told."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, get_args

from pydantic import JsonValue

from earlyphase.dates import PartialDate
from earlyphase.faults import InvalidInput
from earlyphase.registry.model import Record
from earlyphase.registry.part import Coded, Dated, Flag, Part
from earlyphase.registry.vocabulary import VOCABULARIES


@dataclass(frozen=True, slots=True)
class Irregularity:
    """One thing that the registry's description does not have. It is kept as written."""

    field: str
    """The path of the field, as `protocolSection.designModule.phases[0]`."""
    written: JsonValue
    why: str


def irregularities(record: Record) -> tuple[Irregularity, ...]:
    """List the unknown fields, unknown codes, flags written as words, and dates that are none.

    They come in the order of the registry's description; the unknown fields of a part come after its known ones.
    """
    return tuple(_in_part(record, ""))


def _in_part(part: Part, path: str) -> Iterator[Irregularity]:
    given, values = part.model_fields_set, part.__dict__
    for field in _fields(type(part)):
        value = values[field.attribute]
        if field.attribute not in given or value is None:
            continue
        here = f"{path}.{field.name}" if path else field.name
        yield from _in_field(value, here, field.marks)
        if field.is_flag and isinstance(value, str):
            yield Irregularity(here, value, "should be true or false")
    for name, value in (part.model_extra or {}).items():
        yield Irregularity(f"{path}.{name}" if path else name, value, "is no field of the registry's description")


@dataclass(frozen=True, slots=True)
class _Field:
    """A field that can be irregular."""

    attribute: str
    name: str
    marks: list[Any]
    is_flag: bool


@cache
def _fields(kind: type[Part]) -> tuple[_Field, ...]:
    """Give the fields of a part that can be irregular: those with a vocabulary or a date, flags, and other parts."""
    flag = Flag | None
    return tuple(
        _Field(name, field.alias or name, field.metadata, field.annotation == flag)
        for name, field in kind.model_fields.items()
        if field.metadata or field.annotation == flag or _holds_part(field.annotation)
    )


def _holds_part(annotation: Any) -> bool:  # noqa: ANN401 - any type
    whole = isinstance(annotation, type) and issubclass(annotation, Part)
    return whole or any(map(_holds_part, get_args(annotation)))


def _in_field(value: Any, path: str, marks: list[Any]) -> Iterator[Irregularity]:  # noqa: ANN401 - any field's value
    if isinstance(value, tuple):
        for index, held in enumerate(value):  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
            yield from _in_field(held, f"{path}[{index}]", marks)
    elif isinstance(value, Part):
        yield from _in_part(value, path)
    elif isinstance(value, str):
        yield from (problem for mark in marks for problem in _in_marked(value, path, mark))


def _in_marked(value: str, path: str, mark: object) -> Iterator[Irregularity]:
    match mark:
        case Coded(vocabulary=name) if value not in VOCABULARIES[name]:
            yield Irregularity(path, value, f"is not in the registry's list {name}")
        case Dated() if not _is_date(value):
            yield Irregularity(path, value, "is not a date")
        case _:
            pass


def _is_date(text: str) -> bool:
    try:
        PartialDate.parse(text)
    except InvalidInput:
        return False
    return True

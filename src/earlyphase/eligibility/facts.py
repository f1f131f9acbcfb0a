"""The facts about one person that criteria are evaluated on, and the simple file that holds them."""

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal

from pydantic import ConfigDict, Field, Strict, TypeAdapter, ValidationError

from earlyphase.dates import PartialDate
from earlyphase.faults import InvalidInput
from earlyphase.protocol.complaints import complaint
from earlyphase.protocol.criteria import Stage
from earlyphase.protocol.stated import Model
from earlyphase.protocol.yaml_tree import Tree

LARGEST = 10**15
"""Nothing that is measured of a person comes near, in any unit; a binary number still tells whole ones apart."""

LONGEST_WORD = 400
"""Characters."""

_Size = Field(ge=-LARGEST, le=LARGEST)
Number = Annotated[int, Strict(), _Size] | Annotated[float, Strict(), _Size]
Flag = Annotated[bool, Strict()]
Word = Annotated[str, Strict(), Field(min_length=1, max_length=LONGEST_WORD)]

LONGEST_LINE = 4 * 1024 * 1024
"""Units: bytes. The facts of one person have some thousands."""


class Amount(Model):
    """A number with its unit, as it was entered. A unit that is missing or unknown is kept: the verdict will say so."""

    value: Number
    unit: str | None = None
    """The unit, by UCUM or as people write it."""


class Fact(Model):
    """One thing that is known of a person."""

    model_config: ClassVar[ConfigDict] = ConfigDict(title="fact")

    term: Word
    """What it is about: a term of the criteria language, or `judgement` or `attest` for what a person says."""
    value: Flag | Number | Word | Amount | None = None
    """A number with its unit, yes or no, or a code. An event needs none: it happened. False says that it did not
    happen, or not again, up to the date."""
    on: PartialDate | None = None
    """When it was measured, asked or happened."""
    until: PartialDate | None = None
    """For an event that lasted: its last day."""
    method: Word | None = None
    specimen: Word | None = None
    state: Word | None = None
    """In which state it was measured: `room_air`."""
    purpose: Word | None = None
    dose: Amount | None = None
    lower_limit: Amount | None = None
    """The laboratory's lower limit of normal."""
    upper_limit: Amount | None = None
    """The laboratory's upper limit of normal."""
    about: Word | None = None
    """For what a person says: the text of the criterion, or the criterion's id."""
    by: Word | None = None
    """Who says so."""
    source: Word | None = None
    """Where it is documented."""


class Settlement(Model):
    """An investigator's signed statement that settles a criterion nobody can evaluate. It never waives one."""

    criterion: Word
    met: Flag
    """Whether the criterion's text is true of the person."""
    by: Word
    on: PartialDate
    because: Word


class Patient(Model):
    """One person and what is known of them."""

    model_config: ClassVar[ConfigDict] = ConfigDict(title="patient")

    id: Word
    birth_date: PartialDate | None = None
    as_of: dt.date | None = None
    """The day on which eligibility is asked; by default the day of screening that the command is given."""
    anchors: dict[Stage, dt.date] = Field(default_factory=dict[Stage, dt.date])
    """The dates of the stages that are known, planned ones included: `infusion: 2026-05-04`."""
    facts: tuple[Fact, ...] = ()
    settlements: tuple[Settlement, ...] = ()
    schema_: Literal[1] = Field(default=1, alias="schema")


def patient_schema() -> dict[str, Any]:
    """Give the JSON Schema of one line of a file of patients."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **Patient.model_json_schema()}


def read_patients(path: Path) -> Iterator[Patient]:
    """Read a file of patients: one JSON object a line, or one JSON object or list.

    Raises:
        InvalidInput: it cannot be read, or a line is no patient; the message names line and field.
    """
    yield from parse_patients(read_bytes(path), str(path))


def read_bytes(path: Path) -> bytes:
    """Read a file of facts as it is.

    Raises:
        InvalidInput: it cannot be read.
    """
    try:
        return path.read_bytes()
    except OSError as fault:
        raise InvalidInput(str(path), None, f"cannot be read: {fault.strerror}.", "Check the path.") from None


def parse_patients(content: bytes, place: str = "patients") -> Iterator[Patient]:
    """Read patients from the bytes of a file.

    Raises:
        InvalidInput: as `read_patients`.
    """
    seen: dict[str, int] = {}
    for line, data in patient_lines(content, place):
        patient = parse_patient(data, f"{place}:{line}")
        require_new(patient.id, line, seen, place)
        seen[patient.id] = line
        yield patient
    require_any(seen, place)


def require_new(name: str, line: int, seen: Mapping[str, int], place: str) -> None:
    """Refuse a patient who stood in an earlier line.

    Raises:
        InvalidInput: that is so.
    """
    if name in seen:
        rule = f"is a patient that stands in line {seen[name]} already."
        raise InvalidInput(f"{place}:{line}", name, rule, "Give each patient one line.")


def require_any(seen: Mapping[str, int], place: str) -> None:
    """Refuse a file of nobody.

    Raises:
        InvalidInput: nobody was seen.
    """
    if not seen:
        raise InvalidInput(place, None, "holds no patient.", "Give one JSON object a line.")


def parse_patient(data: bytes | str, place: str = "patient") -> Patient:
    """Make a patient of JSON text.

    Raises:
        InvalidInput: it is not JSON, or a field does not fit.
    """
    try:
        return Patient.model_validate_json(data, strict=True, by_alias=True)
    except ValidationError as fault:
        raise _refusal(fault, place) from None


def patient_lines(content: bytes, place: str) -> Iterator[tuple[int, bytes]]:
    """Split a file into the JSON of each patient, with its line.

    Raises:
        InvalidInput: it is one JSON text and cannot be read, or a line is too long.
    """
    start = content.lstrip()[:1]
    lines = content.splitlines()
    whole = start == b"[" or (start == b"{" and not _is_object(lines[0] if lines else b""))
    if whole:
        try:
            data = json.loads(content)
        except (ValueError, RecursionError) as fault:
            remedy = "Give one JSON object a line, or a JSON list."
            raise InvalidInput(place, None, f"is not JSON: {fault}.", remedy) from None
        for one in data if isinstance(data, list) else [data]:  # pyright: ignore[reportUnknownVariableType]
            yield 1, json.dumps(one).encode()
        return
    for number, line in enumerate(lines, 1):
        if len(line) > LONGEST_LINE:
            raise InvalidInput(f"{place}:{number}", None, "is too long a line for one patient.")
        if line.strip():
            yield number, line


def _is_object(line: bytes) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False


@lru_cache(maxsize=1)
def _adapter() -> TypeAdapter[Patient]:
    return TypeAdapter(Patient)


def _refusal(fault: ValidationError, place: str) -> InvalidInput:
    """Turn the first error of a line into a sentence."""
    error = fault.errors(include_url=False)[0]
    if error["type"] == "json_invalid":
        reason = error.get("ctx", {}).get("error", error["msg"])
        return InvalidInput(place, None, f"is not JSON: {reason}.", "Give one JSON object a line.")
    if "value" in error["loc"] and "facts" in error["loc"]:
        fact = f"fact {int(error['loc'][1]) + 1}"
        remedy = 'Write a number with its unit as {"value": 3.0, "unit": "mg/dL"}, true, false, or a word.'
        return InvalidInput(f"{place}, {fact}", error["input"], "is not a value.", remedy)
    said = complaint(error, _adapter().json_schema(), Tree(None, 0), "the patient")
    return InvalidInput(place, said.value, said.rule, said.remedy)

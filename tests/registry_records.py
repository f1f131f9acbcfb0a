"""Builds registry records for tests, and finds the real ones."""

import copy
import json
from functools import cache
from pathlib import Path
from typing import Any

from tests.reference import reference

from earlyphase.protocol.library import study_folder
from earlyphase.registry.model import Record
from earlyphase.registry.reading import read_record, read_records

OURS = "NCT06633354"


@cache
def the_record() -> Record:
    """Give the record of the study that comes with the package."""
    return read_record(study_folder(OURS) / "record.json")


def our_record_with(**modules: dict[str, Any]) -> Record:
    """Give that record with some fields of some modules replaced; a field set to None is taken out."""
    data = json.loads((study_folder(OURS) / "record.json").read_text(encoding="utf-8"))
    return Record.model_validate(_merged(data, modules))


def a_record(**modules: dict[str, Any]) -> Record:
    """Give a small record with these modules and nothing else."""
    return Record.model_validate(_merged({"protocolSection": {}}, modules))


def a_record_with_criteria(text: str) -> Record:
    """Give a record that has nothing but eligibility criteria."""
    return a_record(eligibilityModule={"eligibilityCriteria": text})


def real_records() -> tuple[Record, ...]:
    """Give the 68 real records of the reference folder, or skip."""
    return _records(reference("registry/records-68.jsonl.xz"))


@cache
def _records(path: Path) -> tuple[Record, ...]:
    return tuple(record for record in read_records(path) if isinstance(record, Record))


def _merged(data: dict[str, Any], modules: dict[str, dict[str, Any]]) -> dict[str, Any]:
    made = copy.deepcopy(data)
    for module, fields in modules.items():
        target = made["protocolSection"].setdefault(module, {})
        target.update(fields)
        for name in [name for name, value in target.items() if value is None]:
            del target[name]
    return made

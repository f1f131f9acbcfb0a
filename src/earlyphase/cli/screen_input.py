"""What `earlyphase screen` and `study compare` read: the day, the patients, or the same patients in columns."""

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

from earlyphase.dates import PartialDate
from earlyphase.eligibility.criteria_set import CriteriaSet
from earlyphase.eligibility.facts import Patient, parse_patients, read_bytes
from earlyphase.eligibility.fhir import Intake, Skipped, is_bundle, read_bundle
from earlyphase.eligibility.fhir_mapping import read_mapping
from earlyphase.faults import InvalidInput
from earlyphase.protocol.library import study_folder

if TYPE_CHECKING:
    from earlyphase.eligibility.columns import Columns


def day_of(on: str) -> dt.date:
    """Read the day on which eligibility is asked.

    Raises:
        InvalidInput: it is no whole date.
    """
    if not on:
        return dt.date.today()  # noqa: DTZ011, TID251 - the command line may read the clock, in the site's own time
    date = PartialDate.parse(on, "--on")
    if not date.complete:
        raise InvalidInput("--on", on, "is not a whole date.", "Write 2026-04-02.")
    return date.earliest


def patients_from(path: Path, folder: Path, criteria: CriteriaSet) -> tuple[list[Patient], tuple[Skipped, ...]]:
    """Read a file of facts, or a FHIR bundle by the study's mapping of codes."""
    content = read_bytes(path)
    if not is_bundle(content):
        return list(parse_patients(content, str(path))), ()
    intake = _intake(content, folder, criteria, path)
    return list(intake.patients), intake.skipped


def columns_from(
    path: Path, criteria: CriteriaSet, folder: Path | None = None
) -> tuple["Columns", tuple[Skipped, ...]]:
    """Read the same into columns, with what a bundle holds that could not be used."""
    from rich.console import Console  # noqa: PLC0415 - kept out of the start-up

    from earlyphase.eligibility.column_reading import columns_of, read_columns  # noqa: PLC0415 - as above

    content = read_bytes(path)
    if not is_bundle(content):
        with Console(stderr=True).status(f"Reading {path.name}, {len(content) / 1e6:.0f} MB"):
            return read_columns(content, str(path)), ()
    intake = _intake(content, folder or study_folder(criteria.study), criteria, path)
    return columns_of(intake.patients), intake.skipped


def _intake(content: bytes, folder: Path, criteria: CriteriaSet, path: Path) -> Intake:
    return read_bundle(content, read_mapping(folder, criteria.known), criteria.known, str(path))

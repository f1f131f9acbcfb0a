"""Finds the record that a command is asked about: a file by its path, or a packaged study by its name."""

from pathlib import Path

from earlyphase.faults import InvalidInput
from earlyphase.protocol.library import study_folder
from earlyphase.registry.model import Record
from earlyphase.registry.reading import read_record


def find_record(study_or_file: str) -> Record:
    """Read the record of a packaged study, of a study's folder, or of a file.

    Raises:
        InvalidInput: there is no such study or file, or it is no record.
    """
    path = Path(study_or_file)
    if path.is_file():
        return read_record(path)
    if path.suffix in {".json", ".jsonl"}:
        raise InvalidInput(study_or_file, None, "does not exist.", "Check the path, or give the name of a study.")
    return read_record(study_folder(study_or_file) / "record.json")

"""The records of the site, as its pages read them."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from django.db import connections
from django.http import Http404
from django.utils.translation import get_language

from earlyphase.faults import InvalidInput
from earlyphase.protocol.versions import ProtocolVersion
from earlyphase.registry.model import Record
from earlyphase.registry.reading import read_record
from earlyphase.registry.wording import Language
from earlyphase.store.records import stored_record
from earlyphase.store.search import Connection
from earlyphase.web.studies import site_folders, site_studies

RECORDS = "records"
"""The name of the connection for searches."""


def records() -> Connection:
    """Give the connection of this request for reading records."""
    connections[RECORDS].ensure_connection()
    own: Any = connections[RECORDS].connection
    return own


def record_or_404(number: str, version: int | None = None) -> Record:
    """Read a record of the site.

    Raises:
        Http404: it was not imported, and no study of the site brings it; or it has no such version.
    """
    try:
        return stored_record(records(), number, version)
    except InvalidInput:
        brought = _brought().get(number.upper())
        if brought is None or version is not None:
            raise Http404(f"record {number}") from None
        return brought[0]


def protocol_of(record: Record) -> ProtocolVersion | None:
    """Give the computable protocol of the study that a record registers, in its latest version; None without one."""
    found = _brought().get((record.nct_id or "").upper())
    return found[1] if found else None


def files_brought() -> Iterator[tuple[str, Path, ProtocolVersion]]:
    """Give each study of the site that brings its record: its name, the record's file, the latest protocol."""
    folders = site_folders()
    for study, versions in site_studies().items():
        latest = [*versions.values()][-1]
        if latest.protocol.record:
            yield study, folders[study] / latest.protocol.record, latest


def language() -> Language:
    """Give the language of this page."""
    return "zh" if (get_language() or "en").startswith("zh") else "en"


def _brought() -> dict[str, tuple[Record, ProtocolVersion]]:
    """Give the records that the studies of the site bring with them, by number."""
    found = [(study, _read(path), latest) for study, path, latest in files_brought()]
    return {(record.nct_id or study).upper(): (record, latest) for study, record, latest in found}


@cache
def _read(path: Path) -> Record:
    return read_record(path)

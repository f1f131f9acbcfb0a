"""The studies that a site runs: their protocols from folders, their journals from the database."""

import datetime as dt
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from earlyphase.faults import Broken
from earlyphase.journal.entry import Entry
from earlyphase.protocol.library import known_studies, study_folder
from earlyphase.protocol.reading import read_protocols
from earlyphase.protocol.versions import Protocols
from earlyphase.store.journal import PostgresJournal, studies_naming
from earlyphase.study.commands import Command
from earlyphase.study.desk import Author, Desk
from earlyphase.study.reconstruct import Reconstruction, reconstruct
from earlyphase.study.refusal import Refused
from earlyphase.study.state import Study
from earlyphase.web.clock import moment_of
from earlyphase.web.computed import Latest
from earlyphase.web.sent import SentBefore, first_time


@dataclass(frozen=True, slots=True)
class SiteStudy:
    """A study as it stands at this moment."""

    protocols: Protocols
    entries: tuple[Entry, ...]
    state: Study
    read: Reconstruction
    """What made the state. Who goes on from it works on a copy."""

    def as_of(self, moment: dt.datetime) -> "SiteStudy":
        """Give the study as it was known at a moment of recording."""
        return replace(self, state=reconstruct(self.protocols, self.entries, moment))


MOST = 64
"""How many studies a process keeps in memory. One of 3,000 entries takes about 14 MB."""

_reading = Lock()

_last_seen: Latest[SiteStudy] = Latest(MOST)
"""By study. Where the journal has grown since, what was added is read."""


def site_folders() -> dict[str, Path]:
    """Give the folder of every study of the site, by the study's name.

    Raises:
        InvalidInput: as `site_studies`.
    """
    return dict(zip(site_studies(), _folders(), strict=True))


def _folders() -> list[Path]:
    return [study_folder(name) for name in settings.EARLYPHASE_STUDIES] or [*known_studies().values()]


def site_studies() -> Mapping[str, Protocols]:
    """Give the protocols of every study of the site, by the study's name; they are read once.

    Raises:
        InvalidInput: a folder is not there, or a protocol cannot be read.
    """
    with _reading:  # of those who ask at once, one reads
        return site_protocols()


@cache
def site_protocols() -> Mapping[str, Protocols]:
    """Read the protocols; for `site_studies`, and for tests that change a site."""
    read = [read_protocols(folder) for folder in _folders()]
    return {next(iter(versions.values())).protocol.study: versions for versions in read}


def journal_of(study: str) -> PostgresJournal:
    """Give the journal of a study, on the connection of this request."""
    return PostgresJournal(_connected(), study)


def _connected() -> Any:  # noqa: ANN401 - the driver's own, which Django does not tell
    connection.ensure_connection()
    return connection.connection


def studies_of(username: str) -> tuple[str, ...]:
    """Name the site's studies that ever gave a role to somebody; all others need not be read."""
    named = studies_naming(_connected(), username)
    return tuple(sorted(named & site_studies().keys()))


def look(study: str) -> SiteStudy:
    """Read a study as it stands now.

    Raises:
        Broken: the journal is damaged.
    """
    journal, protocols = journal_of(study), site_studies()[study]
    seen = _last_seen.get(study)
    if seen is None or seen.protocols is not protocols:
        seen = None
    elif seen.state.head == journal.head():
        return seen
    now = (_grown(journal, seen) if seen else None) or _whole(journal, protocols)
    if not connection.in_atomic_block:  # else what is seen may never come to be
        _last_seen.put(study, now)
    return now


def _grown(journal: PostgresJournal, seen: SiteStudy) -> SiteStudy | None:
    """Go on from what was seen; None where the journal does not go on from there."""
    try:
        added = journal.after(seen.state.head)
    except Broken:  # to be found by who reads all of it
        return None
    read = seen.read.copy()
    for entry in added:
        read.add(entry)
    return SiteStudy(seen.protocols, (*seen.entries, *added), read.study(), read) if added else None


def _whole(journal: PostgresJournal, protocols: Protocols) -> SiteStudy:
    """Read all of a journal."""
    entries, read = journal.read(), Reconstruction(protocols)
    for entry in entries:
        read.add(entry)
    return SiteStudy(protocols, entries, read.study(), read)


class _NotDone(Exception):  # noqa: N818 - it says what happened
    """One of several commands was refused, so that none is carried out."""

    def __init__(self, refused: Refused) -> None:
        self.refused = refused
        super().__init__(str(refused))


def act(study: str, commands: Sequence[Command], by: Author) -> list[Entry] | Refused:
    """Carry out commands one after the other, all or none.

    Raises:
        InvalidInput: a payload is malformed; nothing was written.
    """
    seen, journal = look(study), journal_of(study)
    desk = Desk(journal, seen.protocols, seen.read)
    try:
        with all_or_none():
            first_time()
            return [_done(desk, command, by) for command in commands]
    except (_NotDone, SentBefore) as no:
        return no.refused


@contextmanager
def all_or_none() -> Generator[None]:
    """Keep what is written within, by Django and by the journal, only where all of it is."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("select 1")  # Django begins with the first statement: the journal must find it begun
        yield


def _done(desk: Desk, command: Command, by: Author) -> Entry:
    answer = desk.do(command, by, moment_of(desk.study))
    if isinstance(answer, Refused):
        raise _NotDone(answer)
    return answer

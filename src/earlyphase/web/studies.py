"""The studies that a site runs: their protocols from folders, their journals from the database."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from django.conf import settings
from django.db import connection

from earlyphase.journal.entry import Draft, Entry, Head
from earlyphase.protocol.library import known_studies, study_folder
from earlyphase.protocol.reading import read_protocols
from earlyphase.protocol.versions import Protocols
from earlyphase.store.journal import PostgresJournal
from earlyphase.study.commands import Command
from earlyphase.study.desk import Author, Desk
from earlyphase.study.reconstruct import reconstruct
from earlyphase.study.refusal import Refused
from earlyphase.study.state import Study
from earlyphase.web.clock import moment_of


@dataclass(frozen=True, slots=True)
class SiteStudy:
    """A study as it stands at this moment."""

    protocols: Protocols
    entries: tuple[Entry, ...]
    state: Study

    def as_of(self, moment: dt.datetime) -> "SiteStudy":
        """Give the study as it was known at a moment of recording."""
        return replace(self, state=reconstruct(self.protocols, self.entries, moment))


_last_seen: dict[str, SiteStudy] = {}
"""By study; it is used only while the journal still ends with the same entry."""


@cache
def site_studies() -> Mapping[str, Protocols]:
    """Give the protocols of every study of the site, by the study's name.

    Raises:
        InvalidInput: a folder is not there, or a protocol cannot be read.
    """
    folders = [study_folder(name) for name in settings.EARLYPHASE_STUDIES] or [*known_studies().values()]
    read = [read_protocols(folder) for folder in folders]
    return {next(iter(versions.values())).protocol.study: versions for versions in read}


def journal_of(study: str) -> PostgresJournal:
    """Give the journal of a study, on the connection of this request."""
    connection.ensure_connection()
    own: Any = connection.connection
    return PostgresJournal(own, study)


def look(study: str) -> SiteStudy:
    """Read a study as it stands now.

    Raises:
        Broken: the journal is damaged.
    """
    journal = journal_of(study)
    seen = _last_seen.get(study)
    if seen is None or seen.state.head != journal.head():
        protocols, entries = site_studies()[study], journal.read()
        seen = SiteStudy(protocols, entries, reconstruct(protocols, entries))
        _last_seen[study] = seen
    return seen


class _Read:
    """A journal of which the entries have been read; what is added goes to the database."""

    def __init__(self, journal: PostgresJournal, entries: tuple[Entry, ...]) -> None:
        self.study = journal.study
        self._journal = journal
        self._entries = entries

    def read(self) -> tuple[Entry, ...]:
        return self._entries

    def append(self, drafts: Sequence[Draft], after: Head) -> tuple[Entry, ...]:
        return self._journal.append(drafts, after)


def act(study: str, commands: Sequence[Command], by: Author) -> list[Entry] | Refused:
    """Carry out commands one after the other, up to the first that is refused.

    Raises:
        InvalidInput: a payload is malformed.
    """
    seen = look(study)
    desk = Desk(_Read(journal_of(study), seen.entries), seen.protocols)
    done: list[Entry] = []
    for command in commands:
        answer = desk.do(command, by, moment_of(desk.study))
        if isinstance(answer, Refused):
            return answer
        done.append(answer)
    return done

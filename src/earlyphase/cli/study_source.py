"""Opens the study that a command is asked about: protocols from its folder, entries from a journal file."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from earlyphase.faults import InvalidInput
from earlyphase.journal.entry import Entry, write_time
from earlyphase.journal.file import FileJournal
from earlyphase.protocol.library import study_folder
from earlyphase.protocol.reading import read_protocols
from earlyphase.protocol.versions import Protocols
from earlyphase.study.reconstruct import reconstruct
from earlyphase.study.state import Study

END_OF_DAY = dt.time(23, 59, 59, 999999, tzinfo=dt.UTC)


@dataclass(frozen=True, slots=True)
class OpenStudy:
    """A study as a command finds it."""

    folder: Path
    protocols: Protocols
    journal: FileJournal
    entries: tuple[Entry, ...]

    def as_of(self, moment: dt.datetime | None = None) -> Study:
        """Reconstruct the study as of a moment of recording; by default as of now."""
        return reconstruct(self.protocols, self.entries, moment)

    def recorded_by(self, moment: dt.datetime | None) -> tuple[Entry, ...]:
        """Give the entries that were recorded by a moment; all of them by default."""
        if moment is None:
            return self.entries
        return tuple(entry for entry in self.entries if entry.recorded_at <= write_time(moment))


def open_study(study: str, journal: Path, *, must_exist: bool = True) -> OpenStudy:
    """Read a study's protocols and its journal, verified.

    Raises:
        InvalidInput: there is no such study or journal, or the journal is another study's.
        Broken: the journal is damaged.
    """
    if must_exist and not journal.is_file():
        raise InvalidInput(
            "--journal", str(journal), "is not there.", "Check the path, or make one: `earlyphase study simulate`."
        )
    folder = study_folder(study)
    protocols = read_protocols(folder)
    store = FileJournal(journal, next(iter(protocols.values())).protocol.study)
    return OpenStudy(folder, protocols, store, store.read())


def read_moment(text: str | None, option: str) -> dt.datetime | None:
    """Read a moment of recording: a date means its end, in UTC.

    Raises:
        InvalidInput: it is neither a date nor a moment with its zone.
    """
    if text is None:
        return None
    try:
        if len(text) == len("2026-05-03"):
            return dt.datetime.combine(dt.date.fromisoformat(text), END_OF_DAY)
        moment = dt.datetime.fromisoformat(text)
    except ValueError:
        raise InvalidInput(
            option, text, "is not a date or a moment.", "Write 2026-05-03, or 2026-05-03T14:30Z."
        ) from None
    if moment.tzinfo is None:
        raise InvalidInput(option, text, "has no time zone.", f"Write {text}Z for UTC.")
    return moment


def read_day(text: str | None, option: str) -> dt.date | None:
    """Read a calendar day.

    Raises:
        InvalidInput: it is not a date.
    """
    if text is None:
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise InvalidInput(option, text, "is not a date.", "Write it as 2026-05-03.") from None


def now() -> dt.datetime:
    """Read the clock, in UTC."""
    return dt.datetime.now(dt.UTC)  # noqa: TID251 - the command line reads the clock


def today_of(study: Study, moment: dt.datetime | None) -> dt.date:
    """Give the day from which a study is looked at: `--as-of`, or in a simulation its last entry, or today."""
    if moment is not None:
        return moment.date()
    if study.simulated and study.recorded_until:
        return dt.date.fromisoformat(study.recorded_until[:10])
    return now().date()


def label_of(study: Study) -> str | None:
    """Say what a journal is that is not a study's own; None for one that is."""
    if study.purpose == "study":
        return None
    name = {"simulation": "SIMULATED", "training": "TRAINING", None: "NOT ACTIVE"}[study.purpose]
    return f"{name}: nothing here was observed in a study."

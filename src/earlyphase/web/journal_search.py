"""Which entries of a journal a reader wants, and the same as a table for other programs."""

import csv
import datetime as dt
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import orjson

from earlyphase.analysis.results import inert
from earlyphase.journal.entry import Entry, Kind
from earlyphase.web.history import Told
from earlyphase.web.moments import day_typed

FIELDS = ("participant", "record", "by", "kind", "since", "until")
"""What entries are looked for by."""

COLUMNS = (
    "entry",
    "recorded_at",
    "recorded_by",
    "role",
    "kind",
    "record",
    "participant",
    "supersedes",
    "reason",
    "field",
    "old",
    "new",
    "hash",
)
"""The columns of the table: a line for each field of each entry."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a reader looks for; empty is anything."""

    participant: str = ""
    record: str = ""
    by: str = ""
    kind: str = ""
    since: str = ""
    until: str = ""

    @property
    def given(self) -> Mapping[str, str]:
        """What was given, for an address."""
        return {name: text for name in FIELDS if (text := str(getattr(self, name)))}


def matching(entries: Iterable[Entry], wanted: Wanted) -> list[Entry]:
    """Give the entries that are wanted, in the order in which they come.

    Raises:
        InvalidInput: a day is no date.
    """
    since, until = day_typed(wanted.since, "From"), day_typed(wanted.until, "To")
    return [entry for entry in entries if _matches(entry, wanted) and _within(entry, since, until)]


def _matches(entry: Entry, wanted: Wanted) -> bool:
    pairs = (
        (wanted.participant, entry.participant or ""),
        (wanted.record, entry.record.partition("/")[0]),
        (wanted.by, entry.recorded_by),
        (wanted.kind, entry.kind),
    )
    return all(not asked or asked == found for asked, found in pairs)


def _within(entry: Entry, since: dt.date | None, until: dt.date | None) -> bool:
    day = entry.recorded_at[:10]
    return (since is None or day >= since.isoformat()) and (until is None or day <= until.isoformat())


def entries_csv(entries: Sequence[Told]) -> bytes:
    """Write entries as CSV: one line for each field, with what stood there before.

    What begins like a formula is written with an apostrophe before it, so that no spreadsheet executes it.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for row in rows_of(entries):
        writer.writerow(inert(row[name]) for name in COLUMNS)
    return text.getvalue().encode("utf-8-sig")


def entries_json(entries: Sequence[Told]) -> bytes:
    """Write entries as JSON: the same lines as objects."""
    return orjson.dumps(rows_of(entries), option=orjson.OPT_INDENT_2)


def rows_of(entries: Sequence[Told]) -> list[dict[str, str | int | None]]:
    """Give a line for each field of each entry; one without fields where nothing of it may be seen."""
    found: list[dict[str, str | int | None]] = []
    for one in entries:
        about = _about(one.entry)
        fields = [
            {"field": said.field, "old": said.old, "new": said.new} for said in one.fields if _said(one, said.changed)
        ]
        hidden = {"field": "hidden until the reviews are complete" if one.hidden else "", "old": None, "new": ""}
        found += [{**about, **field, "hash": one.entry.hash} for field in fields or [hidden]]
    return found


def _said(one: Told, changed: bool) -> bool:  # noqa: FBT001 - whether this field was changed
    """Of a correction, tell what it changed; of anything else, all."""
    return one.entry.kind != Kind.CORRECTED or changed


def _about(entry: Entry) -> dict[str, str | int | None]:
    return {
        "entry": entry.seq,
        "recorded_at": entry.recorded_at,
        "recorded_by": entry.recorded_by,
        "role": entry.role,
        "kind": entry.kind,
        "record": entry.record,
        "participant": entry.participant,
        "supersedes": entry.supersedes,
        "reason": entry.reason,
    }

"""One entry of the journal, its bytes and its hash."""

import datetime as dt
import hashlib
from dataclasses import dataclass
from enum import StrEnum
from operator import itemgetter
from typing import Any, NamedTuple

import orjson

from earlyphase.faults import Broken

GENESIS = "0" * 64
"""The `prev_hash` of a journal's first entry."""

_HASH = b',"hash":"'
_TAIL = len(_HASH) + 64 + len('"}')
_FIELDS = (
    "study", "seq", "recorded_at", "recorded_by", "role", "kind", "record",
    "participant", "supersedes", "reason", "payload", "prev_hash", "hash",
)  # fmt: skip
_in_order = itemgetter(*_FIELDS)


class Kind(StrEnum):
    """What an entry does to the record of the study."""

    RECORDED = "recorded"
    CORRECTED = "corrected"
    """Replaces one earlier entry in full, with a reason."""
    VOIDED = "voided"
    """Takes one earlier entry out of the state, with a reason; the history keeps it."""
    SIGNED = "signed"
    """Signs everything up to a head, with a meaning and a printed name."""


class Head(NamedTuple):
    """The end of a journal: how many entries it has, and the hash of the last."""

    seq: int
    hash: str


EMPTY = Head(0, GENESIS)


@dataclass(frozen=True, slots=True)
class Draft:
    """An entry that has passed its checks and has not been written."""

    recorded_at: dt.datetime
    recorded_by: str
    role: str
    kind: Kind
    record: str
    participant: str | None
    payload: str
    supersedes: int | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the journal. It is never changed; `hash` covers its bytes and, through `prev_hash`, all before it."""

    study: str
    seq: int
    recorded_at: str
    """UTC, to the microsecond: `2026-05-03T08:30:00.000000Z`; as text it sorts as time."""
    recorded_by: str
    role: str
    kind: str
    record: str
    """The payload type with its schema number: `infusion/1`."""
    participant: str | None
    supersedes: int | None
    """The entry that this one corrects or voids."""
    reason: str | None
    payload: str
    """The payload as JSON text, kept byte for byte."""
    prev_hash: str
    hash: str

    @property
    def head(self) -> Head:
        """The head of the journal up to here."""
        return Head(self.seq, self.hash)


def write_time(moment: dt.datetime) -> str:
    """Write a moment as entries do.

    Raises:
        ValueError: the moment has no time zone.
    """
    if moment.tzinfo is None:
        raise ValueError(f"{moment} has no time zone")
    return moment.astimezone(dt.UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def seal(study: str, after: Head, draft: Draft) -> tuple[Entry, bytes]:
    """Chain a draft to a head.

    Returns:
        The entry and its line, without the line's end. The hash is SHA-256 over the line up to `,"hash":`.
    """
    fields = {
        "study": study,
        "seq": after.seq + 1,
        "recorded_at": write_time(draft.recorded_at),
        "recorded_by": draft.recorded_by,
        "role": draft.role,
        "kind": draft.kind.value,
        "record": draft.record,
        "participant": draft.participant,
        "supersedes": draft.supersedes,
        "reason": draft.reason,
        "payload": draft.payload,
        "prev_hash": after.hash,
    }
    covered = orjson.dumps(fields)[:-1]
    digest = hashlib.sha256(covered).hexdigest()
    return Entry(**fields, hash=digest), covered + _HASH + digest.encode() + b'"}'  # pyright: ignore[reportArgumentType] - the fields are those of Entry


def open_line(line: bytes, after: Head, place: str) -> Entry:
    """Read one line and hold it against its hash and the entry before it.

    Raises:
        Broken: a byte was changed, or an entry was removed, moved or inserted.
    """
    covered, tail = line[:-_TAIL], line[-_TAIL:]
    expected = after.seq + 1
    if hashlib.sha256(covered).hexdigest().encode() != tail[len(_HASH) : -2] or tail[: len(_HASH)] != _HASH:
        raise Broken(place, None, f"entry {expected} does not match its hash {_shown(tail)}.", _REMEDY)
    try:
        entry = Entry(*_ordered(orjson.loads(line)))
    except (orjson.JSONDecodeError, KeyError, TypeError) as fault:
        raise Broken(place, None, f"entry {expected} is not an entry: {fault}.", _REMEDY) from None
    if entry.prev_hash != after.hash:
        raise Broken(place, None, f"entry {entry.seq} does not follow entry {after.seq} (hash {after.hash[:12]}…): "
                     f"it names {entry.prev_hash[:12]}… as the one before it.", _REMEDY)  # fmt: skip
    if entry.seq != expected:
        raise Broken(place, entry.seq, f"stands where entry {expected} belongs.", _REMEDY)
    return entry


_REMEDY = "The journal was edited after it was written: restore it from a backup whose head hash you know."


def _ordered(fields: dict[str, Any]) -> tuple[Any, ...]:
    if len(fields) != len(_FIELDS):
        raise KeyError(f"{sorted(set(fields) ^ set(_FIELDS))}")
    return _in_order(fields)


def _shown(tail: bytes) -> str:
    return tail[len(_HASH) : len(_HASH) + 12].decode("utf-8", "replace") + "…"

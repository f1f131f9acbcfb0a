"""The shapes of what comes in and goes out, for the description of the interface."""

from typing import Annotated, Any

from ninja import Schema
from pydantic import Field

from earlyphase.study.commands import ParticipantNumber


class ReasonShape(Schema):
    """One rule that says no."""

    what: str
    rule: str
    """The name of the rule: `role`, `future`; of a request that cannot be used, what is wrong with its form."""
    place: str | None
    """Where in the request it stands; null where the study itself says no."""
    value: Any
    """What stands there."""
    protocol: str | None
    remedy: str | None
    deviation_possible: bool


class Problem(Schema):
    """Why something was not done. Nothing was written."""

    status: int
    what: str
    remedy: str | None
    reasons: list[ReasonShape]


class StudyShape(Schema):
    """A study that the token opens."""

    study: str
    title: str
    role: str
    purpose: str | None
    protocol_version: str | None
    entries: int
    head: str


class Studies(Schema):
    """The studies that the token opens: one."""

    studies: list[StudyShape]


class EntryShape(Schema):
    """An entry of the journal."""

    seq: int
    kind: str
    record: str
    participant: str | None
    recorded_at: str
    recorded_by: str
    role: str
    supersedes: int | None
    followed_by: int | None
    """The entry that corrected or voided it."""
    reason: str | None
    hidden: bool
    """Whether you may not see yet what it says."""
    payload: dict[str, Any] | None
    hash: str


class Entries(Schema):
    """Entries in the order of the journal, and where to go on."""

    total: int
    """How many match."""
    next: int | None
    """Ask for entries after this one; null at the end."""
    head: str
    entries: list[EntryShape]


class Recorded(Schema):
    """What has been written."""

    entry: EntryShape
    head: str


class ToRecord(Schema):
    """Something to record."""

    participant: ParticipantNumber | None = None
    payload: dict[str, Any]


class ToCorrect(Schema):
    """What an entry should say instead, in full, and why."""

    payload: dict[str, Any]
    reason: Annotated[str, Field(min_length=1, max_length=2000)]


class ToVoid(Schema):
    """Why an entry does not hold."""

    reason: Annotated[str, Field(min_length=1, max_length=2000)]


class Found(Schema, extra="allow"):
    """What was computed, with the study and the head of the journal that it rests on."""

    study: str
    head: str

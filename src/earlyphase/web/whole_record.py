"""All that the journal holds of one participant, as values equal to the database, and the signatures over it."""

from typing import Any

import orjson

from earlyphase.journal.entry import Entry
from earlyphase.study.refusal import Reason, Refused
from earlyphase.study.signatures import SignatureNow, signatures_now
from earlyphase.web.access import Member
from earlyphase.web.blinding import hidden_from


def whole_record(member: Member, number: str) -> dict[str, Any] | Refused:
    """Give every entry of a participant and the signatures that cover it; refused while it would unblind a reviewer."""
    entries = entries_of(member, number)
    if hidden_from(member) & {entry.seq for entry in entries}:
        return Refused((Reason("reviews", "the record holds reviews that you may not see yet.", "dlt.reviewers"),))
    return {
        "study": member.study,
        "participant": number,
        "head": member.seen.state.head._asdict(),
        "entries": [_as_json(entry) for entry in entries],
        "signatures": [as_signed(one) for one in covering(member, entries)],
    }


def entries_of(member: Member, number: str) -> tuple[Entry, ...]:
    """Give the entries of a participant in order."""
    return tuple(entry for entry in member.seen.entries if entry.participant == number)


def covering(member: Member, entries: tuple[Entry, ...]) -> tuple[SignatureNow, ...]:
    """Find the signatures that cover something of it."""
    first = entries[0].seq
    signed = signatures_now(member.seen.state, member.seen.entries)
    return tuple(one for one in signed if one.covers is None or one.covers >= first)


def as_signed(one: SignatureNow) -> dict[str, Any]:
    """Give a signature as a program reads it."""
    said = one.signature.payload
    return {
        "entry": one.signature.entry,
        "printed_name": said.printed_name,
        "meaning": said.meaning,
        "signed_at": one.signature.recorded_at,
        "covers_head": said.covers,
        "covers_entries_until": one.covers,
        "state": one.state.value,
        "changed_since": [change.entry for change in one.changed],
    }


def _as_json(entry: Entry) -> dict[str, Any]:
    fields: dict[str, Any] = {name: getattr(entry, name) for name in Entry.__dataclass_fields__}
    return fields | {"payload": orjson.loads(entry.payload), "payload_as_kept": entry.payload}

"""All that the journal holds of one participant: to read, to print, and for machines, equal to the database."""

from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from earlyphase.journal.entry import Entry
from earlyphase.study.refusal import Reason
from earlyphase.study.signatures import SignatureNow, signatures_now
from earlyphase.web.access import Member, for_members
from earlyphase.web.blinding import hidden_from
from earlyphase.web.clock import now
from earlyphase.web.history import told
from earlyphase.web.pages import study_page
from earlyphase.web.views.record import REFUSED


@require_safe
@for_members
def full_record(request: HttpRequest, member: Member, number: str) -> HttpResponse:
    """Show every entry of a participant in order, with its history, its hash, and the signatures that cover it."""
    person = member.participant(number)
    entries = _entries(member, number)
    context = {
        "person": person,
        "entries": told(member.seen.entries, hidden_from(member), entries),
        "hashes": entries,
        "signed": _covering(member, entries),
        "made_at": now(),
    }
    return study_page(request, "full_record.html", member, context)


@require_safe
@for_members
def full_record_json(request: HttpRequest, member: Member, number: str) -> HttpResponse:
    """Give every entry of a participant as the database holds it, and the signatures that cover it."""
    member.participant(number)
    entries = _entries(member, number)
    if hidden_from(member) & {entry.seq for entry in entries}:
        reason = Reason("reviews", "the record holds reviews that you may not see yet.", "dlt.reviewers")
        return study_page(
            request, "refused.html", member, {"title": "Whole record", "reasons": (reason,)}, status=REFUSED
        )
    answer = {
        "study": member.study,
        "participant": number,
        "made_at": now().isoformat(),
        "head": member.seen.state.head._asdict(),
        "entries": [_as_json(entry) for entry in entries],
        "signatures": [_signature(one) for one in _covering(member, entries)],
    }
    response = HttpResponse(orjson.dumps(answer, option=orjson.OPT_INDENT_2), content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="{member.study}-{number}.json"'
    return response


def _entries(member: Member, number: str) -> tuple[Entry, ...]:
    return tuple(entry for entry in member.seen.entries if entry.participant == number)


def _covering(member: Member, entries: tuple[Entry, ...]) -> tuple[SignatureNow, ...]:
    """Find the signatures that cover something of it."""
    first = entries[0].seq
    signed = signatures_now(member.seen.state, member.seen.entries)
    return tuple(one for one in signed if one.covers is None or one.covers >= first)


def _as_json(entry: Entry) -> dict[str, Any]:
    fields: dict[str, Any] = {name: getattr(entry, name) for name in Entry.__dataclass_fields__}
    return fields | {"payload": orjson.loads(entry.payload), "payload_as_kept": entry.payload}


def _signature(one: SignatureNow) -> dict[str, Any]:
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

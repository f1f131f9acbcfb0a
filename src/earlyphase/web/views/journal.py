"""The journal: filtered, verified, exported; each entry with its history."""

from collections.abc import Sequence

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from earlyphase.faults import Broken
from earlyphase.journal.entry import Entry
from earlyphase.journal.payloads import BY_NAME
from earlyphase.study.verification import verify
from earlyphase.web.access import Member, for_members
from earlyphase.web.blinding import hidden_from, refused_export
from earlyphase.web.history import chain, told
from earlyphase.web.pages import study_page
from earlyphase.web.studies import journal_of

PAGE = 100
"""Entries on a page."""

DAMAGED, REFUSED = 500, 409


@require_safe
@for_members
def journal(request: HttpRequest, member: Member) -> HttpResponse:
    """Show the entries that match, the latest first."""
    wanted = {name: request.GET.get(name, "").strip() for name in ("participant", "record", "by")}
    everything = member.seen.entries
    found = [one for one in reversed(everything) if _matches(one, wanted)]
    start = _number(request.GET.get("from", ""))
    context = {
        "entries": told(everything, hidden_from(member), found[start : start + PAGE]),
        "total": len(found),
        "first": start + 1,
        "next": start + PAGE if start + PAGE < len(found) else None,
        "wanted": wanted,
        "records": tuple(BY_NAME),
        "people": _people(everything),
    }
    return study_page(request, "journal.html", member, context)


@require_safe
@for_members
def entry(request: HttpRequest, member: Member, number: int) -> HttpResponse:
    """Show an entry with all that it replaced and all that replaced it."""
    found = chain(member.seen.entries, number, hidden_from(member))
    if not found:
        raise Http404(f"entry {number}")
    return study_page(request, "entry.html", member, {"chain": found, "number": number, "last": found[-1]})


@require_safe
@for_members
def export(request: HttpRequest, member: Member) -> HttpResponse:
    """Give the journal as the lines of a file store, verified."""
    if refused := refused_export(member):
        return study_page(request, "refused.html", member, {"title": "Export", "reasons": refused.reasons}, REFUSED)
    response = HttpResponse(journal_of(member.study).export(), content_type="application/jsonl; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{member.study}.jsonl"'
    return response


@require_safe
@for_members
def verified(request: HttpRequest, member: Member) -> HttpResponse:
    """Verify the journal as it lies in the database, and against a head that is known."""
    known = request.GET.get("head", "").strip()
    try:
        found = verify(journal_of(member.study).read(), member.seen.protocols, known or None)
    except Broken as fault:
        return study_page(request, "verified.html", member, {"broken": str(fault), "known": known}, DAMAGED)
    return study_page(request, "verified.html", member, {"found": found, "known": known})


def _matches(entry: Entry, wanted: dict[str, str]) -> bool:
    values = {"participant": entry.participant or "", "record": entry.record.partition("/")[0], "by": entry.recorded_by}
    return all(not asked or values[name] == asked for name, asked in wanted.items())


def _people(entries: Sequence[Entry]) -> tuple[str, ...]:
    return tuple(sorted({entry.recorded_by for entry in entries}))


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < len("1000000000") else 0

"""The journal: filtered, verified, exported; each entry with its history."""

from collections.abc import Sequence
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from earlyphase.faults import Broken
from earlyphase.journal.entry import Entry, Kind
from earlyphase.journal.payloads.checking import Query
from earlyphase.study.verification import verify
from earlyphase.web.access import Member, for_members
from earlyphase.web.blinding import hidden_from, refused_export
from earlyphase.web.history import chain, told
from earlyphase.web.journal_search import FIELDS, Wanted, entries_csv, entries_json, matching
from earlyphase.web.pages import study_page
from earlyphase.web.recorded import in_our_words
from earlyphase.web.studies import journal_of
from earlyphase.web.views.results import as_file

PAGE = 100
"""Entries on a page."""

DAMAGED, REFUSED = 500, 409


@require_safe
@for_members
def journal(request: HttpRequest, member: Member) -> HttpResponse:
    """Show the entries that match, the latest first."""
    wanted = _wanted(request)
    everything = member.seen.entries
    found = matching(reversed(everything), wanted)
    start = _number(request.GET.get("from", ""))
    context = {
        "entries": told(everything, hidden_from(member), found[start : start + PAGE], in_our_words()),
        "total": len(found),
        "everything": len(everything),
        "first": start + 1,
        "last": min(start + PAGE, len(found)),
        "next": start + PAGE if start + PAGE < len(found) else None,
        "before": max(0, start - PAGE) if start else None,
        "wanted": wanted,
        "query": urlencode(wanted.given),
        "kinds": tuple(Kind),
        "records": tuple(dict.fromkeys(entry.record.partition("/")[0] for entry in everything)),
        "people": _people(everything),
    }
    return study_page(request, "journal.html", member, context)


@require_safe
@for_members
def export_found(request: HttpRequest, member: Member, kind: str) -> HttpResponse:
    """Give the entries that match, oldest first, as a table: who, when, what was and what is, and why."""
    if kind not in ("csv", "json"):
        raise Http404(f"format {kind}")
    everything = member.seen.entries
    found = told(everything, hidden_from(member), matching(everything, _wanted(request)))
    content = entries_csv(found) if kind == "csv" else entries_json(found)
    return as_file(content, f"journal.{kind}", member)


@require_safe
@for_members
def entry(request: HttpRequest, member: Member, number: int) -> HttpResponse:
    """Show an entry with all that it replaced and all that replaced it."""
    found = chain(member.seen.entries, number, hidden_from(member), in_our_words())
    if not found:
        raise Http404(f"entry {number}")
    may_ask = not member.seen.state.locked and not member.reasons_against(Query)
    context = {"chain": found, "number": number, "last": found[-1], "may_ask": may_ask}
    return study_page(request, "entry.html", member, context)


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


def _wanted(request: HttpRequest) -> Wanted:
    return Wanted(**{name: request.GET.get(name, "").strip() for name in FIELDS})


def _people(entries: Sequence[Entry]) -> tuple[str, ...]:
    return tuple(sorted({entry.recorded_by for entry in entries}))


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < len("1000000000") else 0

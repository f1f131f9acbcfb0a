"""All that the journal holds of one participant: to read, to print, and for machines, equal to the database."""

import orjson
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from earlyphase.study.refusal import Refused
from earlyphase.web.access import Member, for_members
from earlyphase.web.blinding import hidden_from
from earlyphase.web.clock import now, today_of
from earlyphase.web.history import told
from earlyphase.web.pages import study_page
from earlyphase.web.record_document import record_document
from earlyphase.web.recorded import in_our_words
from earlyphase.web.views.record import REFUSED
from earlyphase.web.whole_record import covering, entries_of, whole_record


@require_safe
@for_members
def full_record(request: HttpRequest, member: Member, number: str) -> HttpResponse:
    """Show every entry of a participant in order, with its history, its hash, and the signatures that cover it."""
    person = member.participant(number)
    entries = entries_of(member, number)
    context = {
        "person": person,
        "entries": told(member.seen.entries, hidden_from(member), entries, in_our_words()),
        "hashes": entries,
        "signed": covering(member, entries),
        "made_at": now(),
    }
    return study_page(request, "full_record.html", member, context)


@require_safe
@for_members
def full_record_pdf(request: HttpRequest, member: Member, number: str) -> HttpResponse:  # noqa: ARG001 - Django passes it
    """Give the same as a PDF with a structure tree."""
    from earlyphase.reports.document import document  # noqa: PLC0415 - reports are kept out of the start
    from earlyphase.reports.study_report import stamp  # noqa: PLC0415 - as above

    person, state = member.participant(number), member.seen.state
    entries = entries_of(member, number)
    shown = told(member.seen.entries, hidden_from(member), entries)
    title = gettext("Whole record of participant %(number)s") % {"number": person.id}
    subtitle, made_of = f"{state.name}: {state.protocol.title}", stamp(state, today_of(state))
    report = record_document(title, subtitle, made_of, shown, covering(member, entries))
    response = HttpResponse(document(report), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{member.study}-{number}-whole.pdf"'
    return response


@require_safe
@for_members
def full_record_json(request: HttpRequest, member: Member, number: str) -> HttpResponse:
    """Give every entry of a participant as the database holds it, and the signatures that cover it."""
    member.participant(number)
    found = whole_record(member, number)
    if isinstance(found, Refused):
        context = {"title": "Whole record", "reasons": found.reasons}
        return study_page(request, "refused.html", member, context, status=REFUSED)
    answer = found | {"made_at": now().isoformat()}
    response = HttpResponse(orjson.dumps(answer, option=orjson.OPT_INDENT_2), content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="{member.study}-{number}.json"'
    return response

"""The packet of a safety review, pinned to a data cut-off and to the head of the journal."""

import datetime as dt
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from earlyphase.reports.values import Figure, Report
from earlyphase.study.reconstruct import reconstruct
from earlyphase.study.state import Study
from earlyphase.web.access import Member, for_members
from earlyphase.web.computed import Computed, computed
from earlyphase.web.language import said
from earlyphase.web.moments import CUT_OFF, day_typed, last_day
from earlyphase.web.pages import study_page
from earlyphase.web.shown import Showing
from earlyphase.web.views.results import as_file, whole_document


@dataclass(frozen=True, slots=True)
class Pin:
    """What a packet is made from."""

    study: Study
    """Up to the head."""
    cutoff: dt.date | None
    compared: tuple[Study, dt.date] | None
    """What was known at the last review, and its day."""

    @property
    def query(self) -> str:
        """The same, for an address."""
        cutoff = {"cutoff": self.cutoff.isoformat()} if self.cutoff else {}
        return urlencode({"head": self.study.head.hash, **cutoff})


@require_safe
@for_members
def packet(request: HttpRequest, member: Member) -> HttpResponse:
    """Show the packet."""
    pin = pinned(request, member)
    found = packet_of(pin)
    figures = tuple(part for section in found.report.sections for part in section.parts if isinstance(part, Figure))
    from earlyphase.reports.page import numbered  # noqa: PLC0415 - reads what draws

    showing = Showing(numbered(found.report), found.shown(figures, get_language(), said))
    sections = [showing.section(one) for one in found.report.sections]
    context = {
        "pin": pin,
        "shown_sections": sections,
        "lists": showing.lists,
        "stamp": found.report.stamp,
        "subtitle": found.report.subtitle,
        "behind": member.seen.state.head.seq - pin.study.head.seq,
    }
    return study_page(request, "packet.html", member, context)


@require_safe
@for_members
def packet_file(request: HttpRequest, member: Member, kind: str) -> HttpResponse:
    """Give the packet as a document, or as a page that holds everything."""
    if kind not in ("pdf", "html"):
        raise Http404(f"format {kind}")
    pin = pinned(request, member)
    found = packet_of(pin)
    content = found.file(f"packet.{kind}", lambda: whole_document(found, kind))
    cutoff = found.report.stamp.cutoff
    return as_file(content, f"packet-{cutoff}-{pin.study.head.hash[:12]}.{kind}", member)


def pinned(request: HttpRequest, member: Member) -> Pin:
    """Read what is asked for: the present head and the day of its entry, unless others are named.

    Raises:
        Http404: the journal has no entry with that hash.
    """
    study = _up_to(member, request.GET.get("head", "").strip())
    return pin_of(member, study, day_typed(request.GET.get("cutoff", ""), CUT_OFF) or last_day(study))


def pin_of(member: Member, study: Study, cutoff: dt.date | None) -> Pin:
    """Pin a study to a cut-off, beside what was known at the decision before."""
    before = [fact for fact in study.decisions if cutoff is None or fact.payload.on < cutoff]
    if not before:
        return Pin(study, cutoff, None)
    entries = [entry for entry in member.seen.entries if entry.seq <= before[-1].entry]
    return Pin(study, cutoff, (reconstruct(member.seen.protocols, entries), before[-1].payload.on))


def packet_of(pin: Pin) -> Computed:
    """Make a packet, once."""
    return computed("packet", pin.study, pin.cutoff, lambda: _make(pin))


def _make(pin: Pin) -> Report:
    from earlyphase.reports.packet import packet as packet_report  # noqa: PLC0415 - reads numpy and scipy
    from earlyphase.reports.packet_basis import packet_basis  # noqa: PLC0415 - as above

    return packet_report(packet_basis(pin.study, pin.cutoff, pin.compared))


def _up_to(member: Member, head: str) -> Study:
    seen = member.seen
    if not head or head == seen.state.head.hash:
        return seen.state
    found = next((entry for entry in seen.entries if entry.hash == head), None)
    if found is None:
        raise Http404(f"head {head}")
    return reconstruct(seen.protocols, seen.entries[: found.seq])

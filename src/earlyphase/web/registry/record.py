"""The page of one record: all that it says, what is wrong with it, and what stands near it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext
from markupsafe import Markup

from earlyphase.eligibility.criteria_set import criteria_set
from earlyphase.eligibility.decidability import Undecided, decidability
from earlyphase.eligibility.showing import show
from earlyphase.faults import InvalidInput
from earlyphase.protocol.model import Protocol
from earlyphase.registry.beside import put_beside
from earlyphase.registry.checks.catalogue import check_record
from earlyphase.registry.checks.finding import Finding, Severity
from earlyphase.registry.difference import Change, difference, words_changed
from earlyphase.registry.glance import glance
from earlyphase.registry.page import Page, build_page
from earlyphase.registry.posted import posted
from earlyphase.registry.render_html import Around, html_fragment
from earlyphase.registry.render_json import page_as_json
from earlyphase.registry.twins import twin_findings
from earlyphase.store.neighbours import similar_to, stored_twins
from earlyphase.store.rates import Rate, kept_rates
from earlyphase.store.records import Version, latest_pair, stored_record, versions
from earlyphase.web.clock import now
from earlyphase.web.computed import Bounded
from earlyphase.web.language import said
from earlyphase.web.programs import wants_json
from earlyphase.web.registry.answers import answer, json_answer, public
from earlyphase.web.registry.atom import FeedEntry, atom
from earlyphase.web.registry.records import language, protocol_of, record_or_404, records


@dataclass(frozen=True, slots=True)
class Reading:
    """One criterion: as written, as interpreted, and what a machine evaluates."""

    id: str
    written: str
    interpreted: str
    plain: str
    """The expression, said in words."""
    chinese: str
    expression: str
    undecided: tuple[Undecided, ...]


_readings: Bounded[tuple[Reading, ...]] = Bounded(24)
"""By the digest of the protocol: to find what cannot be decided takes longer than all else of the page."""


@public
def record_page(request: HttpRequest, number: str) -> HttpResponse:
    """Show a record, the current version or an earlier one."""
    record = record_or_404(number, _version(request))
    page, rates = build_page(record), kept_rates(records())
    twins = stored_twins(records(), record)
    findings = (*check_record(record, now().date()), *twin_findings(record, twins))
    latest = protocol_of(record)
    context: dict[str, Any] = {
        "record": record,
        "number": record.nct_id or number,
        "version": request.GET.get("version"),
        "title": page.title,
        "major": sum(one.severity is Severity.MAJOR for one in findings),
        "advisory": sum(one.severity is Severity.ADVISORY for one in findings),
        "readings": _readings.get(latest.sha256, lambda: readings(latest.protocol)) if latest else (),
        "twins": [(twin.other(record.nct_id or ""), twin.shared) for twin in twins],
        "similar": similar_to(records(), record),
        "versions": _versions(number),
        "has_posted": bool(posted(record)),
    }
    if wants_json(request):
        return json_answer(_as_json(page, findings, rates, context))
    beside = put_beside(page, findings, rates)
    elsewhere = reverse("registry_posted", args=[context["number"]]) if context["has_posted"] else None
    around = Around(beside, glance(record, language()), told=said, elsewhere=elsewhere)
    context |= {"whole": len(beside.whole)}
    return render(request, "registry/record.html", context | {"article": _article(request, page, around, context)})


@public
def versions_page(request: HttpRequest, number: str) -> HttpResponse:
    """List the versions of a record, and show what changed between two of them."""
    seen = _versions(number)
    if not seen:
        raise Http404(f"record {number}")
    pair = _pair(request, seen)
    changes = difference(*(stored_record(records(), number, one) for one in pair)) if pair else ()
    context = {
        "number": seen[0].nct_id,
        "versions": seen,
        "pair": pair,
        "changes": [(one, _runs(one)) for one in changes],
    }
    told = {"versions": _public(seen), "compared": pair, "changes": changes}
    return answer(request, "versions.html", context, lambda: told)


@public
def versions_feed(request: HttpRequest, number: str) -> HttpResponse:
    """Give the versions of a record as an Atom feed, the newest first."""
    seen = _versions(number)
    if not seen:
        raise Http404(f"record {number}")
    page = request.build_absolute_uri(reverse("registry_record", args=[seen[0].nct_id]))
    entries = [
        FeedEntry(f"{page}?version={one.version}", f"{one.nct_id}, version {one.version}", one.last_update, "", "")
        for one in sorted(seen, key=lambda one: (one.last_update or "", one.version), reverse=True)
    ]
    return atom(request, f"Versions of {seen[0].nct_id}", page, entries)


def readings(protocol: Protocol) -> tuple[Reading, ...]:
    """Put each criterion's text beside its interpretation, and what screening could not decide."""
    criteria = criteria_set(protocol)
    english, chinese = criteria.speaker("en"), criteria.speaker("zh")
    found = decidability(protocol)
    return tuple(
        Reading(
            rule.id,
            rule.criterion.as_written,
            rule.criterion.as_interpreted,
            english.say(rule.node) if rule.node else "",
            chinese.say(rule.node) if rule.node else "",
            show(rule.node) if rule.node else "",
            tuple(one for one in found if one.criterion == rule.id),
        )
        for rule in criteria.rules
    )


def _article(request: HttpRequest, page: Page, around: Around, context: Mapping[str, Any]) -> str:
    """Make the article, its opening by our own template."""
    opening = Markup(render_to_string("registry/_opening.html", dict(context), request))  # noqa: S704 - it has escaped
    named = (("readings", gettext("The criteria, as written and as interpreted")), ("twins", gettext("Twin records")))
    named = (*named, ("similar", gettext("Similar studies")))
    further = tuple((name, heading) for name, heading in named if context[name])
    html = html_fragment(page, replace(around, opening=opening, further=further), language())
    return mark_safe(html)  # noqa: S308 - its own template has escaped every value


def _versions(number: str) -> tuple[Version, ...]:
    try:
        return versions(records(), number)
    except InvalidInput:
        return ()


def _public(seen: tuple[Version, ...]) -> list[dict[str, Any]]:
    """Give what everybody may know of versions: not from which file of the site's own machine they came."""
    return [{name: value for name, value in asdict(one).items() if name != "source"} for one in seen]


def _version(request: HttpRequest) -> int | None:
    given = request.GET.get("version", "")
    if given and not (given.isascii() and given.isdigit() and len(given) <= 6):  # noqa: PLR2004 - nobody has a million
        raise Http404(f"version {given}")
    return int(given) if given else None


def _pair(request: HttpRequest, seen: tuple[Version, ...]) -> tuple[int, int] | None:
    """Say which two versions to compare: those of the address, or the current one and the one before."""
    numbers = [one.version for one in seen]
    asked = [request.GET.get(name, "") for name in ("from", "to")]
    if any(asked):
        chosen = [number for text in asked for number in numbers if str(number) == text]
        if len(chosen) != len(asked):
            raise Http404(f"versions {asked}")
        return chosen[0], chosen[1]
    return latest_pair(seen)


def _runs(change: Change) -> list[tuple[str, str]]:
    """Give the words of a change: what went, what came, and what stayed between."""
    if isinstance(change.before, str) and isinstance(change.after, str):
        return [(run.kind.value if run.kind else "", run.text) for run in words_changed(change.before, change.after)]
    parts = (("removed", change.before), ("added", change.after))
    return [(kind, str(value)) for kind, value in parts if value is not None]


def _as_json(page: Page, findings: tuple[Finding, ...], rates: dict[str, Rate], context: dict[str, Any]) -> Any:  # noqa: ANN401 - any JSON
    told = [{**asdict(one), "rate": rates.get(one.id)} for one in findings]
    shared = {name: context[name] for name in ("number", "readings", "twins", "similar")}
    shared["versions"] = _public(context["versions"])
    return {"page": page_as_json(page), "findings": told, **shared}

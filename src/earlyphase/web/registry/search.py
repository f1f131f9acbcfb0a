"""The search: words, facets, places; every search is a link, and a feed."""

from dataclasses import asdict
from typing import Any
from xml.etree import ElementTree as ET  # it writes; nothing is read

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from earlyphase.faults import InvalidInput
from earlyphase.store.records import record_count
from earlyphase.store.search import Answer, Question, Sort, search
from earlyphase.store.search_facets import Facets
from earlyphase.store.search_rows import Hit
from earlyphase.web.registry.answers import answer, json_answer, public, wants_json
from earlyphase.web.registry.asking import address, facet_links, question_of
from earlyphase.web.registry.records import language, records

ATOM = "http://www.w3.org/2005/Atom"
NOT_FOUND = Answer(0, (), None, Facets(0, {}, {}, {}, {}), (), {})


@public
def search_page(request: HttpRequest) -> HttpResponse:
    """Find records."""
    given, fault = request.GET, None
    try:
        question = question_of(records(), given)
        found = search(records(), question)
    except InvalidInput as wrong:
        question, found, fault = Question(), NOT_FOUND, wrong
    status = 400 if fault else 200
    if wants_json(request):
        return json_answer({"error": str(fault)} if fault else _as_json(request, found), status)
    context = {
        "given": given,
        "question": question,
        "found": found,
        "fault": fault,
        "facets": facet_links(given, found.facets, language()) if found.facets else {},
        "sorts": tuple(Sort),
        "kept": [(name, value) for name in ("phase", "status", "type", "country") for value in given.getlist(name)],
        "this": address(given),
        "next": address(given, page=found.next_page) if found.next_page else None,
        "empty": not found.total and not record_count(records()),
    }
    return answer(request, "search.html", context, dict, status)


@public
def feed(request: HttpRequest) -> HttpResponse:
    """Give the records of a search as an Atom feed, the one last updated first."""
    given = request.GET.copy()
    given["sort"] = Sort.UPDATED.value
    try:
        found = search(records(), question_of(records(), given), facets=False)
    except InvalidInput as wrong:
        return json_answer({"error": str(wrong)}, 400)
    root = ET.Element("feed", {"xmlns": ATOM})
    here = request.build_absolute_uri(reverse("registry") + address(request.GET))
    _texts(root, title=f"Studies: {given.get('q', '') or 'all'}", id=here)
    _texts(root, updated=_moment(found.hits[0].updated if found.hits else None))
    _link(root, "alternate", here)
    _link(root, "self", request.build_absolute_uri())
    for hit in found.hits:
        _entry(request, ET.SubElement(root, "entry"), hit)
    return HttpResponse(ET.tostring(root, "utf-8", xml_declaration=True), content_type="application/atom+xml")


def _entry(request: HttpRequest, entry: ET.Element, hit: Hit) -> None:
    where = request.build_absolute_uri(reverse("registry_record", args=[hit.nct_id]))
    _texts(entry, title=hit.title, id=where, updated=_moment(hit.updated))
    _texts(entry, summary=f"{hit.nct_id} · {hit.sponsor} · {'; '.join(hit.conditions)}")
    _texts(ET.SubElement(entry, "author"), name=hit.sponsor or "unknown")
    _link(entry, "alternate", where)


def _texts(parent: ET.Element, **texts: str) -> None:
    for name, text in texts.items():
        ET.SubElement(parent, name).text = "".join(one for one in text if one.isprintable())


def _link(parent: ET.Element, rel: str, href: str) -> None:
    ET.SubElement(parent, "link", {"rel": rel, "href": href})


def _moment(updated: str | None) -> str:
    """Give a moment for a day; records that say only the month, or nothing, get the first day of what they say."""
    given = (updated or "1970-01-01").split("-")
    year, month, day = (*given, "01", "01")[:3]
    return f"{year}-{month}-{day}T00:00:00Z"


def _as_json(request: HttpRequest, found: Answer) -> dict[str, Any]:
    told = asdict(found)
    for hit in told["hits"]:
        del hit["tier"], hit["key"]
        hit["address"] = request.build_absolute_uri(reverse("registry_record", args=[hit["nct_id"]]))
    return told

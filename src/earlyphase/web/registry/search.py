"""The search: words, facets, places; every search is a link, and a feed."""

from dataclasses import asdict
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from earlyphase.faults import InvalidInput
from earlyphase.store.records import record_count
from earlyphase.store.search import Answer, Question, Sort, search
from earlyphase.store.search_facets import Facets
from earlyphase.store.search_rows import Hit
from earlyphase.web.programs import wants_json
from earlyphase.web.registry.answers import answer, json_answer, problem_answer, public
from earlyphase.web.registry.asking import address, facet_links, question_of
from earlyphase.web.registry.atom import FeedEntry, atom
from earlyphase.web.registry.records import language, records

NOT_FOUND = Answer(0, (), None, Facets(0, {}, {}, {}, {}), (), {})


@public
def search_page(request: HttpRequest) -> HttpResponse:
    """Find records."""
    given, fault = request.GET, None
    try:
        question = question_of(records(), given)
        found = search(records(), question)
    except InvalidInput as wrong:
        question, found, fault = Question(), NOT_FOUND, _on_a_page(wrong)
    status = 400 if fault else 200
    if wants_json(request):
        return problem_answer(fault) if fault else json_answer(_as_json(request, found))
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
        return problem_answer(_on_a_page(wrong))
    here = request.build_absolute_uri(reverse("registry") + address(request.GET))
    entries = [_entry(request, hit) for hit in found.hits]
    return atom(request, f"Studies: {given.get('q', '') or 'all'}", here, entries)


def _on_a_page(fault: InvalidInput) -> InvalidInput:
    """Name a field as an address has it, not as the command line has."""
    return InvalidInput(fault.place.removeprefix("--"), fault.value, fault.rule, fault.remedy)


def _entry(request: HttpRequest, hit: Hit) -> FeedEntry:
    where = request.build_absolute_uri(reverse("registry_record", args=[hit.nct_id]))
    summary = f"{hit.nct_id} · {hit.sponsor} · {'; '.join(hit.conditions)}"
    return FeedEntry(where, hit.title, hit.updated, summary, hit.sponsor)


def _as_json(request: HttpRequest, found: Answer) -> dict[str, Any]:
    told = asdict(found)
    for hit in told["hits"]:
        del hit["tier"], hit["key"]
        hit["address"] = request.build_absolute_uri(reverse("registry_record", args=[hit["nct_id"]]))
    return told

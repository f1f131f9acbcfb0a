"""What a record holds beside its registration, on a page of its own: results can be a hundred times as long."""

from django.http import HttpRequest, HttpResponse

from earlyphase.registry.posted import posted
from earlyphase.web.registry.answers import answer, public
from earlyphase.web.registry.records import record_or_404

MANY = 20
"""A table of more rows is folded up."""


@public
def posted_page(request: HttpRequest, number: str) -> HttpResponse:
    """Show the results as they were posted, the documents, and the terms that the registry derived."""
    record = record_or_404(number)
    found = posted(record)
    context = {"number": record.nct_id or number, "posted": found, "has_posted": True, "many": MANY}
    return answer(request, "posted.html", context, lambda: {"number": context["number"], "posted": found})

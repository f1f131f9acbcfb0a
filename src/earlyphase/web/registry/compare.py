"""Two records side by side."""

from django.http import HttpRequest, HttpResponse

from earlyphase.registry.page import build_page
from earlyphase.registry.side_by_side import side_by_side
from earlyphase.web.registry.answers import answer, public
from earlyphase.web.registry.records import language, record_or_404


@public
def compare(request: HttpRequest) -> HttpResponse:
    """Show two records side by side; without them, ask for their numbers."""
    numbers = [request.GET.get(name, "").strip() for name in ("a", "b")]
    if not all(numbers):
        return answer(request, "compare.html", {"numbers": numbers}, lambda: {"parts": []})
    pages = [build_page(record_or_404(number)) for number in numbers]
    parts = side_by_side(pages[0], pages[1], language())
    differ = sum(not row.same for part in parts for row in part.rows)
    rows = sum(len(part.rows) for part in parts)
    context = {"numbers": numbers, "pages": pages, "parts": parts, "differ": differ, "rows": rows}
    return answer(
        request, "compare.html", context, lambda: {"records": numbers, "parts": side_by_side(pages[0], pages[1])}
    )

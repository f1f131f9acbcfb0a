"""One page, two forms: for people and for programs. Public pages may be kept by a browser for a minute."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from functools import wraps
from typing import Any, Concatenate, ParamSpec

import orjson
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import conditional_page, require_safe

from earlyphase.faults import InvalidInput
from earlyphase.web.api.answers import MALFORMED, invalid
from earlyphase.web.programs import wants_json

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]

KEPT = 60
"""Units: seconds."""


def public(view: View[P]) -> View[P]:
    """Make a page that everybody may read, small on a slow line."""

    @wraps(view)
    def answered(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        answer = view(request, *args, **kwargs)
        patch_vary_headers(answer, ["Accept", "Accept-Language", "Cookie"])
        patch_cache_control(answer, private=True, max_age=KEPT)
        return answer

    return gzip_page(require_safe(conditional_page(answered)))


def answer(
    request: HttpRequest, template: str, context: Mapping[str, Any], data: Callable[[], Any], status: int = 200
) -> HttpResponse:
    """Give a page, or what it shows as JSON."""
    if wants_json(request):
        return json_answer(data(), status)
    return render(request, f"registry/{template}", dict(context), status=status)


def problem_answer(fault: InvalidInput) -> HttpResponse:
    """Say to a program what cannot be searched for, in the shape of every no."""
    return invalid(fault, MALFORMED).response()


def json_answer(data: Any, status: int = 200) -> HttpResponse:  # noqa: ANN401 - any JSON
    """Give data as JSON."""
    content = orjson.dumps(data, default=_plain, option=orjson.OPT_INDENT_2 | orjson.OPT_NON_STR_KEYS)
    return HttpResponse(content, content_type="application/json", status=status)


def _plain(value: Any) -> Any:  # noqa: ANN401 - any value of a page
    return asdict(value) if hasattr(value, "__dataclass_fields__") else str(value)

"""Who has an answer already is not sent it again: each has an ETag, which the next request may show."""

import hashlib
from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag

from earlyphase.web.api.answers import DONE

View = Callable[..., HttpResponse]
"""With the parameters of its address, which the framework reads from its signature."""


def unless_same(view: View) -> View:
    """Answer 304 to a request whose If-None-Match names what would be answered."""

    @wraps(view)
    def answered(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        answer = view(request, *args, **kwargs)
        if answer.status_code != DONE:
            return answer
        etag = quote_etag(hashlib.sha256(answer.content).hexdigest()[:32])
        answer["ETag"] = etag
        return get_conditional_response(request, etag=etag, response=answer) or answer

    return answered

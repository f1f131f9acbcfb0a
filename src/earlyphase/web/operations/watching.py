"""Stands before everything: answers the probes, counts and logs every request, holds back who asks too often."""

import logging
import secrets
import time
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from earlyphase.web.api.answers import problem
from earlyphase.web.clock import now
from earlyphase.web.operations.addresses import address_of
from earlyphase.web.operations.limits import wait_for
from earlyphase.web.operations.metrics import counted, known_method
from earlyphase.web.operations.probes import PROBES
from earlyphase.web.programs import for_a_program

LOG = logging.getLogger("earlyphase.requests")

TOO_OFTEN = 429

Respond = Callable[[HttpRequest], HttpResponse]


class Watched:
    """Answers probes; of everything else it keeps how often, how long and how it went."""

    def __init__(self, get_response: Respond) -> None:
        """Stand before everything."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on, and write down how it went."""
        if probe := PROBES.get(request.path_info):
            return probe(request)
        name, begun = secrets.token_hex(8), time.perf_counter()
        answer = self.get_response(request)
        took, route = time.perf_counter() - begun, _route(request)
        method = known_method(request.method)
        counted(route, method, answer.status_code, took)
        fields = {"request": name, "method": method, "route": route, "status": answer.status_code}
        LOG.info("answered", extra={**fields, "milliseconds": round(took * 1000, 1)})
        answer["X-Request-ID"] = name
        return answer


class AnonymousInMeasure:
    """Holds back an address from which nobody is logged in, where it asks too often."""

    def __init__(self, get_response: Respond) -> None:
        """Stand behind the log-in, which says who asks."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on, or say when to come again."""
        if request.path_info.startswith("/api/") or request.user.is_authenticated:
            return self.get_response(request)
        seconds = wait_for("anonymous", address_of(request), settings.EARLYPHASE_ANONYMOUS_REQUESTS, now())
        if not seconds:
            return self.get_response(request)
        says = _("Too many requests came from your address. Wait %(seconds)s seconds.") % {"seconds": seconds}
        if for_a_program(request):
            answer = problem(TOO_OFTEN, says).response()
        else:
            answer = render(request, "web/said.html", {"title": _("Too many requests"), "says": says}, status=TOO_OFTEN)
        answer["Retry-After"] = str(seconds)
        return answer


def _route(request: HttpRequest) -> str:
    """Give the pattern of the address: the address itself can name a participant."""
    found = request.resolver_match
    return str(found.route) if found is not None else "none"

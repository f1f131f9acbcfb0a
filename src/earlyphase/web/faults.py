"""Turns what was wrong with a request, or with a journal, into a page that says it."""

import sys
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext

from earlyphase.faults import Broken, InvalidInput
from earlyphase.web.operations.outage import is_outage, unavailable

BAD, DAMAGED = 400, 500


class SaidInAPage:
    """Shows the sentence of a fault; nothing else of it reaches the browser."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Stand before the views."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, fault: Exception) -> HttpResponse | None:
        """Answer with the sentence, where it is one of ours."""
        match fault:
            case Broken():
                return render(request, "web/said.html", {"title": gettext("Damaged"), "says": fault}, status=DAMAGED)
            case InvalidInput():
                return render(request, "web/said.html", {"title": gettext("Not possible"), "says": fault}, status=BAD)
            case _:
                return unavailable(request) if is_outage(fault) else None


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django passes it
    """Say that the request cannot be used."""
    says = gettext("The request is malformed, or larger than a form of this site can be. Nothing was saved.")
    return render(request, "web/said.html", {"title": gettext("Not possible"), "says": says}, status=BAD)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - as above
    """Say that it is not allowed."""
    return render(
        request, "web/said.html", {"title": gettext("Not allowed"), "says": gettext("You may not do this.")}, status=403
    )


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - as above
    """Say that there is no such page, or none for this person."""
    says = gettext("There is no such page, or it belongs to a study whose team you are not on.")
    return render(request, "web/said.html", {"title": gettext("Not found"), "says": says}, status=404)


def broken_down(request: HttpRequest) -> HttpResponse:
    """Say that the fault is ours, or the database's."""
    if is_outage(sys.exc_info()[1]):
        return unavailable(request)
    says = gettext("Something went wrong on our side. Nothing was saved; the site's log says more.")
    return render(request, "web/said.html", {"title": gettext("An error"), "says": says}, status=DAMAGED)

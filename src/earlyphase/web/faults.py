"""Turns what was wrong with a request, or with a journal, into a page that says it."""

import sys
from collections.abc import Callable

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext

from earlyphase.faults import Broken, InvalidInput
from earlyphase.web.api.answers import DAMAGED, FORBIDDEN, NO_SUCH_ACT, NOT_THERE, invalid, problem
from earlyphase.web.operations.outage import is_outage, unavailable
from earlyphase.web.programs import for_a_program

BAD, TOO_LARGE = 400, 413


class SaidInAPage:
    """Shows the sentence of a fault; nothing else of it reaches the browser."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Stand before the views."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on; tell a program which acts an address takes."""
        answer = self.get_response(request)
        if answer.status_code == NO_SUCH_ACT and for_a_program(request):
            said = problem(NO_SUCH_ACT, f"{request.method} is not possible here.", f"Possible: {answer['Allow']}.")
            return _with_allow(said.response(), answer["Allow"])
        return answer

    def process_exception(self, request: HttpRequest, fault: Exception) -> HttpResponse | None:
        """Answer with the sentence, where it is one of ours."""
        match fault:
            case InvalidInput() if for_a_program(request):
                return (problem(DAMAGED, str(fault)) if isinstance(fault, Broken) else invalid(fault)).response()
            case Broken():
                return render(request, "web/said.html", {"title": gettext("Damaged"), "says": fault}, status=DAMAGED)
            case InvalidInput():
                return render(request, "web/said.html", {"title": gettext("Not possible"), "says": fault}, status=BAD)
            case _:
                return unavailable(request) if is_outage(fault) else None


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say that the request cannot be used."""
    status = TOO_LARGE if isinstance(exception, RequestDataTooBig) else BAD
    says = gettext("The request is malformed, or larger than a form of this site can be. Nothing was saved.")
    return _said(request, status, gettext("Not possible"), says)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django passes it
    """Say that it is not allowed."""
    return _said(request, FORBIDDEN, gettext("Not allowed"), gettext("You may not do this."))


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 - as above
    """Say that a form was not sent from a page of this site, or too late, or by a browser that keeps no cookies."""
    says = gettext(
        "The form has expired, or your browser keeps no cookies. Nothing was saved: go back, load the page anew, and "
        "send it again."
    )
    return _said(request, FORBIDDEN, gettext("Not allowed"), says)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - as above
    """Say that there is no such page, or none for this person."""
    says = gettext("There is no such page, or it belongs to a study whose team you are not on.")
    return _said(request, NOT_THERE, gettext("Not found"), says)


def broken_down(request: HttpRequest) -> HttpResponse:
    """Say that the fault is ours, or the database's."""
    if is_outage(sys.exc_info()[1]):
        return unavailable(request)
    says = gettext("Something went wrong on our side. Nothing was saved; the site's log says more.")
    return _said(request, DAMAGED, gettext("An error"), says)


def _said(request: HttpRequest, status: int, title: str, says: str) -> HttpResponse:
    """Say it in a page, or to a program in the shape of every no."""
    if for_a_program(request):
        return problem(status, says).response()
    return render(request, "web/said.html", {"title": title, "says": says}, status=status)


def _with_allow(answer: HttpResponse, acts: str) -> HttpResponse:
    answer["Allow"] = acts
    return answer

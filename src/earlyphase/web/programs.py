"""Tells whether a request comes from a program: by its address, or by what it accepts."""

from django.http import HttpRequest

INTERFACE = "/api/"
"""Below it every answer is for a program."""


def for_a_program(request: HttpRequest) -> bool:
    """Tell whether what goes wrong is told as JSON."""
    return request.path_info.startswith(INTERFACE) or wants_json(request)


def wants_json(request: HttpRequest) -> bool:
    """Tell whether the answer is for a program: by the address, or by what is accepted."""
    asked = request.GET.get("format")
    return (
        asked == "json"
        if asked
        else request.get_preferred_type(["text/html", "application/json"]) == "application/json"
    )

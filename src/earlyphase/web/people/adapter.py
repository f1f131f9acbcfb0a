"""What the log-in may do here."""

from collections.abc import Mapping
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter  # pyright: ignore[reportMissingTypeStubs] - it has none
from django.http import HttpRequest


class ClosedDoor(DefaultAccountAdapter):
    """Nobody signs up: a person is made by who runs the site."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 - the door's own shape
        """Say no."""
        return False


def name_to_lock(request: HttpRequest, credentials: Mapping[str, Any] | None = None) -> str:
    """Give the user name that failures count for: the same however its letters are written.

    Whoever signs, or enters a code, types no name: then the credentials hold it, under the one word or the other.
    """
    known = credentials or {}
    given = known.get("username") or known.get("login") or request.POST.get("login", "")
    return str(given).strip().lower()[:255]

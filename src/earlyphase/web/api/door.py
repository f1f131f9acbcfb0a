"""Who may come in: whoever shows a token that works, and is on the study's team. Cookies open nothing here."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from ninja.security import HttpBearer

from earlyphase.web.access import Member, member_of
from earlyphase.web.api.models import Token
from earlyphase.web.api.tokens import token_of
from earlyphase.web.clock import now
from earlyphase.web.operations.addresses import address_of
from earlyphase.web.operations.limits import wait_for


class NotNow(Exception):  # noqa: N818 - it says what to do
    """Somebody asked too often."""

    def __init__(self, seconds: int) -> None:
        """Say how long to wait."""
        self.seconds = seconds
        super().__init__(f"too many requests: wait {seconds} s")


class NotThere(Exception):  # noqa: N818 - it says what is not there
    """What was asked for is not there, or not for this token."""


class Bearer(HttpBearer):
    """A token in the header `Authorization: Bearer …`."""

    def authenticate(self, request: HttpRequest, token: str) -> Token | None:
        """Find the token; count how often it, or an address without one, has asked.

        Raises:
            NotNow: it has asked too often.
        """
        moment = now()
        found = token_of(token, moment)
        if found is None:
            _held_back("address", address_of(request), settings.EARLYPHASE_API_FAILURES)
            return None
        _held_back("token", str(found.pk), settings.EARLYPHASE_API_REQUESTS)
        return found


def _held_back(kind: str, name: str, limit: int) -> None:
    if seconds := wait_for(kind, name, limit, now()):
        raise NotNow(seconds)


def member_with(request: HttpRequest, study: str) -> Member:
    """Give the person that the token acts for, in the study that it is for.

    Raises:
        NotThere: the token is for another study, or the person has left the team.
    """
    token: Any = getattr(request, "auth", None)
    if not isinstance(token, Token) or token.study != study:
        raise NotThere(f"There is no study {study} for this token.")
    member = member_of(token.person, study)
    if member is None:
        raise NotThere(f"There is no study {study} for this token.")
    return member

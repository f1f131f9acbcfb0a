"""A first password opens nothing but the page where it is changed."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.hashers import check_password
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext

from earlyphase.web.clock import now

OPEN = frozenset({"account_change_password", "account_logout", "set_language"})
"""What can be reached with a first password."""


class FirstPassword:
    """Leads whoever has a first password to where it is changed, and nowhere else."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Stand before the views."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_: Any) -> HttpResponse | None:  # noqa: ANN401 - as Django
        """Let through who has a password of their own; programs show a token, and no password."""
        until = getattr(request.user, "first_until", None)
        if until is None or request.path_info.startswith("/api/"):
            return None
        if until < now():
            logout(request)
            messages.error(request, gettext("The first password was not changed in time. Ask for another one."))
            return redirect("account_login")
        if request.resolver_match and request.resolver_match.url_name in OPEN:
            return None
        messages.info(request, gettext("Somebody else chose this password. Choose your own before you go on."))
        return redirect("account_change_password")


class OtherThanBefore:
    """A rule for passwords: a new one is not the old one."""

    def validate(self, password: str, user: Any = None) -> None:  # noqa: ANN401 - as Django's validators
        """Refuse the password that a person has.

        Raises:
            ValidationError: it is the same.
        """
        if user is not None and user.pk and check_password(password, user.password):
            raise ValidationError(self.get_help_text())

    def get_help_text(self) -> str:
        """Say the rule."""
        return gettext("The new password must be another one than before.")

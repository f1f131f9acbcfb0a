"""Forms of the log-in in which something could be guessed: wrong codes and passwords count towards the lock-out."""

from typing import Any, cast

from allauth.account.forms import (  # pyright: ignore[reportMissingTypeStubs] - it has none
    ChangePasswordForm,
)
from allauth.core import context  # pyright: ignore[reportMissingTypeStubs] - as above
from allauth.mfa.base.forms import (  # pyright: ignore[reportMissingTypeStubs] - as above
    AuthenticateForm,
    BaseAuthenticateForm,
    ReauthenticateForm,
)
from axes.handlers.proxy import AxesProxyHandler  # pyright: ignore[reportMissingTypeStubs] - as above
from django.contrib.auth import authenticate
from django.contrib.auth.signals import user_login_failed
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext

from earlyphase.web.people.models import Person


def _request() -> HttpRequest:
    return cast("HttpRequest", context.request)


class _Counted(BaseAuthenticateForm):
    """A form that asks for the code of a second factor."""

    user: Person

    def clean_code(self) -> str:
        """Take the code, or count it as a failure; who is locked out is not asked."""
        request, credentials = _request(), {"username": self.user.username}
        handler: Any = AxesProxyHandler
        if not handler.is_allowed(request, credentials):
            vars(request)["axes_locked_out"] = True  # the lock-out's own page answers
            raise ValidationError(gettext("This user name is locked."))
        try:
            return super().clean_code()
        except ValidationError:
            user_login_failed.send(sender=__name__, credentials=credentials, request=request)
            raise


class CodeAtLogIn(_Counted, AuthenticateForm):
    """The code after the password."""


class CodeAgain(_Counted, ReauthenticateForm):
    """The code before something that matters."""


class OwnPassword(ChangePasswordForm):
    """A person changes the password."""

    def clean_oldpassword(self) -> str:
        """Ask for the password as the log-in does."""
        person, given = cast("Person", self.user), self.cleaned_data.get("oldpassword", "")
        if authenticate(_request(), username=person.username, password=given) != person:
            raise ValidationError(gettext("This is not your present password."))
        return given

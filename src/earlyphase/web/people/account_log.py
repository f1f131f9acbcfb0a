"""The account log: what the database does not see itself is written here. Nothing of it is ever changed."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from allauth.mfa.signals import (  # pyright: ignore[reportMissingTypeStubs] - it has none
    authenticator_added,
    authenticator_removed,
    authenticator_reset,
)
from axes.signals import user_locked_out  # pyright: ignore[reportMissingTypeStubs] - as above
from django.contrib.auth.signals import user_logged_in
from django.utils.translation import gettext_noop

from earlyphase.web.people.models import AccountEntry, Person

LOCKED_OUT = gettext_noop("locked out")
FAILURES = gettext_noop("failed attempts")
"""By what somebody is locked out, where nobody did it."""
LOGGED_IN = "logged in"
UNLOCKED = gettext_noop("lock-out ended")
FACTOR_ADDED = gettext_noop("second factor added")
FACTOR_RENEWED = gettext_noop("second factor renewed")
FACTOR_REMOVED = gettext_noop("second factor removed")
FACTOR_TAKEN = gettext_noop("second factor taken away")

BY_THE_DATABASE = (
    gettext_noop("added"),
    gettext_noop("password set"),
    gettext_noop("first password issued"),
    gettext_noop("full name changed"),
    gettext_noop("deactivated"),
    gettext_noop("activated again"),
)
"""What the database writes down itself."""

ALERT_FOR = dt.timedelta(days=7)
"""How long a lock-out is shown as an alert."""

LONGEST_LOG = 200
"""Lines that a page shows."""


def listen() -> None:
    """Be told by the log-in, and by the second factor."""
    user_locked_out.connect(_locked_out, dispatch_uid="account log")
    user_logged_in.connect(_logged_in, dispatch_uid="account log")
    authenticator_added.connect(_factor_added, dispatch_uid="account log")
    authenticator_reset.connect(_factor_reset, dispatch_uid="account log")
    authenticator_removed.connect(_factor_removed, dispatch_uid="account log")


def note(username: str, what: str, by: str, because: str = "") -> None:
    """Write one line."""
    AccountEntry.objects.create(username=username, what=what, by=by, because=because)


def log_of(usernames: Iterable[str]) -> tuple[AccountEntry, ...]:
    """Give the latest lines about some people, the newest first; log-ins are not among them."""
    found = AccountEntry.objects.filter(username__in=tuple(usernames)).exclude(what=LOGGED_IN)
    return tuple(found.order_by("-id")[:LONGEST_LOG])


def lock_outs(usernames: Iterable[str], moment: dt.datetime) -> tuple[AccountEntry, ...]:
    """Give the lock-outs of some people that somebody should look at, the newest first."""
    since = moment - ALERT_FOR
    found = AccountEntry.objects.filter(username__in=tuple(usernames), what=LOCKED_OUT, at__gte=since)
    return tuple(found.order_by("-id"))


def _locked_out(*, username: str = "", **_: Any) -> None:  # noqa: ANN401 - as Django's signals
    person = Person.objects.filter(username__iexact=username or "").first()
    if person is not None:  # what was typed in place of a name may be a password: it is not kept
        note(person.username, LOCKED_OUT, FAILURES)


def _logged_in(*, user: Person, **_: Any) -> None:  # noqa: ANN401 - as above
    note(user.username, LOGGED_IN, user.username)


def _factor_added(*, user: Person, **_: Any) -> None:  # noqa: ANN401 - as above
    note(user.username, FACTOR_ADDED, user.username)


def _factor_reset(*, user: Person, **_: Any) -> None:  # noqa: ANN401 - as above
    note(user.username, FACTOR_RENEWED, user.username)


def _factor_removed(*, user: Person, **_: Any) -> None:  # noqa: ANN401 - as above
    note(user.username, FACTOR_REMOVED, user.username)

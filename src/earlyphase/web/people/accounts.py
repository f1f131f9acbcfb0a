"""What is done with the account of somebody else: a first password, the end of a lock-out, a lost second factor."""

import datetime as dt
import unicodedata
from collections.abc import Iterable
from typing import Any

from allauth.mfa.models import Authenticator  # pyright: ignore[reportMissingTypeStubs] - it has none
from axes.models import AccessAttempt  # pyright: ignore[reportMissingTypeStubs] - as above
from axes.utils import reset  # pyright: ignore[reportMissingTypeStubs] - as above
from django.conf import settings
from django.db import transaction
from django.db.models import Sum
from django.utils.crypto import get_random_string

from earlyphase.web.people.account_log import FACTOR_TAKEN, UNLOCKED, note
from earlyphase.web.people.models import SITE, Person, fresh_sessions

FIRST_FOR = dt.timedelta(days=3)
"""How long a first password can be changed into one's own."""

LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Of which a first password is made: nothing that looks like something else."""

GROUPS, GROUP = 4, 5
"""How many groups of letters it has, and how many letters each: 99 bits."""


def first_password() -> str:
    """Make a password that is shown once."""
    return "-".join(get_random_string(GROUP, LETTERS) for _ in range(GROUPS))


def issue_password(person: Person, moment: dt.datetime, because: str, by: str = SITE) -> str:
    """Give somebody who cannot log in a first password; their sessions end, and so does a lock-out.

    Returns:
        The password, which is kept nowhere.
    """
    password = first_password()
    with transaction.atomic():
        person.set_password(password)
        person.first_until = moment + FIRST_FOR
        person.sessions_of = fresh_sessions()
        person.changed_by, person.because = by, because
        person.save(update_fields=["password", "first_until", "sessions_of"])
        unlock(person, moment, because, by)
    return password


def unlock(person: Person, moment: dt.datetime, because: str, by: str = SITE) -> bool:
    """End a lock-out.

    Returns:
        Whether there was one.
    """
    was = person.username in locked([person.username], moment)
    reset(username=person.username)
    if was:
        note(person.username, UNLOCKED, by, because)
    return was


def take_factor(person: Person, because: str, by: str = SITE) -> bool:
    """Take away the second factor of somebody who has lost it, with its recovery codes; their sessions end.

    Returns:
        Whether there was one.
    """
    with transaction.atomic():
        deleted, _ = Authenticator.objects.filter(user=person).delete()
        if deleted:
            person.sessions_of = fresh_sessions()
            person.save(update_fields=["sessions_of"])
            note(person.username, FACTOR_TAKEN, by, because)
    return bool(deleted)


def locked(usernames: Iterable[str], moment: dt.datetime) -> frozenset[str]:
    """Find who is locked out at a moment."""
    since = moment - dt.timedelta(hours=settings.AXES_COOLOFF_TIME)
    failed = AccessAttempt.objects.filter(username__in=tuple(usernames), attempt_time__gte=since)
    counted = failed.values("username").annotate(failures=Sum("failures_since_start"))
    return frozenset(counted.filter(failures__gte=settings.AXES_FAILURE_LIMIT).values_list("username", flat=True))


def with_factor(usernames: Iterable[str]) -> frozenset[str]:
    """Find who has a second factor."""
    authenticators: Any = Authenticator.objects
    return frozenset(
        authenticators.filter(user__username__in=tuple(usernames)).values_list("user__username", flat=True)
    )


def namesakes(full_name: str) -> bool:
    """Tell whether somebody who can log in has this printed name, however its letters are written."""
    active = Person.objects.filter(is_active=True)
    return plain_name(full_name) in {plain_name(one.full_name) for one in active}


def plain_name(full_name: str) -> str:
    """Bring a name to the form in which two that look alike are the same."""
    return " ".join(unicodedata.normalize("NFKC", full_name).casefold().split())

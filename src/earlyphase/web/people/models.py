"""Who may log in. Which role each person has in a study, the study's journal says.

A person is never removed and a user name never changes hands: the database refuses both. Who leaves is deactivated.
"""

import datetime as dt
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import connection, models, transaction
from django.db.models.functions import Lower, Now
from django.utils.crypto import get_random_string, salted_hmac
from django.utils.translation import gettext_noop

SITE = gettext_noop("the site's command line")
"""Who acts where nobody is logged in."""
NOBODY_NAMED = gettext_noop("the database itself")
"""What the database writes where it was not told who acts, as its own trigger says it."""


def fresh_sessions() -> str:
    """Give a word that no session was made with."""
    return get_random_string(32)


class PersonManager(BaseUserManager["Person"]):
    """Makes and finds people."""

    def create_person(
        self, username: str, full_name: str, password: str, by: str = SITE, first_until: dt.datetime | None = None
    ) -> "Person":
        """Make a person who can log in; with a first password until a moment, which they have to change."""
        person = self.model(username=username.lower(), full_name=full_name)
        person.changed_by = by
        person.set_password(password)
        person.first_until = first_until
        person.save(using=self._db)
        return person

    def get_by_natural_key(self, username: str | None) -> "Person":
        """Find a person by the user name, however its letters are written."""
        return self.get(username__iexact=username)


class Person(AbstractBaseUser):
    """Somebody who can log in. The full name is the printed name of signatures and entries."""

    username: "models.CharField[str, str]" = models.CharField(max_length=60)
    full_name: "models.CharField[str, str]" = models.CharField(max_length=200)
    is_active = models.BooleanField(default=True)
    sessions_of: "models.CharField[str, str]" = models.CharField(max_length=32, default=fresh_sessions)
    """Part of every session's key: when it changes, all sessions end."""

    first_until: "models.DateTimeField[dt.datetime | None, dt.datetime | None]" = models.DateTimeField(null=True)
    """Until when the password is one that somebody else chose: it opens nothing but the page where it is changed."""

    changed_by = ""
    """Who changes the account; the person, where nobody else is named."""

    because = ""
    """Why it is changed."""

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["full_name"]

    objects: ClassVar[PersonManager] = PersonManager()

    class Meta:  # pyright: ignore[reportIncompatibleVariableOverride] - Django reads each class of this name alone
        """What the table holds for certain."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(Lower("username"), name="person_username_once")
        ]

    def __str__(self) -> str:
        """Give the full name."""
        return self.full_name

    def get_session_auth_hash(self) -> str:
        """Tie sessions to the password, and to what deactivation changes."""
        return self._session_hash()

    def get_session_auth_fallback_hash(self) -> Any:  # noqa: ANN401 - as Django
        """Give none: there is one secret key."""
        return iter(())

    def _session_hash(self) -> str:
        return salted_hmac("earlyphase.session", f"{self.password}{self.sessions_of}", algorithm="sha256").hexdigest()

    def save(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - as Django
        """Save, and tell the account log by whom: the database writes the line itself."""
        with transaction.atomic(using=kwargs.get("using")):
            with connection.cursor() as cursor:
                cursor.execute(
                    "select set_config('earlyphase.by', %s, true), set_config('earlyphase.because', %s, true)",
                    (self.changed_by or self.username, self.because),
                )
            super().save(*args, **kwargs)
        self.changed_by = self.because = ""

    def set_password(self, raw_password: str | None) -> None:
        """Take a password that is the person's own, until it is said to be a first one."""
        super().set_password(raw_password)
        self.first_until = None

    def deactivate(self, by: str = SITE, because: str = "") -> None:
        """Let the person do nothing more; every session ends at once, and stays ended."""
        self.is_active = False
        self.changed_by, self.because = by, because
        self.sessions_of = fresh_sessions()
        self.save(update_fields=["is_active", "sessions_of"])


class AccountEntry(models.Model):
    """One line of the account log: who came, left, changed a password, or was locked out. The database only adds."""

    at: "models.DateTimeField[dt.datetime, dt.datetime]" = models.DateTimeField(db_default=Now())
    username: "models.CharField[str, str]" = models.CharField(max_length=255)
    what: "models.CharField[str, str]" = models.CharField(max_length=40)
    by: "models.CharField[str, str]" = models.CharField(max_length=255)
    """The user name of who did it, or where it was done."""
    because: "models.CharField[str, str]" = models.CharField(max_length=2000, default="", db_default="", blank=True)
    """Why, where somebody did it for another."""

    class Meta:
        """In which order lines are read."""

        ordering: ClassVar[list[str]] = ["id"]

    def __str__(self) -> str:
        """Say what happened to whom."""
        return f"{self.at:%Y-%m-%d %H:%M} {self.username}: {self.what}, by {self.by}"


class SentForm(models.Model):
    """The token of a form that was carried out: the same form is not carried out again."""

    token: "models.CharField[str, str]" = models.CharField(max_length=64, primary_key=True)
    at: "models.DateTimeField[dt.datetime, dt.datetime]" = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        """Give the token."""
        return self.token

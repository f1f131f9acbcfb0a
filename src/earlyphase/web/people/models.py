"""Who may log in, and the role of each person in each study.

A person is never removed and a user name never changes hands: the database refuses both. Who leaves is deactivated.
"""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.crypto import get_random_string, salted_hmac

from earlyphase.study.roles import Role

_ROLES = [(role.value, role.value) for role in Role]


def fresh_sessions() -> str:
    """Give a word that no session was made with."""
    return get_random_string(32)


class PersonManager(BaseUserManager["Person"]):
    """Makes and finds people."""

    def create_person(self, username: str, full_name: str, password: str) -> "Person":
        """Make a person who can log in."""
        person = self.model(username=username.lower(), full_name=full_name)
        person.set_password(password)
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

    def deactivate(self) -> None:
        """Let the person do nothing more; every session ends at once, and stays ended."""
        self.is_active = False
        self.sessions_of = fresh_sessions()
        self.save(update_fields=["is_active", "sessions_of"])


class StudyRole(models.Model):
    """What a person is in a study."""

    person: "models.ForeignKey[Person, Person]" = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="study_roles"
    )
    study: "models.CharField[str, str]" = models.CharField(max_length=60)
    role: "models.CharField[str, str]" = models.CharField(max_length=20, choices=_ROLES)

    class Meta:
        """What the table holds for certain."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["person", "study"], name="one_role_of_a_person_in_a_study"),
            models.CheckConstraint(condition=models.Q(role__in=[role.value for role in Role]), name="role_is_known"),
        ]

    def __str__(self) -> str:
        """Say who is what, and where."""
        return f"{self.person}: {self.role} of {self.study}"

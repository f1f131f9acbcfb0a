"""Tokens, what was answered to a request that may come again, and which observations were taken in."""

import datetime as dt
from typing import ClassVar

from django.db import models

from earlyphase.web.people.models import Person


class Token(models.Model):
    """What a program shows to act for a person in one study. Only its digest is kept."""

    person: "models.ForeignKey[Person, Person]" = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="tokens"
    )
    study: "models.CharField[str, str]" = models.CharField(max_length=60)
    name: "models.CharField[str, str]" = models.CharField(max_length=100)
    """What it is for."""
    digest: "models.CharField[str, str]" = models.CharField(max_length=64, unique=True)
    made_at: "models.DateTimeField[dt.datetime, dt.datetime]" = models.DateTimeField()
    expires_at: "models.DateTimeField[dt.datetime, dt.datetime]" = models.DateTimeField()
    revoked_at: "models.DateTimeField[dt.datetime | None, dt.datetime | None]" = models.DateTimeField(null=True)

    def __str__(self) -> str:
        """Say whose it is, and for what."""
        return f"{self.name}: {self.person} in {self.study}"

    def works_at(self, moment: dt.datetime) -> bool:
        """Tell whether it opens anything at a moment."""
        return self.revoked_at is None and self.person.is_active and self.made_at <= moment < self.expires_at


class Answered(models.Model):
    """What was answered to a request with a key, so that the same request has the same answer when it comes again."""

    person: "models.ForeignKey[Person, Person]" = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    study: "models.CharField[str, str]" = models.CharField(max_length=60)
    key: "models.CharField[str, str]" = models.CharField(max_length=200)
    asked: "models.CharField[str, str]" = models.CharField(max_length=64)
    """The digest of the request: address and body."""
    status: "models.IntegerField[int, int]" = models.IntegerField(default=0)
    answer: "models.TextField[str, str]" = models.TextField(default="")

    class Meta:
        """What the table holds for certain."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["person", "study", "key"], name="answered_once_a_key")
        ]

    def __str__(self) -> str:
        """Say which request it was."""
        return f"{self.key}: {self.status}"


class Received(models.Model):
    """An observation of another system that has become part of an entry."""

    study: "models.CharField[str, str]" = models.CharField(max_length=60)
    identifier: "models.CharField[str, str]" = models.CharField(max_length=400)
    """The system and the value of the observation's identifier."""
    participant: "models.CharField[str, str]" = models.CharField(max_length=20)
    content: "models.CharField[str, str]" = models.CharField(max_length=64)
    """The digest of what was taken from it."""
    entry: "models.BigIntegerField[int, int]" = models.BigIntegerField()

    class Meta:
        """What the table holds for certain."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["study", "identifier"], name="received_once_a_study")
        ]

    def __str__(self) -> str:
        """Say which observation it was, and where it is now."""
        return f"{self.identifier}: entry {self.entry}"

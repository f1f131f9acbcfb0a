"""Names, contacts, birth dates and hospital numbers: in no entry, no export and no answer of the API.

A change is a new row: what was stays. Every row, and every reading, has its line in the log; the database adds to both
tables and changes nothing.
"""

import datetime as dt
from typing import ClassVar

from django.db import models
from django.db.models.functions import Now


class Identity(models.Model):
    """Who a participant is, as somebody wrote it down; the latest row counts."""

    study: "models.CharField[str, str]" = models.CharField(max_length=60)
    participant: "models.CharField[str, str]" = models.CharField(max_length=20)
    name: "models.CharField[str, str]" = models.CharField(max_length=200)
    contact: "models.CharField[str, str]" = models.CharField(max_length=500, blank=True)
    birth_date: "models.DateField[dt.date | None, dt.date | None]" = models.DateField(null=True, blank=True)
    hospital_number: "models.CharField[str, str]" = models.CharField(max_length=60, blank=True)
    username: "models.CharField[str, str]" = models.CharField(max_length=60)
    """Who wrote it down."""
    full_name: "models.CharField[str, str]" = models.CharField(max_length=200)
    reason: "models.CharField[str, str]" = models.CharField(max_length=500)
    at: "models.DateTimeField[dt.datetime, dt.datetime]" = models.DateTimeField(db_default=Now())

    class Meta:
        """In which order rows are read."""

        ordering: ClassVar[list[str]] = ["id"]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["study", "participant"], name="identity_of")]

    def __str__(self) -> str:
        """Name the participant by number alone: a name does not belong into a log."""
        return f"{self.study} {self.participant}"


class Access(models.Model):
    """One look at an identity, or one change of it."""

    study: "models.CharField[str, str]" = models.CharField(max_length=60)
    participant: "models.CharField[str, str]" = models.CharField(max_length=20)
    username: "models.CharField[str, str]" = models.CharField(max_length=60)
    full_name: "models.CharField[str, str]" = models.CharField(max_length=200)
    act: "models.CharField[str, str]" = models.CharField(max_length=10)
    """`read` or `changed`."""
    reason: "models.CharField[str, str]" = models.CharField(max_length=500)
    at: "models.DateTimeField[dt.datetime, dt.datetime]" = models.DateTimeField(db_default=Now())

    class Meta:
        """In which order lines are read."""

        ordering: ClassVar[list[str]] = ["id"]

    def __str__(self) -> str:
        """Say who did what to which number."""
        return f"{self.at:%Y-%m-%d %H:%M} {self.full_name}: {self.act} {self.study} {self.participant}"

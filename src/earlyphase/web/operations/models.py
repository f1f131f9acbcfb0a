"""How often somebody asked: counted in the database, so that every process of a site counts the same."""

from typing import ClassVar

from django.db import models


class Asked(models.Model):
    """How often one asker came in one window of time. Who it is stands here as a digest alone."""

    who: "models.CharField[str, str]" = models.CharField(max_length=64)
    window: "models.BigIntegerField[int, int]" = models.BigIntegerField()
    """Units: windows since 1970."""
    times: "models.IntegerField[int, int]" = models.IntegerField(default=0)

    class Meta:
        """What the table holds for certain."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["who", "window"], name="asked_once_a_window")
        ]

    def __str__(self) -> str:
        """Say how often."""
        return f"{self.times} in window {self.window}"

"""How often somebody may ask: so often in a minute, over all processes of a site together."""

import datetime as dt

from django.db import connection, transaction
from django.db.models import F
from django.utils.crypto import salted_hmac

from earlyphase.web.operations.models import Asked

WINDOW = 60
"""Units: seconds."""

KEPT = 5
"""Windows after which what was counted is dropped."""


def wait_for(kind: str, name: str, limit: int, moment: dt.datetime) -> int:
    """Count one request, and say how long its asker has to wait.

    Args:
        kind: what is counted: requests with a token, requests from an address.
        name: who asks; it is kept as a digest.
        limit: how many requests a window has room for.
        moment: now.

    Returns:
        0 where the request is within the limit, else the seconds until the next window.
    """
    seconds = int(moment.timestamp())
    window = seconds // WINDOW
    return WINDOW - seconds % WINDOW if _counted(_digest(kind, name), window) > limit else 0


def _digest(kind: str, name: str) -> str:
    return salted_hmac(f"earlyphase.asked.{kind}", name, algorithm="sha256").hexdigest()


def _counted(who: str, window: int) -> int:
    """Add one, and give how many there are now. Nobody waits for the disk: a count need not outlive a crash."""
    with transaction.atomic(durable=True):  # never within another, which would not wait either
        with connection.cursor() as cursor:
            cursor.execute("set local synchronous_commit = off")
        return _one_more(who, window)


def _one_more(who: str, window: int) -> int:
    here = Asked.objects.filter(who=who, window=window)
    if not here.update(times=F("times") + 1):
        Asked.objects.filter(window__lt=window - KEPT).delete()
        Asked.objects.bulk_create([Asked(who=who, window=window)], ignore_conflicts=True)
        here.update(times=F("times") + 1)
    return here.values_list("times", flat=True).get()

"""The tokens of forms: a form is carried out once, however often it is sent."""

import datetime as dt
from contextvars import ContextVar

from django.db import IntegrityError, transaction

from earlyphase.study.refusal import Reason, Refused
from earlyphase.web.clock import now

form_token: ContextVar[str] = ContextVar("form_token", default="")
"""The token of the form that this request sends."""

LONGEST_TOKEN = 64

KEPT_FOR = dt.timedelta(days=7)
"""How long a token is remembered. A session lasts eight hours, and nothing of an older one can be sent again."""

FORGOTTEN_AT_ONCE = 50
"""How many older tokens go with each new one."""


class SentBefore(Exception):  # noqa: N818 - it says what happened
    """The form was carried out before: of two clicks one counts."""

    def __init__(self) -> None:
        """Say so, and where to look."""
        said = "this form was sent before, and what it says is recorded already."
        self.refused = Refused((Reason("sent before", said, remedy="Look at the journal."),))
        super().__init__(said)


def first_time() -> None:
    """Remember that the form of this request is carried out now, and forget some that were long ago.

    It is called within the transaction that does what the form says.

    Raises:
        SentBefore: it was carried out before.
    """
    from earlyphase.web.people.models import SentForm  # noqa: PLC0415 - Django's models need Django started

    if not (token := form_token.get()):
        return
    try:
        with transaction.atomic():
            SentForm.objects.create(token=token[:LONGEST_TOKEN])
    except IntegrityError:
        raise SentBefore from None
    form_token.set("")  # what else the request does, it does for the same form
    with transaction.atomic():
        old = SentForm.objects.select_for_update(skip_locked=True).filter(at__lt=now() - KEPT_FOR).order_by("at")
        SentForm.objects.filter(pk__in=[one.pk for one in old[:FORGOTTEN_AT_ONCE]]).delete()

"""What is said while the database cannot be reached, is full, or takes too long: nothing was saved, come again."""

from contextlib import suppress
from typing import Any

from django.db import DatabaseError, InterfaceError, OperationalError, connection, connections
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from earlyphase.web.api.answers import problem
from earlyphase.web.operations.metrics import OUTAGES
from earlyphase.web.programs import for_a_program

UNAVAILABLE = 503

COME_AGAIN = 5
"""Units: seconds."""


def is_outage(fault: BaseException | None) -> bool:
    """Tell whether a fault is the database's: gone, full, locked or too slow; not what it was asked."""
    database: Any = getattr(connection, "Database")  # noqa: B009 - the driver, which has no type
    kinds = (OperationalError, InterfaceError, database.OperationalError, database.InterfaceError)
    return isinstance(fault, kinds)


def unavailable(request: HttpRequest) -> HttpResponse:
    """Say that the site cannot work at this moment. The page asks nothing of the database."""
    OUTAGES.inc()
    for one in connections.all(initialized_only=True):
        with suppress(DatabaseError, InterfaceError):
            one.close()
    what = _("The site cannot reach its database, or it does not answer in time. What you sent was not acknowledged.")
    remedy = _("Wait a moment, look whether it is there, and send it again.")
    if for_a_program(request):
        answer = problem(UNAVAILABLE, what, remedy).response()
    else:
        page = render_to_string("web/unavailable.html", {"what": what, "remedy": remedy})
        answer = HttpResponse(page, status=UNAVAILABLE)
    answer["Retry-After"] = str(COME_AGAIN)
    return answer

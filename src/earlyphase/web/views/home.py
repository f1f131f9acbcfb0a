"""The studies of a person."""

from typing import cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from earlyphase.web.access import member_of
from earlyphase.web.people.models import Person
from earlyphase.web.studies import studies_of


@require_safe
@login_required
def home(request: HttpRequest) -> HttpResponse:
    """Show the studies whose team the person is on; go straight to the only one."""
    person = cast("Person", request.user)
    members = [member_of(person, study) for study in studies_of(person.username)]
    found = [(one, one.seen.state.protocol.title) for one in members if one is not None]
    if len(found) == 1:
        return redirect("board", study=found[0][0].study)
    return render(request, "web/home.html", {"found": found})

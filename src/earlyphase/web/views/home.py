"""The studies of a person."""

from typing import cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from earlyphase.web.people.models import Person, StudyRole
from earlyphase.web.studies import site_studies


@require_safe
@login_required
def home(request: HttpRequest) -> HttpResponse:
    """Show the studies whose team the person is on; go straight to the only one."""
    known = site_studies()
    roles = StudyRole.objects.filter(person=cast("Person", request.user)).order_by("study")
    found = [(one, next(iter(known[one.study].values())).protocol.title) for one in roles if one.study in known]
    if len(found) == 1:
        return redirect("board", study=found[0][0].study)
    return render(request, "web/home.html", {"found": found})

"""The bedside chart of one participant: CRS and ICANS graded row by row, and the next row entered below."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext, gettext_noop
from django.views.decorators.http import require_http_methods

from earlyphase.journal.payloads.bedside import BedsideChart
from earlyphase.study.bedside import charted
from earlyphase.web.access import Member, for_members
from earlyphase.web.clock import today_of
from earlyphase.web.pages import study_page
from earlyphase.web.views.in_place import InPlace, form_of, taken

GROUPS = (
    (("on", "at", "temperature", "other_cause", "treated"), gettext_noop("Moment and fever")),
    (("hypotension", "vasopressors", "vasopressin", "oxygen", "flow"), gettext_noop("Pressure and oxygen")),
    (("ice", "capd", "capd_impossible", "wakes", "seizure", "motor", "pressure", "note"), gettext_noop("Neurology")),
)
"""The fields of a row, as a round at the bedside goes."""


@require_http_methods(["GET", "HEAD", "POST"])
@for_members
def chart(request: HttpRequest, member: Member, number: str) -> HttpResponse:
    """Show the chart, or add a row to it."""
    person, study = member.participant(number), member.seen.state
    if request.method == "POST":
        form = taken(request, member, BedsideChart, person)
        if isinstance(form, HttpResponse):
            return form
    else:
        begun = {"on": today_of(study).isoformat(), "temperature.unit": "°C", "flow.unit": "L/min"}
        form = form_of(member, BedsideChart, person, begun)
    context = {"person": person, "charted": charted(person), "form": form, "groups": _grouped(form)}
    return study_page(request, "chart.html", member, context, form.status)


def _grouped(form: InPlace) -> tuple[tuple[str, object], ...]:
    return tuple((gettext(name), form.named(*fields)) for fields, name in GROUPS) if form.fields else ()

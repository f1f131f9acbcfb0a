"""A participant's profile on one page: to read on screen, to print, or as a PDF."""

import datetime as dt

from django.http import HttpRequest, HttpResponse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from earlyphase.reports.values import Report, Section, Statement
from earlyphase.study.product_chain import product_chain
from earlyphase.study.standing import standing
from earlyphase.study.state import Participant, Study
from earlyphase.web.access import Member, for_members
from earlyphase.web.clock import today_of
from earlyphase.web.language import said
from earlyphase.web.pages import study_page
from earlyphase.web.responses import response_course


@require_safe
@for_members
def profile(request: HttpRequest, member: Member, number: str) -> HttpResponse:
    """Show the profile of a participant."""
    from earlyphase.reports.drawing import draw  # noqa: PLC0415 - reports are kept out of the start
    from earlyphase.reports.figures.profile import profile as profile_figure  # noqa: PLC0415 - as above
    from earlyphase.reports.study_report import stamp  # noqa: PLC0415 - as above

    person, study = member.participant(number), member.seen.state
    figure = profile_figure(person)
    context = {
        "person": person,
        "figure": figure,
        "drawing": mark_safe(draw(figure, say=said)) if figure else "",  # noqa: S308 - the renderer escapes its words
        "facts": facts_of(study, person, today_of(study)),
        "stamp": stamp(study, today_of(study)).lines(),
    }
    return study_page(request, "profile.html", member, context)


@require_safe
@for_members
def profile_pdf(request: HttpRequest, member: Member, number: str) -> HttpResponse:  # noqa: ARG001 - Django passes it
    """Give the profile as a PDF with a structure tree and alternative texts."""
    from earlyphase.reports.document import document  # noqa: PLC0415 - reports are kept out of the start

    person, study = member.participant(number), member.seen.state
    response = HttpResponse(document(profile_report(study, person, today_of(study))), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{study.name}-{person.id}.pdf"'
    return response


def profile_report(study: Study, person: Participant, today: dt.date) -> Report:
    """Put a participant's profile into a report of one section: a few lines, then the drawing."""
    from earlyphase.reports.figures.profile import profile as profile_figure  # noqa: PLC0415 - kept out of the start
    from earlyphase.reports.study_report import stamp  # noqa: PLC0415 - as above

    figure = profile_figure(person)
    told = "; ".join(f"{name}: {says.rstrip('.')}" for name, says in facts_of(study, person, today))
    title = gettext("Profile of participant %(number)s") % {"number": person.id}
    section = Section("profile", title, (Statement(f"{told}."), *((figure,) if figure else ())))
    return Report(title, f"{study.name}: {study.protocol.title}", stamp(study, today), (section,))


def facts_of(study: Study, person: Participant, today: dt.date) -> tuple[tuple[str, str], ...]:
    """Give what a reader looks for first, line by line."""
    place = standing(study.protocol, person)
    found = [(gettext("Consent"), f"{person.consent.on}" if person.consent else "–")]
    if place is not None:
        dose = study.protocol.doses.dose(place.level)
        found.append((gettext("Dose level"), f"{place.level}: {dose}".replace("-", "−")))
        why = f" ({place.not_evaluable.value})" if place.not_evaluable else ""
        found.append((gettext("DLT"), f"{place.state.value}{why}"))
    for step in product_chain(study.protocol, person, today):
        days = f"{step.on}" + (f" – {step.until}" if step.until and step.until != step.on else "") if step.on else ""
        said = ", ".join(part for part in (days, step.says, step.remark) if part) or step.state.value
        found.append((step.name[0].upper() + step.name[1:], said))
    response = response_course(study.protocol, person)
    if response and response.best and response.best.response:
        found.append((gettext("Best overall response"), f"{response.best.response.value}, {response.best.on}"))
    if person.death:
        found.append((gettext("Death"), f"{person.death.on}: {person.death.cause_text}"))
    return tuple(found)

"""What every page has."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from earlyphase.quantities import COMMON_UNITS
from earlyphase.reports.values import Label
from earlyphase.study.roles import Role
from earlyphase.study.state import Study
from earlyphase.web.access import Member

_LABELS = {None: Label.NOT_ACTIVE, "simulation": Label.SIMULATED, "training": Label.TRAINING}


def everywhere(request: HttpRequest) -> dict[str, Any]:  # noqa: ARG001 - Django passes it
    """Give what every template may use."""
    password = settings.EARLYPHASE_DEMO_PASSWORD
    shown = {"demo_password": password, "demo_people": [(role.value, role.value) for role in Role]}
    return {"demonstration": bool(password), **(shown if password else {})}


def label_of(study: Study) -> Label | None:
    """Give what must stand on every page of a study that is not about people in a study."""
    return _LABELS.get(study.purpose)


def study_page(
    request: HttpRequest, template: str, member: Member, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    """Show a page of a study."""
    state = member.seen.state
    common = {
        "member": member,
        "study": member.study,
        "state": state,
        "label": label_of(state),
        "units": sorted(COMMON_UNITS, key=str.lower),
    }
    return render(request, f"web/{template}", common | context, status=status)

"""What every page has."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_noop

from earlyphase.quantities import COMMON_UNITS
from earlyphase.reports.values import Label
from earlyphase.study.roles import Role
from earlyphase.study.state import Participant, Study
from earlyphase.web.access import MAY_READ_IDENTITY, Member

_LABELS = {None: Label.NOT_ACTIVE, "simulation": Label.SIMULATED, "training": Label.TRAINING}

TABS = (
    ("board", gettext_noop("Board")),
    ("participants", gettext_noop("Participants")),
    ("screening", gettext_noop("Screening")),
    ("safety", gettext_noop("Safety")),
    ("decision", gettext_noop("Decision")),
    ("results", gettext_noop("Results")),
    ("data", gettext_noop("Data")),
    ("design", gettext_noop("Design")),
    ("journal", gettext_noop("Journal")),
    ("team", gettext_noop("Team")),
)
"""The pages of a study, by the name of the address, in the order in which they are offered."""

BELOW = {
    "packet": "decision",
    "signatures": "journal",
    "sign": "journal",
    "verify": "journal",
    "papers": "journal",
    "paper": "journal",
    "entry": "journal",
    "correct": "journal",
    "void": "journal",
    "grant": "team",
    "end_role": "team",
    "accounts": "team",
    "account_add": "team",
    "account_act": "team",
    "identity_log": "team",
}
"""The tab to which a page belongs that has none of its own."""

PERSON_TABS = (
    ("participant", gettext_noop("Overview")),
    ("screening_of", gettext_noop("Eligibility")),
    ("chart", gettext_noop("CRS and ICANS chart")),
    ("dlt", gettext_noop("DLT window")),
    ("data_of", gettext_noop("Data")),
    ("profile", gettext_noop("Profile")),
    ("full_record", gettext_noop("Whole record")),
    ("identity", gettext_noop("Identity")),
)
"""The pages of one participant."""


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
        **_place(request, member, context.get("person")),
    }
    return render(request, f"web/{template}", common | context, status=status)


def _place(request: HttpRequest, member: Member, person: Participant | None) -> dict[str, Any]:
    """Say where the reader is: the tab, and beside a participant the one before and the one after."""
    here = request.resolver_match.url_name if request.resolver_match else ""
    place = {"tabs": TABS, "here": here, "within": "participants" if person else BELOW.get(here or "", "")}
    if person is None:
        return place
    numbers = sorted(member.seen.state.participants)
    at = numbers.index(person.id)
    previous, following = numbers[at - 1] if at else "", "".join(numbers[at + 1 : at + 2])
    tabs = [tab for tab in PERSON_TABS if tab[0] != "identity" or member.role in MAY_READ_IDENTITY]
    return place | {"person_tabs": tabs, "previous": previous, "following": following}

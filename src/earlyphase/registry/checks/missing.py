"""What the record does not give at all."""

import datetime as dt
from collections.abc import Iterator

from earlyphase.registry.checks.case import Case, read_date
from earlyphase.registry.checks.finding import Check, Remark, Severity
from earlyphase.registry.checks.tables import table

_WHO = "WHO Trial Registration Data Set 1.3.1, item"


def _no_ipd(case: Case) -> Iterator[Remark]:
    start = read_date(case.section.status_module.start_date_struct)
    since = dt.date.fromisoformat(table("limits")["data_sharing_plan"]["since"])
    stated = case.section.ipd_sharing_statement_module.ipd_sharing
    if case.interventional and start and start.earliest >= since and not stated:
        yield Remark("There is no statement on sharing individual participant data: say yes, no or undecided.")


def _no_other_number(case: Case) -> Iterator[Remark]:
    module = case.section.identification_module
    if not module.secondary_id_infos and not (module.org_study_id_info and module.org_study_id_info.id):
        yield Remark("The study has no other number, not even the sponsor's own: give the protocol number.")


def _no_contact(case: Case) -> Iterator[Remark]:
    module = case.section.contacts_locations_module
    recruiting = case.section.status_module.overall_status in {"RECRUITING", "NOT_YET_RECRUITING"}
    if recruiting and not module.central_contacts and not any(place.contacts for place in module.locations):
        yield Remark("The study recruits but names nobody to ask: give a contact.")


def _no_completion(case: Case) -> Iterator[Remark]:
    status = case.section.status_module
    if not status.completion_date_struct and not status.primary_completion_date_struct:
        yield Remark("There is no completion date, not even an estimate: give primary completion and completion.")


def _no_keywords(case: Case) -> Iterator[Remark]:
    if case.open and not case.section.conditions_module.keywords:
        yield Remark("There are no keywords: give those by which people search.")


NO_IPD_STATEMENT = Check("no-ipd-statement", 24, Severity.ADVISORY, f"{_WHO} 24; ICMJE 2017", _no_ipd)
NO_SECONDARY_NUMBER = Check("no-secondary-number", 24, Severity.ADVISORY, f"{_WHO} 3", _no_other_number)
NO_CONTACT = Check("no-contact", 24, Severity.MAJOR, f"{_WHO}s 7 and 8", _no_contact)
NO_COMPLETION_DATE = Check("no-completion-date", 24, Severity.MAJOR, f"{_WHO} 22", _no_completion)
NO_KEYWORDS = Check(
    "no-keywords", 24, Severity.ADVISORY, "ClinicalTrials.gov data element definitions, keywords", _no_keywords
)

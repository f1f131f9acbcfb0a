"""Dates against each other, and against the status."""

import datetime as dt
from collections.abc import Iterator

from earlyphase.registry.checks.case import Case, read_date
from earlyphase.registry.checks.finding import Check, Remark, Severity, day_count
from earlyphase.registry.checks.tables import table
from earlyphase.registry.vocabulary import in_words


def _late_registration(case: Case) -> Iterator[Remark]:
    status = case.section.status_module
    submitted, start = read_date(status.study_first_submit_date), read_date(status.start_date_struct)
    since = dt.date.fromisoformat(table("limits")["registration_before_enrolment"]["since"])
    if case.interventional and submitted and start and since <= start.latest < submitted.earliest:
        late = day_count(start.latest, submitted.earliest)
        yield Remark(
            f"The record was first submitted on {submitted}, {late} days after the start of {start}: say why, since "
            "journals ask for registration before the first participant is enrolled."
        )


def _recruiting_early(case: Case) -> Iterator[Remark]:
    status = case.section.status_module
    start, updated = read_date(status.start_date_struct), read_date(status.last_update_post_date_struct)
    started = status.overall_status in {"RECRUITING", "ENROLLING_BY_INVITATION", "ACTIVE_NOT_RECRUITING"}
    words = in_words("Status", status.overall_status or "").lower()
    if started and start and updated and start.earliest > updated.latest:
        yield Remark(
            f"The status says {words}, but the record was last updated on {updated} and the start is {start}: "
            "correct the status or the start date."
        )


def _stale(case: Case) -> Iterator[Remark]:
    limits = table("limits")["verification"]
    status = case.section.status_module
    dates = [status.status_verified_date, status.last_update_submit_date, status.last_update_post_date_struct]
    updated = [date.latest for date in map(read_date, dates) if date]
    if not case.open or not updated:
        return
    age = day_count(max(updated), case.today)
    if age > limits["update_within_days"]:
        left = limits["unknown_after_days"] - age
        then = f"in {left} days its status becomes unknown" if left > 0 else "its status is due to become unknown"
        yield Remark(f"The study is open, but the record was last updated {age} days ago: verify it; {then}.")


SUBMITTED_AFTER_START = Check(
    "submitted-after-start", 3, Severity.MAJOR, "ICMJE, registration before enrolment", _late_registration
)
RECRUITING_BEFORE_START = Check(
    "recruiting-before-start", 4, Severity.MAJOR, "ClinicalTrials.gov, overall status and start date", _recruiting_early
)
NOT_UPDATED = Check("not-updated", 5, Severity.ADVISORY, "ClinicalTrials.gov, record verification", _stale)

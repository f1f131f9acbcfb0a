"""The WHO Trial Registration Data Set, item by item.

Source: WHO Trial Registration Data Set, version 1.3.1.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from earlyphase.registry.checks.case import Case
from earlyphase.registry.checks.finding import Check, Remark, Severity
from earlyphase.registry.checks.tables import table


class State(StrEnum):
    """Whether a record gives an item."""

    GIVEN = "given"
    PARTLY = "partly"
    ABSENT = "absent"
    NOT_DUE = "not due"
    """Nothing is owed: no results before completion, no secondary sponsor where there is none."""
    NOT_CARRIED = "not carried"
    """The registry's public record has no field for it."""


@dataclass(frozen=True, slots=True)
class DataSetItem:
    """One of the 24 items."""

    number: int
    name: str
    state: State
    note: str = ""


def who_data_set(case: Case) -> tuple[DataSetItem, ...]:
    """Go through the 24 items.

    Source: WHO Trial Registration Data Set, version 1.3.1.
    """
    states = [*_identity(case), *_plan(case), *_course(case)]
    names: list[str] = table("who")["items"]
    return tuple(
        DataSetItem(number, name, state, note)
        for number, (name, (state, note)) in enumerate(zip(names, states, strict=True), start=1)
    )


Answer = tuple[State, str]


def _answer(given: object, note: str = "") -> Answer:
    return (State.GIVEN, "") if given else (State.ABSENT, note)


def _identity(case: Case) -> list[Answer]:
    """Items 1 to 10."""
    names, status, sponsors = (
        case.section.identification_module,
        case.section.status_module,
        case.section.sponsor_collaborators_module,
    )
    contacts = case.section.contacts_locations_module
    public = contacts.central_contacts or any(place.contacts for place in contacts.locations)
    collaborators = sponsors.collaborators
    return [
        _answer(names.nct_id),
        _answer(status.study_first_submit_date or status.study_first_post_date_struct, "no date of first submission"),
        _answer(names.secondary_id_infos or names.org_study_id_info, "no other number, not even the sponsor's own"),
        (State.GIVEN, "") if collaborators else (State.PARTLY, "only the lead sponsor is named"),
        _answer(sponsors.lead_sponsor and sponsors.lead_sponsor.name),
        (State.GIVEN, "") if collaborators else (State.NOT_DUE, "none is named"),
        _answer(public, "nobody to ask") if case.open else (State.NOT_DUE, "the registry shows contacts while open"),
        _answer(contacts.overall_officials, "no official answers for the science"),
        _answer(names.brief_title),
        _answer(names.official_title),
    ]


def _plan(case: Case) -> list[Answer]:
    """Items 11 to 20."""
    section, design = case.section, case.section.design_module
    interventions = section.arms_interventions_module.interventions
    primary = section.outcomes_module.primary_outcomes
    timed = all(outcome.time_frame for outcome in primary)
    described = all(one.description for one in interventions)
    return [
        _answer([place.country for place in section.contacts_locations_module.locations if place.country]),
        _answer(section.conditions_module.conditions),
        _partly(interventions, whole=described, note="named, not described"),
        _answer(section.eligibility_module.eligibility_criteria),
        _answer(design.study_type),
        _answer(section.status_module.start_date_struct),
        _answer(design.enrollment_info and design.enrollment_info.count is not None),
        _answer(section.status_module.overall_status),
        _partly(primary, whole=timed, note="a time frame is missing"),
        _answer(section.outcomes_module.secondary_outcomes),
    ]


def _course(case: Case) -> list[Answer]:
    """Items 21 to 24."""
    status = case.section.status_module
    completed = status.overall_status in {"COMPLETED", "TERMINATED"}
    return [
        (State.NOT_CARRIED, "the public record has no field for the ethics committee"),
        _answer(status.completion_date_struct or status.primary_completion_date_struct, "no completion date"),
        _answer(case.record.results_section) if completed else (State.NOT_DUE, "the study is not completed"),
        _answer(case.section.ipd_sharing_statement_module.ipd_sharing, "no statement"),
    ]


def _partly(given: object, *, whole: bool, note: str) -> Answer:
    if not given:
        return State.ABSENT, ""
    return (State.GIVEN, "") if whole else (State.PARTLY, note)


def _incomplete(case: Case) -> Iterator[Remark]:
    items = who_data_set(case)
    due = [item for item in items if item.state not in {State.NOT_DUE, State.NOT_CARRIED}]
    missing = [item for item in due if item.state is not State.GIVEN]
    given = sum(item.state is State.GIVEN for item in items)
    if len(missing) > (1 - table("who")["fires_below"]) * len(due):
        listed = "; ".join(f"{item.name[0].lower()}{item.name[1:]} ({item.number})" for item in missing)
        yield Remark(f"The record gives {given} of the 24 items in full; still to be given: {listed}.")


WHO_DATA_SET = Check("who-data-set", 1, Severity.MAJOR, "WHO Trial Registration Data Set 1.3.1", _incomplete)

"""Rules for entering the study: eligibility and slots."""

from collections.abc import Iterator

from earlyphase.journal.payloads.entering import EligibilityConfirmed, Enrolment, ScreenFailure
from earlyphase.journal.payloads.leaving import Withdrawal
from earlyphase.protocol.criteria import Criterion, Stage
from earlyphase.study.cohorts import Escalation, Phase, escalation, level_name
from earlyphase.study.refusal import Reason
from earlyphase.study.state import Participant, Study

STAGES = tuple(Stage)
"""The stages in the order of a participant's course."""


def due_at(study: Study, stage: Stage) -> tuple[Criterion, ...]:
    """Give the criteria that must be settled at a stage: its own and those of earlier stages."""
    reached = STAGES[: STAGES.index(stage) + 1]
    return tuple(criterion for criterion in study.protocol.criteria if criterion.stage in reached)


def confirmed_at(person: Participant, stage: Stage) -> bool:
    """Tell whether eligibility has been confirmed at a stage or a later one."""
    reached = STAGES[STAGES.index(stage) :]
    return any(confirmed.stage in reached for confirmed in person.every(EligibilityConfirmed))


def enrolment(study: Study, person: Participant, enrolled: Enrolment) -> Iterator[Reason]:
    """A participant enrols who is still there, at the open level, into a free slot."""
    if person.every(ScreenFailure) or person.every(Withdrawal):
        yield Reason(
            "left", f"{person.id} is a screen failure or has withdrawn.", remedy="Screen again under a new number."
        )
    yield from slot(study, person, enrolled)


def slot(study: Study, person: Participant, enrolled: Enrolment) -> Iterator[Reason]:
    """A slot is free at the level, and the level is the open one."""
    now = escalation(study)
    if now.opening.level is None:
        yield Reason("no level open", f"{person.id}: no dose level takes participants: {_why_closed(now)}", "expansion")
    elif enrolled.level != now.opening.level:
        yield Reason(
            "wrong level",
            f"{person.id}: level {level_name(enrolled.level)} is not open; level {level_name(now.opening.level)} is.",
            "escalation.one_level_open",
            f"Enrol at level {level_name(now.opening.level)}.",
            deviation_possible=True,
        )
    elif now.slots_free == 0:
        yield no_slot(person, now)


def no_slot(person: Participant, now: Escalation) -> Reason:
    """Say why there is no slot, and who is awaited until when."""
    level = level_name(now.opening.level or 0)
    if now.opening.phase is Phase.EXPANSION:
        return Reason(
            "no slot",
            f"{person.id}: all {now.opening.wanted} participants of the study are enrolled.",
            "expansion.total",
        )
    if now.decision_due:
        return Reason(
            "no slot",
            f"{person.id}: the cohort at level {level} is complete and awaits the committee: {now.seen.reason}",
            "escalation",
            "Record the `dose_decision`.",
        )
    awaited = "; ".join(one.waiting_for() for one in now.unresolved)
    return Reason(
        "no slot",
        f"{person.id}: the cohort at level {level} is full: {awaited}.",
        "escalation.cohort_size",
        "Wait for them; a participant who is not evaluable is replaced.",
    )


def _why_closed(now: Escalation) -> str:
    return f"the escalation has ended. {now.seen.reason}"

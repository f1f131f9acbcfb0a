"""Rules for treatment: the product chain, the stagger, the level and the dose."""

from collections.abc import Iterator

from earlyphase.escalation.design import Act
from earlyphase.faults import InvalidInput
from earlyphase.journal.payloads.entering import EligibilityConfirmed
from earlyphase.journal.payloads.leaving import Withdrawal
from earlyphase.journal.payloads.payload import Payload
from earlyphase.journal.payloads.treatment import Infusion, Lymphodepletion, ProductFailed, ProductReleased
from earlyphase.protocol.criteria import Stage
from earlyphase.study.cohorts import Phase, escalation, level_name
from earlyphase.study.refusal import Reason
from earlyphase.study.rules_entering import confirmed_at, due_at
from earlyphase.study.stagger import earliest_infusion
from earlyphase.study.standing import standing
from earlyphase.study.state import Participant, Study

CLOSES = (Act.DE_ESCALATE, Act.STOP)
"""Recommendations after which nobody more is treated at the open level."""


def still_in(study: Study, person: Participant, payload: Payload) -> Iterator[Reason]:
    """Nobody is treated who has left."""
    del study
    gone = [
        withdrawal.on
        for withdrawal in person.every(Withdrawal)
        if withdrawal.on <= (payload.clinical_date() or withdrawal.on)
    ]
    if gone:
        yield Reason("left", f"{person.id} withdrew on {min(gone)}.", remedy="Correct the withdrawal if it is wrong.")


def lymphodepletion(study: Study, person: Participant, given: Lymphodepletion) -> Iterator[Reason]:
    """Nobody is conditioned for a product that is not there."""
    del given
    yield from _has_product(person)
    deviates = person.enrolment is not None and person.enrolment.deviation is not None
    if due_at(study, Stage.LYMPHODEPLETION) and not confirmed_at(person, Stage.ENROLMENT) and not deviates:
        yield Reason("not eligible", f"{person.id}: eligibility is not confirmed.", "criteria", "Confirm it first.")


def infusion(study: Study, person: Participant, given: Infusion) -> Iterator[Reason]:
    """An infusion follows release, lymphodepletion and re-check, at the assigned level, after the stagger."""
    yield from _has_product(person)
    yield from _conditioned(study, person)
    yield from _right_level(study, person, given)
    yield from _level_closed(study, person, given)
    yield from _right_dose(study, person, given)
    yield from _rechecked(study, person, given)
    wait = earliest_infusion(study, given.level, without=person.id)
    if wait.on is not None and given.on < wait.on:
        yield Reason(
            "stagger",
            f"{person.id} cannot be infused on {given.on}: the earliest day is {wait.on}, {wait.because}.",
            "escalation.stagger",
            f"Infuse on {wait.on} or later.",
            deviation_possible=True,
        )


def release(study: Study, person: Participant, released: ProductReleased) -> Iterator[Reason]:
    """A product that comes after its slot was given away finds no place, unless one is free."""
    del released
    one, now = standing(study.protocol, person), escalation(study)
    if one is not None and one.replaced and now.slots_free == 0:
        yield Reason(
            "slot given away",
            f"{person.id}: the product had failed, and the slot at level {level_name(one.level)} was given to another.",
            "escalation.evaluability",
            "Wait for a free slot.",
        )


def _conditioned(study: Study, person: Participant) -> Iterator[Reason]:
    if study.protocol.lymphodepletion is not None and not person.all(Lymphodepletion):
        yield Reason(
            "order",
            f"{person.id}: lymphodepletion is not recorded, and the infusion needs it.",
            "lymphodepletion",
            "Record lymphodepletion first.",
            deviation_possible=True,
        )


def _has_product(person: Participant) -> Iterator[Reason]:
    released, failed = person.all(ProductReleased), person.all(ProductFailed)
    if not released:
        yield Reason(
            "not released", f"{person.id}: no product has been released.", remedy="Record `product_released` first."
        )
    elif failed and failed[-1].entry > released[-1].entry:
        yield Reason(
            "not released", f"{person.id}: the product failed on {failed[-1].payload.on}.", remedy="Manufacture again."
        )


def _right_level(study: Study, person: Participant, given: Infusion) -> Iterator[Reason]:
    if person.level is not None and given.level != person.level:
        yield Reason(
            "wrong level",
            f"{person.id} is enrolled at level {level_name(person.level)}, not {level_name(given.level)}.",
            "doses.levels",
            "Name the level of the enrolment.",
            deviation_possible=True,
        )
    if given.level not in study.protocol.doses.numbers:
        yield Reason(
            "wrong level",
            f"{person.id}: the protocol has no level {level_name(given.level)}.",
            "doses.levels",
            f"Its levels are {', '.join(map(level_name, study.protocol.doses.numbers))}.",
        )


def _level_closed(study: Study, person: Participant, given: Infusion) -> Iterator[Reason]:
    """Nobody is treated at a level that was left downwards, or that is exceeded by what is known now."""
    now = escalation(study)
    opened = now.opening.level
    exceeded = now.opening.phase is Phase.ESCALATION and given.level == opened and now.recommendation.decision in CLOSES
    if exceeded or opened is None or given.level > opened:
        why = now.seen.reason if exceeded or opened is None else f"level {level_name(opened)} is the open one."
        yield Reason(
            "level closed",
            f"{person.id} cannot be treated at level {level_name(given.level)}, which takes nobody now: {why}",
            "escalation",
            "Record the withdrawal from treatment; the slot is then free again.",
            deviation_possible=True,
        )


def _right_dose(study: Study, person: Participant, given: Infusion) -> Iterator[Reason]:
    if given.level not in study.protocol.doses.numbers:
        return
    planned = study.protocol.doses.dose(given.level)
    for what, dose in (("assigned", given.assigned), ("administered", given.administered)):
        try:
            value = dose.to(planned.unit).value
        except InvalidInput:
            yield Reason(
                "unit",
                f"{person.id}: the {what} dose is in {dose.unit}, the protocol's in {planned.unit}.",
                "doses.levels",
                f"Give it in {planned.unit}.",
            )
            continue
        if value <= 0:
            yield Reason(
                "dose", f"{person.id}: the {what} dose is {dose}; a dose is more than nothing.", "doses.levels"
            )
        elif what == "assigned" and abs(value - planned.value) > 1e-9 * planned.value:
            yield Reason(
                "dose",
                f"{person.id}: the assigned dose is {dose}, level {level_name(given.level)} is {planned}.",
                "doses.levels",
                f"Assign {planned}; what was given is `administered`.",
                deviation_possible=True,
            )


def _rechecked(study: Study, person: Participant, given: Infusion) -> Iterator[Reason]:
    due = [criterion.id for criterion in study.protocol.criteria if criterion.stage is Stage.INFUSION]
    days = [confirmed.on for confirmed in person.every(EligibilityConfirmed) if confirmed.stage is Stage.INFUSION]
    if due and not any(day <= given.on for day in days):
        yield Reason(
            "re-check",
            f"{person.id}: {', '.join(due)} must be settled before the infusion.",
            "criteria",
            "Record `eligibility_confirmed` at the stage of infusion.",
            deviation_possible=True,
        )

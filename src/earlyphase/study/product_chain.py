"""The product chain of one participant: from leukapheresis to infusion, each step with what is known of it."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from earlyphase.journal.payloads.treatment import (
    Infusion,
    Leukapheresis,
    Lymphodepletion,
    ProductFailed,
    ProductReleased,
)
from earlyphase.protocol.model import Protocol
from earlyphase.study.standing import dose_received_percent, never_to_be_infused
from earlyphase.study.state import Fact, Participant


class StepState(StrEnum):
    """Where a step stands."""

    DONE = "done"
    RUNNING = "under way"
    NEXT = "next"
    LATER = "to come"
    FAILED = "failed"
    NONE = "did not happen"


@dataclass(frozen=True, slots=True)
class ChainStep:
    """One step of the chain."""

    name: str
    state: StepState
    on: dt.date | None = None
    until: dt.date | None = None
    says: str = ""
    entry: int | None = None
    remark: str = ""
    """What a reader must not miss: out of specification, a dose outside the tolerance, a deviation."""
    record: str = ""
    """The record that would take the step."""


def product_chain(protocol: Protocol, person: Participant, today: dt.date) -> tuple[ChainStep, ...]:
    """Give the steps of the chain in order; none before enrolment.

    Args:
        protocol: the protocol, for the tolerance of the dose.
        person: the participant.
        today: the day from which manufacture is counted, while it runs.

    Source: the journal's product chain; the protocol's `doses.tolerance_percent`.
    """
    if person.enrolment is None:
        return ()
    steps = (
        *_collected(person),
        _manufactured(person, today),
        *_released(person),
        *_conditioned(person),
        *_infused(protocol, person),
    )
    return tuple(_placed(steps, over=never_to_be_infused(person) or person.left_study_on is not None))


def _collected(person: Participant) -> Iterator[ChainStep]:
    facts = person.all(Leukapheresis)
    for fact in facts:
        made = fact.payload
        yield ChainStep("leukapheresis", StepState.DONE, made.on, None, made.collection or "", fact.latest)
    if not facts:
        yield ChainStep("leukapheresis", StepState.LATER, record=Leukapheresis.record)


def _manufactured(person: Participant, today: dt.date) -> ChainStep:
    collected = person.last(Leukapheresis)
    if collected is None:
        return ChainStep("manufacture", StepState.LATER)
    made = [one.on for kind in (ProductReleased, ProductFailed) for one in person.every(kind)]
    over = [day for day in made if day >= collected.on]
    if over:
        days = (max(over) - collected.on).days
        return ChainStep("manufacture", StepState.DONE, collected.on, max(over), f"{days} days")
    days = (today - collected.on).days
    return ChainStep("manufacture", StepState.RUNNING, collected.on, None, f"{days} days so far")


def _released(person: Participant) -> Iterator[ChainStep]:
    failed, released = person.all(ProductFailed), person.all(ProductReleased)
    outcomes: list[Fact[ProductFailed] | Fact[ProductReleased]] = [*failed, *released]
    for fact in sorted(outcomes, key=lambda fact: (fact.payload.on, fact.entry)):
        payload = fact.payload
        if isinstance(payload, ProductFailed):
            yield ChainStep(
                "manufacture failed",
                StepState.FAILED,
                payload.on,
                None,
                payload.lot or "",
                fact.latest,
                payload.because,
            )
        else:
            holds = f"{payload.lot}, {payload.available}" if payload.available else payload.lot
            spec = f"out of specification: {payload.out_of_specification}" if payload.out_of_specification else ""
            yield ChainStep("release", StepState.DONE, payload.on, None, holds, fact.latest, spec)
    if not outcomes:
        yield ChainStep("release", StepState.LATER, record=ProductReleased.record)


def _conditioned(person: Participant) -> Iterator[ChainStep]:
    facts = person.all(Lymphodepletion)
    for fact in facts:
        given = fact.payload
        agents = ", ".join(given.agents)
        yield ChainStep("lymphodepletion", StepState.DONE, given.first_day, given.on, agents, fact.latest)
    if not facts:
        yield ChainStep("lymphodepletion", StepState.LATER, record=Lymphodepletion.record)


def _infused(protocol: Protocol, person: Participant) -> Iterator[ChainStep]:
    facts = person.all(Infusion)
    for fact in facts:
        given = fact.payload
        share = dose_received_percent(given)
        says = f"{given.administered} of {given.assigned} ({share:.0f} %), {given.lot}"
        remarks = [f"outside the tolerance of ± {protocol.doses.tolerance_percent:g} %"]
        remarks = remarks if abs(share - 100) > protocol.doses.tolerance_percent else []
        remarks += [f"deviation: {given.deviation}"] if given.deviation else []
        yield ChainStep("infusion", StepState.DONE, given.on, None, says, fact.latest, "; ".join(remarks))
    if not facts:
        yield ChainStep("infusion", StepState.LATER, record=Infusion.record)


def _placed(steps: tuple[ChainStep, ...], *, over: bool) -> Iterator[ChainStep]:
    """Name the next step; where nothing can follow, say that the rest did not happen."""
    waiting = True
    for step in steps:
        if step.state is not StepState.LATER:
            yield step
        elif over:
            yield ChainStep(step.name, StepState.NONE)
        elif step.record and waiting:
            waiting = False
            yield ChainStep(step.name, StepState.NEXT, record=step.record)
        else:
            yield step

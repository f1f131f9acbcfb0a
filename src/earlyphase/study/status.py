"""Where a study stands on a day: what a coordinator, an investigator and the committee look at first."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from earlyphase.dates import days_from
from earlyphase.escalation.design import Act
from earlyphase.journal.entry import Head
from earlyphase.journal.payloads.conduct import SeenRecommendation
from earlyphase.study.alerts import Alert, alerts
from earlyphase.study.cohorts import Escalation, Phase, escalation
from earlyphase.study.stagger import earliest_infusion
from earlyphase.study.standing import DltState
from earlyphase.study.state import Study
from earlyphase.study.stopping import stopping_states


@dataclass(frozen=True, slots=True)
class Slots:
    """The slots of the open level; of the whole study in the expansion."""

    free: int
    held: int
    """Enrolled and not yet infused."""
    taken: int
    """Infused, and counting or still to be judged."""


@dataclass(frozen=True, slots=True)
class InWindow:
    """A participant in the DLT window, or waiting for the adjudication after it."""

    participant: str
    level: int
    infused_on: dt.date
    until: dt.date
    day: int
    """Today. Units: days from the infusion."""


@dataclass(frozen=True, slots=True)
class NextInfusion:
    """The first legal day of the next infusion at the open level."""

    earliest: dt.date | None
    """None where nobody has to be waited for."""
    because: str


@dataclass(frozen=True, slots=True)
class LevelCount:
    """What has been seen at a level, the expansion included."""

    level: int
    dose: str
    enrolled: int
    infused: int
    pending: int
    evaluable: int
    dlts: int
    not_evaluable: int


@dataclass(frozen=True, slots=True)
class Decided:
    """One decision of the committee."""

    entry: int
    on: dt.date
    decision: Act
    next_level: int | None
    rp2d: int | None
    advice: str
    """The recommendation that was seen, as a sentence."""
    differs_because: str | None


@dataclass(frozen=True, slots=True)
class WatchedRule:
    """How far a stopping rule is."""

    rule: str
    when: str
    participants: tuple[str, ...]
    """Who counts."""
    at_least: int
    """How many halt the study."""


@dataclass(frozen=True, slots=True)
class Status:
    """Where a study stands."""

    study: str
    title: str
    protocol_version: str | None
    purpose: str | None
    """`study`, `simulation` or `training`; None before activation."""
    today: dt.date
    recorded_until: str | None
    head: Head
    suspended: bool
    locked: bool
    phase: Phase
    open_level: int | None
    open_dose: str | None
    slots: Slots
    in_window: tuple[InWindow, ...]
    next_infusion: NextInfusion | None
    """None where no level is open."""
    recommendation: SeenRecommendation
    decision_due: bool
    waits_for: tuple[str, ...]
    """Whose outcome the decision waits for."""
    levels: tuple[LevelCount, ...]
    decisions: tuple[Decided, ...]
    stopping_rules: tuple[WatchedRule, ...]
    alerts: tuple[Alert, ...]


def status_of(study: Study, today: dt.date) -> Status:
    """Compute where a study stands.

    Args:
        study: the state, as of whichever moment of recording.
        today: the day from which it is looked at.
    """
    now = escalation(study)
    level = now.opening.level
    ladder = study.protocol.doses
    wait = earliest_infusion(study, level) if level is not None else None
    return Status(
        study=study.name,
        title=study.protocol.title,
        protocol_version=study.version,
        purpose=study.purpose,
        today=today,
        recorded_until=study.recorded_until,
        head=study.head,
        suspended=study.suspended,
        locked=study.locked,
        phase=now.opening.phase,
        open_level=level,
        open_dose=str(ladder.dose(level)) if level is not None else None,
        slots=_slots(now),
        in_window=tuple(_in_window(study, now, today)),
        next_infusion=NextInfusion(wait.on, wait.because) if wait else None,
        recommendation=now.seen,
        decision_due=now.decision_due,
        waits_for=tuple(one.waiting_for(today) for one in now.unresolved),
        levels=tuple(_count(study, now, number) for number in ladder.numbers),
        decisions=tuple(_decisions(study)),
        stopping_rules=tuple(
            WatchedRule(state.rule.id, state.rule.when, state.participants, state.rule.at_least)
            for state in stopping_states(study)
        ),
        alerts=tuple(alerts(study, now, today)),
    )


def _slots(now: Escalation) -> Slots:
    everywhere = now.opening.phase is Phase.EXPANSION
    here = [one for one in now.standings if everywhere or one.level == now.opening.level]
    held = sum(one.state is DltState.PREPARING for one in here)
    taken = sum(one.state is not DltState.PREPARING and (everywhere or not one.replaced) for one in here)
    return Slots(now.slots_free, held, taken)


def _in_window(study: Study, now: Escalation, today: dt.date) -> Iterator[InWindow]:
    for one in now.standings:
        infusion = study.participants[one.participant].infusion
        if one.state is DltState.PENDING and infusion and one.until:
            yield InWindow(one.participant, one.level, infusion.on, one.until, days_from(infusion.on, today))


def _count(study: Study, now: Escalation, level: int) -> LevelCount:
    here = [one for one in now.standings if one.level == level]
    return LevelCount(
        level=level,
        dose=str(study.protocol.doses.dose(level)),
        enrolled=len(here),
        infused=sum(study.participants[one.participant].infusion is not None for one in here),
        pending=sum(one.unresolved for one in here),
        evaluable=sum(one.evaluable for one in here),
        dlts=sum(one.state is DltState.DLT for one in here),
        not_evaluable=sum(one.state is DltState.NOT_EVALUABLE for one in here),
    )


def _decisions(study: Study) -> Iterator[Decided]:
    for fact in study.decisions:
        made = fact.payload
        yield Decided(
            fact.entry,
            made.on,
            made.decision,
            made.next_level,
            made.rp2d,
            made.recommended.reason,
            made.differs_because,
        )

"""How long the next participant waits for the one before."""

import datetime as dt
from dataclasses import dataclass

from earlyphase.dates import add_days
from earlyphase.study.cohorts import Opening, Phase, level_name, opening_of
from earlyphase.study.state import Participant, Study


@dataclass(frozen=True, slots=True)
class EarliestInfusion:
    """The first day on which the next participant of a level may be infused."""

    on: dt.date | None
    """None where nobody has to be waited for."""
    because: str


def earliest_infusion(study: Study, level: int, without: str | None = None) -> EarliestInfusion:
    """Find the first legal day of the next infusion at a level.

    Args:
        study: the study as it stands.
        level: the dose level.
        without: a participant who is not to be waited for: the one who is to be infused.

    Source: the protocol's `escalation.stagger`.
    """
    stagger, opening = study.protocol.escalation.stagger, opening_of(study)
    before = _infused_at(study, level, without)
    if opening.phase is Phase.EXPANSION:
        return _after(before[-1:], stagger.in_expansion, "the participant before in the expansion")
    if len(before) == 1:
        return _after(before, stagger.after_first_of_level, f"the first participant of level {level_name(level)}")
    return _after(before[-1:], stagger.between_others, "the participant before")


def _infused_at(study: Study, level: int, without: str | None) -> list[Participant]:
    found = [p for p in study.participants.values() if p.infusion and p.infusion.level == level and p.id != without]
    return sorted(found, key=lambda person: person.infusion.on if person.infusion else dt.date.min)


def _after(before: list[Participant], days: int, who: str) -> EarliestInfusion:
    if not before or before[0].infusion is None or days == 0:
        return EarliestInfusion(None, "nobody has to be waited for")
    last = before[0]
    on = add_days(before[0].infusion.on, days)
    return EarliestInfusion(on, f"{days} days after {who} ({last.id}, infused on {before[0].infusion.on})")


def wave(opening: Opening) -> str:
    """Say what the open level is for."""
    return (
        "no level is open"
        if opening.level is None
        else f"level {level_name(opening.level)} is open for the {opening.phase}"
    )

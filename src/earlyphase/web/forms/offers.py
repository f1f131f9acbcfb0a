"""What a study can offer for a field: its levels, the visits of its schedule, a participant's events, its criteria."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from earlyphase.journal.payloads import conduct, entering, observations, treatment
from earlyphase.journal.payloads.payload import Payload
from earlyphase.study.cohorts import level_name
from earlyphase.study.state import Participant, Study

Choice = tuple[str, str]
"""What is sent, and what is shown."""


def _none() -> dict[str, tuple[Choice, ...]]:
    return {}


def _no_rows() -> dict[str, tuple[Mapping[str, str], ...]]:
    return {}


def _no_words() -> dict[str, str]:
    return {}


@dataclass(frozen=True, slots=True)
class Offers:
    """What is offered, by the name of the field."""

    choices: Mapping[str, tuple[Choice, ...]] = field(default_factory=_none)
    """There is nothing else to choose."""
    words: Mapping[str, tuple[Choice, ...]] = field(default_factory=_none)
    """Usual words; others can be typed."""
    rows: Mapping[str, tuple[Mapping[str, str], ...]] = field(default_factory=_no_rows)
    """Rows that are begun already."""
    keys: Mapping[str, str] = field(default_factory=_no_words)
    """The field of such a row that is filled in."""
    captions: Mapping[str, str] = field(default_factory=_no_words)
    """What stands beside such a row, by its key."""


def offers_for(study: Study, kind: type[Payload], person: Participant | None) -> Offers:
    """Give what a study offers for a payload type."""
    choices = {"level": levels(study), "next_level": levels(study), "rp2d": levels(study)}
    if kind is entering.EligibilityConfirmed:
        return _criteria(study)
    if kind is observations.Visit:
        names = [visit.name for visit in study.protocol.schedule.visits]
        return Offers(words={"name": tuple((name, name) for name in (*names, "unscheduled"))})
    if person is not None and "adverse_event" in kind.model_fields:
        return Offers(choices={"adverse_event": _events(person)})
    if kind in (entering.Enrolment, treatment.Infusion):
        return Offers(choices=choices)
    if kind in (conduct.ProtocolActivated, conduct.ProtocolAmended):
        return Offers(choices={"version": tuple((version, version) for version in study.protocols)})
    return Offers()


def levels(study: Study) -> tuple[Choice, ...]:
    """Give the dose levels with their doses."""
    return tuple((str(one.level), f"{level_name(one.level)}: {one.dose}") for one in study.protocol.doses.levels)


def _events(person: Participant) -> tuple[Choice, ...]:
    return tuple(
        (str(fact.entry), f"entry {fact.entry}: {fact.payload.term}, grade {fact.payload.grade}, {fact.payload.onset}")
        for fact in person.adverse_events
    )


def _criteria(study: Study) -> Offers:
    criteria = study.protocol.criteria
    return Offers(
        rows={"verdicts": tuple({"criterion": one.id} for one in criteria)},
        keys={"verdicts": "criterion"},
        captions={one.id: f"{one.kind}, due at {one.stage}: {one.as_written}" for one in criteria},
    )

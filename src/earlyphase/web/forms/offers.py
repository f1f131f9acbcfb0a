"""What a study can offer for a field: its levels, the visits of its schedule, a participant's events, its criteria."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext

from earlyphase.journal.payloads import conduct, entering, observations, safety, treatment
from earlyphase.journal.payloads.payload import Payload
from earlyphase.study.cohorts import level_name
from earlyphase.study.state import Participant, Study
from earlyphase.web.language import said, word

Choice = tuple[str, str]
"""What is sent, and what is shown."""


def _none() -> dict[str, tuple[Choice, ...]]:
    return {}


def _no_rows() -> dict[str, tuple[Mapping[str, str], ...]]:
    return {}


def _no_units() -> dict[str, tuple[str, ...]]:
    return {}


def _no_words() -> dict[str, str]:
    return {}


_AT_A_LEVEL = (entering.Enrolment, treatment.Infusion)
_DOSES = ("assigned", "administered", "available")
_SHARES = ("blasts",)
_SEARCHED: dict[type[Payload], frozenset[str]] = {
    safety.AdverseEvent: frozenset({"term"}),
    observations.Laboratory: frozenset({"analyte"}),
}


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
    units: Mapping[str, tuple[str, ...]] = field(default_factory=_no_units)
    """The only units that make sense."""
    searched: frozenset[str] = frozenset()
    """Fields whose words are looked for while one types."""


def offers_for(study: Study, kind: type[Payload], person: Participant | None) -> Offers:
    """Give what a study offers for a payload type."""
    if kind is entering.EligibilityConfirmed:
        return _criteria(study)
    if kind is observations.Visit:
        names = [visit.name for visit in study.protocol.schedule.visits]
        return Offers(words={"name": tuple((name, word(name)) for name in (*names, "unscheduled"))})
    if person is not None and "adverse_event" in kind.model_fields:
        return Offers(choices={"adverse_event": _events(person)})
    if kind in (conduct.ProtocolActivated, conduct.ProtocolAmended):
        return Offers(choices={"version": tuple((version, version) for version in study.protocols)})
    units = {name: dose_units(study) for name in _DOSES} | dict.fromkeys(_SHARES, ("%",))
    return Offers(
        choices={"level": levels(study)} if kind in _AT_A_LEVEL else {}, units=units, searched=_searched(kind)
    )


def _searched(kind: type[Payload]) -> frozenset[str]:
    return _SEARCHED.get(kind, frozenset())


def dose_units(study: Study) -> tuple[str, ...]:
    """Give the units in which the protocol states its doses."""
    return tuple(dict.fromkeys(one.dose.unit for one in study.protocol.doses.levels))


def levels(study: Study) -> tuple[Choice, ...]:
    """Give the dose levels with their doses."""
    return tuple((str(one.level), f"{level_name(one.level)}: {one.dose}") for one in study.protocol.doses.levels)


def _events(person: Participant) -> tuple[Choice, ...]:
    text = gettext("entry %(entry)s: %(term)s, grade %(grade)s, %(onset)s")
    return tuple(
        (str(fact.entry), text % {"entry": fact.entry, **_event(fact.payload)}) for fact in person.adverse_events
    )


def _event(event: safety.AdverseEvent) -> dict[str, object]:
    return {"term": word(event.term), "grade": event.grade, "onset": event.onset}


def _criteria(study: Study) -> Offers:
    criteria, text = study.protocol.criteria, gettext("%(kind)s, due at %(stage)s: %(text)s")
    return Offers(
        rows={"verdicts": tuple({"criterion": one.id} for one in criteria)},
        keys={"verdicts": "criterion"},
        captions={
            one.id: text % {"kind": said(one.kind), "stage": said(one.stage), "text": one.as_written}
            for one in criteria
        },
    )

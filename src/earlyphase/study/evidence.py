"""What the recorded screening facts of a participant say of the criteria, by the same evaluation as any screening."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from earlyphase.dates import PartialDate
from earlyphase.eligibility.criteria_set import CriteriaSet, Rule, criteria_set
from earlyphase.eligibility.facts import Amount, Fact, Patient
from earlyphase.eligibility.nodes import Saying, Stated
from earlyphase.eligibility.person import Person, person_of
from earlyphase.eligibility.screening import answer_rule
from earlyphase.eligibility.verdict import Answer, Cause, Verdict
from earlyphase.journal.payloads.entering import EligibilityConfirmed, ScreeningFact, ScreeningFacts
from earlyphase.journal.payloads.treatment import Leukapheresis, Lymphodepletion
from earlyphase.protocol.criteria import Stage
from earlyphase.protocol.model import Protocol
from earlyphase.quantities import Quantity
from earlyphase.study.measured_facts import measured_facts
from earlyphase.study.state import Participant, Study


@dataclass(frozen=True, slots=True, eq=False)
class _Same:
    """A protocol by its identity: it cannot change, and has no hash of its own."""

    protocol: Protocol

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.protocol is other.protocol

    def __hash__(self) -> int:
        return id(self.protocol)


@lru_cache(maxsize=8)
def _criteria(same: _Same) -> CriteriaSet:
    return criteria_set(same.protocol)


def criteria_of(study: Study) -> CriteriaSet:
    """Give the criteria of the protocol in force, parsed once.

    Raises:
        InvalidInput: an expression of the protocol is none.
    """
    return _criteria(_Same(study.protocol))


def screened(
    study: Study, participant: Participant, stage: Stage, on: dt.date, more: Sequence[ScreeningFacts] = ()
) -> Person:
    """Give a participant as the criteria see them.

    Args:
        study: the study.
        participant: the participant.
        stage: the stage that is reached on that day: windows before it are counted from there.
        on: the day on which eligibility is asked.
        more: facts that are not in the journal yet.
    """
    criteria = criteria_of(study)
    recorded = [(fact.payload, fact.latest) for fact in participant.all(ScreeningFacts)]
    patient = _patient(participant, [*recorded, *((one, None) for one in more)], criteria, on)
    anchors = _anchors(participant) | {stage: on}
    patient = patient.model_copy(update={"anchors": anchors})
    return person_of(patient, criteria.known, on, criteria.rounding)


def _patient(
    participant: Participant,
    found: Sequence[tuple[ScreeningFacts, int | None]],
    criteria: CriteriaSet,
    on: dt.date,
) -> Patient:
    """Gather what is known by a day: facts of screening, each with its entry, measurements, and the consent."""
    facts = [_fact(one, entry) for payload, entry in found for one in payload.facts if one.on.earliest <= on]
    births = [payload.birth_date for payload, _ in found if payload.birth_date is not None]
    return Patient(
        id=participant.id,
        birth_date=births[-1] if births else None,
        as_of=on,
        facts=(*facts, *measured_facts(participant, criteria, on), *_consented(participant, criteria, on)),
    )


def _fact(found: ScreeningFact, entry: int | None) -> Fact:
    """Say a fact of the journal as the criteria read it."""
    sources = (found.source, None if entry is None else f"entry {entry}")
    return Fact(
        term=found.term,
        value=_amount(found.value) if isinstance(found.value, Quantity) else found.value,
        on=found.on,
        until=found.until,
        method=found.method,
        specimen=found.specimen,
        state=found.state,
        purpose=found.purpose,
        dose=_amount(found.dose),
        lower_limit=_amount(found.lower_limit),
        upper_limit=_amount(found.upper_limit),
        about=found.about,
        by=found.by,
        source=", ".join(one for one in sources if one) or None,
    )


def _amount(quantity: Quantity | None) -> Amount | None:
    return Amount(value=quantity.value, unit=quantity.unit) if quantity else None


def _consented(participant: Participant, criteria: CriteriaSet, on: dt.date) -> Iterator[Fact]:
    """The recorded consent is the participant's word on the criteria of the consent."""
    consent = participant.consent
    if consent is not None and consent.on <= on:
        given = PartialDate(consent.on.year, consent.on.month, consent.on.day)
        source = f"consent form {consent.version}"
        for rule in criteria.rules:
            if rule.criterion.stage is Stage.CONSENT:
                yield Fact(
                    term=Saying.ATTEST.value, value=True, on=given, about=rule.id, by=consent.given_by, source=source
                )


def _anchors(participant: Participant) -> dict[Stage, dt.date]:
    collected, conditioned = participant.last(Leukapheresis), participant.last(Lymphodepletion)
    days = {
        Stage.CONSENT: participant.consent and participant.consent.on,
        Stage.ENROLMENT: participant.enrolment and participant.enrolment.on,
        Stage.LEUKAPHERESIS: collected and collected.on,
        Stage.LYMPHODEPLETION: conditioned and conditioned.first_day,
        Stage.INFUSION: participant.infusion and participant.infusion.on,
    }
    return {stage: day for stage, day in days.items() if day is not None}


def is_judgement(rule: Rule, person: Person) -> bool:
    """Tell whether a criterion asks for a judgement alone, and none is recorded among the facts."""
    if not isinstance(rule.node, Stated) or rule.node.kind is not Saying.JUDGEMENT:
        return False
    return [one.cause for one in answer_rule(rule, person).unknowns] == [Cause.MISSING]


def bars(rule: Rule, answer: Answer) -> bool:
    """Tell whether an answer to a criterion keeps a person out."""
    return answer.verdict is (Verdict.NOT_MET if rule.inclusion else Verdict.MET)


def barred(study: Study, participant: Participant, stage: Stage, on: dt.date) -> Iterator[tuple[Rule, Answer]]:
    """Find the criteria due at a stage that keep a participant out by what is recorded."""
    person = screened(study, participant, stage, on)
    for rule in criteria_of(study).due_at(stage):
        if rule.node is not None and bars(rule, answer := answer_rule(rule, person)):
            yield rule, answer


def barred_now(study: Study, participant: Participant) -> tuple[tuple[Rule, Answer], ...]:
    """Find what keeps a participant out by the facts as they stand, at the last stage that was confirmed or reached."""
    return participant.once((barred_now, _Same(study.protocol)), lambda: _barred_now(study, participant))


def _barred_now(study: Study, participant: Participant) -> tuple[tuple[Rule, Answer], ...]:
    reached = [(payload.on, payload.stage) for payload in participant.every(EligibilityConfirmed)]
    if participant.enrolment:
        reached.append((participant.enrolment.on, Stage.ENROLMENT))
    if not reached:
        return ()
    on, stage = max(reached, key=lambda each: (list(Stage).index(each[1]), each[0]))
    return tuple(barred(study, participant, stage, on))


def in_words(answer: Answer) -> str:
    """Say what an answer rests on, or why it is unknown."""
    if answer.verdict is Verdict.UNKNOWN:
        return "; ".join(f"{one.cause}: {one.says.rstrip('.')}" for one in answer.unknowns)
    return "; ".join(
        f"{one.about.replace('_', ' ')} {one.value}{f' on {one.on}' if one.on else ''} ({one.because})"
        f"{f', by {one.source}' if one.source else ''}"
        for one in answer.evidence
    )

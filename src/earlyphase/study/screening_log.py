"""The screening log: everybody who consented, each criterion's verdict with what it rests on, and what is missing."""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from earlyphase.eligibility.criteria_set import CriteriaSet, Rule
from earlyphase.eligibility.needs import fewest_tests
from earlyphase.eligibility.person import STATEMENTS, Person
from earlyphase.eligibility.screening import (
    CriterionResult,
    Eligibility,
    Standing,
    results_of,
)
from earlyphase.eligibility.verdict import Cause, Evidence, Need, Unknown, Verdict
from earlyphase.journal.payloads.entering import (
    Consent,
    CriterionVerdict,
    EligibilityConfirmed,
    ScreenFailure,
    ScreeningFacts,
)
from earlyphase.journal.payloads.leaving import LossToFollowUp, Withdrawal
from earlyphase.protocol.criteria import Stage
from earlyphase.study.deviations import Deviation, deviations
from earlyphase.study.evidence import criteria_of, is_judgement, screened
from earlyphase.study.state import Fact, Participant, Study

_ENTRY = re.compile(r"entry (\d+)")


class Outcome(StrEnum):
    """How far a participant came."""

    SCREENING = "in screening"
    FAILED = "screen failure"
    LEFT = "left before enrolment"
    ENROLLED = "enrolled"
    INFUSED = "infused"


@dataclass(frozen=True, slots=True)
class Statement:
    """What an investigator stated on a criterion."""

    by: str
    on: dt.date
    stage: Stage
    verdict: Verdict
    says: str
    """The statement with its reason; empty where the verdict alone was given."""
    entry: int


@dataclass(frozen=True, slots=True)
class Shown:
    """A fact that a verdict rests on, and the entries that hold it."""

    evidence: Evidence
    entries: tuple[int, ...]
    documented: str
    """Where else it is documented; empty where nothing was said."""


@dataclass(frozen=True, slots=True)
class LoggedCriterion:
    """One criterion of one participant."""

    id: str
    kind: str
    asks: str
    stage: Stage
    verdict: Verdict
    """By the recorded facts alone."""
    standing: Standing
    """What it comes to, the investigator's statement included."""
    evidence: tuple[Shown, ...]
    unknowns: tuple[Unknown, ...]
    statement: Statement | None
    """What settles it, or what was stated last."""
    settled: bool
    """Whether the statement settles what the facts leave unknown."""


@dataclass(frozen=True, slots=True)
class Logged:
    """One line of the screening log."""

    participant: str
    consented_on: dt.date | None
    outcome: Outcome
    ended: str
    """Why they did not enter; empty for who may, or did."""
    stage: Stage
    """The gate that is asked about: the next one, or the one that was passed last."""
    on: dt.date
    """The day for which it is asked."""
    eligibility: Eligibility
    criteria: tuple[LoggedCriterion, ...]
    next_tests: tuple[Need, ...]
    """The smallest set of tests and questions that could settle it; none for who left, or was infused."""
    waits: tuple[Unknown, ...]
    ignored: tuple[str, ...]
    deviations: tuple[Deviation, ...]

    @property
    def failing(self) -> tuple[LoggedCriterion, ...]:
        """The criteria that keep the participant out."""
        return tuple(one for one in self.criteria if one.standing is Standing.FAILED)

    @property
    def unsettled(self) -> tuple[LoggedCriterion, ...]:
        """The criteria that are due and unknown."""
        return tuple(one for one in self.criteria if one.standing is Standing.UNSETTLED)

    @property
    def stated(self) -> tuple[LoggedCriterion, ...]:
        """The criteria on which an investigator gave a statement with a reason."""
        return tuple(one for one in self.criteria if one.statement and one.statement.says)


def screening_log(study: Study, today: dt.date) -> tuple[Logged, ...]:
    """Give the log, in the order of consent.

    Args:
        study: the state, as of whichever moment of recording.
        today: the day for which the next gate is asked about.

    Source: the protocol's criteria; the statements and deviations of the journal.
    """
    deviating: dict[str, list[Deviation]] = {}
    for one in deviations(study):
        deviating.setdefault(one.participant, []).append(one)
    people = (person for person in study.participants.values() if person.consent or person.facts)
    return tuple(logged(study, person, today, tuple(deviating.get(person.id, ()))) for person in people)


def logged(study: Study, person: Participant, today: dt.date, deviating: tuple[Deviation, ...] = ()) -> Logged:
    """Give the line of one participant.

    Source: the protocol's criteria.
    """
    criteria = criteria_of(study)
    stage, on = _gate(person, today)
    seen = screened(study, person, stage, on)
    stated = dict(_statements(person))
    results = tuple(
        _criterion(criteria.rule(one.id), one, person, stated.get(one.id), _judged(criteria, one, seen))
        for one in results_of(criteria, seen, stage)
    )
    open_ones = [one for one in results if one.standing is Standing.UNSETTLED]
    outcome = outcome_of(person)
    over = outcome in (Outcome.FAILED, Outcome.LEFT, Outcome.INFUSED)
    return Logged(
        participant=person.id,
        consented_on=person.consent.on if person.consent else None,
        outcome=outcome,
        ended=_ended(person),
        stage=stage,
        on=on,
        eligibility=_eligibility(results),
        criteria=results,
        next_tests=() if over else _still_needed(criteria, seen, results),
        waits=tuple(one for each in open_ones for one in each.unknowns if one.cause is Cause.NOT_DUE),
        ignored=_ignored(criteria, person),
        deviations=deviating,
    )


def _gate(person: Participant, today: dt.date) -> tuple[Stage, dt.date]:
    """Find which gate is asked about, and for which day: the next one, or the last that was passed or failed."""
    if person.infusion:
        return Stage.INFUSION, person.infusion.on
    ended = [day.on for day in (person.last(ScreenFailure), person.last(Withdrawal)) if day]
    ended += [person.left_study_on] if person.left_study_on else []
    day = min(ended, default=today)
    if person.enrolment:
        return (Stage.ENROLMENT, person.enrolment.on) if ended else (Stage.INFUSION, day)
    return Stage.ENROLMENT, day


def outcome_of(person: Participant) -> Outcome:
    """Tell how far a participant came."""
    if person.infusion:
        return Outcome.INFUSED
    if person.enrolment:
        return Outcome.ENROLLED
    if person.last(ScreenFailure):
        return Outcome.FAILED
    left = person.left_study_on or person.last(Withdrawal) or person.last(LossToFollowUp)
    return Outcome.LEFT if left else Outcome.SCREENING


def _ended(person: Participant) -> str:
    failure = person.last(ScreenFailure)
    if failure is None:
        return ""
    named = f"{', '.join(failure.criteria)}: " if failure.criteria else ""
    return f"{failure.on}, {named}{failure.because}"


def _statements(person: Participant) -> Iterator[tuple[str, Statement]]:
    """Give the verdicts that investigators gave, the latest of each criterion last."""
    for fact in person.all(EligibilityConfirmed):
        for one in fact.payload.verdicts:
            yield one.criterion, _statement(fact, one)


def _statement(fact: Fact[EligibilityConfirmed], one: CriterionVerdict) -> Statement:
    confirmed = fact.payload
    return Statement(fact.recorded_by, confirmed.on, confirmed.stage, one.verdict, one.statement or "", fact.latest)


def _judged(criteria: CriteriaSet, one: CriterionResult, seen: Person) -> bool:
    """Tell whether the investigator's verdict alone can settle a criterion: only a person can judge it."""
    rule = criteria.rule(one.id)
    return rule.node is None or is_judgement(rule, seen)


def _criterion(
    rule: Rule,
    one: CriterionResult,
    person: Participant,
    stated: Statement | None,
    judged: bool,  # noqa: FBT001 - a finding
) -> LoggedCriterion:
    settled = one.verdict is Verdict.UNKNOWN and _settles(stated, judged=judged)
    standing = one.standing
    if settled and stated is not None and standing is Standing.UNSETTLED:
        against = Verdict.NOT_MET if rule.inclusion else Verdict.MET
        standing = Standing.FAILED if stated.verdict is against else Standing.SATISFIED
    return LoggedCriterion(
        id=one.id,
        kind=one.kind,
        asks=rule.criterion.as_interpreted,
        stage=one.stage,
        verdict=one.verdict,
        standing=standing,
        evidence=tuple(_shown(person, rule, each) for each in one.evidence),
        unknowns=one.unknowns,
        statement=stated,
        settled=settled,
    )


def _settles(stated: Statement | None, *, judged: bool) -> bool:
    """Tell whether a statement settles an unknown: with its reason, or where only a person can judge."""
    if stated is None:
        return False
    return bool(stated.says) or (judged and stated.verdict is not Verdict.UNKNOWN)


def _shown(person: Participant, rule: Rule, evidence: Evidence) -> Shown:
    """Find the entry that holds a fact: its source names it, but for a consent and a date of birth."""
    sources = [] if evidence.source is None else evidence.source.split(", ")
    entries = [int(found[1]) for one in sources if (found := _ENTRY.fullmatch(one))]
    if not entries and evidence.about == "age":
        entries = [fact.latest for fact in person.all(ScreeningFacts) if fact.payload.birth_date is not None][-1:]
    if not entries and rule.criterion.stage is Stage.CONSENT:
        entries = [fact.latest for fact in person.all(Consent)]
    documented = ", ".join(one for one in sources if not _ENTRY.fullmatch(one))
    return Shown(evidence, tuple(entries), documented)


def _eligibility(results: tuple[LoggedCriterion, ...]) -> Eligibility:
    standings = {one.standing for one in results}
    if Standing.FAILED in standings:
        return Eligibility.NOT_ELIGIBLE
    return Eligibility.UNSETTLED if Standing.UNSETTLED in standings else Eligibility.ELIGIBLE


def _still_needed(criteria: CriteriaSet, seen: Person, results: tuple[LoggedCriterion, ...]) -> tuple[Need, ...]:
    """Give the smallest set of tests for what no statement has settled."""
    if _eligibility(results) is not Eligibility.UNSETTLED:
        return ()
    return fewest_tests([criteria.rule(one.id) for one in results if one.standing is Standing.UNSETTLED], seen)


def _ignored(criteria: CriteriaSet, person: Participant) -> tuple[str, ...]:
    """List the terms of recorded facts that no criterion can use, so that a slip of spelling shows."""
    terms = {fact.term for payload in person.every(ScreeningFacts) for fact in payload.facts}
    return tuple(sorted(terms - set(criteria.known) - STATEMENTS))

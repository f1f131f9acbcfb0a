"""Screens a person: a verdict for each criterion, who is eligible, and what is still needed to know."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from earlyphase.eligibility.criteria_set import STAGES, CriteriaSet, Rule
from earlyphase.eligibility.evaluating import evaluate
from earlyphase.eligibility.facts import Patient, Settlement
from earlyphase.eligibility.needs import fewest_tests
from earlyphase.eligibility.person import Person, person_of, unknown_terms
from earlyphase.eligibility.verdict import Answer, Cause, Evidence, Need, Unknown, Verdict, verdict_of
from earlyphase.protocol.criteria import Stage


class Standing(StrEnum):
    """What a criterion means for a person."""

    SATISFIED = "satisfied"
    FAILED = "failed"
    UNSETTLED = "unsettled"
    NOT_DUE = "not due"


class Eligibility(StrEnum):
    """Whether a person can take part, as far as the stage goes."""

    ELIGIBLE = "eligible"
    NOT_ELIGIBLE = "not eligible"
    UNSETTLED = "unsettled"


@dataclass(frozen=True, slots=True)
class CriterionResult:
    """The verdict on one criterion."""

    id: str
    kind: str
    stage: Stage
    verdict: Verdict
    standing: Standing
    evidence: tuple[Evidence, ...]
    unknowns: tuple[Unknown, ...]
    """The causes, where the verdict is unknown."""
    settled_by: str | None = None
    """Who settled by a statement what nobody could evaluate."""

    @property
    def basis(self) -> tuple[str, ...]:
        """What the verdict rests on, in words; for an unknown one, its causes."""
        if self.unknowns:
            return tuple(f"{unknown.cause}: {unknown.says}" for unknown in self.unknowns)
        return tuple(
            f"{one.about.replace('_', ' ')} {one.value}"
            f"{f' on {one.on}' if one.on else ''}{f' ({one.source})' if one.source else ''}: {one.because}"
            for one in self.evidence
        )


@dataclass(frozen=True, slots=True)
class Screening:
    """What screening found for one person at one stage."""

    patient: str
    on: dt.date
    stage: Stage
    eligibility: Eligibility
    results: tuple[CriterionResult, ...]
    next_tests: tuple[Need, ...]
    """The smallest set of tests and questions that could settle that the person is eligible."""
    waits: tuple[Unknown, ...]
    """What no test can settle before its day."""
    ignored: tuple[str, ...]
    """Terms of facts that no criterion knows."""

    def result(self, criterion: str) -> CriterionResult:
        """Give the result of a criterion.

        Raises:
            KeyError: there is none.
        """
        for one in self.results:
            if one.id == criterion:
                return one
        raise KeyError(criterion)


def screen(criteria: CriteriaSet, patient: Patient, stage: Stage, today: dt.date) -> Screening:
    """Screen one person.

    Args:
        criteria: the criteria of the study.
        patient: the person's facts.
        stage: criteria of this stage and of earlier ones are due.
        today: the day on which eligibility is asked, where the patient has none of their own.
    """
    person = person_of(patient, criteria.known, today, criteria.rounding)
    return screen_person(criteria, person, stage, unknown_terms(patient, criteria.known))


def screen_person(criteria: CriteriaSet, person: Person, stage: Stage, ignored: tuple[str, ...] = ()) -> Screening:
    """Screen one person who has been prepared for evaluation.

    Args:
        criteria: the criteria of the study.
        person: the person.
        stage: criteria of this stage and of earlier ones are due.
        ignored: terms of facts that no criterion knows.
    """
    results = results_of(criteria, person, stage)
    due = [one for one in results if one.standing is not Standing.NOT_DUE]
    waits = tuple(u for one in due if one.standing is Standing.UNSETTLED for u in one.unknowns if _waits(u))
    open_rules = [criteria.rule(one.id) for one in due if one.standing is Standing.UNSETTLED]
    eligibility = _eligibility(due)
    hopeless = eligibility is Eligibility.NOT_ELIGIBLE
    tests = () if hopeless else fewest_tests(open_rules, person)
    return Screening(person.id, person.today, stage, eligibility, results, tests, waits, ignored)


def results_of(criteria: CriteriaSet, person: Person, stage: Stage) -> tuple[CriterionResult, ...]:
    """Give the verdict on every criterion, for a person who has been prepared for evaluation.

    Args:
        criteria: the criteria of the study.
        person: the person.
        stage: criteria of this stage and of earlier ones are due.
    """
    return tuple(_result(rule, person, stage) for rule in criteria.rules)


def _waits(unknown: Unknown) -> bool:
    return unknown.cause is Cause.NOT_DUE


def _eligibility(due: list[CriterionResult]) -> Eligibility:
    standings = {one.standing for one in due}
    if Standing.FAILED in standings:
        return Eligibility.NOT_ELIGIBLE
    return Eligibility.UNSETTLED if Standing.UNSETTLED in standings else Eligibility.ELIGIBLE


def _result(rule: Rule, person: Person, stage: Stage) -> CriterionResult:
    due = STAGES.index(rule.criterion.stage) <= STAGES.index(stage)
    answer = answer_rule(rule, person)
    by, settlement = None, person.settled.get(rule.id)
    if answer.verdict is Verdict.UNKNOWN and settlement is not None:
        answer, by = _settled(settlement), settlement.by
    standing = _standing(rule, answer.verdict) if due else Standing.NOT_DUE
    criterion = rule.criterion
    return CriterionResult(
        criterion.id, criterion.kind, criterion.stage, answer.verdict, standing, answer.evidence, answer.unknowns, by
    )


def answer_rule(rule: Rule, person: Person) -> Answer:
    """Answer one criterion; one without an expression is unknown, because nobody has said what it asks."""
    if rule.node is not None:
        return evaluate(rule.node, person, rule.id)
    need = Need("statement by the investigator, with its reason", rule.criterion.as_interpreted)
    says = f"{rule.id} has no expression: {rule.criterion.as_interpreted}"
    return Answer(Verdict.UNKNOWN, (), (Unknown(Cause.UNDERSPECIFIED, rule.id, says, need),))


def _settled(settlement: Settlement) -> Answer:
    verdict = verdict_of(settlement.met)
    said = f"stated by {settlement.by}: {settlement.because}"
    return Answer(verdict, (Evidence(settlement.criterion, said, str(settlement.on), None, "statement", verdict),))


def _standing(rule: Rule, verdict: Verdict) -> Standing:
    if verdict is Verdict.UNKNOWN:
        return Standing.UNSETTLED
    wanted = Verdict.MET if rule.inclusion else Verdict.NOT_MET
    return Standing.SATISFIED if verdict is wanted else Standing.FAILED

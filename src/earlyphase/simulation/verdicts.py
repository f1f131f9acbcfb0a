"""What the investigator finds of the criteria, and the facts of screening."""

from collections.abc import Sequence
from typing import Any

from earlyphase.eligibility.criteria_set import Rule
from earlyphase.eligibility.nodes import leaves, subject_of
from earlyphase.eligibility.screening import answer_rule
from earlyphase.eligibility.verdict import Answer, Verdict
from earlyphase.journal.payloads.entering import ScreeningFacts
from earlyphase.protocol.criteria import Criterion, Stage
from earlyphase.simulation.chance import Chance
from earlyphase.simulation.findings import Found, bring_about
from earlyphase.simulation.patient import Patient
from earlyphase.simulation.site import Site
from earlyphase.simulation.truth import Finding
from earlyphase.study.evidence import barred, criteria_of, is_judgement, screened
from earlyphase.study.roles import Role


def confirm(site: Site, patient: Patient, stage: Stage) -> tuple[str, ...]:
    """Confirm eligibility at a stage: every criterion that is due, settled the right way.

    Returns:
        The criteria that keep the patient out by what was found; nothing is confirmed then.
    """
    rules = criteria_of(site.study).due_at(stage)
    if not rules:
        return ()
    complete(site, patient, stage)
    failed = tuple(rule.id for rule, _ in barred(site.study, site.person(patient.number), stage, site.today))
    if not failed:
        seen = screened(site.study, site.person(patient.number), stage, site.today)
        verdicts = [_verdict(rule, None if is_judgement(rule, seen) else answer_rule(rule, seen)) for rule in rules]
        site.record(
            Role.INVESTIGATOR, "eligibility_confirmed", patient.number, on=site.today, stage=stage, verdicts=verdicts
        )
    return failed


def right(criterion: Criterion) -> Verdict:
    """Give the verdict that lets a patient in."""
    return Verdict.MET if criterion.kind == "inclusion" else Verdict.NOT_MET


def complete(site: Site, patient: Patient, stage: Stage) -> None:
    """Examine what the criteria of a stage still ask for, and record it."""
    rules = [rule for rule in criteria_of(site.study).due_at(stage) if not _left_open(site, patient, rule)]
    found = settling(site, patient, stage, [(rule, right(rule.criterion)) for rule in rules], [])
    record_facts(site, patient, found)


def settling(
    site: Site, patient: Patient, stage: Stage, wanted: Sequence[tuple[Rule, Verdict]], found: list[Found]
) -> list[Found]:
    """Give facts with those that are still needed for criteria to come out as wanted."""
    found, person = list(found), site.person(patient.number)
    seen = screened(site.study, person, stage, site.today, _payload(site, found))
    for rule, verdict in wanted:
        if rule.node is None or is_judgement(rule, seen):
            continue
        new = list(bring_about(rule.node, verdict, seen, rule.id, patient.paper))
        found += new
        if new:
            seen = screened(site.study, person, stage, site.today, _payload(site, found))
    return found


def record_facts(site: Site, patient: Patient, found: list[Found]) -> None:
    """Record facts of screening, if there are any."""
    for payload in _payload(site, found):
        fields = payload.model_dump(mode="json", exclude_none=True)
        site.record(Role.COORDINATOR, "screening_facts", patient.number, **fields)


def _left_open(site: Site, patient: Patient, rule: Rule) -> bool:
    """Tell whether a criterion that is not written well is left to a statement."""
    return bool(rule.criterion.defect) and patient.paper.happens(site.truth.left_unknown)


def _payload(site: Site, found: list[Found]) -> tuple[ScreeningFacts, ...]:
    """Put facts into a payload; a date of birth has a field of its own."""
    births = [one["birth_date"] for one in found if "birth_date" in one]
    facts = [one for one in found if "birth_date" not in one]
    if not facts:
        return ()
    given = {"on": site.today, "facts": facts, "birth_date": births[-1] if births else None}
    return (ScreeningFacts.model_validate(given),)


def _verdict(rule: Rule, answer: Answer | None) -> dict[str, Any]:
    """Say what the investigator finds: what the facts say, or a statement where they leave it unknown."""
    if answer is not None and answer.verdict is Verdict.UNKNOWN:
        why = f" ({rule.criterion.defect.rstrip('.')})" if rule.criterion.defect else ""
        statement = f"Cannot be settled by what is recorded{why}. In my judgement it does not bar."
        return {"criterion": rule.id, "verdict": Verdict.UNKNOWN, "statement": statement}
    return {"criterion": rule.id, "verdict": right(rule.criterion) if answer is None else answer.verdict}


def asked_by(rule: Rule) -> frozenset[str]:
    """Give the terms that a criterion asks for."""
    subjects = (subject_of(leaf) for leaf in leaves(rule.node)) if rule.node is not None else ()
    return frozenset(subject.term for subject in subjects if subject is not None)


def fact(finding: Finding, chance: Chance, on: str) -> Found:
    """Draw one screening fact."""
    value: Any
    if finding.words:
        value = chance.one_of(finding.words)
    elif finding.yes_with is not None:
        value = chance.happens(finding.yes_with)
    else:
        number = round(chance.between(finding.least, finding.most), finding.decimals)
        value = {"value": number if finding.decimals else int(number), "unit": finding.unit}
    found: Found = {"term": finding.term, "value": value, "on": on}
    upper = {"value": finding.high, "unit": finding.unit} if finding.high is not None else None
    extra = {"method": finding.method, "specimen": finding.specimen, "state": finding.state, "upper_limit": upper}
    return found | {name: given for name, given in extra.items() if given}


def blasts_found(patient: Patient, on: str) -> Found:
    """Give the screening fact of the marrow."""
    share = {"value": patient.blasts, "unit": "%"}
    return {"term": "marrow_blasts", "value": share, "on": on, "method": "morphology", "specimen": "marrow"}

"""Rules for eligibility: what the investigator finds is held against what the recorded facts say."""

import datetime as dt
from collections.abc import Iterator

from earlyphase.eligibility.criteria_set import Rule
from earlyphase.eligibility.person import Person
from earlyphase.eligibility.screening import answer_rule
from earlyphase.eligibility.verdict import Answer, Verdict
from earlyphase.journal.payloads.entering import CriterionVerdict, EligibilityConfirmed, Enrolment
from earlyphase.journal.payloads.treatment import Infusion
from earlyphase.protocol.criteria import Criterion, Stage
from earlyphase.study.evidence import barred, bars, criteria_of, in_words, is_judgement, screened
from earlyphase.study.refusal import Reason
from earlyphase.study.rules_entering import confirmed_at, due_at
from earlyphase.study.state import Participant, Study

NEVER = "A criterion is never waived: correct the facts if they are wrong, or record the screen failure."

SETTLE = (
    "Settle each criterion by data or, where it stays unknown, by the investigator's signed statement with its reason; "
    "then record `eligibility_confirmed` at the stage of enrolment."
)

DEVIATION = (
    "Acting all the same is a protocol deviation: give the reason as `deviation` in the entry; it then stands in the "
    "status and in every report, and changes no verdict."
)
"""What it means to go on although a criterion says no. Source: ICH E6(R2), 4.5; ICH E3 Q&A (R1), question 7."""


def eligibility(study: Study, person: Participant, confirmed: EligibilityConfirmed) -> Iterator[Reason]:
    """Every criterion due at the stage is settled, and settled the right way."""
    given = {verdict.criterion: verdict for verdict in confirmed.verdicts}
    known = {criterion.id for criterion in study.protocol.criteria}
    for name in given:
        if name not in known:
            yield Reason(
                "criterion",
                f"{person.id}: {name} is not a criterion of the protocol.",
                "criteria",
                "Name the criteria by their ids.",
            )
    criteria, seen = criteria_of(study), screened(study, person, confirmed.stage, confirmed.on)
    for criterion in due_at(study, confirmed.stage):
        yield from _settled(person.id, criteria.rule(criterion.id), given.get(criterion.id), seen)


def _settled(name: str, rule: Rule, given: CriterionVerdict | None, seen: Person) -> Iterator[Reason]:
    if given is None:
        said = f"{name}: {rule.id} is due at {rule.criterion.stage} and has no verdict."
        yield Reason("not settled", said, _place(rule), "Give its verdict.")
    elif rule.node is None or is_judgement(rule, seen):
        yield from _by_verdict(name, rule.criterion, given)
    else:
        yield from _by_evidence(name, rule, given, answer_rule(rule, seen))


def _by_verdict(name: str, criterion: Criterion, given: CriterionVerdict) -> Iterator[Reason]:
    """What only a person can judge is settled by the investigator's verdict."""
    place = f"criteria.{criterion.id}"
    if given.verdict is Verdict.UNKNOWN and given.statement is None:
        remedy = "Settle it by data, or by the investigator's statement with its reason."
        yield Reason("not settled", f"{name}: {criterion.id} is unknown.", place, remedy)
    elif given.verdict is (Verdict.NOT_MET if criterion.kind == "inclusion" else Verdict.MET):
        asked = criterion.as_interpreted
        said = f"{name} is not eligible: {criterion.kind} {criterion.id} is {given.verdict} ({asked})."
        yield Reason("not eligible", said, place, NEVER)


def _by_evidence(name: str, rule: Rule, given: CriterionVerdict, found: Answer) -> Iterator[Reason]:
    """What the facts settle, no verdict changes; what they leave unknown, a statement with its reason settles."""
    if found.verdict is Verdict.UNKNOWN and given.statement is not None:
        yield from _by_verdict(name, rule.criterion, given)
    elif found.verdict is Verdict.UNKNOWN:
        tests = ", ".join(dict.fromkeys(one.need.test for one in found.unknowns))
        remedy = f"Settle it by data ({tests}), or by the investigator's statement with its reason."
        yield Reason("not settled", f"{name}: {rule.id} is unknown: {in_words(found)}.", _place(rule), remedy)
    elif bars(rule, found):
        yield not_eligible(name, rule, found)
    elif given.verdict is not found.verdict:
        said = f"{name}: {rule.id} is given as {given.verdict}, and by the recorded facts it is {found.verdict}"
        remedy = f"Give it as {found.verdict}, or correct the facts."
        yield Reason("contradiction", f"{said}: {in_words(found)}.", _place(rule), remedy)


def not_eligible(name: str, rule: Rule, found: Answer, *, deviation_possible: bool = False) -> Reason:
    """Say which criterion keeps a participant out, and by which facts."""
    said = f"{name} is not eligible: {rule.criterion.kind} {rule.id} is {found.verdict} ({in_words(found)})."
    remedy = f"{NEVER} {DEVIATION}" if deviation_possible else NEVER
    return Reason("not eligible", said, _place(rule), remedy, deviation_possible)


def enrolment(study: Study, person: Participant, enrolled: Enrolment) -> Iterator[Reason]:
    """Nobody enters who is not confirmed, or whom facts keep out, even those recorded after the confirmation."""
    if due_at(study, Stage.ENROLMENT) and not confirmed_at(person, Stage.ENROLMENT):
        open_ = _open(study, person, enrolled.on)
        said = f"{person.id}: eligibility is not confirmed for enrolment{f'; open: {open_}' if open_ else ''}."
        yield Reason("not eligible", said, "criteria", f"{SETTLE} {DEVIATION}", deviation_possible=True)
    yield from _kept_out(study, person, Stage.ENROLMENT, enrolled.on)


def _open(study: Study, person: Participant, on: dt.date) -> str:
    """Name the criteria that the recorded facts leave open, with the first cause of each."""
    seen = screened(study, person, Stage.ENROLMENT, on)
    answers = [(rule.id, answer_rule(rule, seen)) for rule in criteria_of(study).due_at(Stage.ENROLMENT)]
    return ", ".join(f"{name} ({found.unknowns[0].cause})" for name, found in answers if found.unknowns)


def infusion(study: Study, person: Participant, given: Infusion) -> Iterator[Reason]:
    """Nobody is infused whom the recorded facts keep out on that day."""
    yield from _kept_out(study, person, Stage.INFUSION, given.on)


def _kept_out(study: Study, person: Participant, stage: Stage, on: dt.date) -> Iterator[Reason]:
    for rule, found in barred(study, person, stage, on):
        yield not_eligible(person.id, rule, found, deviation_possible=True)


def _place(rule: Rule) -> str:
    return f"criteria.{rule.id}"

"""Simulated screening: what is found settles the criteria, and who fails one is failed by the facts."""

from functools import lru_cache

import pytest
from tests.builders import ASSUMED, a_protocol
from tests.simulated import a_truth, versions

from earlyphase.journal.payloads.entering import EligibilityConfirmed, ScreenFailure, Verdict
from earlyphase.protocol.criteria import Stage
from earlyphase.simulation.run import simulate
from earlyphase.study.evidence import barred, criteria_of
from earlyphase.study.reconstruct import reconstruct

CRITERIA = {
    "I1": ("inclusion", "screening", "any of (count(relapse) >= 2, duration(first_cr) <= 12 months and relapse)"),
    "I2": ("inclusion", "screening", "total_bilirubin <= 51 umol/L and alt <= 3 ULN and lvef >= 50 %"),
    "I3": ("inclusion", "screening", "age >= 18 years and age < 70 years"),
    "I4": ("inclusion", "enrolment", "if sex = female then not pregnant and not lactating"),
    "E1": ("exclusion", "screening", "epilepsy or platelets < 20 10*9/L or not diagnosis = t_all"),
    "E2": ("exclusion", "screening", 'undefined "severe heart disease"'),
    "E3": ("exclusion", "infusion", "radiotherapy within 4 weeks before infusion"),
}


@lru_cache(maxsize=2)
def study_of(more=""):
    criteria = [
        {**ASSUMED, "id": name, "kind": kind, "stage": stage, "expression": said}
        | {"as_written": said, "as_interpreted": said}
        for name, (kind, stage, said) in CRITERIA.items()
    ]
    known = versions(a_protocol(criteria=criteria, expansion={**ASSUMED, "total": 9}))
    return reconstruct(known, simulate(known, a_truth(0.1, more=more), 3).read())


def test_only_what_is_not_defined_is_left_to_a_statement():
    confirmed = [one for person in study_of().enrolled for one in person.every(EligibilityConfirmed)]
    unknown = {each.criterion for one in confirmed for each in one.verdicts if each.verdict is Verdict.UNKNOWN}
    assert {one.stage for one in confirmed} == {Stage.ENROLMENT, Stage.INFUSION}
    assert unknown == {"E2"}


def test_nobody_is_enrolled_whom_the_facts_keep_out():
    study = study_of()
    for person in study.enrolled:
        assert not list(barred(study, person, Stage.ENROLMENT, person.enrolment.on))


def test_who_fails_a_criterion_is_failed_by_the_facts():
    study, told = study_of("screen_failure: 0.6\n"), set()
    for person in study.participants.values():
        for failure in person.every(ScreenFailure):
            for name in set(failure.criteria) - {"E2"}:
                told.add(name)
                failed = {rule.id for rule, _ in barred(study, person, Stage.SCREENING, failure.on)}
                assert name in failed
    assert len(told) > 1


def test_a_truth_that_draws_bad_values_ends_in_screen_failures():
    facts = "facts: [{term: lvef, unit: '%', least: 30, most: 60, method: echocardiography}]\n"
    failures = [one for person in study_of(facts).participants.values() for one in person.every(ScreenFailure)]
    assert any("I2" in failure.criteria for failure in failures)


@pytest.mark.parametrize("name", ["I1", "I3"])
def test_what_the_truth_does_not_name_is_found_as_the_criterion_needs_it(name):
    study = study_of()
    assert criteria_of(study).rule(name).node is not None
    assert all(
        verdict.verdict is Verdict.MET
        for person in study.enrolled
        for one in person.every(EligibilityConfirmed)
        for verdict in one.verdicts
        if verdict.criterion == name
    )

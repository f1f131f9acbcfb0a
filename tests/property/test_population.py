"""One expression, two evaluators: a population on columns comes out as each person does alone."""

import datetime as dt
import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from earlyphase.eligibility.attrition import attrition
from earlyphase.eligibility.criteria_set import criteria_set
from earlyphase.eligibility.evaluating import evaluate
from earlyphase.eligibility.facts import parse_patient
from earlyphase.eligibility.person import person_of
from earlyphase.eligibility.population import CODES, evaluate_all, narrowing, population
from earlyphase.eligibility.screening import screen
from earlyphase.protocol.criteria import Stage
from earlyphase.protocol.library import study_folder
from earlyphase.protocol.reading import read_protocol
from earlyphase.quantities import RoundingPolicy

TODAY = dt.date(2026, 5, 4)
EXAMPLE = criteria_set(read_protocol(study_folder("NCT06633354") / "protocol.yaml"))

# Values at and around the limits of the example, in the units in which laboratories report.
VALUE = st.sampled_from(
    [0, 1, 2, 2.0, 3, 3.0, 3.1, 5, 5.04, 50, 51, 51.3, 51.5, 90, 92, 119.6, 120, 120.4, 121, 176.8, 176.84, 177]
)
UNIT = st.sampled_from(["umol/L", "mg/dL", "%", "U/L", "IU/L"]) | st.none()
AMOUNT = st.fixed_dictionaries({"value": VALUE, "unit": UNIT})
BOUND = st.fixed_dictionaries(
    {"value": st.sampled_from([40, 40.0, 39.9, 40.15]), "unit": st.sampled_from(["U/L", "IU/L"])}
)
FACT = st.fixed_dictionaries(
    {"term": st.sampled_from([*(name for name in EXAMPLE.known), "judgement", "attest"])},
    optional={
        "value": st.booleans() | VALUE | AMOUNT | st.sampled_from(["female", "t_all"]),
        "on": st.sampled_from(["2026-05-04", "2026-05-01", "2026-04", "2025", "2027-01-01"]),
        "method": st.sampled_from(["flow", "morphology", "echocardiography"]),
        "state": st.just("room_air"),
        "upper_limit": BOUND,
        "about": st.sampled_from(["I8", "E8", "informed consent"]),
    },
)
LIKELY = st.sampled_from(["total_bilirubin", "alt", "ast", "creatinine", "lvef", "spo2", "ecog", "marrow_blasts"])
MEASUREMENT = st.builds(lambda fact, term, value: fact | {"term": term, "value": value}, FACT, LIKELY, AMOUNT | VALUE)
STATEMENT = st.fixed_dictionaries(
    {
        "criterion": st.sampled_from([rule.id for rule in EXAMPLE.rules]),
        "met": st.booleans(),
        "by": st.just("Zhang Min"),
        "on": st.sampled_from(["2026-05-04", "2026-04", "2027-01-01"]),
        "because": st.just("as examined"),
    }
)
PATIENT = st.tuples(st.lists(FACT | MEASUREMENT, max_size=20), st.lists(STATEMENT, max_size=6))


def patients(everyone):
    anchors = {"infusion": "2026-05-04"}
    return [
        parse_patient(json.dumps({"id": f"P{number}", "facts": facts, "settlements": said, "anchors": anchors}))
        for number, (facts, said) in enumerate(everyone)
    ]


@settings(max_examples=120)
@given(st.lists(PATIENT, min_size=1, max_size=6), st.sampled_from(RoundingPolicy))
def test_everybody_comes_out_as_alone(everyone, rounding):
    criteria = replace(EXAMPLE, rounding=rounding)
    people = [person_of(one, criteria.known, TODAY, rounding) for one in patients(everyone)]
    columns = population(criteria, people)
    for rule in criteria.rules:
        alone = [CODES[evaluate(rule.node, person, rule.id).verdict] for person in people]
        assert evaluate_all(rule.node, columns, rule.id).tolist() == alone, rule.id


@settings(max_examples=60)
@given(st.lists(PATIENT, min_size=1, max_size=5), VALUE, st.sampled_from(["<", "<=", ">", ">=", "="]))
def test_a_changed_limit_is_asked_of_the_same_columns(everyone, limit, op):
    columns = population(
        EXAMPLE, [person_of(one, EXAMPLE.known, TODAY, EXAMPLE.rounding) for one in patients(everyone)]
    )
    changed = EXAMPLE.changed("I5", f"total_bilirubin {op} {limit} umol/L or alt {op} {limit} ULN")
    node = changed.rule("I5").node
    alone = [
        evaluate(node, person_of(one, EXAMPLE.known, TODAY, EXAMPLE.rounding)).verdict for one in patients(everyone)
    ]
    assert evaluate_all(node, columns).tolist() == [CODES[verdict] for verdict in alone]


@settings(max_examples=40)
@given(st.lists(PATIENT, min_size=1, max_size=6), st.sampled_from(Stage))
def test_a_population_narrows_as_its_single_screenings_do(everyone, stage):
    asked = patients(everyone)
    columns = population(EXAMPLE, [person_of(one, EXAMPLE.known, TODAY, EXAMPLE.rounding) for one in asked])
    single = attrition(EXAMPLE, [screen(EXAMPLE, one, stage, TODAY) for one in asked])
    assert narrowing(EXAMPLE, columns, stage) == single


def test_what_the_columns_do_not_hold_is_no_verdict():
    columns = population(EXAMPLE, [])
    with pytest.raises(KeyError):
        evaluate_all(EXAMPLE.changed("I5", "platelets >= 50 10*9/L").rule("I5").node, columns)

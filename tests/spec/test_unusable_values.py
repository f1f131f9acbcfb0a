"""What cannot be used is said with its cause, and a mistake in a long expression is shown where it is."""

import datetime as dt
import json

import pytest

from earlyphase.eligibility.evaluating import evaluate
from earlyphase.eligibility.facts import parse_patient
from earlyphase.eligibility.parsing import WIDEST, parse
from earlyphase.eligibility.person import person_of
from earlyphase.eligibility.verdict import Cause, Verdict
from earlyphase.eligibility.vocabulary import shared_terms
from earlyphase.faults import InvalidInput
from earlyphase.quantities import RoundingPolicy

TODAY = dt.date(2026, 5, 4)


def answer(expression, *facts):
    patient = parse_patient(json.dumps({"id": "P-1", "facts": [{"on": "2026-05-01", **fact} for fact in facts]}))
    person = person_of(patient, shared_terms(), TODAY, RoundingPolicy.DECIMALS_OF_LIMIT)
    return evaluate(parse(expression), person)


def test_a_limit_of_normal_without_a_unit_is_named():
    value = {"term": "alt", "value": {"value": 20, "unit": "U/L"}, "upper_limit": {"value": 40}}
    found = answer("alt <= 3 ULN", value)
    assert found.verdict is Verdict.UNKNOWN
    assert found.unknowns[0].cause is Cause.UNIT
    assert "20 U/L with ULN 40 without a unit" in found.unknowns[0].says


def test_a_score_is_a_plain_number_and_needs_no_conversion():
    assert answer("ecog <= 2", {"term": "ecog", "value": {"value": 2, "unit": "{score}"}}).verdict is Verdict.MET


@pytest.mark.parametrize("before", [0, 30])
def test_only_the_surroundings_of_a_mistake_are_shown(before):
    text = "pregnant or " * before + "pregnannt" + " or pregnant" * 100
    with pytest.raises(InvalidInput) as caught:
        parse(text)
    shown, mark = str(caught.value).splitlines()[-2:]
    assert len(shown) <= 2 * WIDEST + 2
    assert shown[mark.index("^") :].startswith("pregnannt")

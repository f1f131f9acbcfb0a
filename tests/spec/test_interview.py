"""Could this patient qualify? The fewest questions that settle it."""

import pytest
from tests.registry_records import a_record

from earlyphase.eligibility.asked import asked_of_protocol, asked_of_record
from earlyphase.eligibility.criteria_set import criteria_set
from earlyphase.eligibility.interview import Asked, Form, Outcome, Reply, interview, questions_of
from earlyphase.eligibility.parsing import parse
from earlyphase.eligibility.vocabulary import shared_terms
from earlyphase.protocol.library import study_folder
from earlyphase.protocol.reading import read_protocols
from earlyphase.quantities import Quantity, RoundingPolicy
from earlyphase.registry.reading import read_record

KNOWN = shared_terms()
ROUNDING = RoundingPolicy.UNROUNDED


def asked(*pairs):
    return tuple(
        Asked(f"{kind}{at}", kind == "I", text, parse(text, KNOWN)) for at, (kind, text) in enumerate(pairs, 1)
    )


def ask(criteria, **replies):
    return interview(criteria, replies, KNOWN, ROUNDING)


def test_one_number_answers_two_criteria():
    criteria = asked(("I", "hemoglobin >= 60 g/L"), ("I", "hemoglobin <= 200 g/L"))
    first = ask(criteria)
    assert first.left == 1
    assert [one.form for one in first.next] == [Form.NUMBER]
    assert ask(criteria, hemoglobin=Reply(number=Quantity(9.0, "g/dL"))).outcome is Outcome.COULD_QUALIFY


def test_a_criterion_that_fails_ends_the_questions():
    criteria = asked(("I", "hemoglobin >= 60 g/L"), ("E", "pregnant"))
    found = ask(criteria, hemoglobin=Reply(number=Quantity(50, "g/L")))
    assert found.outcome is Outcome.DOES_NOT
    assert [one.id for one in found.against] == ["I1"]
    assert found.next == ()


def test_of_two_ways_the_shorter_one_is_asked():
    criteria = asked(("I", "any of (hemoglobin >= 60 g/L and platelets >= 20 10*9/L, ecog <= 2)"))
    assert [one.key for one in ask(criteria).next] == ["ecog"]


def test_who_does_not_know_is_asked_the_other_way():
    criteria = asked(("I", "any of (hemoglobin >= 60 g/L and platelets >= 20 10*9/L, ecog <= 2)"))
    assert {one.key for one in ask(criteria, ecog=Reply()).next} == {"hemoglobin", "platelets"}


def test_values_of_one_examination_are_asked_together():
    criteria = asked(("I", "alt <= 3 ULN"), ("I", "ecog <= 2"), ("I", "total_bilirubin <= 51 umol/L"))
    first = ask(criteria)
    assert {one.key for one in first.next} == {"alt", "total_bilirubin"}
    assert first.left == 3


def test_a_limit_of_normal_is_needed_with_its_value():
    criteria = asked(("I", "alt <= 3 ULN"))
    value = Quantity(100, "U/L")
    assert ask(criteria, alt=Reply(number=value)).outcome is Outcome.LEFT_TO_THE_TEAM
    assert ask(criteria, alt=Reply(number=value, normal=Quantity(40, "U/L"))).outcome is Outcome.COULD_QUALIFY
    assert ask(criteria, alt=Reply(number=value, normal=Quantity(30, "U/L"))).outcome is Outcome.DOES_NOT


@pytest.mark.parametrize(
    ("age", "outcome"),
    [(17, "does not qualify"), (18, "could qualify"), (75, "could qualify"), (76, "does not qualify")],
)
def test_an_age_is_asked_once_and_counts_in_completed_years(age, outcome):
    criteria = asked(("I", "age >= 18 years"), ("I", "age <= 75 years"))
    assert ask(criteria).left == 1
    assert ask(criteria, age=Reply(age=age)).outcome == outcome


def test_what_nobody_defined_is_left_to_the_team():
    found = ask(asked(("E", 'undefined "severe heart disease"')))
    assert found.outcome is Outcome.LEFT_TO_THE_TEAM
    assert [one.id for one in found.for_the_team] == ["E1"]


def test_the_criteria_of_a_study_can_be_gone_through_to_the_end():
    versions = read_protocols(study_folder("NCT06633354"))
    criteria = criteria_set(next(iter(versions.values())).protocol)
    wanted = asked_of_protocol(criteria)
    replies, pages = {}, 0
    while (found := interview(wanted, replies, criteria.known, criteria.rounding)).outcome is Outcome.OPEN:
        assert not {one.key for one in found.next} & replies.keys()
        replies |= {one.key: Reply() for one in found.next}
        pages += 1
        assert pages < 100
    assert found.outcome is Outcome.LEFT_TO_THE_TEAM
    assert {one.id for one in found.for_the_team} == {one.id for one in wanted}


def test_a_record_without_a_protocol_is_asked_in_its_own_words():
    record = read_record(study_folder("NCT06633354") / "record.json")
    wanted = asked_of_record(record)
    texts = {question.key for question in questions_of(wanted, KNOWN).values()}
    assert "ECOG 0-2;" in texts
    assert sum(one.inclusion for one in wanted if one.id.startswith("I")) == 11


@pytest.mark.parametrize("key", ["age", "sex"])
def test_age_and_sex_come_from_the_fields_of_the_record(key):
    record = a_record(eligibilityModule={"sex": "FEMALE", "minimumAge": "6 Months", "maximumAge": "75 Years"})
    assert key in questions_of(asked_of_record(record), KNOWN)


@pytest.mark.parametrize(
    ("age", "outcome"),
    [(0.4, Outcome.DOES_NOT), (0.5, Outcome.COULD_QUALIFY), (75, Outcome.COULD_QUALIFY), (76, Outcome.DOES_NOT)],
)
def test_both_ages_of_a_record_are_still_within_its_limits(age, outcome):
    record = a_record(eligibilityModule={"minimumAge": "6 Months", "maximumAge": "75 Years"})
    assert interview(asked_of_record(record), {"age": Reply(age=age)}, KNOWN, ROUNDING).outcome is outcome

"""What rules that stop a study early say, and how they behave."""

import pytest

from earlyphase.analysis.proportions import JEFFREYS, UNIFORM
from earlyphase.analysis.stopping_rules import (
    bayesian_futility,
    bayesian_toxicity,
    continuously,
    exact_futility,
    exact_toxicity,
    operating_characteristics,
)
from earlyphase.faults import InvalidInput


def bounds(boundary):
    return {look.n: look.stop_at for look in boundary.looks}


def test_three_toxicities_in_three_are_believed_to_exceed_thirty_percent():
    rule = bayesian_toxicity(0.3, 0.95, UNIFORM, continuously(1, 6))
    assert bounds(rule) == {1: None, 2: 2, 3: 3, 4: 3, 5: 4, 6: 4}
    assert rule.rule == "stop when the chance that the rate exceeds 0.3 is above 0.95, prior beta(1, 1)"
    assert rule.stops(3, 3)
    assert not rule.stops(3, 2)


def test_rule_does_not_stop_between_two_looks():
    rule = bayesian_toxicity(0.3, 0.95, UNIFORM, (3, 6))
    assert not rule.stops(4, 4)
    assert rule.stops(6, 4)
    assert [n for n, _ in operating_characteristics(rule, 0.5).stops_at] == [3, 6]


def test_too_few_responses_are_believed_futile():
    rule = bayesian_futility(0.4, 0.95, UNIFORM, (5, 10, 20))
    assert bounds(rule) == {5: 0, 10: 1, 20: 4}
    assert rule.stops(10, 0)
    assert not rule.stops(10, 2)


def test_exact_rule_errs_at_the_limit_no_more_than_stated_over_all_looks_together():
    rule = exact_toxicity(0.2, 0.05, continuously(1, 30))
    behaviour = operating_characteristics(rule, 0.2)
    assert 0.04 < behaviour.stops <= 0.05
    futile = exact_futility(0.4, 0.1, (10, 20, 30))
    assert 0.05 < operating_characteristics(futile, 0.4).stops <= 0.1


def test_exact_rule_that_could_not_keep_its_error_never_stops():
    rule = exact_toxicity(0.5, 0.05, (1, 2))
    assert bounds(rule) == {1: None, 2: None}
    assert operating_characteristics(rule, 0.9).stops == 0


def test_one_look_is_the_exact_binomial_test():
    # binom: P(X >= 5 | 10, 0.2) = 0.0328, P(X >= 4 | 10, 0.2) = 0.1209
    assert bounds(exact_toxicity(0.2, 0.05, (10,))) == {10: 5}
    # binom: P(X <= 1 | 10, 0.4) = 0.0464, P(X <= 2 | 10, 0.4) = 0.1673
    assert bounds(exact_futility(0.4, 0.05, (10,))) == {10: 1}


def test_size_and_events_of_a_rule_that_stops_at_the_first_event_are_those_by_hand():
    rule = bayesian_toxicity(0.3, 0.7, UNIFORM, (1, 2))
    assert bounds(rule) == {1: 1, 2: 1}
    behaviour = operating_characteristics(rule, 0.5)
    assert behaviour.stops == pytest.approx(3 / 4)
    assert behaviour.expected_n == pytest.approx(1 + 1 / 2)
    assert behaviour.expected_events == pytest.approx(3 / 4)
    assert behaviour.stops_at == ((1, 0.5), (2, 0.25))


@pytest.mark.parametrize(
    ("action", "sentence"),
    [
        (lambda: bayesian_toxicity(30, 0.95, UNIFORM, (3,)), "limit: 30 must lie between 0 and 1. Write 0.3 for 30 %."),
        (lambda: bayesian_toxicity(0.3, 1, UNIFORM, (3,)), "certainty: 1 must lie between 0 and 1."),
        (lambda: bayesian_futility(0, 0.9, JEFFREYS, (3,)), "goal: 0 must lie between 0 and 1."),
        (lambda: bayesian_toxicity(0.3, 0.6, UNIFORM, (3,)), "prior: 'beta(1, 1)' would stop the study before anybody"),
        (lambda: bayesian_futility(0.7, 0.6, UNIFORM, (3,)), "prior: 'beta(1, 1)' would stop the study before anybody"),
        (lambda: exact_toxicity(0.3, 0, (3,)), "error: 0 must lie between 0 and 1."),
        (lambda: exact_toxicity(0.3, 0.05, ()), "looks: [] must be numbers of participants that rise"),
        (lambda: exact_toxicity(0.3, 0.05, (6, 3)), "looks: [6, 3] must be numbers of participants that rise"),
        (lambda: continuously(5, 4), "looks: [] must be"),
        (lambda: continuously(0, 4), "looks: [0, 1, 2, 3, 4] must be"),
    ],
)
def test_refused(action, sentence):
    with pytest.raises(InvalidInput) as refusal:
        action()
    assert sentence in str(refusal.value)

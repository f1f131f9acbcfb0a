"""Decisions that departed from the 3+3, by the rule that they left."""

import pytest

from earlyphase.escalation.departure import Rule, decided_dose, departure
from earlyphase.escalation.notation import parse_outcomes, tally
from earlyphase.escalation.three_plus_three import ThreePlusThree, Variant
from earlyphase.faults import InvalidInput

DEPARTURES = [
    # outcomes, next dose, declared MTD, rule
    ("1NNNNTT", 2, None, Rule.TWO_DLTS_EXCEED),
    ("1NNNNTT", 1, None, Rule.TWO_DLTS_EXCEED),
    ("1NNNNTT", None, 1, Rule.TWO_DLTS_EXCEED),
    ("1NN", 2, None, Rule.THREE_BEFORE_ESCALATION),
    ("1NNT", 2, None, Rule.ONE_OF_THREE_ASKS_FOR_SIX),
    ("1NNT", None, 1, Rule.ONE_OF_THREE_ASKS_FOR_SIX),
    ("1NNN", 3, None, Rule.ONE_DOSE_AT_A_TIME),
    ("1NNN 2NNN 3NTT", 1, None, Rule.ONE_DOSE_AT_A_TIME),
    ("1NNN 2NTT 1NNN", 2, None, Rule.EXCEEDED_STAYS_CLOSED),
    ("1NNN", 1, None, Rule.CLEARED_GOES_UP),
    ("1NNN 2NNT", 1, None, Rule.TOLERATED_IS_NOT_LEFT_DOWNWARDS),
    ("1NNN", None, None, Rule.GO_ON_UNTIL_SETTLED),
    ("1NNN 2NTT", None, 1, Rule.SIX_BEFORE_MTD),
    ("1NNN 2NNN 3NNN", None, 3, Rule.SIX_BEFORE_MTD),
    ("1NNN 2NNN 3NNNNNN", None, 2, Rule.HIGHEST_TOLERATED_IS_THE_MTD),
    ("1NNN 2NTT 1NNN", 1, None, Rule.THE_END_IS_THE_END),
]


@pytest.mark.parametrize(("outcomes", "taken", "mtd", "rule"), DEPARTURES)
def test_the_rule_that_was_left_is_named(outcomes, taken, mtd, rule):
    left = departure(ThreePlusThree(3, Variant.SIX_AT_MTD), tally(parse_outcomes(outcomes), 3), taken, mtd)
    assert left is not None
    assert left.rule is rule
    assert rule in left.sentence


@pytest.mark.parametrize(
    ("outcomes", "taken", "mtd"),
    [("1NNN", "escalate", None), ("1NNT", "stay", None), ("1NNN 2NTT", "de-escalate", None), ("1TT", "stop", None)],
)
def test_a_decision_by_the_rule_is_no_departure(outcomes, taken, mtd):
    design = ThreePlusThree(3, Variant.SIX_AT_MTD)
    seen = tally(parse_outcomes(outcomes), 3)
    dose = decided_dose(taken, seen, design.recommend(seen))
    assert departure(design, seen, dose, mtd) is None


def test_a_decision_is_an_act_or_a_dose():
    design = ThreePlusThree(3, Variant.SIX_AT_MTD)
    seen = tally(parse_outcomes("1NNN"), 3)
    assert decided_dose("3", seen, design.recommend(seen)) == 3
    with pytest.raises(InvalidInput, match="not a decision"):
        decided_dose("perhaps", seen, design.recommend(seen))
    with pytest.raises(InvalidInput, match="dose 0"):
        decided_dose("de-escalate", seen, design.recommend(seen))

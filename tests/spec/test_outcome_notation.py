"""The compact notation of outcomes."""

import pytest

from earlyphase.escalation.design import DoseTally, Tally
from earlyphase.escalation.notation import CohortOutcome, parse_outcomes, tally
from earlyphase.escalation.three_plus_three import ThreePlusThree, Variant
from earlyphase.faults import InvalidInput


def test_each_word_is_a_cohort_at_its_dose():
    assert parse_outcomes("1NNN 2NNT") == (CohortOutcome(1, "NNN"), CohortOutcome(2, "NNT"))


def test_no_outcomes_mean_nobody_has_been_treated():
    assert parse_outcomes("  ") == ()
    assert tally((), 3).current is None


def test_a_dose_may_have_two_figures():
    assert parse_outcomes("12TN") == (CohortOutcome(12, "TN"),)


def test_cohorts_at_one_dose_are_counted_together_and_the_last_is_the_current_dose():
    seen = tally(parse_outcomes("1NNN 2NNT 1NTN"), 3)
    assert seen.doses == (DoseTally(6, 1), DoseTally(3, 1), DoseTally(0, 0))
    assert seen.current == 1


@pytest.mark.parametrize(
    ("text", "position", "caret"),
    [
        ("1NNN 2NXT", 8, "       ^"),
        ("1NNN NNT", 6, "     ^"),
        ("1NNN 2", 7, "      ^"),
        ("1 NNN", 2, " ^"),
        ("1NNN 4NNN", 6, "     ^"),
        ("0NNN", 1, "^"),
        ("1nnn", 2, " ^"),
        ("1NN2N", 4, "   ^"),
    ],
)
def test_a_typo_is_pointed_at(text, position, caret):
    with pytest.raises(InvalidInput) as fault:
        parse_outcomes(text, doses=3)
    message = str(fault.value)
    assert f"character {position}:" in message
    assert message.endswith(f"\n    {text}\n    {caret}")


def test_more_dlts_than_participants_are_refused():
    with pytest.raises(InvalidInput, match="dose 1: '4 of 3'"):
        ThreePlusThree(2, Variant.LOWEST_STOP).recommend(Tally((DoseTally(3, 4), DoseTally(0, 0)), 1))

"""The 3+3 in its three variants, as tables: what was seen, and what comes next."""

import pytest

from earlyphase.escalation.course import advise
from earlyphase.escalation.design import Act
from earlyphase.escalation.notation import parse_outcomes, tally
from earlyphase.escalation.three_plus_three import ThreePlusThree, Variant
from earlyphase.faults import InvalidInput

ALL = tuple(Variant)
STOP = Act.STOP, None, 0

IN_EVERY_VARIANT = [
    # outcomes, decision, next dose, how many
    ("", Act.START, 1, 3),
    ("1N", Act.STAY, 1, 2),
    ("1NT", Act.STAY, 1, 1),
    ("1NNN", Act.ESCALATE, 2, 3),
    ("1NNT", Act.STAY, 1, 3),
    ("1NNT 1NN", Act.STAY, 1, 1),
    ("1NNT 1NNN", Act.ESCALATE, 2, 3),
    ("1NNT 1NNT", *STOP),
    ("1TT", *STOP),
    ("1NTT", *STOP),
    ("1NNN 2N", Act.STAY, 2, 2),
    ("1NNN 2NNT 2NNN", Act.ESCALATE, 3, 3),
    ("1NNN 2NNN 3NNT", Act.STAY, 3, 3),
]


@pytest.mark.parametrize("variant", ALL)
@pytest.mark.parametrize(("outcomes", "decision", "dose", "size"), IN_EVERY_VARIANT)
def test_the_variants_agree_on_the_way_up(variant, outcomes, decision, dose, size):
    advice = advise(ThreePlusThree(3, variant), parse_outcomes(outcomes))
    assert (advice.decision, advice.next_dose, advice.cohort_size) == (decision, dose, size)
    assert advice.mtd is None


WHERE_THEY_DIFFER = [
    # outcomes, variant, decision, next dose, how many, MTD
    ("1NNN 2NTT", Variant.LOWEST_STOP, *STOP, 1),
    ("1NNN 2NTT", Variant.EXPAND_BELOW, Act.DE_ESCALATE, 1, 3, None),
    ("1NNN 2NTT", Variant.SIX_AT_MTD, Act.DE_ESCALATE, 1, 3, None),
    ("1NNN 2NTT 1NNT", Variant.EXPAND_BELOW, *STOP, 1),
    ("1NNN 2NTT 1NTT", Variant.SIX_AT_MTD, *STOP, None),
    ("1NNN 2NTT 1NN", Variant.SIX_AT_MTD, Act.STAY, 1, 1, None),
    ("1NNT 1NNN 2NTT", Variant.SIX_AT_MTD, *STOP, 1),
    ("1NNN 2NNN 3NNN", Variant.LOWEST_STOP, *STOP, 3),
    ("1NNN 2NNN 3NNN", Variant.EXPAND_BELOW, *STOP, 3),
    ("1NNN 2NNN 3NNN", Variant.SIX_AT_MTD, Act.STAY, 3, 3, None),
    ("1NNN 2NNN 3NNN 3NNT", Variant.SIX_AT_MTD, *STOP, 3),
    ("1NNN 2NNN 3NNN 3NTT", Variant.SIX_AT_MTD, Act.DE_ESCALATE, 2, 3, None),
    ("1NNN 2NNN 3NTT 2NTT", Variant.EXPAND_BELOW, Act.DE_ESCALATE, 1, 3, None),
]


@pytest.mark.parametrize(("outcomes", "variant", "decision", "dose", "size", "mtd"), WHERE_THEY_DIFFER)
def test_the_variants_differ_at_the_end(outcomes, variant, decision, dose, size, mtd):
    advice = advise(ThreePlusThree(3, variant), parse_outcomes(outcomes))
    assert (advice.decision, advice.next_dose, advice.cohort_size, advice.mtd) == (decision, dose, size, mtd)


OBSERVED = [
    # what real studies do, and no 3+3 asks for: outcomes, decision, next dose, how many
    ("1NNNN", Act.ESCALATE, 2, 3),
    ("1NNNT", Act.STAY, 1, 2),
    ("1NNNNNNNT", Act.ESCALATE, 2, 3),
    ("1NNNNNNTT", *STOP),
    ("1NNN 3TT", Act.DE_ESCALATE, 2, 3),
    ("1NNN 2NNN 1NNN", Act.STOP, None, 0),
    ("1NNN 2N 1NNN", Act.ESCALATE, 2, 2),
    ("1NNN 2TTN 1NN", Act.STOP, None, 0),
]


@pytest.mark.parametrize(("outcomes", "decision", "dose", "size"), OBSERVED)
def test_any_tally_is_answered(outcomes, decision, dose, size):
    doses = 2 if decision is Act.STOP else 3
    advice = ThreePlusThree(doses, Variant.LOWEST_STOP).recommend(tally(parse_outcomes(outcomes), doses))
    assert (advice.decision, advice.next_dose, advice.cohort_size) == (decision, dose, size)


def test_a_dose_minus_one_waits_below_the_start():
    design = ThreePlusThree(3, Variant.LOWEST_STOP, start=2)
    assert advise(design, ()).next_dose == 2
    down = advise(design, parse_outcomes("2NTT"))
    assert (down.decision, down.next_dose, down.cohort_size) == (Act.DE_ESCALATE, 1, 3)
    assert advise(design, parse_outcomes("2NTT 1NNN")).mtd == 1
    assert advise(design, parse_outcomes("2NTT 1NTT")).mtd is None


@pytest.mark.parametrize("variant", [Variant.EXPAND_BELOW, Variant.SIX_AT_MTD])
def test_dose_minus_one_is_filled_to_six_where_the_variant_asks_for_it(variant):
    design = ThreePlusThree(3, variant, start=2)
    assert advise(design, parse_outcomes("2NTT 1NNN")).cohort_size == 3
    assert advise(design, parse_outcomes("2NTT 1NNN 1NNT")).mtd == 1


def test_the_reason_carries_the_counts():
    advice = advise(ThreePlusThree(3, Variant.SIX_AT_MTD), parse_outcomes("1NNN 2NNT"))
    assert advice.reason == "1 of 3 at dose 2 had a DLT: one DLT in fewer than 6 asks for 3 more at this dose."


@pytest.mark.parametrize("outcomes", ["2NNN", "1NNN 3NNN", "1NNN 1NNN", "1NTT 1NNN", "1NN 2NNN", "1NNN 2NNT 1NNN"])
def test_outcomes_that_no_3_plus_3_could_produce_are_refused_unless_observed(outcomes):
    design = ThreePlusThree(3, Variant.LOWEST_STOP)
    with pytest.raises(InvalidInput, match="could not have been produced"):
        advise(design, parse_outcomes(outcomes))
    assert advise(design, parse_outcomes(outcomes), observed=True).reason


def test_a_cohort_may_end_early_once_its_dose_is_exceeded():
    design = ThreePlusThree(3, Variant.SIX_AT_MTD)
    assert advise(design, parse_outcomes("1NNN 2TT 1NNN")).mtd == 1
    assert advise(design, parse_outcomes("1NNN 2NNT 2T 1NNN")).mtd == 1


def test_there_is_no_default_variant():
    with pytest.raises(TypeError):
        ThreePlusThree(3)


@pytest.mark.parametrize(("doses", "start"), [(0, 1), (3, 0), (3, 4)])
def test_a_ladder_that_is_not_there_is_refused(doses, start):
    with pytest.raises(InvalidInput):
        ThreePlusThree(doses, Variant.LOWEST_STOP, start)

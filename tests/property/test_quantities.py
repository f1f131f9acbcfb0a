"""What holds of every quantity."""

import math

from hypothesis import given
from hypothesis import strategies as st

from earlyphase.quantities import ANALYTES, Quantity, RoundingPolicy

VALUES = st.floats(min_value=1e-6, max_value=1e9)
LIKE_UNITS = st.sampled_from(
    [("g/dL", "g/L"), ("10*9/L", "/uL"), ("U/L", "ukat/L"), ("mm[Hg]", "kPa"), ("wk", "h"), ("Cel", "[degF]")]
)
ONE_UNIT = st.sampled_from(["mg/dL", "10*9/L", "umol/L"])


@given(VALUES, LIKE_UNITS)
def test_there_and_back_is_the_same(value, units):
    there = Quantity(value, units[0]).to(units[1])
    assert math.isclose(there.to(units[0]).value, value, rel_tol=1e-10, abs_tol=1e-9)


@given(VALUES, st.sampled_from(sorted(ANALYTES)))
def test_mass_to_amount_and_back_is_the_same(value, analyte):
    amount = Quantity(value, "mg/dL").to("umol/L", analyte)
    assert math.isclose(amount.to("mg/dL", analyte).value, value, rel_tol=1e-10)


@given(VALUES, VALUES, LIKE_UNITS)
def test_converting_keeps_the_order(low, high, units):
    low, high = sorted((low, high))
    assert Quantity(low, units[0]).to(units[1]).compare(Quantity(high, units[0]).to(units[1])) <= 0


@given(VALUES, VALUES, ONE_UNIT, st.sampled_from(RoundingPolicy))
def test_a_comparison_is_sound_under_every_policy(value, limit, unit, rounding):
    answer = Quantity(value, unit).compare(Quantity(limit, unit), rounding=rounding)
    assert answer in {0, 1 if value > limit else -1}


@given(VALUES, ONE_UNIT)
def test_what_is_written_for_people_can_be_read_again(value, unit):
    entered = Quantity(value, unit)
    assert math.isclose(Quantity.read(str(entered)).to(unit).value, value, rel_tol=1e-5)

"""ICAHT as EHA and EBMT grade it, early and late, from neutrophil counts; what was not counted leaves a range."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from earlyphase.faults import InvalidInput
from earlyphase.quantities import Quantity
from earlyphase.toxicity.events import scale_of
from earlyphase.toxicity.icaht import Count, grade_icaht
from earlyphase.toxicity.icaht_scale import load_icaht
from earlyphase.toxicity.syndromes import syndrome_of


def counts(*runs, start=0):
    """Count daily: so many days at a count of so many per µL, one run after the other."""
    found, day = [], start
    for days, anc in runs:
        found += [Count(day + at, Quantity.read(f"{anc} /uL")) for at in range(days)]
        day += days
    return found


def early(*runs, **options):
    graded = grade_icaht(counts(*runs), **options).early
    return graded.grade_min, graded.grade_max


def late(*ancs):
    given = [Count(40 + 7 * at, Quantity.read(f"{anc} /uL")) for at, anc in enumerate(ancs)]
    graded = grade_icaht(given).late
    return graded.grade_min, graded.grade_max


@pytest.mark.parametrize(
    ("days", "anc", "grade"),
    [
        (1, 500, 1), (6, 500, 1), (7, 500, 2), (13, 500, 2), (14, 500, 3), (20, 500, 3),
        (6, 100, 1), (7, 100, 3), (13, 100, 3), (14, 100, 4), (20, 100, 4),
        (7, 101, 2), (20, 501, 0), (14, 101, 3),
    ],
)  # fmt: skip
def test_every_cell_of_the_early_table(days, anc, grade):
    assert early((5, 2000), (days, anc), (31 - 5 - days, 2000)) == (grade, grade)


def test_who_never_rises_above_the_limit_is_grade_four():
    assert early((31, 400)) == (4, 4)
    assert early((3, 2000), (28, 400)) == (4, 4), "counts still fall in the first days"
    assert early((4, 2000), (27, 400)) == (3, 3), "low from day 4 on only"


def test_who_dies_without_recovery_was_never_above():
    assert early((2, 2000), (8, 400), died_on=9) == (4, 4)
    assert early((2, 2000), (8, 400), (1, 2000), died_on=10) == (2, 2)


@pytest.mark.parametrize(("rise", "grade"), [(2, 3), (3, 2)])
def test_a_rise_of_three_days_is_a_recovery_and_a_shorter_one_is_none(rise, grade):
    assert early((5, 2000), (7, 400), (rise, 900), (7, 400), (12 - rise, 2000)) == (grade, grade)


@pytest.mark.parametrize(
    ("ancs", "grades"),
    [
        ((1500, 1500), (1, 1)), ((1000, 1000), (2, 2)), ((500, 500), (3, 3)), ((100, 100), (4, 4)),
        ((1501, 1600), (0, 0)), ((1001, 1001), (1, 1)), ((501, 501), (2, 2)), ((101, 101), (3, 3)),
        ((100, 1400), (1, 4)), ((400, 3000), (0, 3)), ((400,), (0, 3)),
    ],
)  # fmt: skip
def test_every_cell_of_the_late_table_and_a_low_count_that_stands_alone_leaves_a_range(ancs, grades):
    assert late(*ancs) == grades


def test_days_that_were_not_counted_leave_a_range_and_say_so():
    given = [Count(day, Quantity.read(f"{anc} /uL")) for day, anc in ((2, 2000), (5, 400), (9, 300), (14, 1200))]
    found = grade_icaht(given).early
    assert (found.grade_min, found.grade_max, found.grade) == (1, 2, None)
    assert found.missing == ("a count on each day",)
    assert "for 5 to 11 days in a row" in found.reason


def test_counts_that_end_low_can_stay_low_to_the_end_of_the_phase():
    assert early((2, 2000), (10, 400)) == (2, 4)


def test_nothing_counted_can_be_anything():
    found = grade_icaht([])
    assert [(one.grade_min, one.grade_max) for one in (found.early, found.late)] == [(0, 4), (0, 4)]


def test_the_lowest_count_of_a_day_counts_in_any_unit():
    given = [*counts((31, 2000)), Count(7, Quantity.read("0.4 10*9/L"))]
    assert grade_icaht(given).early.grade == 1


def test_a_count_that_cannot_be_is_refused_with_its_day():
    with pytest.raises(InvalidInput, match=r"ANC on day 3.*is no neutrophil count"):
        grade_icaht([Count(3, Quantity.read("4000 10*9/L"))])


@given(st.lists(st.sampled_from([50, 100, 300, 500, 800, 3000]), min_size=31, max_size=31), st.integers(0, 30))
def test_daily_counts_decide_the_grade_and_a_lower_one_never_lowers_it(ancs, day):
    whole = [Count(at, Quantity(float(anc), "/uL")) for at, anc in enumerate(ancs)]
    before = grade_icaht(whole).early
    lower = [Count(one.day, Quantity(50.0, "/uL")) if one.day == day else one for one in whole]
    assert grade_icaht(lower).early.grade_max >= before.grade_max
    assert before.grade is not None, "daily counts decide"


def test_the_table_says_where_it_is_from_and_what_confirms_it():
    scale = load_icaht()
    assert "Rejeski et al. 2023" in scale.source
    assert "not at hand" in scale.confirmed


@pytest.mark.parametrize(
    ("scale", "term", "found"),
    [
        ("EHA/EBMT 2023", "ICAHT", "ICAHT"),
        ("ICAHT", "anything", "ICAHT"),
        ("ASTCT 2023", "IEC-HS", "IEC-HS"),
        ("ASTCT 2019", "ICANS", "ICANS"),
    ],
)
def test_a_syndrome_is_found_by_its_publisher_and_name(scale, term, found):
    assert scale_of(scale, term) == found
    assert syndrome_of(scale, term).scale == found

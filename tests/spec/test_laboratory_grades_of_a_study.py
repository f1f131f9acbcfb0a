"""Laboratory values of a journal are graded against their own limits and the baseline before the infusion."""

from tests.builders import Site, day

from earlyphase.analysis.laboratory_grades import graded_laboratory

INFUSED = 30


def with_values(*values, analyte="potassium", unit="mmol/L", lower=3.5, upper=5.0):
    """Treat one participant and record a value on each of these days."""
    site = Site()
    site.treats("001", day(INFUSED))
    for on, value in values:
        result = {
            "analyte": analyte,
            "value": {"value": value, "unit": unit},
            "lower_limit": {"value": lower, "unit": unit},
            "upper_limit": {"value": upper, "unit": unit},
        }
        site.says("laboratory", "coordinator", "001", on=day(on), results=[result])
    return graded_laboratory(site.study)


def test_a_value_after_the_infusion_is_graded_with_its_day():
    (value,) = with_values((INFUSED + 4, 2.4)).values
    assert (value.grade.term, value.grade.grade, value.day, value.level) == ("Hypokalemia", 4, 4, 1)


def test_values_up_to_the_infusion_are_the_baseline_and_have_no_grade_of_their_own():
    found = with_values((20, 2.4), (INFUSED, 2.6), (INFUSED + 1, 2.4))
    (value,) = found.values
    assert (found.graded, str(value.baseline)) == (1, "2.6 mmol/L")


def test_the_worst_value_of_each_participant_and_term_is_the_first_of_the_worst():
    found = with_values((INFUSED + 1, 2.9), (INFUSED + 2, 2.4), (INFUSED + 3, 2.3), (INFUSED + 4, 5.9))
    assert [(one.grade.term, one.day) for one in found.worst()] == [("Hypokalemia", 2), ("Hyperkalemia", 4)]


def test_a_value_that_cannot_be_is_named_and_hides_no_other():
    found = with_values((INFUSED + 1, -2.0), (INFUSED + 2, 2.4))
    assert len(found.values) == 1
    assert "001, entry" in found.faults[0]
    assert "below what is possible" in found.faults[0]


def test_a_measurement_that_no_term_grades_is_left_alone():
    found = with_values((INFUSED + 1, 5.0), analyte="mood", unit="1")
    assert (found.graded, found.values, found.faults) == (0, (), ())

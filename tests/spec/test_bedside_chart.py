"""The bedside chart: CRS and ICANS graded row by row, held against the grade that the investigator gave."""

import datetime as dt

import pytest
from tests.builders import Site, day

from earlyphase.faults import InvalidInput
from earlyphase.journal.entry import Entry
from earlyphase.study.bedside import charted, worst_by_day
from earlyphase.study.computed_grades import computed_grades
from earlyphase.study.icaht import icaht_grades
from earlyphase.study.laboratory_grid import laboratory_grid
from earlyphase.study.product_chain import StepState, product_chain
from earlyphase.study.syndromes import syndrome_courses

INFUSED = day(60)
CALM = {"hypotension": False, "oxygen": "room air"}
WELL = {"ice": 10, "wakes": "spontaneously", "seizure": "none", "motor": "none", "pressure": "none"}


def celsius(value):
    return {"value": value, "unit": "Cel"}


@pytest.fixture
def site():
    site = Site()
    site.treats("001", INFUSED)
    return site


def row(site, days, at, **seen):
    answer = site.says("bedside_chart", "coordinator", "001", on=INFUSED + dt.timedelta(days), at=at, **seen)
    assert isinstance(answer, Entry), answer
    return answer


def person_of(site):
    return site.study.participants["001"]


def test_each_row_is_graded_and_the_worst_of_a_day_is_shown(site):
    row(site, 2, "08:00", temperature=celsius(38.5), **CALM)
    row(site, 2, "20:00", temperature=celsius(39.0), hypotension=True, vasopressors=1, oxygen="room air")
    found = charted(person_of(site))
    assert [one.crs.grade for one in found.rows] == [1, 3]
    assert worst_by_day(found.rows, "CRS")[2].grade == 3


def test_rows_are_in_the_order_of_their_moments_however_they_were_entered(site):
    row(site, 3, "08:00", temperature=celsius(38.5), **CALM)
    row(site, 2, "08:00", temperature=celsius(36.5), **CALM)
    assert [one.day for one in charted(person_of(site)).rows] == [2, 3]


def test_once_treated_cytokine_release_needs_no_fever(site):
    row(site, 2, "08:00", temperature=celsius(39.0), **CALM)
    row(site, 2, "20:00", temperature=celsius(36.8), hypotension=True, vasopressors=0, oxygen="room air", treated=True)
    assert [one.crs.grade for one in charted(person_of(site)).rows] == [1, 2]


def test_what_was_not_looked_at_has_no_grade(site):
    row(site, 2, "08:00", **WELL)
    (one,) = charted(person_of(site)).rows
    assert (one.crs, one.icans.grade) == (None, 0)


@pytest.mark.parametrize(
    "seen",
    [
        {},
        {"flow": {"value": 3, "unit": "L/min"}, "oxygen": "room air"},
        {"hypotension": False, "vasopressors": 1},
        {"ice": 5, "capd": 5},
        {"ice": 11},
        {"temperature": celsius(384)},
    ],
)
def test_a_row_that_contradicts_itself_is_refused(site, seen):
    with pytest.raises(InvalidInput):
        site.says("bedside_chart", "coordinator", "001", on=INFUSED, at="08:00", **seen)


def test_a_grade_that_the_chart_does_not_bear_is_a_question(site):
    row(site, 2, "08:00", temperature=celsius(39.0), hypotension=True, vasopressors=1, oxygen="room air")
    event = site.sees(
        "001", INFUSED + dt.timedelta(2), 1, term="Cytokine release syndrome", scale="ASTCT 2019",
        system_class="Immune system disorders", relatedness="related",
    )  # fmt: skip
    found = computed_grades(person_of(site), INFUSED + dt.timedelta(9))[event.seq]
    assert (found.shown, found.assigned) == ("3", 1)
    assert "Grade 1 was given, but by what was recorded: CRS from" in found.differs


def lab(site, days, **values):
    results = [
        {"analyte": name, "value": {"value": value, "unit": "10*9/L"}, "lower_limit": {"value": 150, "unit": "10*9/L"}}
        for name, value in values.items()
    ]
    on = INFUSED + dt.timedelta(days)
    return site.says("laboratory", "coordinator", "001", on=on, results=results)


def platelets(site, grade, days=5, **more):
    return site.sees(
        "001", INFUSED + dt.timedelta(days), grade, term="Platelet count decreased", system_class="Investigations",
        relatedness="possibly related", **more,
    )  # fmt: skip


def test_the_worst_value_while_an_event_runs_gives_its_grade(site):
    lab(site, 5, platelets=60)
    worst = lab(site, 7, platelets=20)
    lab(site, 20, platelets=10)
    event = platelets(site, 4, resolved=INFUSED + dt.timedelta(10))
    found = computed_grades(person_of(site), INFUSED + dt.timedelta(30))[event.seq]
    assert (found.shown, found.rests_on, found.differs) == ("4", worst.seq, None)


def test_a_value_after_the_event_does_not_count(site):
    lab(site, 20, platelets=10)
    event = platelets(site, 4, resolved=INFUSED + dt.timedelta(10))
    assert event.seq not in computed_grades(person_of(site), INFUSED + dt.timedelta(30))


def test_the_grades_of_two_scales_are_never_held_against_each_other(site):
    row(site, 2, "08:00", temperature=celsius(39.0), hypotension=True, vasopressors=1, oxygen="room air")
    event = site.sees(
        "001", INFUSED + dt.timedelta(2), 1, term="Cytokine release syndrome", scale="CTCAE v5.0",
        system_class="Immune system disorders", relatedness="related",
    )  # fmt: skip
    assert event.seq not in computed_grades(person_of(site), INFUSED + dt.timedelta(9))


def test_neutrophil_counts_give_the_grade_of_haematotoxicity(site):
    for days in (0, 3, 7, 10, 14, 17):
        count = {"analyte": "neutrophils", "value": {"value": 0.3, "unit": "10*9/L"}}
        site.says("laboratory", "coordinator", "001", on=INFUSED + dt.timedelta(days), results=[count])
    event = site.sees(
        "001", INFUSED + dt.timedelta(3), 1, term="ICAHT", scale="EHA/EBMT 2023", dictionary="verbatim",
        system_class="Blood and lymphatic system disorders", relatedness="related",
    )  # fmt: skip
    (early,) = icaht_grades(person_of(site))
    found = computed_grades(person_of(site), INFUSED + dt.timedelta(20))[event.seq]
    assert found.grade_min == early.grade_min > 1
    assert "Grade 1 was given" in found.differs


def test_an_event_that_nothing_measures_has_no_computed_grade(site):
    event = site.sees("001", INFUSED + dt.timedelta(3))
    assert event.seq not in computed_grades(person_of(site), INFUSED + dt.timedelta(9))


def test_the_grid_shows_each_value_with_grade_limit_and_entry(site):
    taken = lab(site, 5, platelets=60)
    (line,) = laboratory_grid(person_of(site)).rows
    ((value,),) = line.values
    assert (value.text, value.shown, value.beyond, value.entry) == ("60", "2", "low", taken.seq)
    assert line.limits == "≥ 150"


def test_a_day_without_a_chart_shows_what_the_investigator_gave_and_says_so(site):
    site.says("visit", "coordinator", "001", on=INFUSED + dt.timedelta(9), name="unscheduled")
    site.sees(
        "001", INFUSED + dt.timedelta(2), 2, term="Cytokine release syndrome", scale="ASTCT 2019",
        system_class="Immune system disorders", relatedness="related", resolved=INFUSED + dt.timedelta(4),
    )  # fmt: skip
    row(site, 3, "08:00", temperature=celsius(38.5), **CALM)
    (course,) = syndrome_courses(site.study, 28, INFUSED + dt.timedelta(20))
    shown = {one.day: (one.shown, one.computed) for one in course.days if one}
    assert shown == {2: ("2", False), 3: ("1", True)}


def test_the_chain_names_the_next_step_and_how_much_was_given(site):
    site.admits("002", day(70))
    steps = {one.name: one.state for one in product_chain(site.protocol, site.study.participants["002"], day(75))}
    assert steps["leukapheresis"] is StepState.NEXT
    assert steps["infusion"] is StepState.LATER
    *_, infusion = product_chain(site.protocol, person_of(site), day(75))
    assert "(100 %)" in infusion.says


def test_an_infusion_outside_the_tolerance_is_remarked(site):
    site.admits("002", day(80))
    site.prepares("002", day(110))
    answer = site.infuses("002", day(110), given=0.3, deviation="The product fell short.")
    assert isinstance(answer, Entry), answer
    *_, infusion = product_chain(site.protocol, site.study.participants["002"], day(111))
    assert "outside the tolerance" in infusion.remark

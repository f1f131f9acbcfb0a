"""The further tables: baseline, exposure, syndromes, shifts, landmarks, competing events, edge cases."""

import datetime as dt

import pytest
from tests.builders import Site, day, three_treated
from tests.simulated import study_of

from earlyphase.analysis.baseline import characteristics
from earlyphase.analysis.blasts import blast_courses
from earlyphase.analysis.competing import compared, further_endpoints, landmarks
from earlyphase.analysis.laboratory_grades import every_grade, shifts
from earlyphase.analysis.safety import emergent
from earlyphase.analysis.summaries import summary
from earlyphase.analysis.syndromes import courses_of
from earlyphase.analysis.time_to_event import time_to_event
from earlyphase.journal.entry import Entry
from earlyphase.protocol.endpoints import Happening
from earlyphase.reports.results_data import results_data
from earlyphase.reports.study_report import results
from earlyphase.reports.study_tables import study_tables
from earlyphase.reports.tables.baseline import baseline_table, disposition_table, exposure_table
from earlyphase.reports.tables.toxicity import severe_table, shift_table, syndromes_table

CRS = {"term": "Cytokine release syndrome", "system_class": "Immune system disorders", "scale": "ASTCT 2019"}


def given(answer):
    assert isinstance(answer, Entry), answer
    return answer


def values(table, parameter, statistic):
    rows = results_data([table])
    return [row.value for row in rows if row.parameter == parameter and row.statistic == statistic]


@pytest.fixture
def site():
    """Treat three participants: the first has CRS twice, the second once and it goes on."""
    site = Site()
    three_treated(site)
    first, second = day(30), day(58)
    given(site.sees("001", first + dt.timedelta(2), 1, **CRS, resolved=str(first + dt.timedelta(4))))
    given(site.sees("001", first + dt.timedelta(9), 3, **CRS, resolved=str(first + dt.timedelta(11))))
    given(site.sees("002", second + dt.timedelta(5), 2, **CRS))
    return site


def test_a_syndrome_is_one_course_for_each_participant(site):
    found = courses_of(emergent(site.study), ("cytokine release syndrome",))
    assert [(one.participant, one.worst, one.onset, one.lasted) for one in found] == [
        ("001", 3, 2, 10),
        ("002", 2, 5, None),
    ]


def test_the_table_of_syndromes_counts_each_participant_once(site):
    table = syndromes_table(emergent(site.study))
    assert values(table, "CRS", "participants")[-1] == 2
    assert values(table, "CRS: grade 3 or higher", "participants")[-1] == 1
    assert values(table, "CRS: onset, days", "median")[-1] == 3.5
    assert values(table, "CRS: still going on", "participants")[-1] == 1


def test_severe_events_leave_out_the_milder_ones(site):
    table = severe_table(emergent(site.study))
    assert [row.cells[0].text for row in table.rows] == ["Immune system disorders", "Cytokine release syndrome"]
    assert values(table, "Immune system disorders: Cytokine release syndrome", "participants")[-1] == 1


def sampled(site, name, on, value):
    results = [
        {
            "analyte": "platelets",
            "value": {"value": value, "unit": "10*9/L"},
            "lower_limit": {"value": 125, "unit": "10*9/L"},
            "upper_limit": {"value": 350, "unit": "10*9/L"},
        }
    ]
    given(site.says("laboratory", "coordinator", name, on=on, results=results))


def test_a_shift_goes_from_the_last_value_before_to_the_worst_after(site):
    infused = day(30)
    for after, value in ((-3, 60), (0, 100), (5, 40), (9, 20), (20, 130)):
        sampled(site, "001", infused + dt.timedelta(after), value)
    found = shifts(every_grade(site.study))
    assert [(one.term, one.baseline, one.worst) for one in found] == [("Platelet count decreased", 1, 4)]
    table = shift_table(found)
    assert values(table, "Platelet count decreased: grade 1", "participants") == [1, 0, 0, 0, 0, 1, 0]


def test_a_liver_value_before_the_infusion_is_graded_against_the_normal_range(site):
    def alt(on, value):
        limits = {"lower_limit": {"value": 7, "unit": "U/L"}, "upper_limit": {"value": 40, "unit": "U/L"}}
        results = [{"analyte": "alt", "value": {"value": value, "unit": "U/L"}, **limits}]
        given(site.says("laboratory", "coordinator", "001", on=on, results=results))

    alt(day(28), 60)
    alt(day(35), 200)
    (found,) = shifts(every_grade(site.study))
    assert (found.baseline, found.worst) == (1, 2)


def test_baseline_is_the_last_finding_up_to_the_infusion_and_what_is_missing_is_said(site):
    def found(on, ecog):
        facts = [
            {"term": "ecog", "value": ecog, "on": str(on)},
            {"term": "age", "value": {"value": 40, "unit": "a"}, "on": str(on)},
        ]
        given(site.says("screening_facts", "coordinator", "001", on=on, facts=facts))

    found(day(12), "1")
    found(day(20), "2")
    found(day(40), "0")
    people = site.study.enrolled
    (ecog, age) = characteristics(people)
    assert ecog.words == (("2", ("001",)),)
    assert ecog.missing == ("002", "003")
    assert age.numbers == (("001", 40),)
    table = baseline_table(site.study)
    assert values(table, "ECOG: missing", "participants") == [2, 2]
    assert values(table, "Age, years: missing", "participants") == [2, 2]
    assert values(table, "Age, years", "median") == [40, 40]


def test_exposure_and_disposition_follow_each_number_to_its_participants(site):
    rows = results_data([exposure_table(site.study), disposition_table(site.study)])
    counted = [row for row in rows if row.statistic in ("participants", "n")]
    assert counted
    assert all(row.value == len(row.participants) for row in counted)


def test_values_are_summarised():
    found = summary([1, 2, 6])
    assert (found.n, found.mean, found.median, found.least, found.most) == (3, 3, 2, 1, 6)
    assert round(found.deviation, 6) == 2.645751
    assert summary([5]).deviation is None
    assert summary([]).median is None


@pytest.fixture(scope="module")
def simulated():
    return study_of(3)


def test_censoring_competing_events_never_understates_the_event(simulated):
    relapse = further_endpoints(simulated.protocol)[1].model_copy(
        update={"events": frozenset({Happening.RELAPSE}), "competing": frozenset({Happening.DEATH})}
    )
    both = compared(time_to_event(simulated, relapse))
    assert both.difference >= 0
    assert both.censored.estimate == pytest.approx(1 - both.time.at_horizon.estimate)


def test_an_endpoint_without_competing_events_has_nothing_to_compare(simulated):
    assert compared(time_to_event(simulated, further_endpoints(simulated.protocol)[0])) is None


def test_landmarks_lie_within_the_time_frame(simulated):
    efs = time_to_event(simulated, further_endpoints(simulated.protocol, 365)[0])
    assert [one.day for one in landmarks(efs)] == [91, 183, 274, 365]
    assert [one.at_risk for one in landmarks(efs)] == sorted((one.at_risk for one in landmarks(efs)), reverse=True)


def test_blasts_change_from_the_baseline_until_another_therapy(site):
    for on, blasts in ((day(20), 40), (day(58), 10), (day(100), 30)):
        given(
            site.says("marrow", "coordinator", "001", on=on, blasts={"value": blasts, "unit": "%"}, method="morphology")
        )
    assert blast_courses(site.study)[0].changes == ((28, -75.0), (70, -25.0))
    given(site.says("new_therapy", "coordinator", "001", on=day(90), therapy="chemotherapy"))
    (one,) = blast_courses(site.study)
    assert (one.changes, one.best) == (((28, -75.0),), -75.0)


def test_the_full_set_counts_as_many_participants_as_it_names(simulated):
    rows = results_data(study_tables(results(simulated)).tables)
    assert [row for row in rows if row.statistic == "participants" and row.value != len(row.participants)] == []


@pytest.mark.parametrize("total", [1, 3])
def test_small_studies_have_every_table(total):
    report = study_tables(results(study_of(5, total=total)))
    assert {table.id for table in report.tables} >= {"baseline", "exposure", "crs-icans", "lab-shift", "landmarks"}
    assert all(table.rows or table.empty for table in report.tables)


def test_without_participants_every_table_states_its_result():
    report = study_tables(results(Site().study))
    assert all(table.rows or table.empty for table in report.tables)
    empty = {table.id for table in report.tables if not table.rows}
    assert empty >= {"baseline", "disposition", "exposure", "teae-severe", "crs-icans", "lab-shift", "response-queries"}

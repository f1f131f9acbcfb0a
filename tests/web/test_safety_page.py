"""Safety in a browser: what is due, reviewers blind to each other, the bedside chart, every event with two grades."""

import pytest
from tests.builders import day
from tests.web.answers import words

from earlyphase.study.roles import Role

SECRET = "a finding that nobody else may know"


@pytest.fixture
def treated(a_study):
    """A study with one participant whose DLT window is over, with a serious event of day 3."""
    study = a_study()
    study.before.treats("001", day(30))
    event = study.before.sees("001", day(33), serious=True, aware_on=day(33), expected=False)
    study.event = event.seq
    study.before.says("visit", "coordinator", "001", on=day(70), name="unscheduled")
    return study.opens()


def review(study, role, verdict="no DLT", because="Looked at.", **more):
    return study.types(role, "safety/001/", on=day(60).isoformat(), verdict=verdict, because=because, **more)


def adjudicate(study, role="committee"):
    return study.types(role, "safety/001/", on=day(61).isoformat(), because="As reviewed.")


def test_a_report_that_is_late_says_so_in_words(treated):
    page = words(treated.sees("sponsor", "safety/"))
    due = page.partition('id="due"')[2].partition("</section>")[0]
    assert "overdue" in due
    assert "days late" in due
    assert "DLT adjudication" in due


def test_the_clause_that_fired_is_shown_with_its_event(treated):
    page = words(treated.sees("monitor", "safety/"))
    row = page.partition('id="windows"')[2].partition("</table>")[0]
    assert "any-4" in row
    assert treated.path(f"entries/{treated.event}/") in row
    assert "any grade 4" in words(treated.sees("monitor", "safety/001/"))


def test_reviewers_find_in_place_and_blind_to_each_other(treated):
    assert review(treated, "investigator", because=SECRET).status_code == 302
    page = words(treated.sees("committee", "safety/001/"))
    assert "Your review" in page
    assert SECRET not in page
    assert "hidden until the reviews are complete" in page
    assert SECRET in words(treated.sees("investigator", "safety/001/"))
    assert review(treated, "committee").status_code == 302
    assert SECRET in words(treated.sees("committee", "safety/001/"))
    assert '"reviewer":"The Investigator"' in next(
        entry.payload for entry in treated.entries() if entry.record.startswith("dlt_review")
    )


def test_who_has_reviewed_is_not_asked_again(treated):
    review(treated, "investigator")
    assert b"<textarea" not in treated.sees("investigator", "safety/001/").content


def test_where_the_reviewers_agree_the_adjudication_is_filled_in(treated):
    review(treated, "investigator")
    review(treated, "committee")
    assert adjudicate(treated).status_code == 302
    page = words(treated.sees("monitor", "safety/001/"))
    assert "Adjudicated: no DLT" in page


def test_where_they_differ_a_third_decides(a_study, people):
    from earlyphase.web.people.models import Person
    from earlyphase.web.people.team import add_person, give_role

    study = a_study()
    study.before.treats("001", day(30))
    study.event = study.before.sees("001", day(33)).seq
    study.opens()
    review(study, "investigator")
    review(study, "committee", verdict="DLT", adverse_event=str(study.event))
    assert "the reviewers differ: one more decides" in words(study.sees("monitor", "safety/001/"))
    third = Person.objects.filter(username="third").first() or add_person("third", "The Third", "correct horse battery")
    study.people = {**people, "third": third}
    give_role(third, study.name, "committee")
    assert "Your review" in words(study.sees("third", "safety/001/"))
    assert review(study, "third", verdict="DLT", adverse_event=str(study.event)).status_code == 302
    assert adjudicate(study).status_code == 302
    assert "Adjudicated: DLT" in words(study.sees("monitor", "safety/001/"))


def test_a_review_that_contradicts_itself_is_said_beside_the_form_and_nothing_is_lost(treated):
    before = len(treated.entries())
    answer = review(treated, "investigator", verdict="DLT", because="It is one.")
    assert answer.status_code == 422
    assert "a DLT names the entry of its adverse event" in words(answer)
    assert "It is one." in words(answer)
    assert len(treated.entries()) == before


@pytest.mark.parametrize("role", [Role.MONITOR, Role.COORDINATOR, Role.STATISTICIAN])
def test_who_may_not_review_has_no_form_and_cannot_send_one(treated, role):
    before = len(treated.entries())
    assert b"<textarea" not in treated.sees(role, "safety/001/").content
    review(treated, role)
    assert len(treated.entries()) == before


def chart(study, role="coordinator", **seen):
    fields = {"on": day(32).isoformat(), "at": "08:00", "temperature.unit": "°C", "flow.unit": "L/min"}
    return study.types(role, "participants/001/chart/", **fields, **seen)


def test_a_row_of_the_chart_is_entered_on_one_screen_and_graded(treated):
    seen = {"temperature.value": "39.1", "hypotension": "yes", "vasopressors": "1", "oxygen": "room air", "ice": "6"}
    answer = chart(treated, **seen)
    assert answer.status_code == 302, words(answer)
    page = words(treated.sees("monitor", "participants/001/chart/"))
    assert "CRS grade 3: hypotension: one vasopressor" in page
    assert '<span class="grade g3"' in page
    syndromes = words(treated.sees("monitor", "safety/")).partition('id="syndromes"')[2].partition("</table>")[0]
    assert ">3</span>" in syndromes


def test_findings_that_cannot_be_are_refused_beside_the_form(treated):
    before = len(treated.entries())
    answer = chart(treated, **{"oxygen": "room air", "flow.value": "3"})
    assert answer.status_code == 422
    assert "belongs to a nasal cannula" in words(answer)
    assert len(treated.entries()) == before


def test_a_unit_that_nobody_gave_a_number_for_is_no_finding(treated):
    answer = chart(treated, ice="10")
    assert answer.status_code == 302, words(answer)
    assert "temperature" not in treated.entries()[-1].payload


def test_events_are_narrowed_and_what_differs_is_said(a_study):
    study = a_study()
    study.before.treats("001", day(30))
    value = {"value": 20, "unit": "10*9/L"}
    study.before.says(
        "laboratory", "coordinator", "001", on=day(35), results=[{"analyte": "platelets", "value": value}]
    )
    study.before.sees("001", day(35), 1, term="Platelet count decreased", system_class="Investigations")
    study.before.sees("001", day(36), 2, term="Headache")
    study.opens()
    page = words(study.sees("monitor", "safety/?show=differs"))
    assert "One event." in page
    assert "Grade 1 was given, but platelet count decreased: 20 × 10⁹/L is grade 4" in page
    assert "Headache" not in page.partition('id="listing"')[2]
    assert "2 events." in words(study.sees("monitor", "safety/?show=<script>"))


def test_a_study_in_which_nothing_happened_says_so(study):
    page = words(study.sees("sponsor", "safety/"))
    assert "Nobody is enrolled." in page
    assert "No event calls for an expedited report." in page


@pytest.mark.parametrize("rest", ["safety/", "safety/?show=differs", "screening/"])
def test_more_participants_ask_the_database_no_more_often(a_study, rest):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    asked = []
    for names in (("001",), ("001", "002", "003")):
        study = a_study()
        for place, name in enumerate(names):
            study.before.treats(name, day(30 + 28 * place))
            study.before.sees(name, day(33 + 28 * place))
        study.opens()
        browser = study.browser("monitor")
        browser.get(study.path(rest))
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(study.path(rest)).status_code == 200
        asked.append(len(queries))
    assert asked[0] == asked[1]

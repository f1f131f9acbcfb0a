"""Other choices of censoring are other specifications of the same endpoint; each says what it changes, and in whom."""

import pytest
from tests.spec.test_endpoints import DOR, PFS, Course, an_endpoint

from earlyphase.analysis.competing import further_endpoints
from earlyphase.analysis.follow_up_ends import End
from earlyphase.analysis.sensitivity import sensitivity, usual_variations, varied
from earlyphase.analysis.time_to_event import follow_up, time_to_event
from earlyphase.protocol.endpoints import Happening, Variation
from earlyphase.reports.tables.sensitivity import sensitivity_table

EFS, RFS = (one.model_dump(mode="json") for one in further_endpoints(Course().site.protocol))
NAMED = {one.id: one for one in usual_variations()}


def under(name: str, **endpoint):
    made = varied(an_endpoint(**endpoint), NAMED[name])
    assert made is not None
    return made


def ends(course: Course, endpoint):
    found = follow_up(course.site.study, endpoint, course.site.study.participants["001"])
    return found.days, found.end, found.why


def transplanted() -> Course:
    course = Course().responds(28).then("transplant", 100, kind="allogeneic").responds(150)
    return course.then("relapse", 200, kind="relapse").dies(220)


@pytest.mark.parametrize(
    ("name", "end"),
    [
        ("transplant-censored", (72, End.CENSORED, "transplant")),
        ("transplant-ignored", (172, End.EVENT, "relapse")),
    ],
)
def test_a_transplant_in_response_competes_is_censored_or_ignored(name, end):
    assert ends(transplanted(), an_endpoint(**DOR)) == (72, End.COMPETING, "transplant")
    assert ends(transplanted(), under(name, **DOR)) == end


@pytest.mark.parametrize(
    ("name", "end"),
    [
        ("new-therapy-event", (60, End.EVENT)),
        ("new-therapy-competing", (60, End.COMPETING)),
        ("new-therapy-ignored", (90, End.EVENT)),
    ],
)
def test_another_therapy_is_an_event_competes_or_is_ignored(name, end):
    course = Course().responds(28).then("new_therapy", 60, therapy="chemotherapy").then("relapse", 90, kind="relapse")
    assert ends(course, an_endpoint(**PFS))[:2] == (60, End.CENSORED)
    assert ends(course, under(name, **PFS))[:2] == end


def test_death_of_any_cause_ends_a_response_where_no_cause_is_judged():
    course = Course().responds(28).dies(58, cause="other")
    assert ends(course, an_endpoint(**DOR))[:2] == (30, End.COMPETING)
    assert ends(course, under("other-death-event", **DOR)) == (30, End.EVENT, "death")


def test_who_withdraws_has_had_the_event_in_the_worst_case():
    course = Course().responds(28).then("withdrawal", 40, leaves="study", because="moved away")
    assert ends(course, an_endpoint(**PFS)) == (28, End.CENSORED, "last assessment")
    assert ends(course, under("lost-event", **PFS)) == (28, End.EVENT, "withdrew from the study")


def test_who_is_only_followed_for_a_short_time_has_not_been_lost():
    assert ends(Course().responds(28), under("lost-event", **PFS))[1] is End.CENSORED


def scheduled() -> Course:
    """Give a course under a schedule with marrow on days 28, 56 and 84."""
    visits = [
        {"name": f"Day {at}", "day": at, "first": at - 3, "last": at + 3, "assessments": ["marrow"]}
        for at in (28, 56, 84)
    ]
    course = Course()
    protocol = course.site.protocol
    schedule = protocol.schedule.model_validate(
        protocol.schedule.model_dump() | {"assessments": {"marrow": "marrow"}, "visits": visits}
    )
    course.schedule = schedule
    return course


def missed(course: Course, **endpoint):
    study = course.site.study
    object.__setattr__(study.protocol, "schedule", course.schedule)
    return follow_up(study, under("missed-assessments", **endpoint), study.participants["001"])


@pytest.mark.parametrize(
    ("seen", "relapse", "found"),
    [
        ((28,), 90, (28, End.CENSORED)),  # days 56 and 84 were missed
        ((28, 56), 90, (90, End.EVENT)),  # one was
        ((28,), 87, (87, End.EVENT)),  # the window of day 84 is open: only day 56 was
        ((), 60, (0, End.CENSORED)),  # days 28 and 56: nothing is known since the infusion
    ],
)
def test_an_event_after_two_missed_assessments_is_censored_before_them(seen, relapse, found):
    course = scheduled()
    for at in seen:
        course.responds(at)
    course.then("relapse", relapse, kind="progression")
    result = missed(course, **PFS)
    assert (result.days, result.end) == found


def test_assessments_before_an_event_are_asked_for_only_where_the_event_is_of_the_disease():
    assert varied(an_endpoint(), NAMED["missed-assessments"]) is None
    assert varied(an_endpoint(), NAMED["new-therapy-event"]) is None


@pytest.mark.parametrize(
    ("course", "found"),
    [
        (lambda: Course().responds(28).responds(90), (90, End.CENSORED)),
        (lambda: Course().responds(28, "PR").responds(90, "PR"), (0, End.EVENT)),
        (lambda: Course().responds(28, "PR").responds(90, "CR"), (0, End.EVENT)),  # too late
        (lambda: Course().responds(28, "PR").responds(84, "CR"), (84, End.CENSORED)),
        (lambda: Course().responds(28, "PR"), (28, End.CENSORED)),  # it is not known yet
        (lambda: Course().dies(20), (0, End.EVENT)),
        (lambda: Course().responds(28).dies(60), (60, End.EVENT)),
        (Course, (0, End.CENSORED)),
        (lambda: Course().responds(28, "not evaluable").responds(90, "CR"), (90, End.CENSORED)),
    ],
)
def test_failure_to_reach_a_remission_is_an_event_of_event_free_survival(course, found):
    assert ends(course(), an_endpoint(**EFS))[:2] == found


def test_a_failure_can_be_dated_on_the_deadline():
    course = Course().responds(28, "PR").responds(90, "PR")
    assert ends(course, under("failure-at-the-deadline", **EFS)) == (84, End.EVENT, "no remission in time")
    died = Course().responds(28, "PR").dies(60)
    assert ends(died, under("failure-at-the-deadline", **EFS))[:2] == (60, End.EVENT)


def test_relapse_free_survival_begins_with_a_remission_and_not_with_a_partial_response():
    course = Course().responds(28, "PR").responds(56, "CRi").then("relapse", 100, kind="relapse")
    assert ends(course, an_endpoint(**RFS))[:2] == (44, End.EVENT)


def test_what_changes_nothing_of_a_specification_is_not_made():
    assert varied(an_endpoint(), NAMED["transplant-ignored"]) is None
    assert varied(an_endpoint(**DOR), NAMED["transplant-competing"]) is None
    assert varied(an_endpoint(**PFS), NAMED["failure-at-the-deadline"]) is None


def test_a_protocol_that_names_its_own_has_those_alone():
    own = Variation(id="own", title="Own", why="Because.", source="protocol", ignored=frozenset({Happening.TRANSPLANT}))
    main = time_to_event(transplanted().site.study, an_endpoint(**DOR).model_copy(update={"sensitivity": (own,)}))
    assert [one.variation.id for one in sensitivity(transplanted().site.study, main)] == ["own"]


def test_the_table_states_the_difference_and_who_makes_it():
    study = transplanted().site.study
    main = time_to_event(study, an_endpoint(**DOR))
    table = sensitivity_table([(main, sensitivity(study, main))])
    first, ignored = table.rows[0], next(row for row in table.rows if "through a transplant" in row.cells[0].text)
    assert first.cells[-1].text == "–"
    assert (ignored.cells[1].text, ignored.cells[4].participants) == ("1", ("001",))
    assert ignored.cells[-1].text == "−100.0"
    assert ignored.cells[-1].numbers[0].value == pytest.approx(-100)
    assert any("ICH E9(R1)" in note for note in table.footnotes)


def test_with_nobody_to_follow_the_table_says_so():
    course = Course()
    main = time_to_event(course.site.study, an_endpoint(**DOR))
    table = sensitivity_table([(main, sensitivity(course.site.study, main))])
    assert (table.rows, table.empty) == ((), "There is nobody to follow.")

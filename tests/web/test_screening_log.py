"""The screening log in a browser and as JSON: verdicts with evidence, what is missing, a filter."""

import json

import pytest
from tests.builders import CRITERIA, day
from tests.web.answers import words

from earlyphase.study.roles import Role


@pytest.fixture
def screened(a_study):
    """A study in which one participant waits for a confirmation, one is enrolled and one failed."""
    study = a_study()
    study.before.consents("001", day(1))
    study.before.admits("002", day(2))
    study.before.consents("003", day(3))
    study.before.says(
        "screen_failure", "investigator", "003", on=day(4), criteria=["E1"], because="In <another> study."
    )
    return study.opens()


def test_everybody_who_consented_is_listed_with_every_criterion(screened):
    page = words(screened.sees("monitor", "screening/"))
    for number in ("001", "002", "003"):
        assert screened.path(f"participants/{number}/") in page
        for name, *_ in CRITERIA:
            assert screened.path(f"screening/{number}/#{name}") in page
    assert "3 of 3 participants" in page
    assert "E1: In <another> study." in page
    assert b"In <another> study." not in screened.sees("monitor", "screening/").content


def test_what_is_missing_is_said_as_tests(screened):
    page = words(screened.sees("coordinator", "screening/?participant=001"))
    assert "Fewest tests that could settle it:" in page
    assert "statement by the investigator, with its reason" in page


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ("outcome=enrolled", {"002"}),
        ("outcome=screen failure", {"003"}),
        ("participant=1", {"001"}),
        ("criterion=I1", {"001", "003"}),
        ("outcome=<script>", set()),
    ],
)
def test_the_log_is_filtered(screened, asked, shown):
    found = json.loads(screened.sees("monitor", f"screening/?format=json&{asked}").content)
    assert {one["participant"] for one in found["participants"]} == shown


def test_a_program_gets_the_same_as_json(screened):
    answer = screened.browser("monitor").get(screened.path("screening/"), HTTP_ACCEPT="application/json")
    assert answer.headers["Content-Type"] == "application/json"
    found = json.loads(answer.content)
    enrolled = next(one for one in found["participants"] if one["participant"] == "002")
    first = enrolled["criteria"][0]
    assert (first["id"], first["verdict"], first["standing"]) == ("I1", "unknown", "satisfied")
    assert (first["statement"]["by"], first["settled_by_statement"]) == ("Li Wei", True)
    assert found["head"] == screened.entries()[-1].hash


def test_a_browser_gets_the_page(screened):
    answer = screened.browser("monitor").get(
        screened.path("screening/"), HTTP_ACCEPT="text/html,application/xhtml+xml,*/*;q=0.8"
    )
    assert answer.headers["Content-Type"].startswith("text/html")


def test_one_participant_is_shown_with_all_evidence(screened):
    page = words(screened.sees("investigator", "screening/002/"))
    for name, kind, stage, text in CRITERIA:
        assert f'id="{name}"' in page
        assert f"{kind}, {stage}" in page
        assert text in page
    assert "settles it" in page
    assert screened.sees("investigator", "screening/999/").status_code == 404


def test_the_whole_team_sees_it_and_nobody_else(screened):
    assert {screened.sees(role, "screening/").status_code for role in Role} == {200}
    assert screened.sees("stranger", "screening/").status_code == 404
    assert screened.sees("stranger", "screening/?format=json").status_code == 404

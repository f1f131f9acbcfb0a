"""A reviewer finds alone: no page shows what the other reviewer found before one's own review is in."""

import pytest
from tests.builders import day
from tests.web.answers import words

SECRET_FINDING = "a seizure that nobody expected"


def reviews(study, role, because):
    fields = {"on": day(60).isoformat(), "verdict": "no DLT", "because": because}
    return study.types(role, "participants/001/record/dlt_review/", **fields)


@pytest.fixture
def reviewed(a_study):
    """A study in which the investigator's review is in, and the committee's is wanted."""
    study = a_study()
    study.before.treats("001", day(30))
    study.opens()
    answer = reviews(study, "investigator", SECRET_FINDING)
    assert answer.status_code == 302, words(answer)
    return study


def test_a_review_is_the_own_review_of_who_is_logged_in(reviewed):
    assert '"reviewer":"The Investigator"' in reviewed.entries()[-1].payload
    form = words(reviewed.sees("committee", "participants/001/record/dlt_review/"))
    assert 'name="reviewer"' not in form


@pytest.mark.parametrize("role", ["committee", "monitor", "coordinator"])
def test_what_a_reviewer_found_is_hidden_from_the_others_until_all_have_found(reviewed, role):
    number = reviewed.entries()[-1].seq
    for page in ("", "participants/001/", "journal/", f"entries/{number}/", "decision/"):
        assert SECRET_FINDING not in words(reviewed.sees(role, page)), page
    assert "Hidden until the reviews are complete." in words(reviewed.sees(role, f"entries/{number}/"))
    assert reviewed.sees(role, f"entries/{number}/correct/").status_code == 404


def test_who_may_still_review_does_not_get_the_whole_journal(reviewed):
    answer = reviewed.sees("committee", "journal/export/")
    assert (answer.status_code, SECRET_FINDING in words(answer)) == (409, False)
    assert reviewed.sees("monitor", "journal/export/").status_code == 200


def test_reviewers_see_their_own_finding_and_the_others_once_both_are_in(reviewed):
    assert SECRET_FINDING in words(reviewed.sees("investigator", "participants/001/"))
    assert reviews(reviewed, "committee", "nothing seen").status_code == 302
    for role in ("committee", "monitor"):
        assert SECRET_FINDING in words(reviewed.sees(role, "participants/001/"))
    assert reviewed.sees("committee", "journal/export/").status_code == 200

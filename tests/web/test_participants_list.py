"""The list of participants, and the way from any page of a participant to the others."""

import re

import pytest
from tests.builders import ASSUMED, day, three_treated
from tests.web.answers import words

VISITS = [{"name": "Day 7", "day": 7, "first": 6, "last": 8, "assessments": []}]


@pytest.fixture
def followed(a_study):
    """One was infused and missed a visit, one is being screened, one has left before enrolment."""
    study = a_study(schedule={**ASSUMED, "assessments": {}, "visits": VISITS})
    study.before.treats("001", day(30))
    study.before.sees("001", day(32), 3, term="Platelet count decreased", system_class="Investigations")
    study.before.consents("002", day(45))
    return study.opens()


def row(page, number):
    """Give what the list says of a participant."""
    return next(one for one in page.split("<tr>") if f">{number}</a></th>" in one)


def numbers(page):
    return re.findall(r'<th scope="row"><a href="[^"]+">(\w+)</a></th>', page)


def test_everybody_is_listed_with_state_day_visit_and_grade(followed):
    page = words(followed.sees("monitor", "participants/"))
    assert numbers(page) == ["001", "002"]
    first = row(page, "001")
    assert f"window until {day(58)}" in first
    assert f'data-label="Infused">{day(30)}</td>' in first
    assert f'<span class="tag">overdue</span> Day 7 <span class="d small">{day(36)} – {day(38)}</span>' in first
    assert '<span class="grade g3">3</span>' in first
    assert "in screening" in row(page, "002")


@pytest.mark.parametrize(
    ("show", "expected"),
    [
        ("a visit due or overdue", ["001"]),
        ("DLT pending", ["001"]),
        ("in screening", ["002"]),
        ("open queries", []),
        ("nonsense", ["001", "002"]),
    ],
)
def test_the_list_is_narrowed_to_who_must_be_seen_to(followed, show, expected):
    answer = followed.browser("coordinator").get(followed.path("participants/"), {"show": show})
    assert numbers(words(answer)) == expected


def test_an_open_query_is_counted_and_found(followed):
    asked = {"act": "ask", "participant": "001", "asks": "Which day?"}
    assert followed.types("monitor", "data/", **asked).status_code == 302
    page = words(followed.browser("coordinator").get(followed.path("participants/"), {"show": "open queries"}))
    assert numbers(page) == ["001"]
    assert f'href="{followed.path("data/participants/001/")}#queries">1</a>' in page


def test_a_study_without_participants_says_how_to_begin(study):
    page = words(study.sees("coordinator", "participants/"))
    assert "Nobody has consented yet." in page
    assert study.path("record/consent/") in page
    assert study.path("record/consent/") not in words(study.sees("monitor", "participants/"))


@pytest.fixture
def three(a_study):
    study = a_study()
    three_treated(study.before)
    return study.opens()


PAGES = ("participants/002/", "participants/002/chart/", "participants/002/profile/", "participants/002/whole/",
         "participants/002/record/adverse_event/", "participants/002/laboratory-paste/", "safety/002/",
         "screening/002/", "data/participants/002/")  # fmt: skip


@pytest.mark.parametrize("page", PAGES)
def test_each_page_of_a_participant_says_whose_it_is_and_leads_to_the_others(three, page):
    shown = words(three.sees("investigator", page))
    bar = shown.partition('class="person"')[2].partition("</nav>")[0]
    assert "<strong>002</strong>" in bar
    assert f'href="{three.path("participants/001/")}"' in bar
    assert f'href="{three.path("participants/003/")}"' in bar
    for other in ("safety/002/", "screening/002/", "participants/002/identity/"):
        assert f'href="{three.path(other)}"' in bar
    assert f'<a href="{three.path("participants/")}" aria-current="true">' in shown


def test_the_bar_marks_the_page_that_is_open_and_offers_no_identity_to_the_monitor(three):
    bar = words(three.sees("monitor", "safety/002/")).partition('class="person"')[2].partition("</nav>")[0]
    assert f'href="{three.path("safety/002/")}" aria-current="page"' in bar
    assert bar.count('aria-current="page"') == 1
    assert "identity" not in bar


def test_a_page_below_a_tab_marks_its_tab(three):
    page = words(three.sees("monitor", "journal/verify/"))
    assert f'<a href="{three.path("journal/")}" aria-current="true">' in page


@pytest.mark.parametrize("rest", ["team/accounts/", "team/accounts/add/", "team/monitor/deactivate/"])
def test_the_pages_of_accounts_stand_under_the_team(three, rest):
    assert f'<a href="{three.path("team/")}" aria-current="true">' in three.sees("sponsor", rest).content.decode()


def test_every_page_that_is_placed_under_a_tab_is_there(django):
    from django.urls import get_resolver

    from earlyphase.web.pages import BELOW, PERSON_TABS, TABS

    named = {name for name in get_resolver().reverse_dict if isinstance(name, str)}
    assert {*BELOW, *BELOW.values(), *dict(TABS), *dict(PERSON_TABS)} <= named

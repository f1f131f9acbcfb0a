"""What the team sees of a study, and that nobody else sees it."""

import re

import pytest
from tests.builders import day
from tests.web.answers import words

from earlyphase.study.roles import Role

INLINE = re.compile(r"<script(?![^>]*\bsrc=)|\son\w+=|\sstyle=|<style|javascript:", re.IGNORECASE)

PAGES = ("", "journal/", "journal/verify/", "decision/", "sign/", "entries/1/")


@pytest.mark.parametrize("page", PAGES)
def test_the_team_sees_every_page(busy, page):
    assert {busy.sees(role, page).status_code for role in Role} == {200}


@pytest.mark.parametrize("page", [*PAGES, "participants/001/", "record/consent/", "entries/2/correct/"])
def test_to_a_stranger_the_study_is_not_there(busy, page):
    answer = busy.sees("stranger", page)
    assert answer.status_code == 404
    assert busy.name not in words(answer)


@pytest.mark.parametrize("page", PAGES)
def test_without_a_login_there_is_only_the_login(busy, page):
    from django.test import Client

    answer = Client(SERVER_NAME="localhost").get(busy.path(page))
    assert (answer.status_code, answer.headers["Location"].startswith("/account/log-in/")) == (302, True)


def test_the_board_shows_who_is_pending_and_until_when(busy):
    page = words(busy.sees("coordinator"))
    until = day(30 + 42 + 28).isoformat()
    assert f"003 is in the DLT window until {until}" in page
    assert '<a class="dot dlt"' in page
    assert "1 DLT in 2 evaluable" in page
    assert "TRAINING" in page


def test_the_board_says_what_each_outcome_of_the_pending_would_lead_to(busy):
    page = words(busy.sees("committee"))
    assert "What each outcome of those who are awaited would lead to" in page
    assert "2 of 3 at dose" in page
    assert "1 of 3 at dose" in page


def test_the_board_can_be_seen_as_it_was(busy):
    page = words(busy.sees("monitor", f"?as_of={day(31).isoformat()}"))
    assert "0 DLT in 0 evaluable" in page
    assert "003" not in page.partition("<footer>")[0]


def test_a_day_that_is_none_is_said_and_not_executed(busy):
    answer = busy.sees("monitor", "?as_of=<script>alert(1)</script>")
    assert answer.status_code == 400
    assert "is not a date." in words(answer)
    assert b"<script>alert" not in answer.content


@pytest.mark.parametrize("rest", ["?as_of=soon", "results/?cutoff=soon", "journal/?since=soon"])
def test_who_mistypes_a_day_stays_in_the_study_and_is_led_back(busy, rest):
    answer = busy.sees("statistician", rest)
    page = words(answer)
    assert answer.status_code == 400
    assert "'soon' is not a date. Write it as 2026-05-03." in page
    assert f'<a href="{busy.path("safety/")}">' in page
    assert f'<a href="{busy.path(rest.partition("?")[0])}">The page without it</a>' in page


def test_a_participant_shows_the_course_in_days_from_the_infusion(busy):
    page = words(busy.sees("investigator", "participants/002/"))
    assert "Seizure" in page
    assert "day 3" in page
    assert "the DLT adjudication" in page


def test_the_journal_is_filtered_by_participant(busy):
    page = words(busy.sees("monitor", "journal/?participant=009"))
    assert "1 entry of" in page
    assert "version 1.0" in page.replace("</i>", "").replace("<i>", "")


def test_the_export_is_the_journal_byte_for_byte(busy):
    from earlyphase.web.studies import journal_of

    assert busy.sees("monitor", "journal/export/").content == journal_of(busy.name).export()


def test_verification_finds_a_head_that_is_known(busy):
    third = busy.entries()[2]
    assert f"The head that you know is entry {third.seq}." in words(
        busy.sees("monitor", f"journal/verify/?head={third.hash[:16]}")
    )
    assert "NOT sound" in words(busy.sees("monitor", f"journal/verify/?head={'f' * 16}"))


def test_another_studys_participant_is_not_found_by_address(a_study):
    one, other = a_study(), a_study()
    one.before.consents("001", day(1))
    other.before.consents("777", day(1))
    one.opens()
    other.opens()
    assert one.sees("investigator", "participants/001/").status_code == 200
    for page in ("participants/777/", "participants/777/record/visit/"):
        assert one.sees("investigator", page).status_code == 404
        assert one.types("investigator", page, on="2026-02-01", name="Day 7").status_code in (404, 405)
    assert len(one.entries()) == 2


def test_nothing_of_a_study_stays_in_the_browser(busy):
    kept = {page: busy.sees("monitor", page).headers["Cache-Control"] for page in (*PAGES, "journal/export/")}
    assert set(kept.values()) == {"private, no-store"}


def test_no_page_of_the_log_in_holds_inline_code_or_style(busy):
    client = busy.browser("investigator")
    for page in ("log-in/", "password/", "two-factor/", "reauthenticate/"):
        answer = client.get(f"/account/{page}")
        assert not INLINE.search(answer.content.decode()), page


def test_no_page_holds_inline_code_or_style(busy):
    for page in (*PAGES, "participants/002/", "participants/002/record/adverse_event/"):
        answer = busy.sees("investigator", page)
        assert not INLINE.search(answer.content.decode()), page
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert "unsafe" not in answer.headers["Content-Security-Policy"]

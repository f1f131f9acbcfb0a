"""A form is carried out once, however often it is sent."""

import re
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from tests.web.answers import words

TOKEN = re.compile(rb'name="once" value="([\w-]+)"')


def visit(begun, token, **changes):
    fields = {"on": "2026-01-07", "name": "Day 7", "once": token} | changes
    return begun.types("investigator", "participants/001/record/visit/", **fields)


def token_of(page):
    found = TOKEN.search(page.content)
    assert found, "no form of the page has a token"
    return found[1].decode()


def test_a_form_that_is_sent_twice_is_recorded_once(begun):
    token = token_of(begun.sees("investigator", "participants/001/record/visit/"))
    assert visit(begun, token).status_code == 302
    again = visit(begun, token)
    assert (again.status_code, "was sent before" in words(again)) == (409, True)
    assert [entry.record for entry in begun.entries()].count("visit/1") == 1
    assert visit(begun, token_of(again), name="unscheduled").status_code == 302


def test_a_form_that_was_refused_can_be_sent_again(begun):
    token = token_of(begun.sees("investigator", "participants/001/record/visit/"))
    assert visit(begun, token, on="2099-01-01").status_code == 409
    assert visit(begun, token, name="").status_code == 422
    assert visit(begun, token).status_code == 302


def test_of_two_clicks_at_the_same_moment_one_counts(begun):
    token = token_of(begun.sees("investigator", "participants/001/record/visit/"))
    browsers = [begun.browser("investigator") for _ in range(4)]
    together = threading.Barrier(len(browsers))

    def clicks(browser):
        from django.db import connection

        together.wait(timeout=60)
        try:
            fields = {"on": "2026-01-07", "name": "Day 7", "once": token}
            return browser.post(begun.path("participants/001/record/visit/"), fields).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(browsers)) as pool:
        answers = sorted(pool.map(clicks, browsers))
    assert answers == [302, 409, 409, 409]
    assert [entry.record for entry in begun.entries()].count("visit/1") == 1


@pytest.mark.parametrize("page", ["decision/", "sign/", "record/consent/", "participants/001/record/infusion/"])
def test_every_form_of_a_study_has_a_token_of_its_own(begun, page):
    role = {"decision/": "committee"}.get(page, "coordinator")
    assert token_of(begun.sees(role, page)) != token_of(begun.sees(role, page))

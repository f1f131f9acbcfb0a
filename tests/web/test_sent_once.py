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


def aged(days):
    """Give every token an age, and add some of that age."""
    import datetime as dt

    from earlyphase.web.clock import now
    from earlyphase.web.people.models import SentForm
    from earlyphase.web.sent import FORGOTTEN_AT_ONCE

    at = now() - dt.timedelta(days=days)
    SentForm.objects.update(at=at)
    SentForm.objects.bulk_create(SentForm(token=f"{days}-{one}", at=at) for one in range(FORGOTTEN_AT_ONCE + 5))


def test_tokens_are_forgotten_after_a_week_some_with_each_form(begun):
    from earlyphase.web.people.models import SentForm
    from earlyphase.web.sent import FORGOTTEN_AT_ONCE

    SentForm.objects.all().delete()
    aged(6)
    token = token_of(begun.sees("investigator", "participants/001/record/visit/"))
    assert visit(begun, token).status_code == 302
    assert SentForm.objects.count() == FORGOTTEN_AT_ONCE + 5 + 1
    aged(8)
    before = SentForm.objects.count()
    assert visit(begun, f"{token}x", name="unscheduled").status_code == 302
    assert SentForm.objects.count() == before + 1 - FORGOTTEN_AT_ONCE
    assert visit(begun, f"{token}x", name="unscheduled").status_code == 409


def test_a_refused_form_forgets_nothing(begun):
    from earlyphase.web.people.models import SentForm

    SentForm.objects.all().delete()
    aged(8)
    before = SentForm.objects.count()
    assert visit(begun, "a-token-of-its-own", on="2099-01-01").status_code == 409
    assert SentForm.objects.count() == before
    SentForm.objects.all().delete()

"""When the database is full or slow, or the clock is wrong: a page that says so, and no half entry.

Here PostgreSQL is real, and its being full is pretended; tests/integration/test_faults.py fills a disk and cuts lines.
"""

import datetime as dt
from dataclasses import replace

import psycopg
import pytest
from tests.web.test_api import by, visits

VISIT = "participants/001/record/visit/"
FIELDS = {"on": "2026-01-07", "name": "Day 7"}


def address_of(django):
    host = django.DATABASES["default"]["HOST"]
    return f"postgresql://postgres:@/postgres?host={host}"


def browser_of(study, role):
    """Give a browser that is shown what a server would answer, whatever went wrong."""
    browser = study.browser(role)
    browser.raise_request_exception = False
    return browser


def says_so(answer):
    assert answer.status_code == 503, answer.content
    assert answer.headers["Retry-After"]
    text = answer.content.decode()
    assert "cannot reach its database" in text
    assert "Traceback" not in text


def test_a_full_disk_as_the_driver_tells_of_it_is_said_and_nothing_is_recorded(begun, monkeypatch):
    from earlyphase.store.journal import PostgresJournal

    def full(*_):
        raise psycopg.errors.DiskFull("could not extend file: No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(PostgresJournal, "_insert", full)
        says_so(begun.types("coordinator", VISIT, **FIELDS))
        answer = by(begun, "coordinator").records("visit", "001", "full", **FIELDS)
        says_so(answer)
        assert answer.json()["remedy"]
    assert visits(begun) == 0
    assert by(begun, "coordinator").records("visit", "001", "full", **FIELDS).status_code == 201


def test_a_slow_database_is_said_and_nothing_is_recorded(begun, django):
    from django.db import connection

    program, browser = by(begun, "coordinator"), begun.browser("coordinator")
    with connection.cursor() as cursor:
        cursor.execute("set statement_timeout = '300ms'")
    with psycopg.connect(address_of(django)) as other:
        other.execute("lock table journal_entry in share row exclusive mode")
        says_so(browser.post(begun.path(VISIT), FIELDS))
    assert connection.connection is None
    with psycopg.connect(address_of(django)) as other:
        with connection.cursor() as cursor:
            cursor.execute("set statement_timeout = '300ms'")
        other.execute("lock table journal_entry in access exclusive mode")
        says_so(program.records("visit", "001", **FIELDS))
    assert visits(begun) == 0
    assert program.records("visit", "001", **FIELDS).status_code == 201


def test_a_lost_connection_is_opened_again_at_the_next_request(begun, django):
    from django.db import connection

    browser = browser_of(begun, "coordinator")
    assert browser.get(begun.path()).status_code == 200
    with connection.cursor() as cursor:
        cursor.execute("select pg_backend_pid()")
        (process,) = cursor.fetchone()
    with psycopg.connect(address_of(django)) as other:
        other.execute("select pg_terminate_backend(%s, 5000)", (process,))
    answers = [browser.get(begun.path()).status_code for _ in range(2)]
    assert answers[-1] == 200
    assert set(answers) <= {200, 503}


def test_a_clock_that_was_set_back_is_named_and_nothing_is_recorded(begun, monkeypatch):
    """To a process whose clock was set back, the journal's last entry lies in the future: here it does."""
    from earlyphase.simulation.writing import draft_of
    from earlyphase.study.state import Study
    from earlyphase.web.clock import now
    from earlyphase.web.studies import journal_of

    monkeypatch.setattr(Study, "simulated", False)  # the time of training follows the journal
    assert begun.types("coordinator", VISIT, **FIELDS).status_code == 302
    program, last = by(begun, "coordinator"), begun.journal()[-1]
    ahead = now() + dt.timedelta(hours=2)
    journal_of(begun.name).append([replace(draft_of(last), recorded_at=ahead)], last.head)
    before = begun.entries()
    answer = program.records("visit", "001", **FIELDS)
    assert (answer.status_code, answer.json()["reasons"][0]["rule"]) == (409, "clock")
    assert answer.json()["reasons"][0]["remedy"] == "Set the clock right."
    typed = begun.types("coordinator", VISIT, **FIELDS)
    assert (typed.status_code, "Set the clock right." in typed.content.decode()) == (409, True)
    assert begun.entries() == before


@pytest.mark.parametrize("name", ["default", "records"])
def test_no_request_holds_the_database_for_long_not_even_a_search_that_is_open_to_everybody(django, name):
    from django.db import connections

    fresh = connections[name].copy()
    with fresh.cursor() as cursor:
        cursor.execute("show statement_timeout")
        assert cursor.fetchone() == ("15s",)
        cursor.execute("show lock_timeout")
        assert cursor.fetchone() == ("10s",)
    fresh.close()

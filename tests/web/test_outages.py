"""When the database is gone, full or slow, or the clock is wrong: a page that says so, and no half entry."""

import datetime as dt

import psycopg
from tests.web.test_api import Program, by, visits

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


def test_a_full_disk_is_said_and_nothing_is_recorded(begun, monkeypatch):
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


def test_without_a_database_every_page_says_so_and_the_probe_too(begun, monkeypatch):
    from django.db import OperationalError
    from django.db.backends.base.base import BaseDatabaseWrapper

    browser, program = browser_of(begun, "monitor"), by(begun, "monitor")

    def refuses(*_):
        raise OperationalError("connection refused")

    from django.db import connections

    with monkeypatch.context() as patched:
        connections.close_all()
        patched.setattr(BaseDatabaseWrapper, "connect", refuses)
        says_so(browser.get(begun.path()))
        says_so(browser.get("/account/log-in/"))
        patched.setattr(Program, "_client", lambda _: browser)
        says_so(program.asks("status"))
        ready = browser.get("/ready")
        assert (ready.status_code, ready.json()["checks"]["database"]) == (503, False)
        assert browser.get("/health").status_code == 200
    assert browser.get(begun.path()).status_code == 200


def test_a_clock_that_was_set_back_is_named_and_nothing_is_recorded(begun, monkeypatch):
    from earlyphase.web import clock

    assert begun.types("coordinator", VISIT, **FIELDS).status_code == 302
    program, before = by(begun, "coordinator"), begun.entries()
    late = dt.datetime.fromisoformat(before[-1].recorded_at) - dt.timedelta(hours=2)
    monkeypatch.setattr(clock, "moment_of", lambda _: late)
    monkeypatch.setattr("earlyphase.web.studies.moment_of", lambda _: late)
    answer = program.records("visit", "001", **FIELDS)
    assert (answer.status_code, answer.json()["reasons"][0]["rule"]) == (409, "clock")
    assert answer.json()["reasons"][0]["remedy"] == "Set the clock right."
    assert begun.entries() == before

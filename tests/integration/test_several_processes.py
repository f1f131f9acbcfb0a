"""Several processes behind one database, and processes that are killed: real ones."""

import http.client
import json
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from tests.soak.kills import held, soak
from tests.soak.running import STUDY, Browser, Process, a_database, asks, processes, set_up


@pytest.fixture(scope="module")
def site():
    """Give two processes of one site, and a token."""
    with a_database() as place:
        token = set_up(place)
        with processes(place, 2, EARLYPHASE_API_REQUESTS="40") as running:
            yield [one.address for one in running], token


@pytest.fixture(scope="module")
def logging_site():
    """Give a process of a site with its token, and what it and its database have logged."""
    with a_database() as place:
        token = set_up(place)
        with processes(place, 1) as (one,):
            logs = (one.log, place.folder / "log")
            yield one, token, lambda: "".join(log.read_text("utf-8", "replace") for log in logs)


def records(address, token, record, key, participant=None, **payload):
    body = {"payload": payload} | ({"participant": participant} if participant else {})
    return asks(address, f"records/{record}", token, body, key)


def test_what_one_process_records_the_other_shows_at_once(site):
    (first, second), token = site
    activated = {"on": "2026-01-05", "purpose": "training", "approval": "Nobody was asked."}
    status, _, answer = records(first, token, "protocol_activated", "a", **activated)
    assert status == 201, answer
    assert records(second, token, "consent", "b", "001", on="2026-01-06", version="1.0")[0] == 201
    for address in (first, second):
        _, _, found = asks(address, "participants", token)
        assert [one["participant"] for one in found["participants"]] == ["001"]
    first_answer = records(first, token, "visit", "c", "001", on="2026-01-07", name="Day 1")
    again = records(second, token, "visit", "c", "001", on="2026-01-07", name="Day 1")
    assert (first_answer[0], again[2]) == (201, first_answer[2])


def test_a_log_in_at_one_process_holds_at_the_other(site):
    (first, second), _ = site
    browser = Browser()
    status, _ = browser.logs_in(first)
    assert status == 200
    status, where, _ = browser.get(f"{second}/studies/{STUDY}/")
    assert (status, where) == (200, f"{second}/studies/{STUDY}/")


def test_wrong_passwords_at_one_process_lock_the_name_at_the_other(site):
    addresses, _ = site
    for number in range(5):
        Browser().logs_in(addresses[number % 2], "somebody.else", "wrong")
    assert Browser().logs_in(addresses[1], "somebody.else", "wrong")[0] == 429
    assert Browser().logs_in(addresses[0], "somebody.else", "wrong")[0] == 429


def test_requests_are_counted_over_all_processes(site):
    addresses, token = site
    found = [asks(addresses[number % 2], "status", token) for number in range(90)]
    held_back = [number for number, (status, _, _) in enumerate(found) if status == 429]
    assert held_back
    assert {number % 2 for number in held_back} == {0, 1}
    assert all(found[number][1]["Retry-After"] for number in held_back)


def test_nothing_acknowledged_is_lost_when_processes_and_the_database_are_killed():
    found = soak(times=4, seed=2)
    assert held(found) == []
    assert 0 < found.database_kills < found.kills
    assert len(found.acknowledged) > 10


def test_the_log_of_the_database_tells_of_errors_without_what_was_recorded():
    with a_database() as place:
        with psycopg.connect(place.address, autocommit=True) as connection, pytest.raises(psycopg.Error):
            connection.execute("insert into journal_entry (line) values (%s)", ('{"payload": "Mr Li is ill"}',))
        logs = [one.read_text("utf-8", "replace") for one in place.folder.rglob("*log") if one.is_file()]
    assert any("ERROR" in text for text in logs)
    assert not any("Mr Li" in text for text in logs)


def test_processes_that_start_together_do_not_get_in_each_others_way():
    with a_database() as place:
        set_up(place)
        together = [Process(place) for _ in range(3)]
        with ThreadPoolExecutor(3) as pool:
            try:
                started = list(pool.map(Process.start, together))
            finally:
                for one in together:
                    one.stop()
    assert len(started) == 3


NAME = "Zhang-7731-Wei"
"""A name and a number at once, which nobody else has: wherever it is written, it was smuggled there."""

FORM = "application/x-www-form-urlencoded"

SMUGGLED = (
    ("GET", f"/studies/{STUDY}/participants/{NAME}/", {}, ""),
    ("GET", f"/nowhere/{NAME}?name={NAME}", {}, ""),
    ("GET", f"/registry/?words={NAME}&page={NAME}", {}, ""),
    ("GET", f"/registry/records/{NAME}/", {}, ""),
    ("GET", f"/static/{NAME}.css", {}, ""),
    (NAME.upper(), "/", {}, ""),
    ("GET", "/", {"Host": f"{NAME}.example.org"}, ""),
    ("GET", "/", {"Cookie": f"sessionid={NAME}; csrftoken={NAME}", "User-Agent": NAME, "Referer": NAME}, ""),
    ("GET", "/", {"X-Forwarded-For": NAME, "Accept-Language": NAME}, ""),
    (
        "POST",
        "/account/log-in/",
        {"Content-Type": "application/x-www-form-urlencoded"},
        f"login={NAME}&password={NAME}",
    ),
    ("POST", "/account/log-in/", {"Content-Type": f"multipart/form-data; boundary={NAME}"}, f"--{NAME}\r\nbroken"),
    ("GET", f"/api/studies/{STUDY}/status", {"Authorization": f"Bearer {NAME}"}, ""),
    ("GET", f"/api/studies/{NAME}/status", {"Authorization": "Bearer TOKEN"}, ""),
    ("GET", f"/api/studies/{STUDY}/status?as_of={NAME}", {"Authorization": "Bearer TOKEN"}, ""),
    ("GET", f"/api/studies/{STUDY}/participants/{NAME}", {"Authorization": "Bearer TOKEN"}, ""),
    ("POST", f"/api/studies/{STUDY}/records/{NAME}", {"Authorization": "Bearer TOKEN"}, f'{{"payload": "{NAME}"}}'),
    ("POST", f"/api/studies/{STUDY}/records/consent", {"Authorization": "Bearer TOKEN"}, f"{{{NAME}"),
    (
        "POST",
        f"/api/studies/{STUDY}/records/consent",
        {"Authorization": "Bearer TOKEN", "Idempotency-Key": NAME},
        json.dumps({"participant": NAME, "payload": {"on": NAME, "version": f"{NAME}\0", NAME: NAME}}),
    ),
    (
        "POST",
        f"/api/studies/{STUDY}/participants/{NAME}/observations",
        {"Authorization": "Bearer TOKEN"},
        json.dumps({"resourceType": "Observation", "code": {"text": NAME}, "valueString": NAME}),
    ),
)
"""Requests that hold it in every place where a request can hold something."""


@pytest.mark.parametrize("request_", SMUGGLED, ids=lambda one: f"{one[0]} {one[1]}"[:60])
def test_nothing_that_a_request_holds_comes_into_a_log(logging_site, request_):
    site, token, logged = logging_site
    method, path, headers, body = request_
    connection = http.client.HTTPConnection("localhost", site.port, timeout=30)
    given = {name: value.replace("TOKEN", token) for name, value in headers.items()}
    connection.request(method, path, body, {"Content-Type": "application/json", **given})
    assert connection.getresponse().status < 500
    connection.close()
    assert NAME.lower() not in logged().lower()
    assert token not in logged()


def test_a_wrong_log_in_leaves_no_name_in_a_log(logging_site):
    site, _, logged = logging_site
    for _ in range(6):  # the last one is locked out
        status, _ = Browser().logs_in(site.address, NAME, f"{NAME} {NAME}")
    assert status == 429
    assert NAME.lower() not in logged().lower()


def test_what_a_process_logs_is_a_line_of_json_for_each_request(logging_site):
    site, token, _ = logging_site
    before = len(site.log.read_text("utf-8").splitlines())
    asks(site.address, "status", token)
    lines = [json.loads(line) for line in site.log.read_text("utf-8").splitlines()]
    assert len(lines) > before
    assert {"route", "status", "milliseconds"} <= set(lines[-1])

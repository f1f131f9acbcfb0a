"""Several processes behind one database, and processes that are killed: real ones."""

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

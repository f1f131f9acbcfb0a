"""The embedded PostgreSQL comes back by itself where it dies, with everything that was acknowledged: real kills."""

import stat
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import psycopg
import pytest
from tests.soak.kills import Found, Writer, begin, held
from tests.soak.running import PATIENCE, STUDY, a_database, a_site_of_its_own

from earlyphase.faults import InvalidInput
from earlyphase.store import embedded
from earlyphase.store.journal import PostgresJournal
from earlyphase.store.server import database


@pytest.fixture
def place():
    with a_database() as found:
        with psycopg.connect(found.address) as connection:
            connection.execute("create table kept (n int)")
            connection.execute("insert into kept values (1)")
        yield found


def kept(place):
    with psycopg.connect(place.address) as connection:
        return connection.execute("select n from kept").fetchall()


@pytest.mark.parametrize("end", ["kill", "kill_first"], ids=["all its processes", "its first process alone"])
def test_a_database_that_was_killed_comes_back_with_what_was_committed(place, end):
    before = place.process()
    getattr(place, end)()
    place.comes_back()
    assert kept(place) == [(1,)]
    assert place.process() != before


def test_a_number_that_another_program_has_by_now_is_not_taken_for_the_database(monkeypatch):
    monkeypatch.setattr(embedded, "LOOK_EVERY", 3600)  # nobody looks but who opens it anew
    waiting = [sys.executable, "-c", "input()"]
    with a_database() as place, subprocess.Popen(waiting, stdin=subprocess.PIPE) as another:
        place.kill()
        said = place.folder / "postmaster.pid"
        _, *lines = said.read_text("utf-8").splitlines()
        said.write_text("\n".join([str(another.pid), *lines]) + "\n", "utf-8")
        with database(None, place.folder):
            place.comes_back()
            assert place.process() != another.pid
        assert another.poll() is None


def test_of_several_who_run_it_one_starts_it_at_a_time(monkeypatch):
    monkeypatch.setattr(embedded, "LOOK_EVERY", 3600)
    with a_database() as place:
        place.kill()
        said, server = place.folder / "postmaster.pid", embedded._server_in(place.folder)
        left = said.read_text("utf-8")
        another = threading.Thread(target=embedded._start, args=(server, threading.Event()))
        with embedded._alone(place.folder):
            another.start()
            another.join(2)
            assert said.read_text("utf-8") == left, "it was taken away while somebody else was starting the server"
        another.join(PATIENCE)
        place.comes_back()


def test_only_who_started_it_can_open_its_socket(place):
    assert stat.S_IMODE((place.folder / ".s.PGSQL.5432").stat().st_mode) == 0o700
    place.kill()
    place.comes_back()
    with psycopg.connect(place.address) as connection:
        assert connection.execute("show unix_socket_permissions").fetchone() == ("0700",)


def test_a_database_that_cannot_start_is_told_with_the_place_of_its_log(monkeypatch):
    monkeypatch.setattr(embedded, "TRIES", 2)
    with tempfile.TemporaryDirectory(prefix="ep-") as folder:
        data = Path(folder).resolve() / "pg"
        with database(None, data):
            pass
        (data / "global" / "pg_control").unlink()
        with pytest.raises(InvalidInput, match="does not start") as told, database(None, data):
            pytest.fail("it has nothing to start with")
    assert str(data / "log") in str(told.value)


def more(found, count=5):
    """Wait until so many more visits have been acknowledged."""
    wanted = len(found.acknowledged) + count
    for _ in range(PATIENCE * 10):
        if len(found.acknowledged) >= wanted:
            return
        time.sleep(0.1)
    pytest.fail(f"only {len(found.acknowledged)} visits were acknowledged, {wanted} were awaited")


def test_a_site_goes_on_when_its_own_database_is_killed_under_load():
    """`earlyphase serve` with the database that it brings itself: visits are recorded while PostgreSQL is killed."""
    found, over = Found(), threading.Event()
    with a_site_of_its_own() as (site, place, token):
        begin(site, token)
        writers = [Writer(number, [site], token, found, over) for number in range(2)]
        for one in writers:
            one.start()
        for _ in range(2):
            more(found)
            place.kill_first()
            place.comes_back()
        more(found)
        over.set()
        for one in writers:
            one.join(timeout=60)
        assert [what for one in writers for what in one.strange] == []
        with psycopg.connect(place.address, autocommit=True) as connection:
            found.entries = PostgresJournal(connection, STUDY).read()
    assert held(found) == []

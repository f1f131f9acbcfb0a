"""A full disk, a line that is cut, a server that is away, seen by a real process: a clear answer, no half entry."""

import os
import shutil
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from tests.soak.kills import begin
from tests.soak.proxy import a_proxy
from tests.soak.running import STUDY, Browser, Database, a_database, asks, processes, set_up

from earlyphase.store.journal import PostgresJournal

ON = "2026-01-07"


class Through(Database):
    """The same database, by another way."""

    def __init__(self, place, address):
        super().__init__(place.folder)
        self.address = address


@pytest.fixture(scope="module")
def site():
    """Give a process that reaches its database through a proxy, with a token, the proxy and the database."""
    with a_database() as place, tempfile.TemporaryDirectory(prefix="ep-") as folder:
        token = set_up(place)
        with (
            a_proxy(Path(folder), place.folder) as proxy,
            processes(Through(place, proxy.address), 1, EARLYPHASE_API_REQUESTS="100000") as (one,),
        ):
            begin(one, token)
            yield Site(one, token, proxy, place)


class Site:
    """What a test needs of a running site."""

    def __init__(self, process, token, proxy, place):
        self.process, self.token, self.proxy, self.place = process, token, proxy, place

    def records(self, name):
        body = {"participant": "001", "payload": {"on": ON, "name": name}}
        return asks(self.process.address, "records/visit", self.token, body, f"key-{name}")

    def times(self, name):
        """Say how often a visit is in the journal, which is read whole and verified."""
        with psycopg.connect(self.place.address, autocommit=True) as connection:
            entries = PostgresJournal(connection, STUDY).read()
        return sum(one.record == "visit/1" and f'"{name}"' in one.payload for one in entries)


def says_so(answer):
    status, headers, said = answer
    assert status == 503
    assert headers["Retry-After"]
    assert "cannot reach its database" in str(said)
    assert "was not acknowledged" in str(said)


def test_a_line_that_is_cut_within_the_transaction_leaves_nothing(site):
    assert site.records("before")[0] == 201
    site.proxy.cut_before_commit()
    says_so(site.records("cut"))
    assert site.times("cut") == 0
    assert site.records("cut")[0] == 201
    assert site.times("cut") == 1


def test_a_line_that_is_cut_after_the_commit_leaves_one_entry_however_often_it_is_sent(site):
    site.proxy.cut_after_commit()
    says_so(site.records("lost"))
    assert site.times("lost") == 1
    status, _, answer = site.records("lost")
    assert (status, answer["entry"]["payload"]["name"]) == (201, "lost")
    assert site.times("lost") == 1


def test_while_the_server_is_not_there_every_page_says_so_and_the_probes_know(site):
    browser = Browser()
    assert browser.logs_in(site.process.address)[0] == 200
    site.proxy.shut()
    try:
        says_so(site.records("away"))
        for path in ("/", f"/studies/{STUDY}/", "/account/log-in/", "/registry/"):
            status, _, page = browser.get(site.process.address + path)
            assert (status, "cannot reach its database" in page, "Traceback" in page) == (503, True, False), path
        assert browser.get(f"{site.process.address}/ready")[0] == 503
        assert browser.get(f"{site.process.address}/health")[0] == 200
    finally:
        site.proxy.reopen()
    assert browser.get(f"{site.process.address}/studies/{STUDY}/")[0] == 200
    assert (site.times("away"), site.records("away")[0], site.times("away")) == (0, 201, 1)


@contextmanager
def a_small_disk(size="8m"):
    """Mount a small file system of its own, where this machine lets us."""
    mount, umount = shutil.which("mount"), shutil.which("umount")
    if os.geteuid() != 0 or not mount or not umount:
        pytest.skip("a small file system can be mounted by root alone")
    with tempfile.TemporaryDirectory(prefix="ep-") as folder:
        Path(folder).chmod(0o755)
        disk = Path(folder) / "disk"
        disk.mkdir()
        command = [mount, "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(disk)]
        if subprocess.run(command, capture_output=True, check=False).returncode != 0:
            pytest.skip("this machine lets nobody mount a file system")
        try:
            yield disk
        finally:
            subprocess.run([umount, "--lazy", str(disk)], check=True)


def fill(disk):
    """Write until nothing more fits."""
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file:
        block = 1 << 16
        while block:
            try:
                file.write(b"\0" * block)
            except OSError:
                block >>= 1
    return filler


def test_a_disk_that_is_really_full_is_said_and_nothing_is_half_written(site):
    with a_small_disk() as disk:
        own = disk / "space"
        own.mkdir()
        shutil.chown(own, site.place.folder.owner())
        with psycopg.connect(site.place.address, autocommit=True) as connection:
            connection.execute(f"create tablespace small location '{own}'".encode())
            connection.execute("alter table journal_entry set tablespace small")
        filler = fill(disk)
        acknowledged, refused = [], None
        for number in range(400):
            answer = site.records(f"full-{number}")
            if answer[0] != 201:
                refused = f"full-{number}"
                break
            acknowledged.append(f"full-{number}")
        assert refused, "the disk was never full"
        says_so(answer)
        assert [site.times(name) for name in acknowledged] == [1] * len(acknowledged)
        assert site.times(refused) == 0
        filler.unlink()
        assert site.records(refused)[0] == 201
        assert site.times(refused) == 1
        with psycopg.connect(site.place.address, autocommit=True) as connection:
            connection.execute("alter table journal_entry set tablespace pg_default")
            connection.execute("drop tablespace small")

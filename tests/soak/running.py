"""A site of real processes on a real PostgreSQL, for tests that kill them: everything is thrown away at the end."""

import http.cookiejar
import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
import warnings
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg

from earlyphase.protocol.library import known_studies
from earlyphase.store.server import database

PASSWORD = "a long pass phrase"  # noqa: S105 - a test's
SECRET = "only-for-tests-" * 5
STUDY = next(iter(known_studies()))
PERSON = "li.wei"
PATIENCE = 40
"""Seconds after which a process that does not answer has failed."""


def _await_end(number):
    """Wait until a process that was killed runs no more."""
    for _ in range(PATIENCE * 100):
        try:
            state = Path(f"/proc/{number}/stat").read_text("utf-8").rpartition(")")[2].split()[0]
        except OSError:
            return
        if state in "ZX":
            return
        time.sleep(0.01)


class Database:
    """An embedded PostgreSQL that can be killed."""

    def __init__(self, folder):
        self.folder = folder
        self.address = f"postgresql://postgres:@/postgres?host={folder}"

    def process(self):
        """Give the number of the server's first process."""
        return int((self.folder / "postmaster.pid").read_text("utf-8").split()[0])

    def kill_first(self):
        """End the server's first process: the others notice it and end themselves."""
        first = self.process()
        os.kill(first, signal.SIGKILL)
        _await_end(first)

    def kill(self):
        """End the server and all its processes as a power cut does."""
        first = self.process()
        children = Path(f"/proc/{first}/task/{first}/children").read_text("utf-8").split()
        for number in (first, *map(int, children)):
            with suppress(ProcessLookupError):
                os.kill(number, signal.SIGKILL)
        for number in (first, *map(int, children)):
            _await_end(number)

    def comes_back(self):
        """Wait until it answers again: whoever opened it starts it, and it recovers from its log."""
        for _ in range(PATIENCE * 5):
            with suppress(psycopg.OperationalError), psycopg.connect(self.address):
                return
            time.sleep(0.2)
        raise TimeoutError("PostgreSQL did not start again")


@contextmanager
def a_database():
    """Open an embedded PostgreSQL; nothing is weaker than in a site: what is acknowledged is on disk."""
    with tempfile.TemporaryDirectory(prefix="ep-", ignore_cleanup_errors=True) as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = Database((Path(folder) / "pg").resolve())
        with database(None, found.folder):
            yield found


@contextmanager
def a_site_of_its_own():
    """Run one process of a site that brings its own database; give it, its database and a token."""
    with tempfile.TemporaryDirectory(prefix="ep-", ignore_cleanup_errors=True) as folder:
        place = Database(Path(folder).resolve() / "database")
        own = {"DATABASE_URL": "", "EARLYPHASE_API_REQUESTS": "1000000"}
        token = set_up(place, **own)
        site = Process(place, **own)
        try:
            yield site.start(), place, token
        finally:
            site.end()


def environment(place, **more):
    """Give the environment of a site for this machine alone."""
    kept = {
        name: value for name, value in os.environ.items() if name in ("PATH", "PYTHONPATH", "HOME", "LANG", "TMPDIR")
    }
    given = {"DATABASE_URL": place.address, "EARLYPHASE_SECRET_KEY": SECRET, "EARLYPHASE_DEBUG": "1"}
    return kept | given | {"EARLYPHASE_STUDIES": STUDY, "EARLYPHASE_DATA": str(place.folder.parent)} | more


def command(place, *arguments, **more):
    """Run a command of the site and give its answer."""
    done = subprocess.run(
        [sys.executable, "-m", "earlyphase.cli.main", *arguments, "--json"],
        env=environment(place, EARLYPHASE_PASSWORD=PASSWORD, **more),
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
        stdin=subprocess.DEVNULL,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def set_up(place, **more):
    """Make the first person, and a token to act as that person."""
    role = ("--study", STUDY, "--role", "investigator")
    command(place, "init", "--user", PERSON, "--name", "Li Wei", *role, **more)
    return command(place, "token", "add", PERSON, "--study", STUDY, "--name", "soak", **more)["token"]


class Process:
    """One process of the site."""

    def __init__(self, place, **more):
        self.place, self.more, self.running = place, more, None
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            self.port = taken.getsockname()[1]
        self.address = f"http://localhost:{self.port}"
        self.log = place.folder.parent / f"{self.port}.log"

    def start(self):
        """Start it and wait until it is ready."""
        with self.log.open("ab") as log:
            self.running = subprocess.Popen(
                [sys.executable, "-m", "earlyphase.cli.main", "serve", "--port", str(self.port), "--json"],
                env=environment(self.place, **self.more),
                stdout=subprocess.DEVNULL,
                stderr=log,
                start_new_session=True,
            )
        for _ in range(PATIENCE * 5):
            with suppress(OSError), urllib.request.urlopen(f"{self.address}/ready", timeout=5):  # noqa: S310 - our own
                return self
            time.sleep(0.2)
        said = self.log.read_text("utf-8")[-2000:]
        raise TimeoutError(f"{self.address} was not ready within {PATIENCE} s: {said}")

    def kill(self):
        """End it and its workers without a word."""
        os.killpg(self.running.pid, signal.SIGKILL)
        self.running.wait(timeout=PATIENCE)

    def end(self):
        """Ask it to end, as whoever runs it does, and with it the database that it has started."""
        self.running.terminate()
        self.running.wait(timeout=PATIENCE)

    def stop(self):
        """End it at the end of a test."""
        if self.running is not None and self.running.poll() is None:
            self.kill()


@contextmanager
def processes(place, count, **more):
    """Run several processes of one site."""
    made = [Process(place, **more) for _ in range(count)]
    try:
        yield [one.start() for one in made]
    finally:
        for one in made:
            one.stop()


def asks(address, path, token, body=None, key=None):
    """Ask the interface; give the status, the headers and the answer."""
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    if key:
        headers["Idempotency-Key"] = key
    content = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"{address}/api/studies/{STUDY}/{path}", content, headers)  # noqa: S310 - our own
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310 - as above
            return answer.status, answer.headers, json.loads(answer.read())
    except urllib.error.HTTPError as fault:
        return fault.code, fault.headers, json.loads(fault.read() or b"null")


class Browser:
    """A browser that keeps its cookies, whichever process it asks."""

    def __init__(self):
        self.jar = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar))

    def get(self, address):
        """Ask for a page; give the status, the address where it ended, and the text."""
        try:
            with self.opener.open(address, timeout=30) as answer:
                return answer.status, answer.url, answer.read().decode()
        except urllib.error.HTTPError as fault:
            return fault.code, fault.url, fault.read().decode()

    def logs_in(self, address, user=PERSON, password=PASSWORD):
        """Fill in the form of the log-in."""
        _, _, page = self.get(f"{address}/account/log-in/")
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        fields = {"csrfmiddlewaretoken": token[1] if token else "", "login": user, "password": password}
        content = urllib.parse.urlencode(fields).encode()
        request = urllib.request.Request(f"{address}/account/log-in/", content, {"Referer": address})  # noqa: S310
        try:
            with self.opener.open(request, timeout=30) as answer:
                return answer.status, answer.url
        except urllib.error.HTTPError as fault:
            return fault.code, fault.url

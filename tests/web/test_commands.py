"""Setting up a site, adding and deactivating people, and serving, from the command line."""

import json
import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from functools import partial

import pytest

from earlyphase.protocol.library import known_studies

SOON = 60
"""Seconds after which a server that does not answer has failed."""


def environment(folder, **more):
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG", "TMPDIR")}
    return kept | {"EARLYPHASE_DATA": str(folder)} | more


def run(folder, *arguments, **more):
    return subprocess.run(
        [sys.executable, "-m", "earlyphase.cli.main", *arguments],
        env=environment(folder, **more),
        capture_output=True,
        text=True,
        check=False,
        timeout=SOON,
        stdin=subprocess.DEVNULL,
    )


def test_a_site_is_set_up_once_and_people_come_and_go(tmp_path, own_database):
    study = next(iter(known_studies()))
    here = partial(run, tmp_path, DATABASE_URL=own_database)
    first = ("init", "--user", "li.wei", "--name", "Li Wei", "--study", study, "--json")
    assert "EARLYPHASE_PASSWORD" in here(*first).stderr
    assert here(*first, EARLYPHASE_PASSWORD="short").returncode == 2
    assert not (tmp_path / "site.env").exists()
    done = here(*first, EARLYPHASE_PASSWORD="a long pass phrase")
    assert done.returncode == 0, done.stderr
    settings = tmp_path / "site.env"
    assert json.loads(done.stdout) == {"settings": str(settings)}
    assert settings.stat().st_mode & 0o077 == 0
    again = here(*first, EARLYPHASE_PASSWORD="a long pass phrase")
    assert (again.returncode, "set up already" in again.stderr) == (2, True)
    added = ("person", "add", "ann.li", "--name", "Ann Li", "--study", study, "--role")
    assert "is not a role" in here(*added, "boss", EARLYPHASE_PASSWORD="a long pass phrase").stderr
    assert here(*added, "coordinator", EARLYPHASE_PASSWORD="a long pass phrase").returncode == 0
    granted = here("person", "grant", "ann.li", "--study", study, "--role", "monitor", "--json")
    assert json.loads(granted.stdout) == {"user": "ann.li", "study": study, "role": "monitor"}
    journal = tmp_path / "out.jsonl"
    assert here("journal", "export", study, "--journal", str(journal)).returncode == 0
    entries = [json.loads(line) for line in journal.read_text("utf-8").splitlines()]
    assert [(entry["record"], entry["role"]) for entry in entries] == [
        ("role_granted/1", "administrator"),
        ("role_granted/1", "administrator"),
        ("role_ended/1", "administrator"),
        ("role_granted/1", "administrator"),
    ]
    reset = json.loads(here("person", "reset", "ann.li", "--because", "Forgot it.", "--json").stdout)
    assert re.fullmatch(r"([a-z2-9]{5}-){3}[a-z2-9]{5}", reset["first_password"])
    assert here("person", "deactivate", "ann.li").returncode == 0
    assert "is nobody's" in here("person", "deactivate", "bob").stderr


def test_without_a_site_nothing_is_served(tmp_path):
    answer = run(tmp_path, "serve")
    assert (answer.returncode, "Run `earlyphase init`" in answer.stderr) == (2, True)


def test_the_demonstration_is_served_and_thrown_away(tmp_path):
    port = free_port()
    command = [sys.executable, "-m", "earlyphase.cli.main", "serve", "--demo", "--port", str(port), "--json"]
    with subprocess.Popen(command, env=environment(tmp_path), stdout=subprocess.PIPE, text=True) as server:
        try:
            told = json.loads(server.stdout.readline())
            page = answer_of(f"{told['address']}account/log-in/")
        finally:
            server.terminate()
    assert told == {"address": f"http://localhost:{port}/", "demonstration": True}
    assert "Demonstration: virtual participants only." in page
    assert re.findall(r"<dt><code>(\w+)</code>", page)[:2] == ["investigator", "coordinator"]
    assert list(tmp_path.iterdir()) == []


def test_the_demonstration_ends_with_its_board_and_is_thrown_away(tmp_path):
    port = free_port()
    command = [sys.executable, "-m", "earlyphase.cli.main", "demo", "--out", str(tmp_path / "out"), "--serve"]
    settings = environment(tmp_path / "data", TERM="dumb")
    with subprocess.Popen(
        [*command, "--port", str(port)], env=settings, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as demo:
        try:
            said = _until(demo.stdout, "password:")
            page = answer_of(f"http://localhost:{port}/account/log-in/")
        finally:
            demo.terminate()
    assert f"The board is at http://localhost:{port}/" in said
    assert "the board answers." in " ".join(said.split())
    assert "Demonstration: virtual participants only." in page
    assert not (tmp_path / "data").exists()


def _until(lines, word):
    said = ""
    while word not in said:
        line = lines.readline()
        if not line:
            break
        said += line
    return said


def test_a_port_that_is_taken_is_named():
    from earlyphase.cli.demonstration_site import free_port as found_port
    from earlyphase.faults import InvalidInput

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(InvalidInput, match="is taken by another program"):
            found_port(taken.getsockname()[1])
    assert found_port(None) in range(8000, 8100)


def answer_of(address):
    for _ in range(SOON * 4):
        try:
            with urllib.request.urlopen(address) as answer:  # noqa: S310 - our own server
                return answer.read().decode()
        except urllib.error.URLError:
            time.sleep(0.25)
    return pytest.fail(f"{address} did not answer within {SOON} s")


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


BEHIND_A_PROXY = """
import os
from earlyphase.store.server import prepare
prepare(os.environ["DATABASE_URL"])
from earlyphase.web.start import configure, prepare_tables
configure()
prepare_tables()
from django.test import Client
plain = Client(SERVER_NAME="ctu.example.org").get("/account/log-in/")
print(plain.status_code, plain.headers["Location"])
answer = Client(SERVER_NAME="ctu.example.org", HTTP_X_FORWARDED_PROTO="https").get("/account/log-in/")
print(answer.status_code, answer.headers["Strict-Transport-Security"], bool(answer.cookies["csrftoken"]["secure"]))
print(Client(SERVER_NAME="evil.example.org", HTTP_X_FORWARDED_PROTO="https").get("/").status_code)
"""


def test_a_site_with_a_name_speaks_https_alone(tmp_path, own_database):
    settings = {
        "EARLYPHASE_SECRET_KEY": "a-secret-of-tests-" * 4,
        "EARLYPHASE_HOSTS": "ctu.example.org",
        "EARLYPHASE_PROXY": "1",
    }
    done = subprocess.run(
        [sys.executable, "-c", BEHIND_A_PROXY],
        env=environment(tmp_path, DATABASE_URL=own_database, **settings),
        capture_output=True,
        text=True,
        check=True,
        timeout=SOON,
    )
    assert done.stdout.splitlines() == [
        "301 https://ctu.example.org/account/log-in/",
        "200 max-age=31536000; includeSubDomains True",
        "400",
    ]

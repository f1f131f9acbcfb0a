"""The check of dependencies fails for a known weakness, and says clearly where nothing could be audited."""

import http.server
import json
import socket
import sys
import threading

import pytest
from tests.docs.test_requirements import tool

AUDIT = tool("audit")
verdict = AUDIT.verdict
SOUND = {"name": "django", "version": "5.2", "vulns": []}
WEAK = SOUND | {"vulns": [{"id": "PYSEC-1", "fix_versions": ["5.2.1"]}]}
UNKNOWN = {"name": "typst", "skip_reason": "not found"}


@pytest.mark.parametrize(
    ("dependencies", "says", "fails"),
    [
        ([SOUND, UNKNOWN], "1 dependencies audited, no known weakness; 1 could not be looked up.", False),
        ([SOUND, WEAK], "django 5.2: PYSEC-1, fixed in 5.2.1", True),
        ([UNKNOWN], "Not audited: the service has no advisories of any of the 1 dependencies", False),
    ],
)
def test_the_verdict_on_what_was_found(dependencies, says, fails):
    found = verdict({"dependencies": dependencies})
    assert found.lines[0].startswith(says)
    assert found.fails is fails


def test_without_an_answer_nothing_was_audited_and_nothing_fails():
    found = verdict(None, "trace\nConnectionError: no route to host")
    assert found.lines == ("Not audited: the advisories could not be reached (ConnectionError: no route to host).",)
    assert not found.fails


class Advisories(http.server.BaseHTTPRequestHandler):
    """Answers as OSV does: there is one advisory, and it is of Django."""

    def do_POST(self):
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        weak = asked["package"]["name"].lower() == "django"
        affected = [
            {
                "package": {"name": "django", "ecosystem": "PyPI"},
                "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "99.1"}]}],
            }
        ]
        found = [{"id": "PYSEC-0", "summary": "x", "details": "x", "affected": affected}] if weak else []
        content = json.dumps({"vulns": found} if found else {}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_):
        """Say nothing."""


@pytest.fixture
def service():
    """Give the address of a service of advisories on this machine."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Advisories) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/v1/query"
        server.shutdown()


@pytest.fixture
def audited(tmp_path, monkeypatch, capsys):
    """Give a function that audits pinned dependencies with the program itself: its exit code and what it says."""

    def of(requirements, address):
        pinned = tmp_path / "requirements.txt"
        lines = (f"{one} --hash=sha256:{'0' * 64}\n" for one in requirements)
        pinned.write_text("".join(lines), "utf-8")
        monkeypatch.setattr(AUDIT, "REQUIREMENTS", pinned)
        monkeypatch.setattr(sys, "argv", ["audit", "--osv", address])
        return AUDIT.main(), capsys.readouterr().out

    return of


def test_a_weak_dependency_fails_the_check_where_the_advisories_are_reached(service, audited):
    code, said = audited(["django==5.2", "lark==1.2.2"], service)
    assert code == 1
    assert said.startswith("django 5.2: PYSEC-0, fixed in 99.1")


def test_sound_dependencies_pass_it(service, audited):
    code, said = audited(["lark==1.2.2"], service)
    assert (code, said) == (0, "1 dependencies audited, no known weakness.\n")


def test_where_nobody_answers_it_says_that_nothing_was_audited(audited):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        nobody = f"http://127.0.0.1:{taken.getsockname()[1]}/v1/query"
        code, said = audited(["lark==1.2.2"], nobody)
    assert code == 0
    assert said.startswith("Not audited: the advisories could not be reached")

"""What those who run a site rely on: probes, metrics, logs without personal data, limits, who may reach what."""

import io
import json
import logging
import re

import pytest
from tests.web.test_api import by

from earlyphase.study.roles import ACTS, ON_ACCOUNTS, Role

TOKEN = "m" * 40


def anonymous(**headers):
    from django.test import Client

    return Client(SERVER_NAME="localhost", headers=headers)


def test_health_asks_nothing_and_ready_asks_for_database_tables_and_studies(begun):
    from django.test import Client

    probe = Client(SERVER_NAME="10.0.0.7")
    assert probe.get("/health").json() == {"alive": True}
    assert probe.get("/ready").json() == {
        "ready": True,
        "checks": {"database": True, "tables": True, "studies": True},
    }


def test_a_process_whose_tables_are_behind_is_not_ready(begun, monkeypatch):
    from earlyphase.web.operations import probes

    monkeypatch.setattr(probes, "known_steps", lambda: frozenset({("people", "9999_later")}))
    answer = anonymous().get("/ready")
    assert (answer.status_code, answer.json()["checks"]["tables"]) == (503, False)


def test_metrics_are_for_the_token_of_the_settings_alone(begun, django, monkeypatch):
    assert anonymous().get("/metrics").status_code == 404
    monkeypatch.setattr(django, "EARLYPHASE_METRICS_TOKEN", TOKEN)
    assert anonymous().get("/metrics").status_code == 404
    assert anonymous(Authorization="Bearer wrong").get("/metrics").status_code == 404
    assert begun.browser("sponsor").get("/metrics").status_code == 404
    begun.sees("monitor", "participants/001/")
    text = anonymous(Authorization=f"Bearer {TOKEN}").get("/metrics").content.decode()
    assert re.search(r'earlyphase_requests_total\{method="GET",route="studies/<str:study>/.*",status="200"\} \d', text)
    assert begun.name not in text
    assert not any("001" in label for label in re.findall(r'"([^"]*)"', text))


@pytest.fixture
def logged(django):
    """Give what is logged from now on."""
    from earlyphase.web.operations.logs import NothingPersonal

    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(NothingPersonal())
    loggers = [logging.getLogger(name) for name in ("earlyphase", "django", "")]
    for one in loggers:
        one.addHandler(handler)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    for one in loggers:
        one.removeHandler(handler)


def test_a_request_is_logged_without_names_numbers_and_what_was_typed(begun, logged):
    begun.types("coordinator", "participants/001/record/visit/", on="2026-01-07", name="A rare disease of Mr Li")
    by(begun, "coordinator").records("visit", "001", on="2026-01-07", name="A rare disease of Mr Li")
    by(begun, "coordinator").records("visit", "001", on="not a day", name="A rare disease of Mr Li")
    lines = logged()
    assert [one["status"] for one in lines] == [302, 201, 422]
    assert set(lines[0]) == {"time", "level", "logger", "event", "request", "method", "route", "status", "milliseconds"}
    text = json.dumps(lines)
    for personal in ("Li", "disease", "001", "Coordinator", "coordinator", begun.name, "2026-01-07", "not a day"):
        assert personal not in text, personal


class ManyError(Exception):
    """An error that carries what it was about in several places."""


def of_many():
    """Give an error whose cause, context, notes and group name somebody."""
    fault = ManyError("Mr Li", {"participant": "Mr Li"})
    fault.add_note("it was Mr Li")
    fault.__cause__ = KeyError("Mr Li")
    return ExceptionGroup("about Mr Li", [fault, ValueError("Mr Li")])


@pytest.mark.parametrize(
    ("fault", "kind"),
    [(RuntimeError("participant 001 is Mr Li"), "builtins.RuntimeError"), (of_many(), "builtins.ExceptionGroup")],
    ids=["one", "many"],
)
def test_an_error_is_logged_by_its_kind_and_place_and_not_by_its_words(begun, logged, monkeypatch, fault, kind):
    from django.test import Client

    from earlyphase.web.views import board

    def fails(*_):
        raise fault

    monkeypatch.setattr(board, "escalation", fails)
    client = Client(SERVER_NAME="localhost", raise_request_exception=False)
    client.force_login(begun.people["monitor"], backend="django.contrib.auth.backends.ModelBackend")
    answer = client.get(begun.path())
    lines = logged()
    assert answer.status_code == 500
    errors = [one for one in lines if "error" in one]
    assert errors[0]["error"] == kind
    assert any("views/board.py" in frame for frame in errors[0]["frames"])
    assert "Mr Li" not in json.dumps(lines)


def test_no_logger_is_without_a_handler_so_that_python_never_writes_a_message_as_it_is():
    from earlyphase.web.operations.logs import logging_of

    given = logging_of()
    assert all(one["handlers"] for one in (given["root"], *given["loggers"].values()))
    assert {one.get("formatter") for name, one in given["handlers"].items() if name != "nowhere"} == {"json"}


def test_an_address_that_asks_too_often_without_logging_in_is_held_back(django, people, monkeypatch):
    monkeypatch.setattr(django, "EARLYPHASE_ANONYMOUS_REQUESTS", 3)
    client = anonymous()
    answers = [client.get("/account/log-in/", REMOTE_ADDR="192.0.2.7") for _ in range(8)]
    assert (answers[0].status_code, answers[-1].status_code) == (200, 429)
    assert 1 <= int(answers[-1].headers["Retry-After"]) <= 60
    assert client.get("/account/log-in/", REMOTE_ADDR="192.0.2.8").status_code == 200


FILL = {
    "study": lambda study: study.name,
    "number": lambda _: "001",
    "record": lambda _: "visit",
    "field": lambda _: "name",
    "seq": lambda study: str(study.entries()[-1].seq),
    "path": lambda _: "web/page.css",
}


def filled(path, study):
    """Give an address of which the holes are filled with what there is."""
    whole = re.sub(r"<int:number>", str(study.entries()[-1].seq), path)
    return re.sub(r"<(?:\w+:)?(\w+)>", lambda hole: FILL.get(hole[1], lambda _: "1")(study), whole)


def lets_in(answer):
    """Say whether an address let its visitor in: it sent nobody to the log-in, and did not say that it is not there."""
    to_log_in = answer.status_code == 302 and "/account/log-in/" in answer.headers["Location"]
    return not to_log_in and answer.status_code not in (401, 404)


def test_each_address_lets_in_exactly_whom_the_list_says(begun, django, monkeypatch):
    from earlyphase.web import access
    from earlyphase.web.operations.routes import Reach, routes

    monkeypatch.setattr(django, "EARLYPHASE_METRICS_TOKEN", TOKEN)
    members = []
    asked_first = access.member_of
    monkeypatch.setattr(access, "member_of", lambda *who: members.append(asked_first(*who)) or members[-1])
    visitors = {"anonymous": anonymous(), **{name: begun.browser(name) for name in (*Role, "stranger")}}
    wrong = []
    for route in routes():
        path = filled(route.path, begun)
        if route.path.startswith(("/registry/records/", "/account/", "/static/")):
            continue  # a record that is not there, a file; the next test speaks of the log-in
        asked = "POST" if "GET" not in route.methods and "POST" in route.methods else "GET"
        for name, client in visitors.items():
            members.clear()
            answer = client.generic(asked, path)
            inside = members[0] is not None if members else lets_in(answer)  # a page may be there, and its part not
            expected = {
                Reach.EVERYBODY: True,
                Reach.LOGGED_IN: name != "anonymous",
                Reach.TEAM: name in tuple(Role),
                Reach.TOKEN: False,
                Reach.METRICS: False,
            }[route.reach]
            if inside != expected:
                wrong.append((route.path, name, answer.status_code, route.reach))
    assert wrong == [], "\n".join(sorted({f"{path} {status} {reach}" for path, _, status, reach in wrong}))


def test_the_steps_of_the_log_in_turn_away_whom_the_list_says(begun):
    from earlyphase.web.operations.routes import Reach, routes

    account = [one for one in routes() if one.path.startswith("/account/")]
    assert {one.path for one in account if one.reach is Reach.EVERYBODY} <= {"/account/log-in/", "/account/inactive/"}
    for route in account:
        let_in = lets_in(anonymous().get(route.path))
        assert route.reach is Reach.EVERYBODY or not let_in or route.name == "account_logout", route


def test_the_list_names_the_roles_of_each_record(django):
    from earlyphase.web.operations.routes import acts

    table = {kind.record: allowed for kind, allowed in ACTS.items()} | {
        act.value: allowed for act, allowed in ON_ACCOUNTS.items()
    }
    assert acts() == {name: tuple(role.value for role in Role if role in allowed) for name, allowed in table.items()}


def test_a_view_without_a_guard_is_listed_as_open(django):
    from earlyphase.web.operations.routes import Reach, _guarded

    assert _guarded(lambda _request: None, "/new/")[1] is Reach.EVERYBODY


@pytest.mark.parametrize("role", tuple(Role))
def test_no_page_of_the_team_lets_a_stranger_know_that_the_study_is_there(begun, role):
    hidden = begun.sees("stranger")
    none = begun.browser("stranger").get("/studies/NOSUCH/")
    assert (hidden.status_code, none.status_code) == (404, 404)
    assert begun.sees(role).status_code == 200

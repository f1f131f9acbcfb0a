"""What the interface says of itself, and how it says no: one shape, with place, value, rule and remedy."""

import pytest
from tests.builders import day
from tests.web.test_api import Program

from earlyphase.journal.payloads import TYPES
from earlyphase.study.roles import ACTS, Role


def test_an_example_of_every_record_is_described_and_fits_what_the_record_takes(begun):
    from earlyphase.web.api.description import examples
    from earlyphase.web.api.writing import IN_A_BROWSER

    assert {kind.record for kind in TYPES} - IN_A_BROWSER == set(examples())
    for kind in TYPES:
        if kind.record not in IN_A_BROWSER:
            role = next(role for role in Role if role in ACTS[kind])
            answer = Program(begun, role).sends(f"records/{kind.record}", examples()[kind.record])
            assert answer.status_code in (201, 409), answer.content


def test_a_key_is_described_as_needed_and_every_no_has_its_status(begun):
    from django.test import Client

    described = Client(SERVER_NAME="localhost").get("/api/openapi.json").json()["paths"]
    visit = described["/api/studies/{study}/records/visit"]["post"]
    key = next(one for one in visit["parameters"] if one["name"] == "Idempotency-Key")
    assert key["required"] is True
    assert {"400", "401", "403", "404", "409", "413", "422", "429", "500", "503"} <= set(visit["responses"])


def test_every_field_that_does_not_fit_is_named_with_its_value(begun):
    answer = Program(begun, "coordinator").asks("entries", after="x", limit="9999").json()
    assert [(one["place"], one["value"]) for one in answer["reasons"]] == [
        ("query.after", "x"),
        ("query.limit", "9999"),
    ]
    wrong = Program(begun, "coordinator").asks("status", as_of="yesterday").json()
    assert wrong["reasons"][0]["place"] == "as_of"
    assert wrong["reasons"][0]["remedy"] == wrong["remedy"]
    no_json = Program(begun, "coordinator").sends("records/visit", b"{").json()
    assert (no_json["reasons"][0]["place"], no_json["remedy"]) == ("body", "Send JSON in UTF-8.")


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("get", "/api/nowhere", 404),
        ("delete", "/api/studies", 405),
        ("put", "/api/studies/S/status", 405),
        ("get", "/registry/records/NCT99999999/?format=json", 404),
        ("post", "/registry/?format=json", 405),
        ("get", "/registry/?format=json&page=x", 400),
    ],
)
def test_every_no_to_a_program_has_one_shape(django, method, path, status):
    from django.test import Client

    answer = getattr(Client(SERVER_NAME="localhost"), method)(path)
    assert answer.status_code == status
    assert set(answer.json()) == {"status", "what", "remedy", "reasons"}
    assert answer.json()["status"] == status
    if status == 405:
        assert answer["Allow"] in answer.json()["remedy"]


def test_a_body_that_is_too_large_is_told_as_such(begun):
    answer = Program(begun, "coordinator").sends("records/visit", b" " * 3_000_000)
    assert (answer.status_code, answer.json()["status"]) == (413, 413)


def test_who_has_an_answer_already_is_not_sent_it_again(begun):
    program = Program(begun, "coordinator")
    for path in ("participants", "journal", "team"):
        first = program.asks(path)
        again = program.asks(path, known=first["ETag"])
        assert (first.status_code, again.status_code, again.content) == (200, 304, b"")
        assert "no-store" in first["Cache-Control"]
    program.records("visit", "001", on=day(1).isoformat(), name="Day 7")
    assert program.asks("participants", known=program.asks("journal")["ETag"]).status_code == 200
    assert program.asks("journal", known=first["ETag"]).status_code == 200


def test_what_the_pages_of_conduct_show_can_be_asked_for(a_study):
    study = a_study()
    study.before.treats("001", day(30))
    study.opens()
    program = Program(study, "monitor")
    assert {one["person"] for one in program.asks("team").json()["delegation_log"]} == set(Role)
    found = program.asks("data").json()
    assert found["completeness"][0]["participant"] == "001"
    assert found["source_verification"][0]["verified"] == 0
    assert program.asks("signatures").json()["signatures"] == []
    assert program.asks("decisions").json()["decisions"] == []
    assert [one["mtd"] for one in program.asks("design").json()["curves"]]
    whole = program.asks("participants/001/whole").json()
    assert [one["seq"] for one in whole["entries"]] == [one.seq for one in study.journal() if one.participant == "001"]
    assert whole["entries"][0]["hash"] == next(one for one in study.journal() if one.participant == "001").hash
    assert program.asks("participants/999/whole").status_code == 404

"""The interface for programs: by token, with the same rights, rules and refusals as the pages."""

import datetime as dt
import json
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from tests.builders import CRITERIA, day

from earlyphase.journal.payloads import TYPES
from earlyphase.study.roles import ACTS, Role


class Program:
    """A program that acts for a person with a token."""

    def __init__(self, study, role, **changes):
        from earlyphase.web.api.tokens import issue
        from earlyphase.web.clock import now

        self.study, self.keys = study, 0
        made, self.secret = issue(study.people[role], study.name, "a test", changes.pop("days", 30), now())
        self.number = made.pk

    def asks(self, path, known="", **query):
        shown = {"If-None-Match": known} if known else {}
        return self._client().get(self._path(path), query, headers=self._headers() | shown)

    def sends(self, path, body, key=None, **headers):
        self.keys += 1
        given = self._headers() | {"Idempotency-Key": key or f"{self.number}-{self.keys}"} | headers
        content = body if isinstance(body, bytes) else json.dumps(body)
        return self._client().post(self._path(path), content, content_type="application/json", headers=given)

    def records(self, record, participant=None, key=None, **payload):
        return self.sends(f"records/{record}", {"participant": participant, "payload": payload}, key)

    def _path(self, path):
        return f"/api/studies/{self.study.name}/{path}" if path != "studies" else "/api/studies"

    def _headers(self):
        return {"Authorization": f"Bearer {self.secret}"}

    def _client(self):
        from django.test import Client

        return Client(SERVER_NAME="localhost", enforce_csrf_checks=True)


def visits(study):
    return sum(one.record == "visit/1" for one in study.entries())


def by(study, role):
    return Program(study, role)


def test_without_a_token_nothing_is_told_and_a_cookie_opens_nothing(begun):
    from django.test import Client

    assert Client(SERVER_NAME="localhost").get(f"/api/studies/{begun.name}/status").status_code == 401
    logged_in = begun.browser("coordinator").get(f"/api/studies/{begun.name}/status")
    assert logged_in.status_code == 401
    assert "earlyphase token add" in logged_in.json()["remedy"]


def test_a_token_is_kept_as_a_digest_and_ends(begun):
    from earlyphase.web.api.models import Token
    from earlyphase.web.api.tokens import revoke, token_of
    from earlyphase.web.clock import now

    program = by(begun, "monitor")
    kept = Token.objects.get(pk=program.number)
    assert program.secret not in str(vars(kept))
    assert token_of(program.secret, now() + dt.timedelta(31)) is None
    assert program.asks("status").status_code == 200
    revoke(program.number, now())
    assert program.asks("status").status_code == 401


def test_a_token_opens_one_study_and_ends_with_the_person(a_study, django):
    from earlyphase.web.people.team import add_person, give_role

    one, other = a_study().opens(), a_study().opens()
    leaving = add_person(f"leaving.{one.name.lower()}", f"Lea Ving {one.name}", "correct horse battery")
    give_role(leaving, one.name, "monitor")
    one.people = {**one.people, "leaving": leaving}
    program = Program(one, "leaving")
    assert program.asks("status").status_code == 200
    program.study = other
    assert program.asks("status").status_code == 404
    program.study = one
    leaving.deactivate()
    assert program.asks("status").status_code == 401


@pytest.mark.parametrize("role", tuple(Role))
def test_a_role_may_do_over_the_interface_what_the_table_says_and_nothing_else(begun, role):
    before, program = begun.entries(), by(begun, role)
    refused = set()
    for kind in TYPES:
        answer = program.records(kind.record, "001" if kind.about == "participant" else None, purpose="nonsense")
        assert answer.status_code in (403, 409, 422), answer.content
        body = answer.json()
        if answer.status_code == 403 and any(one["rule"] == "role" for one in body["reasons"]):
            refused.add(kind)
    allowed = {kind for kind in TYPES if role in ACTS[kind]}
    assert not refused & allowed
    assert begun.entries() == before


def test_a_role_that_may_not_is_told_who_may(begun):
    answer = by(begun, "monitor").records("visit", "001", on=day(1).isoformat(), name="Day 7")
    assert answer.status_code == 403
    reason = answer.json()["reasons"][0]
    assert (reason["rule"], reason["remedy"]) == ("role", "Ask one of them.")
    assert "coordinator" in reason["what"]


def test_what_is_recorded_is_on_the_pages_at_once(begun):
    answer = by(begun, "coordinator").records("visit", "001", on=day(1).isoformat(), name="Day 7")
    assert answer.status_code == 201, answer.content
    entry = answer.json()["entry"]
    assert (entry["record"], entry["recorded_by"], entry["payload"]["name"]) == ("visit/1", "The Coordinator", "Day 7")
    assert b"Day 7" in begun.sees("monitor", "participants/001/").content
    assert begun.entries()[-1].hash == answer.json()["head"]


def test_a_slot_can_be_taken_over_the_interface(begun):
    verdicts = [
        {"criterion": name, "verdict": "met" if kind == "inclusion" else "not met"} for name, kind, _, _ in CRITERIA
    ]
    investigator, coordinator = by(begun, "investigator"), by(begun, "coordinator")
    on = day(1).isoformat()
    confirmed = investigator.records("eligibility_confirmed", "001", on=on, stage="enrolment", verdicts=verdicts)
    assert confirmed.status_code == 201, confirmed.content
    assert coordinator.records("enrolment", "001", on=on).status_code == 201
    assert coordinator.asks("participants").json()["participants"][0]["enrolled_on"] == on


def test_a_refusal_says_what_and_what_to_do_as_on_the_command_line(begun):
    refused = begun.before.enrols("001", day(1))
    answer = by(begun, "coordinator").records("enrolment", "001", on=day(1).isoformat())
    assert answer.status_code == 409
    told = [(one["what"], one["remedy"]) for one in answer.json()["reasons"]]
    assert told == [(one.message, one.remedy) for one in refused.reasons]


def test_an_invalid_field_is_named(begun):
    answer = by(begun, "coordinator").records("visit", "001", on="2026-02-31", name="Day 7")
    assert (answer.status_code, "field on" in answer.json()["what"]) == (422, True)
    assert begun.entries()[-1].record == "consent/1"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'"text"',
        b"\xff\xfe",
        b'{"participant":"001","payload":{"on":"2026-01-07","name":"a\\u0000b"}}',
        b'{"participant":"001","payload":{"on":"2026-01-07","name":"\\ud800"}}',
        b'{"participant":"001","payload":{"on":"2026-01-07","name":1e999}}',
        b'{"participant":"001\\n","payload":{}}',
        b'{"payload":' + b"[" * 5000 + b"]" * 5000 + b"}",
    ],
)
def test_a_body_that_cannot_be_read_is_refused_without_a_trace(begun, body):
    answer = by(begun, "coordinator").sends("records/visit", body)
    assert answer.status_code == 422, answer.content
    assert answer.json()["what"]
    assert begun.entries()[-1].record == "consent/1"


def test_the_same_request_again_has_the_same_answer_and_is_recorded_once(begun):
    program = by(begun, "coordinator")
    first = program.records("visit", "001", "key-1", on=day(1).isoformat(), name="Day 7")
    again = program.records("visit", "001", "key-1", on=day(1).isoformat(), name="Day 7")
    assert (first.status_code, first.content) == (again.status_code, again.content)
    assert visits(begun) == 1


def test_another_request_under_the_same_key_is_refused(begun):
    program = by(begun, "coordinator")
    program.records("visit", "001", "key-2", on=day(1).isoformat(), name="Day 7")
    other = program.records("visit", "001", "key-2", on=day(1).isoformat(), name="Day 8")
    assert (other.status_code, "another request" in other.json()["what"]) == (409, True)
    assert visits(begun) == 1


def test_a_refused_request_may_come_again_under_its_key_when_the_study_has_changed(begun):
    program = by(begun, "coordinator")
    assert program.records("visit", "002", "key-3", on=day(1).isoformat(), name="Day 7").status_code == 409
    assert program.records("consent", "002", on=day(1).isoformat(), version="1.0").status_code == 201
    assert program.records("visit", "002", "key-3", on=day(1).isoformat(), name="Day 7").status_code == 201


def test_without_a_key_nothing_is_recorded(begun):
    answer = by(begun, "coordinator").sends("records/visit", {"participant": "001", "payload": {}}, key=" ")
    assert (answer.status_code, "Idempotency-Key" in answer.json()["what"]) == (422, True)


def test_of_many_that_send_the_same_request_at_once_one_records_it(begun):
    from django.db import connection

    program, together = by(begun, "coordinator"), threading.Barrier(8)

    def sends(_):
        together.wait(timeout=60)
        try:
            return program.records("visit", "001", "at-once", on=day(1).isoformat(), name="Day 7").status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        answers = set(pool.map(sends, range(8)))
    assert answers == {201}
    assert visits(begun) == 1


def test_entries_are_corrected_and_voided_with_a_reason(begun):
    program, first = by(begun, "coordinator"), begun.entries()[-1].seq
    consent = program.asks(f"entries/{first}").json()["payload"]
    said = {"payload": consent | {"version": "1.1"}, "reason": "It was 1.1."}
    corrected = program.sends(f"entries/{first}/correction", said)
    assert corrected.status_code == 201, corrected.content
    entry = corrected.json()["entry"]
    assert entry["supersedes"] == first
    assert program.asks(f"entries/{first}").json()["followed_by"] == entry["seq"]
    assert program.sends(f"entries/{entry['seq']}/void", {"reason": ""}).status_code == 422
    assert program.sends(f"entries/{entry['seq']}/void", {"reason": "Recorded twice."}).status_code == 201
    assert program.asks("participants/001").status_code == 404


@pytest.mark.parametrize("record", ["dose_decision", "signature"])
def test_nothing_is_decided_or_signed_with_a_token(begun, record):
    answer = by(begun, "committee").records(record)
    assert (answer.status_code, "password" in answer.json()["what"]) == (403, True)
    assert answer.json()["remedy"] == "Do it in the browser."


def test_entries_come_in_pages_and_by_what_is_asked_for(begun):
    program = by(begun, "monitor")
    first = program.asks("entries", limit=1).json()
    last = begun.entries()[-1].seq
    assert (first["total"], first["next"], len(first["entries"])) == (last, 1, 1)
    rest = program.asks("entries", after=last - 1, limit=1).json()
    assert (rest["entries"][0]["record"], rest["next"]) == ("consent/1", None)
    assert program.asks("entries", participant="001").json()["total"] == 1
    assert program.asks("entries", record="consent").json()["total"] == 1


def test_a_review_is_hidden_from_the_other_reviewer(a_study):
    study = a_study()
    study.before.treats("001", day(30))
    study.before.reviews("001", "The Investigator", day(60))
    study.opens()
    number = next(one.seq for one in study.entries() if one.record == "dlt_review/1")
    other = by(study, "committee")
    shown = other.asks(f"entries/{number}").json()
    assert (shown["hidden"], shown["payload"]) == (True, None)
    assert "no DLT" not in other.asks("participants/001").content.decode()
    assert other.asks("dlt").json()["proposals"][0]["reviews"]["seen"] == []
    assert other.asks("journal").status_code == 409
    assert other.asks("participants/001/whole").status_code == 409
    assert by(study, "investigator").asks("participants/001/whole").status_code == 200
    assert other.sends(f"entries/{number}/void", {"reason": "x"}).status_code == 404


def test_a_review_is_recorded_in_the_name_of_the_token_alone(a_study):
    study = a_study()
    study.before.treats("001", day(30))
    study.opens()
    program, fields = by(study, "committee"), {"on": day(60).isoformat(), "verdict": "no DLT", "because": "seen"}
    assert program.records("dlt_review", "001", **fields, reviewer="The Investigator").status_code == 409
    done = program.records("dlt_review", "001", **fields)
    assert done.status_code == 201, done.content
    assert done.json()["entry"]["payload"]["reviewer"] == "The Committee"


def test_every_query_answers_as_the_study_does(a_study):
    from earlyphase.study.status import status_of

    study = a_study()
    study.before.treats("001", day(30))
    study.opens()
    program = by(study, "statistician")
    for path in ("status", "participants", "participants/001", "entries", "recommendation", "clocks", "dlt", "results"):
        answer = program.asks(path)
        assert (answer.status_code, answer.json().get("study", study.name)) == (200, study.name), answer.content
    assert program.asks("studies").json()["studies"][0]["role"] == "statistician"
    state = study.before.study
    assert program.asks("status").json()["open_level"] == status_of(state, day(30)).open_level
    assert program.asks("verification").json()["sound"] is True
    assert program.asks("verification", head="f" * 64).json()["sound"] is False
    outcomes = program.asks("recommendation").json()["what_if"]
    assert {(one["evaluable"], one["dlts"]) for one in outcomes} == {(0, 0), (1, 0), (1, 1)}
    screening = program.asks("participants/001/screening").json()
    assert {one["id"] for one in screening["results"]} >= {"I1"}


def test_what_was_known_at_a_moment_can_be_asked_for(begun):
    program = by(begun, "monitor")
    early = program.asks("participants", as_of="2026-01-05").json()["participants"]
    late = program.asks("participants", as_of="2026-01-06T23:00:00Z").json()["participants"]
    assert (early, [one["participant"] for one in late]) == ([], ["001"])
    for wrong in ("2026-02-30", "yesterday", "2026-01-05T10:00", "9999-99-99T00:00:00Z", ""):
        assert program.asks("status", as_of=wrong).status_code == 422
    assert program.asks("results", cutoff="2099-01-01").status_code == 422


def test_too_many_requests_are_held_back_and_told_when_to_come_again(begun, django, monkeypatch):
    monkeypatch.setattr(django, "EARLYPHASE_API_REQUESTS", 3)
    program = by(begun, "monitor")
    answers = [program.asks("status") for _ in range(8)]
    held = [one for one in answers if one.status_code == 429]
    assert answers[0].status_code == 200
    assert held
    assert 1 <= int(held[0].headers["Retry-After"]) <= 60


def test_whoever_guesses_tokens_is_held_back(begun, django, monkeypatch):
    monkeypatch.setattr(django, "EARLYPHASE_API_FAILURES", 3)
    program = by(begun, "monitor")
    program.secret = "ep_guessed"
    found = [program.asks("status").status_code for _ in range(8)]
    assert (found[0], found[-1]) == (401, 429)


def test_every_record_and_its_fields_are_described(begun):
    from django.test import Client

    from earlyphase.web.api.writing import IN_A_BROWSER

    described = Client(SERVER_NAME="localhost").get("/api/openapi.json").json()
    for kind in TYPES:
        operation = described["paths"][f"/api/studies/{{study}}/records/{kind.record}"]["post"]
        if kind.record not in IN_A_BROWSER:
            schema = operation["requestBody"]["content"]["application/json"]["schema"]
            assert set(schema["properties"]["payload"]["properties"]) == set(kind.model_json_schema()["properties"])
    assert "$defs" not in json.dumps(described)

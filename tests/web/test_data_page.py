"""The state of the data: completeness, queries from question to end, verification against the source, the lock."""

import html
import json

import pytest
from tests.builders import ASSUMED, day

ANSWER = "The bottle was labelled wrongly."


def words(answer):
    return " ".join(html.unescape(answer.content.decode()).split())


VISITS = {
    **ASSUMED,
    "assessments": {"blood_count": "Blood count.", "marrow": "Marrow.", "cytokines": "Cytokines."},
    "visits": [
        {"name": "Day 7", "day": 7, "first": 6, "last": 8, "assessments": ["blood_count", "cytokines"]},
        {"name": "Day 28", "day": 28, "first": 28, "last": 31, "assessments": ["blood_count", "marrow"]},
    ],
}


@pytest.fixture
def followed(a_study):
    """One was infused; the visit of day 7 was held without its blood count; day 28 has come and gone."""
    study = a_study(schedule=VISITS)
    study.before.treats("001", day(30))
    study.before.says("visit", "coordinator", "001", on=day(37), name="Day 7")
    study.before.consents("002", day(70))
    return study.opens()


def asks(study, role="monitor", **fields):
    return study.types(role, "data/participants/001/", act="ask", **({"asks": "Which lot?"} | fields))


def payloads(study, record):
    return [json.loads(one.payload) for one in study.entries() if one.record.startswith(f"{record}/")]


def test_what_is_there_missing_and_overdue_is_counted_visit_by_visit(followed):
    page = words(followed.sees("monitor", "data/"))
    assert "1 of 5 records that are expected by now" in page
    assert "<dt>Missing</dt><dd>1" in page
    assert "<dt>Overdue</dt><dd>3" in page
    assert "cytokines" in page.partition("they are not counted:")[2][:40]


def test_a_record_that_comes_is_no_longer_missing(followed):
    fields = {"results.0.analyte": "albumin", "results.0.value.value": "40", "results.0.value.unit": "g/L"}
    done = followed.types("coordinator", "participants/001/record/laboratory/", on=str(day(37)), **fields)
    assert done.status_code == 302, words(done)
    assert "<dt>Missing</dt><dd>0" in words(followed.sees("monitor", "data/"))


def test_a_query_is_asked_answered_and_closed(followed):
    infusion = next(one.seq for one in followed.entries() if one.record == "infusion/1")
    assert asks(followed, entry=str(infusion)).status_code == 302
    query = followed.entries()[-1].seq
    assert payloads(followed, "query")[0]["entry"] == infusion
    assert "1 open" in words(followed.sees("monitor", "data/"))
    answered = followed.types("coordinator", "data/", act="answer", participant="001", query=str(query), answer=ANSWER)
    assert answered.status_code == 302
    page = words(followed.sees("monitor", "data/"))
    assert "0 open<small>1 answered, 0 closed" in page
    assert ANSWER in page
    closed = followed.types("monitor", "data/", act="close", participant="001", query=str(query), because="Settled.")
    assert closed.status_code == 302
    assert "0 answered, 1 closed" in words(followed.sees("monitor", "data/"))
    again = followed.types("coordinator", "data/", act="answer", participant="001", query=str(query), answer="More.")
    assert again.status_code == 409
    assert f"the query of entry {query} was closed" in words(again)


@pytest.mark.parametrize(
    ("role", "act"), [("coordinator", "ask"), ("monitor", "answer"), ("coordinator", "close"), ("sponsor", "verify")]
)
def test_what_a_role_may_not_do_here_is_refused(followed, role, act):
    asks(followed)
    before = followed.entries()
    fields = {"asks": "What?", "answer": "That.", "because": "So.", "query": str(before[-1].seq), "source": "file"}
    answer = followed.types(role, "data/participants/001/", act=act, entries="3", **fields)
    assert answer.status_code == 409
    assert f"{role} may not record" in words(answer)
    assert followed.entries() == before


def test_a_query_about_another_participants_entry_is_refused(followed):
    other = followed.entries()[-1].seq
    answer = asks(followed, entry=str(other))
    assert answer.status_code == 409
    assert f"entry {other} is not an entry of this participant" in words(answer)


@pytest.mark.parametrize("asked", ["", "\x00", "x" * 3000])
def test_a_query_without_a_readable_question_is_refused(followed, asked):
    before = followed.entries()
    answer = asks(followed, asks=asked)
    assert answer.status_code == 422
    assert '<p class="error">' in words(answer).partition('id="ask-asks-said"')[2][:60]
    assert followed.entries() == before


def test_what_is_asked_is_shown_and_never_executed(followed):
    assert asks(followed, asks="<script>alert(1)</script>").status_code == 302
    for page in ("data/", "data/participants/001/", "journal/"):
        assert b"<script>alert" not in followed.sees("monitor", page).content


def test_a_grade_that_is_not_the_computed_one_is_proposed_and_asked_once(followed):
    event = {"term": "Platelet count decreased", "system_class": "Investigations", "grade": "1"}
    more = {"onset": str(day(36)), "relatedness": "related", "dictionary": "CTCAE v5.0", "scale": "CTCAE v5.0"}
    recorded = followed.types("investigator", "participants/001/record/adverse_event/", **event, **more)
    assert recorded.status_code == 302, words(recorded)
    number = followed.entries()[-1].seq
    values = {"results.0.analyte": "platelets", "results.0.value.value": "20", "results.0.value.unit": "10*9/L"}
    followed.types("coordinator", "participants/001/record/laboratory/", on=str(day(37)), **values)
    page = words(followed.sees("monitor", "data/participants/001/"))
    assert "Proposed by computation: 1" in page
    assert "Grade 1 was given" in page
    assert asks(followed, asks="Grade?", arose="by computation", entry=str(number)).status_code == 302
    assert payloads(followed, "query")[-1]["arose"] == "by computation"
    assert "Proposed by computation" not in words(followed.sees("monitor", "data/participants/001/"))


def verifies(study, *entries, role="monitor"):
    fields = {"act": "verify", "entries": [str(one) for one in entries], "source": "hospital record"}
    return study.types(role, "data/participants/001/", **fields)


def test_entries_are_verified_against_the_source_and_a_correction_undoes_it(followed):
    consent = next(one.seq for one in followed.entries() if one.record == "consent/1")
    assert "0 of 9 entries agree" in words(followed.sees("monitor", "data/participants/001/"))
    assert verifies(followed, consent).status_code == 302
    assert "1 of 9 entries agree" in words(followed.sees("monitor", "data/participants/001/"))
    again = verifies(followed, consent)
    assert "is verified already" in words(again)
    fields = {"on": str(day(9)), "version": "1.1", "given_by": "participant", "reason": "Misread."}
    assert followed.types("coordinator", f"entries/{consent}/correct/", **fields).status_code == 302
    assert "0 of 9 entries agree" in words(followed.sees("monitor", "data/participants/001/"))


def test_only_what_the_site_recorded_of_the_participant_can_be_verified(followed):
    other = followed.entries()[-1].seq
    assert verifies(followed, other).status_code == 409
    assert verifies(followed).status_code == 422


def test_data_are_not_locked_while_a_query_is_open_and_nothing_is_edited_afterwards(followed):
    asks(followed)
    query = followed.entries()[-1].seq
    lock = {"on": str(day(70)), "because": "The data are complete."}
    refused = followed.types("statistician", "record/data_lock/", **lock)
    assert refused.status_code == 409
    assert f"queries are not closed: entry {query}." in words(refused)
    followed.types("monitor", "data/", act="close", participant="001", query=str(query), because="Answered by phone.")
    assert followed.types("statistician", "record/data_lock/", **lock).status_code == 302
    page = words(followed.sees("monitor", "data/"))
    assert "The data were locked on" in page
    assert "<dt>Lock</dt><dd>locked" in page
    assert asks(followed).status_code == 409
    visit = followed.types("coordinator", "participants/001/record/visit/", on=str(day(60)), name="unscheduled")
    assert (visit.status_code, "the data were locked" in words(visit)) == (409, True)

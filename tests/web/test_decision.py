"""The committee decides and signs, on what it saw."""

import html

import pytest
from tests.builders import day, three_treated
from tests.web.conftest import PASSWORD


def words(answer):
    return html.unescape(answer.content.decode())


@pytest.fixture
def due(a_study):
    """A study in which three were followed without a DLT, so that the decision is due."""
    study = a_study()
    infusions = three_treated(study.before)
    for number, infusion in zip(("001", "002", "003"), infusions, strict=True):
        study.before.finds(number, day(max(infusion, infusions[-1]) + 29))
    return study.opens()


def typed(study, **changes):
    head = study.entries()[-1].hash
    fields = {"decision": "as recommended", "on": day(120).isoformat(), "members": "C. Chair\nD. Deputy"}
    return fields | {"head": head, "password": PASSWORD} | changes


def test_a_decision_as_recommended_is_recorded_with_what_was_seen_and_signed(due):
    before = due.entries()[-1]
    answer = due.types("committee", "decision/", **typed(due))
    assert answer.status_code == 302, words(answer)
    decided, signed = due.entries()[-2:]
    assert (decided.record, signed.record) == ("dose_decision/1", "signature/1")
    assert f'"based_on":"{before.hash}"' in decided.payload
    assert f'"covers":"{decided.hash}"' in signed.payload
    assert '"meaning":"I have decided on the dose as recorded' in signed.payload
    assert '"printed_name":"The Committee"' in signed.payload
    assert "escalate" in words(due.sees("monitor"))


def test_a_wrong_password_decides_nothing_and_keeps_what_was_typed(due):
    before = due.entries()
    answer = due.types("committee", "decision/", **typed(due, password="wrong", differs_because="because we think so"))
    assert answer.status_code == 422
    assert "is not your password" in words(answer).partition('id="password"')[2]
    assert "because we think so" in words(answer)
    assert b"wrong</" not in answer.content
    assert due.entries() == before


def test_a_decision_on_a_page_that_is_out_of_date_is_refused(due):
    stale = typed(due)
    assert (
        due.types("coordinator", "record/consent/", participant="004", on=day(110).isoformat(), version="1").status_code
        == 302
    )
    before = due.entries()
    answer = due.types("committee", "decision/", **stale)
    assert answer.status_code == 409
    assert "the study has changed since this page was opened. Look again." in words(answer)
    assert due.entries() == before


def test_a_decision_that_differs_says_why(due):
    fields = {"decision": "stay", "next_level": "1", "cohort_size": "3"}
    answer = due.types("committee", "decision/", **typed(due, **fields))
    assert answer.status_code == 409
    assert "is not the recommendation" in words(answer)
    assert (
        due.types("committee", "decision/", **typed(due, **fields, differs_because="A late fever.")).status_code == 302
    )


def test_nobody_else_decides(due):
    before = due.entries()
    answer = due.types("investigator", "decision/", **typed(due))
    assert answer.status_code == 403
    assert "investigator may not record dose_decision: that is for committee." in words(answer)
    assert due.entries() == before


def test_a_signature_covers_the_head_that_was_looked_at(due):
    head = due.entries()[-1].hash
    fields = {"meaning": "I have reviewed this.", "password": PASSWORD}
    assert due.types("investigator", "sign/", **fields, head="0" * 64).status_code == 409
    assert due.types("investigator", "sign/", **fields, head=head).status_code == 302
    assert f'"covers":"{head}"' in due.entries()[-1].payload
    assert due.types("monitor", "sign/", **fields, head=due.entries()[-1].hash).status_code == 409


def test_a_decision_that_cannot_be_signed_is_not_recorded(due):
    from earlyphase.study.commands import Record, Sign
    from earlyphase.study.desk import Author
    from earlyphase.study.refusal import Refused
    from earlyphase.web.studies import act

    before = due.entries()
    fields = {"on": day(120).isoformat(), "version": "1.0"}
    first = Record(command="consent", participant="004", payload=fields)
    again = Record(command="consent", participant="004", payload=fields)
    sign = Sign(command="sign", meaning="read", printed_name="Li Wei")
    assert isinstance(act(due.name, [first, again], Author("Li Wei", "coordinator")), Refused)
    assert due.entries() == before
    done = act(due.name, [first, sign], Author("Li Wei", "coordinator"))
    assert [entry.record for entry in done] == ["consent/1", "signature/1"]
    assert len(due.entries()) == len(before) + 2

"""Who may record what in a browser, and what becomes of what was typed."""

import pytest
from tests.builders import CRITERIA, day
from tests.web.answers import words

from earlyphase.journal.payloads import TYPES
from earlyphase.journal.payloads.conduct import DoseDecision, Signature
from earlyphase.journal.payloads.delegation import RoleEnded, RoleGranted
from earlyphase.journal.payloads.entering import Consent
from earlyphase.study.roles import ACTS, Role

HOSTILE = (
    "<script>alert(1)</script>",
    "'; drop table journal_entry; --",
    "{{ settings.SECRET_KEY }}",
    "../../etc/passwd",
    "1e999",
    "9" * 400,
    "\u202eesrever",
    "−1",
)


OWN_PAGES = {
    DoseDecision: "decision/",
    Signature: "sign/",
    RoleGranted: "team/grant/",
    RoleEnded: "team/monitor/end/",
}


def address(kind, participant="001"):
    if kind in OWN_PAGES:
        return OWN_PAGES[kind]
    whose = f"participants/{participant}/" if kind.about == "participant" and kind is not Consent else ""
    return f"{whose}record/{kind.record}/"


@pytest.mark.parametrize("role", tuple(Role))
def test_a_role_may_do_what_the_table_says_and_nothing_else(begun, role):
    before = begun.entries()
    refused = set()
    for kind in TYPES:
        page = words(begun.types(role, address(kind)))
        if f"{role} may not record {kind.record}" in page:
            refused.add(kind)
    assert refused == {kind for kind in TYPES if role not in ACTS[kind]}
    assert begun.entries() == before


@pytest.mark.parametrize("kind", TYPES, ids=lambda kind: kind.record)
def test_every_record_has_a_form_and_an_empty_one_records_nothing(begun, kind):
    role = min(ACTS[kind])
    shown = begun.sees(role, address(kind))
    assert (shown.status_code, b"<form" in shown.content) == (200, True)
    before = begun.entries()
    answer = begun.types(role, address(kind))
    assert answer.status_code in (409, 422)
    assert begun.entries() == before


def test_consent_eligibility_and_enrolment_take_a_slot(study):
    assert (
        study.types("coordinator", "record/consent/", participant="001", on="2026-01-06", version="1.0").status_code
        == 302
    )
    verdicts = {}
    for place, (name, kind, _, _) in enumerate(CRITERIA):
        verdicts |= {
            f"verdicts.{place}.criterion": name,
            f"verdicts.{place}.verdict": "met" if kind == "inclusion" else "not met",
            f"verdicts.{place}.statement": "",
        }
    confirmed = study.types(
        "investigator", "participants/001/record/eligibility_confirmed/", on="2026-01-06", stage="enrolment", **verdicts
    )
    assert confirmed.status_code == 302, words(confirmed)
    enrolled = study.types("coordinator", "participants/001/record/enrolment/", on="2026-01-06")
    assert enrolled.headers["Location"] == study.path("participants/001/")
    assert [entry.record for entry in study.entries()[1:]] == ["consent/1", "eligibility_confirmed/1", "enrolment/1"]
    assert study.entries()[-1].recorded_by == "The Coordinator"
    assert "<b>2</b> free" in words(study.sees("monitor"))


def test_a_refusal_reads_as_on_the_command_line(begun):
    refused = begun.before.enrols("001", day(1))
    page = words(begun.types("coordinator", "participants/001/record/enrolment/", on=day(1).isoformat()))
    assert refused.reasons
    for reason in refused.reasons:
        assert str(reason) in page


def test_what_is_wrong_stands_beside_its_field_and_nothing_typed_is_lost(begun):
    answer = begun.types(
        "investigator",
        "participants/001/record/laboratory/",
        on="2026-02-31",
        **{
            "results.0.analyte": "bilirubin",
            "results.0.value.value": "3,0",
            "results.0.value.unit": "mg/dL",
            "results.1.analyte": "",
            "results.4.analyte": "albumin",
            "results.4.value.value": "40",
            "results.4.value.unit": "furlong",
        },
    )
    page = words(answer)
    assert answer.status_code == 422
    for kept in ("2026-02-31", "bilirubin", "3,0", "mg/dL", "albumin", "furlong"):
        assert f'value="{kept}"' in page
    on, first, second = (
        page.partition(f'id="{name}"')[2][:700]
        for name in ("field-on", "field-results-0-value", "field-results-1-value")
    )
    assert 'class="error"' in on
    assert 'class="error"' in first
    assert "furlong" in second
    assert 'class="error"' in second
    assert len(begun.entries()) == 2


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_value_is_kept_as_text_or_refused_and_never_executed(begun, text):
    before = len(begun.entries())
    answer = begun.types("investigator", "participants/001/record/visit/", on=text, name=text)
    assert answer.status_code == 422
    assert b"<script>alert" not in answer.content
    assert len(begun.entries()) == before
    assert (
        begun.types("investigator", "participants/001/record/visit/", on="2026-01-07", name=text[:200]).status_code
        == 302
    )
    shown = begun.sees("investigator", "participants/001/")
    assert b"<script>alert" not in shown.content
    assert text[:200] in words(shown)


@pytest.mark.parametrize("text", ["a\x00b", "bell\x07", b"\xff\xfe\xe4".decode("utf-8", "replace")])
def test_control_characters_and_other_encodings_are_refused_beside_the_field(begun, text):
    answer = begun.types("investigator", "participants/001/record/visit/", on="2026-01-07", name=text)
    assert answer.status_code == 422
    assert "holds a character that is no text" in words(answer).partition('id="field-name"')[2]
    assert len(begun.entries()) == 2


def test_ten_megabytes_are_refused_without_a_trace(begun):
    answer = begun.types("investigator", "participants/001/record/visit/", on="2026-01-07", name="x" * 10_000_000)
    assert answer.status_code == 413
    assert "Nothing was saved." in words(answer)
    assert b"Traceback" not in answer.content
    assert len(begun.entries()) == 2


def test_the_future_is_refused(begun):
    answer = begun.types("investigator", "participants/001/record/visit/", on="2099-01-01", name="Day 7")
    assert answer.status_code == 409
    assert "which has not come yet" in words(answer)


def test_more_rows_can_be_asked_for_without_recording(begun):
    answer = begun.types(
        "investigator", "participants/001/record/laboratory/", more="results", **{"results.0.analyte": "albumin"}
    )
    page = words(answer)
    assert answer.status_code == 200
    assert 'value="albumin"' in page
    assert 'name="results.6.analyte"' in page
    assert len(begun.entries()) == 2


def test_a_correction_replaces_the_entry_with_a_reason_and_both_are_shown(begun):
    form = words(begun.sees("coordinator", f"entries/{begun.number(2)}/correct/"))
    assert 'value="1.0"' in form
    fields = {"on": day(1).isoformat(), "version": "1.1", "given_by": "participant"}
    missing = begun.types("coordinator", f"entries/{begun.number(2)}/correct/", **fields)
    assert missing.status_code == 422
    assert 'id="reason-error"' in words(missing)
    done = begun.types("coordinator", f"entries/{begun.number(2)}/correct/", reason="The form was 1.1.", **fields)
    assert done.status_code == 302, words(done)
    page = words(begun.sees("monitor", f"entries/{begun.number(3)}/"))
    assert "<del>1.0</del> → <ins>1.1</ins>" in page
    assert "Reason: The form was 1.1." in page
    assert (
        begun.types("coordinator", f"entries/{begun.number(2)}/correct/", reason="again", **fields).status_code == 404
    )


def test_a_void_needs_a_reason_and_a_role_that_may(begun):
    assert begun.types("monitor", f"entries/{begun.number(2)}/void/", reason="no").status_code == 403
    assert begun.types("coordinator", f"entries/{begun.number(2)}/void/").status_code == 422
    assert begun.types("coordinator", f"entries/{begun.number(2)}/void/", reason="Recorded twice.").status_code == 302
    assert [entry.kind for entry in begun.entries()] == ["recorded", "recorded", "voided"]
    assert begun.sees("coordinator", "participants/001/").status_code == 404


def test_a_form_without_its_token_is_refused(begun):
    from django.test import Client

    client = Client(SERVER_NAME="localhost", enforce_csrf_checks=True)
    client.force_login(begun.people["coordinator"], backend="django.contrib.auth.backends.ModelBackend")
    fields = {"on": "2026-01-07", "name": "Day 7"}
    assert client.post(begun.path("participants/001/record/visit/"), fields).status_code == 403
    assert len(begun.entries()) == 2

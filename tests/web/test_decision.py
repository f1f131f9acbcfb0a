"""The committee decides and signs, on what it saw."""

import json
import re

from tests.builders import day
from tests.web.answers import words
from tests.web.conftest import PASSWORD


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


def test_the_packet_is_pinned_to_a_cut_off_and_a_head(due):
    head = due.entries()[-1].hash
    page = words(due.sees("committee", "decision/"))
    assert f"decision/packet/?head={head}&cutoff=" in page
    due.types("coordinator", "record/consent/", participant="004", on=day(110).isoformat(), version="1")
    pinned = words(due.sees("committee", f"decision/packet/?head={head}&cutoff={day(100).isoformat()}"))
    assert f"head <code>{head}</code>" in pinned
    assert f"data cut-off {day(100).isoformat()}" in pinned
    assert "1 entry was recorded after this head." in pinned
    assert due.sees("committee", f"decision/packet/?head={'f' * 64}").status_code == 404


def test_the_packet_can_be_saved_and_is_the_same_again(due):
    head = due.entries()[-1].hash
    address = f"decision/packet/pdf/?head={head}"
    first = due.sees("committee", address)
    assert first.content.startswith(b"%PDF")
    assert head[:12] in first.headers["Content-Disposition"]
    assert due.sees("monitor", address).content == first.content
    assert due.sees("committee", f"decision/packet/html/?head={head}").content.startswith(b"<!doctype html>")
    assert due.sees("committee", "decision/packet/exe/").status_code == 404


def states(study):
    page = words(study.sees("monitor", "decision/")).partition("Decisions and their signatures")[2]
    return re.findall(r'<p class="what">.*?<strong class="state ([\w-]+)">', page, re.DOTALL)


def test_a_decision_that_was_signed_is_valid(due):
    assert due.types("committee", "decision/", **typed(due)).status_code == 302
    assert states(due) == ["valid"]
    assert "Signed by <b>The Committee</b>" in words(due.sees("monitor", "decision/"))


def test_a_decision_whose_adjudication_changes_is_discordant(due):
    assert due.types("committee", "decision/", **typed(due)).status_code == 302
    assert changed_to_dlt(due, "001") == 302
    assert changed_to_dlt(due, "002") == 302
    assert states(due) == ["discordant"]
    assert "By what is known now it would be" in words(due.sees("monitor", "decision/"))


def test_a_decision_of_which_something_changes_that_it_rests_on_has_a_broken_signature(due):
    assert due.types("committee", "decision/", **typed(due)).status_code == 302
    found = next(one for one in due.entries() if one.record == "dlt_adjudication/1")
    fields = {"on": day(100).isoformat(), "verdict": "no DLT", "because": "seen again", "reason": "Reworded."}
    names = {"reviewers": "A. Reviewer\nB. Reviewer"}
    answer = due.types("committee", f"entries/{found.seq}/correct/", **fields, **names)
    assert answer.status_code == 302, words(answer)
    assert states(due) == ["signature-broken"]
    assert f"entry {found.seq} by entry {due.entries()[-1].seq}" in words(due.sees("monitor", "decision/"))


def test_a_signature_is_broken_when_anything_that_it_covers_is_corrected(due):
    head = due.entries()[-1].hash
    fields = {"meaning": "I have reviewed this.", "password": PASSWORD, "head": head}
    assert due.types("investigator", "sign/", **fields).status_code == 302
    assert "The signature holds." in words(due.sees("investigator", "signatures/"))
    consent = next(one.seq for one in due.entries() if one.record == "consent/1")
    changed = {"on": day(9).isoformat(), "version": "1.1", "given_by": "participant", "reason": "Misread."}
    assert due.types("coordinator", f"entries/{consent}/correct/", **changed).status_code == 302
    page = words(due.sees("investigator", "signatures/"))
    assert "The signature holds." not in page
    assert f"Entry {consent} was changed by entry {due.entries()[-1].seq}." in page


def changed_to_dlt(study, participant):
    """Record a grade 4 event late, and correct reviews and adjudication to a DLT."""
    event = {"term": "Seizure", "system_class": "Nervous system disorders", "grade": "4", "relatedness": "related"}
    scales = {"onset": day(33 if participant == "001" else 60).isoformat(), "scale": "CTCAE v5.0"}
    more = {"dictionary": "CTCAE v5.0"}
    answer = study.types("investigator", f"participants/{participant}/record/adverse_event/", **event, **scales, **more)
    assert answer.status_code == 302, words(answer)
    number = str(study.entries()[-1].seq)
    finding = {"on": day(101).isoformat(), "verdict": "DLT", "adverse_event": number, "because": "A seizure."}
    mine = [one for one in study.entries() if one.participant == participant]
    for review in [one for one in mine if one.record == "dlt_review/1"]:
        reviewer = json.loads(review.payload)["reviewer"]
        fields = {**finding, "reviewer": reviewer, "reason": "The seizure was reported late."}
        answer = study.types("committee", f"entries/{review.seq}/correct/", **fields)
        assert answer.status_code == 302, words(answer)
    found = next(one for one in mine if one.record == "dlt_adjudication/1")
    fields = {**finding, "reviewers": "A. Reviewer\nB. Reviewer", "reason": "The seizure was reported late."}
    answer = study.types("committee", f"entries/{found.seq}/correct/", **fields)
    return answer.status_code if answer.status_code == 302 else words(answer)

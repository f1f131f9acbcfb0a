"""What inspectors check, item by item, on a running application. Each test names the item that it shows."""

import csv
import datetime as dt
import hashlib
import io
import json
import re

import psycopg
import pypdf
import pytest
from tests.builders import day
from tests.web.answers import words
from tests.web.conftest import PASSWORD

from earlyphase.journal.payloads import TYPES
from earlyphase.journal.payloads.conduct import DoseDecision, Signature
from earlyphase.journal.payloads.delegation import RoleEnded, RoleGranted
from earlyphase.journal.payloads.entering import Consent
from earlyphase.study.roles import ACTS, Role

VISIT = {"on": "2026-01-07", "name": "Day 7"}


def page_of(kind, participant="001"):
    """Give the address where a record is made."""
    own = {
        DoseDecision: "decision/",
        Signature: "sign/",
        RoleGranted: "team/grant/",
        RoleEnded: "team/monitor/end/",
    }
    if kind in own:
        return own[kind]
    whose = f"participants/{participant}/" if kind.about == "participant" and kind is not Consent else ""
    return f"{whose}record/{kind.record}/"


@pytest.fixture
def treated(a_study):
    study = a_study()
    study.before.treats("001", day(30))
    return study.opens()


def text_of(answer):
    """Give the text of a document."""
    assert answer.headers["Content-Type"] == "application/pdf"
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(answer.content)).pages)


def signs(study, role="investigator", meaning="I have reviewed this."):
    fields = {"meaning": meaning, "password": PASSWORD, "head": study.journal()[-1].hash}
    return study.types(role, "sign/", **fields)


def corrects(study, entry, role="coordinator", **changes):
    fields = {"on": day(1).isoformat(), "version": "1.1", "given_by": "participant", "reason": "The form was 1.1."}
    return study.types(role, f"entries/{entry}/correct/", **(fields | changes))


class TestItem1EveryChangeSaysWhoWhenWhatAndWhy:
    def test_a_record_a_correction_and_a_void_say_it(self, begun):
        first = begun.number(2)
        assert corrects(begun, first).status_code == 302
        second = begun.journal()[-1]
        assert begun.types("investigator", f"entries/{second.seq}/void/", reason="Twice.").status_code == 302
        page = words(begun.sees("monitor", f"entries/{first}/"))
        for said in (
            "The Coordinator, coordinator",
            "The Investigator, investigator",
            "<del>1.0</del> → <ins>1.1</ins>",
            "The form was 1.1.",
            "Twice.",
            "UTC",
        ):
            assert said in page, said

    def test_what_is_stored_has_the_moment_in_utc_from_the_servers_clock(self, begun):
        before = dt.datetime.now(dt.UTC)  # noqa: TID251 - what the server's clock is held against
        begun.types("investigator", "participants/001/record/visit/", **VISIT, recorded_at="1999-01-01T00:00:00Z")
        assert dt.datetime.fromisoformat(begun.journal()[-1].recorded_at) >= before

    def test_no_setting_turns_it_off(self):
        from pathlib import Path

        from earlyphase.web import settings

        assert "audit" not in Path(settings.__file__).read_text("utf-8").lower()


ATTACKS = {
    "update": "update journal_entry set line = line",
    "update of nothing": "update journal_entry set line = line where false",
    "delete": "delete from journal_entry",
    "truncate": "truncate journal_entry",
}


@pytest.mark.usefixtures("begun")
class TestItem2UpdateDeleteAndTruncateFailInTheDatabase:
    @pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS)
    @pytest.mark.parametrize("alias", ["default", "owner"])
    def test_by_raw_sql_of_the_application_and_of_the_owner(self, attack, alias):
        from django.db import Error, connections, transaction

        with (
            pytest.raises(Error, match=r"permission denied|append-only"),
            transaction.atomic(alias),
            connections[alias].cursor() as cursor,
        ):
            cursor.execute(attack)

    @pytest.mark.parametrize("alias", ["default", "owner"])
    @pytest.mark.parametrize("act", ["update", "delete", "bulk_update", "save"])
    def test_by_the_orm_and_its_bulk_operations(self, begun, alias, act):
        from django.db import Error, models, transaction

        entry = model_of_the_journal(models)
        rows = entry.objects.using(alias)
        one = rows.filter(study=begun.name).first()
        one.line = one.line.replace("1.0", "9.9")
        acts = {
            "update": lambda: rows.update(line="{}"),
            "delete": lambda: rows.filter(study=begun.name).delete(),
            "bulk_update": lambda: rows.bulk_update([one], ["line"]),
            "save": lambda: one.save(using=alias, update_fields=["line"]),
        }
        with pytest.raises(Error, match=r"permission denied|append-only"), transaction.atomic(alias):
            acts[act]()

    @pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS)
    def test_from_the_database_shell_with_the_owners_own_login(self, django, attack):
        known = django.DATABASES["owner"]
        with (
            psycopg.connect(host=known["HOST"], user=known["USER"], dbname=known["NAME"]) as shell,
            pytest.raises(psycopg.DatabaseError, match="append-only"),
        ):
            shell.execute(attack)

    def test_requests_act_in_a_role_that_has_no_right_to_change(self):
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute(
                "select current_user, has_table_privilege('journal_entry', 'insert'), "
                "has_table_privilege('journal_entry', 'update'), has_table_privilege('journal_entry', 'delete'), "
                "has_table_privilege('journal_entry', 'truncate')"
            )
            assert cursor.fetchone() == ("earlyphase_app", True, False, False, False)


def model_of_the_journal(models):
    """Make a model of the journal's table, as somebody with the admin's tools would."""
    from django.apps import apps

    known = apps.all_models["people"].get("journalforattack")
    if known is not None:
        return known

    class JournalForAttack(models.Model):
        line = models.TextField()
        study = models.TextField()
        seq = models.BigIntegerField(primary_key=True)

        class Meta:
            app_label = "people"
            db_table = "journal_entry"
            managed = False

    return JournalForAttack


class TestItem3AChangeHasAReasonAndAVoidKeepsItsHistory:
    @pytest.mark.parametrize("reason", ["", "   ", "\n"])
    def test_a_correction_or_a_void_without_a_reason_is_refused(self, begun, reason):
        before, number = begun.journal(), begun.number(2)
        assert corrects(begun, number, reason=reason).status_code == 422
        assert begun.types("coordinator", f"entries/{number}/void/", reason=reason).status_code == 422
        assert begun.journal() == before

    def test_what_was_voided_can_still_be_read(self, begun):
        number = begun.number(2)
        begun.types("coordinator", f"entries/{number}/void/", reason="Recorded twice.")
        page = words(begun.sees("monitor", f"entries/{number}/"))
        assert "1.0" in page
        assert "Recorded twice." in page


class TestItem4WorkflowAccountAndRoleChangesAreRecorded:
    def test_escalation_and_its_signature_are_entries(self, due):
        fields = {"decision": "as recommended", "on": day(120).isoformat(), "members": "C. Chair"}
        answer = due.types("committee", "decision/", **fields, head=due.journal()[-1].hash, password=PASSWORD)
        assert answer.status_code == 302, words(answer)
        assert [entry.record for entry in due.journal()[-2:]] == ["dose_decision/1", "signature/1"]

    def test_enrolment_and_lock_are_entries(self, treated):
        assert "enrolment/1" in {entry.record for entry in treated.journal()}
        answer = treated.types("sponsor", "record/data_lock/", on=day(90).isoformat(), because="The last visit is in.")
        assert answer.status_code == 302, words(answer)
        assert treated.journal()[-1].record == "data_lock/1"

    def test_roles_are_entries_and_accounts_have_a_log(self, study):
        assert {entry.record for entry in study.journal()[: len(Role)]} == {"role_granted/1"}
        assert "added" in words(study.sees("monitor", "team/")).partition("What happened to the accounts")[2]


class TestItem5TheAuditTrailIsFilteredReadAndExported:
    def test_it_is_filtered_by_participant_and_record(self, treated):
        page = words(treated.sees("monitor", "journal/?participant=001&record=infusion"))
        assert "infusion" in page
        assert "consent</b>" not in page

    def test_it_is_exported_byte_for_byte(self, treated):
        lines = treated.sees("monitor", "journal/export/").content.decode().splitlines()
        assert len(lines) == len(treated.journal())

    def test_what_was_found_is_exported_as_a_table_with_old_and_new(self, begun):
        corrects(begun, begun.number(2))
        answer = begun.sees("monitor", "journal/export/csv/?participant=001")
        assert answer.status_code == 200
        rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
        assert any("1.0" in cell for row in rows for cell in row)


class TestItem6ASignature:
    def test_shows_printed_name_moment_and_meaning_on_screen_and_in_print(self, begun):
        assert signs(begun).status_code == 302
        entry = begun.journal()[-1]
        page = words(begun.sees("monitor", "signatures/"))
        for said in ("The Investigator", entry.recorded_at[:10], "UTC", "“I have reviewed this.”", "holds."):
            assert said in page, said
        assert "team.css" in page

    def test_asks_for_the_password_again(self, begun):
        before = begun.journal()
        for wrong in ("", "wrong"):
            fields = {"meaning": "read", "password": wrong, "head": before[-1].hash}
            assert begun.types("investigator", "sign/", **fields).status_code == 422
        assert begun.journal() == before

    def test_is_visibly_broken_when_something_it_covers_changes(self, begun):
        signs(begun)
        corrects(begun, begun.number(2))
        page = words(begun.sees("monitor", "signatures/"))
        assert "BROKEN: something that it covers was changed since." in page
        assert "BROKEN" in words(begun.sees("monitor", "participants/001/whole/"))

    def test_cannot_be_moved_to_another_place(self, begun):
        from earlyphase.journal.entry import Kind
        from earlyphase.simulation.writing import draft_of
        from earlyphase.web.studies import journal_of

        signs(begun)
        begun.types("investigator", "participants/001/record/visit/", **VISIT)
        signed = next(one for one in begun.journal() if one.kind == Kind.SIGNED)
        journal_of(begun.name).append([draft_of(signed)], begun.journal()[-1].head)
        assert "it was moved." in words(begun.sees("monitor", "journal/verify/"))
        assert "BROKEN: the journal has no such head" in words(begun.sees("monitor", "signatures/"))


class TestItem7Accounts:
    """Failed attempts lock and alert. That names are not reused and deactivation ends sessions, test_log_in shows."""

    def test_failed_attempts_lock_the_account_and_alert_the_team(self, begun):
        from axes.utils import reset
        from django.test import Client

        for _ in range(5):
            Client(SERVER_NAME="localhost").post("/account/log-in/", {"login": "monitor", "password": "wrong"})
        answer = Client(SERVER_NAME="localhost").post("/account/log-in/", {"login": "monitor", "password": PASSWORD})
        reset()
        assert answer.status_code == 429
        page = words(begun.sees("sponsor", "team/"))
        assert "locked out" in page
        assert "the password was wrong too often" in page

    def test_wrong_passwords_when_signing_count_too_and_who_is_locked_signs_nothing(self, begun):
        from axes.utils import reset
        from django.test import Client

        signing, before = begun.browser("statistician"), begun.journal()
        fields = {"meaning": "I have read this.", "head": before[-1].hash}
        for _ in range(5):
            signing.post(begun.path("sign/"), fields | {"password": "wrong"})
        signed = signing.post(begun.path("sign/"), fields | {"password": PASSWORD})
        entered = Client(SERVER_NAME="localhost").post(
            "/account/log-in/", {"login": "statistician", "password": PASSWORD}
        )
        reset()
        assert (signed.status_code, entered.status_code) == (429, 429)
        assert begun.journal() == before


@pytest.mark.parametrize("role", tuple(Role))
def test_item_8_every_act_is_refused_to_every_role_that_may_not_do_it(matrix, role):
    browser = matrix.browser(role)
    for kind in TYPES:
        address, refusal = matrix.path(page_of(kind)), f"{role} may not record {kind.record}"
        shown, answer = browser.get(address), browser.post(address)
        if role in ACTS[kind]:
            assert b"<form" in shown.content, kind.record
            assert refusal not in words(shown) + words(answer)
        else:
            assert refusal in words(shown), kind.record
            assert refusal in words(answer), kind.record
            assert answer.status_code in (403, 409), kind.record


@pytest.fixture(scope="module")
def kept():
    """Keep one study for the whole matrix: nothing in it is ever recorded."""
    return {}


@pytest.fixture
def matrix(kept, a_study, monkeypatch, django):
    from earlyphase.web import studies

    if not kept:
        study = a_study()
        study.before.consents("001", day(1))
        kept["study"], kept["folders"] = study.opens(), django.EARLYPHASE_STUDIES
        kept["before"] = study.journal()
    monkeypatch.setattr(django, "EARLYPHASE_STUDIES", kept["folders"])
    studies.site_protocols.cache_clear()
    yield kept["study"]
    assert kept["study"].journal() == kept["before"]


class TestItem9StepsOutOfOrderAreRefused:
    @pytest.mark.parametrize("record", ["infusion", "enrolment", "leukapheresis", "lymphodepletion"])
    def test_nothing_happens_before_the_consent(self, study, record):
        assert study.sees("coordinator", f"participants/001/record/{record}/").status_code == 404

    def test_an_infusion_before_release_and_lymphodepletion_is_refused(self, a_study):
        study = a_study()
        study.before.admits("001", day(1))
        study.opens()
        fields = {"on": day(20).isoformat(), "lot": "lot-001", "level": "1"}
        answer = study.types(
            "coordinator",
            "participants/001/record/infusion/",
            **fields,
            **{"administered.value": "0.5", "administered.unit": "10*6/kg"},
        )
        assert answer.status_code == 409
        assert "release" in words(answer)
        assert "lymphodepletion" in words(answer)

    def test_a_fourth_participant_of_a_cohort_of_three_is_refused(self, a_study):
        study = a_study()
        for number in ("001", "002", "003"):
            study.before.admits(number, day(1))
        study.before.consents("004", day(1))
        study.before.confirms("004", day(1))
        study.opens()
        answer = study.types("coordinator", "participants/004/record/enrolment/", on=day(1).isoformat())
        assert answer.status_code == 409
        assert "enrolment/1" not in {entry.record for entry in study.journal() if entry.participant == "004"}


class TestItem10OneParticipantsFullRecord:
    def test_is_for_machines_equal_to_the_database(self, treated):
        from django.db import connection

        given = json.loads(treated.sees("monitor", "participants/001/whole.json").content)
        with connection.cursor() as cursor:
            cursor.execute(
                "select line from journal_entry where study = %s and participant = '001' order by seq", [treated.name]
            )
            lines = [json.loads(line) for (line,) in cursor.fetchall()]
        assert lines
        kept = [{**entry, "payload": entry["payload_as_kept"]} for entry in given["entries"]]
        for entry in kept:
            del entry["payload_as_kept"]
        assert kept == lines
        assert [json.loads(line["payload"]) for line in lines] == [entry["payload"] for entry in given["entries"]]

    def test_is_for_people_with_every_entry_and_its_hash(self, treated):
        page = words(treated.sees("monitor", "participants/001/whole/"))
        for entry in treated.journal():
            assert (entry.hash in page.partition('id="hashes"')[2]) is (entry.participant == "001")

    def test_is_a_document_with_every_entry_value_hash_and_change(self, treated):
        from earlyphase.web.history import flat

        consent = treated.number(2)
        corrects(treated, consent)
        treated.types("investigator", "participants/001/record/visit/", on=day(40).isoformat(), name="Day 7")
        visit = treated.journal()[-1].seq
        treated.types("coordinator", f"entries/{visit}/void/", reason="Recorded for somebody else.")
        signs(treated)
        text = text_of(treated.sees("monitor", "participants/001/whole.pdf"))
        entries = [entry for entry in treated.journal() if entry.participant == "001"]
        assert re.findall(r"(\d+) · [a-z ]+ · (?:recorded|corrected|voided)", text) == [str(one.seq) for one in entries]
        assert f"{len(entries)} entries" in text
        solid = "".join(text.split())
        for entry in entries:
            assert entry.hash in solid
            assert (
                f"{entry.recorded_at[:16].replace('T', '')}UTC·{entry.recorded_by},{entry.role}".replace(" ", "")
                in solid
            )
            assert "".join((entry.reason or "").split()) in solid
            for _, value in flat(json.loads(entry.payload)):
                assert "".join(value.split()) in solid, (entry.record, value)
        assert f"{consent}·consent·recordedcorrectedbyentry{entries[-3].seq}" in solid
        assert "version1.01.1" in solid  # old, then new
        assert f"voidedbyentry{entries[-1].seq}" in solid
        assert "Ihavereviewedthis." in solid

    def test_is_not_given_to_a_stranger(self, treated):
        for kind in ("json", "pdf"):
            assert treated.sees("stranger", f"participants/001/whole.{kind}").status_code == 404


class TestItem11ARestoredBackup:
    def test_has_the_same_counts_and_hashes(self, treated, own_database):
        from earlyphase.store.journal import PostgresJournal
        from earlyphase.store.server import prepare

        backup = treated.sees("monitor", "journal/export/").content
        prepare(own_database)
        with psycopg.connect(own_database, autocommit=True) as connection:
            restored = PostgresJournal(connection, treated.name)
            assert restored.adopt(backup) == len(treated.journal())
            assert restored.read() == treated.journal()
            assert hashlib.sha256(restored.export()).digest() == hashlib.sha256(backup).digest()


class TestItem12AChangedByteIsFound:
    def test_anywhere_in_the_journal_by_verify(self, treated):
        from django.db import connections

        number = treated.number(4)
        owner = connections["owner"]
        with owner.cursor() as cursor:  # only who owns the database can do this at all
            cursor.execute("alter table journal_entry disable trigger journal_entry_kept")
            cursor.execute(
                "update journal_entry set line = replace(line, '2026', '2025') where study = %s and seq = %s",
                [treated.name, number],
            )
            cursor.execute("alter table journal_entry enable trigger journal_entry_kept")
        answer = treated.sees("monitor", "journal/verify/")
        assert answer.status_code == 500
        assert f"entry {number} does not match its hash" in words(answer)


class TestItem13TheStudysOwnProtocolFile:
    def test_is_held_against_its_digest_whenever_the_study_is_read(self, begun):
        from earlyphase.protocol.versions import ProtocolVersion
        from earlyphase.study.reconstruct import reconstruct
        from earlyphase.web.studies import site_studies

        protocols = site_studies()[begun.name]
        page = words(begun.sees("monitor", "journal/verify/"))
        assert "the file is the one that took effect" in page
        changed = {name: ProtocolVersion(one.protocol, "f" * 64) for name, one in protocols.items()}
        with pytest.raises(Exception, match="the protocol file is now"):
            reconstruct(changed, begun.journal())


class TestItem14AnAmendment:
    def test_takes_effect_only_with_its_approval(self, begun):
        before = begun.journal()
        answer = begun.types("sponsor", "record/protocol_amended/", on="2026-01-08", version="2.0", summary="More.")
        assert answer.status_code in (409, 422)
        assert begun.journal() == before

    def test_an_earlier_decision_keeps_the_version_it_used(self, due):
        fields = {"decision": "as recommended", "on": day(120).isoformat(), "members": "C. Chair"}
        due.types("committee", "decision/", **fields, head=due.journal()[-1].hash, password=PASSWORD)
        assert '"protocol_version":"' in due.journal()[-2].payload


class TestItem15Downtime:
    def test_every_record_of_a_participant_has_a_form_to_print(self, matrix):
        browser = matrix.browser("coordinator")
        for kind in TYPES:
            if kind.about == "participant":
                answer = browser.get(matrix.path(f"paper/{kind.record}/"))
                assert answer.status_code == 200, kind.record
                assert "Written by (printed name, role)" in words(answer)

    def test_what_is_entered_later_from_paper_says_so(self, begun):
        answer = begun.types("investigator", "participants/001/record/visit/", **VISIT, from_paper="2026-01-07")
        assert answer.status_code == 302, words(answer)
        assert '"from_paper":"2026-01-07"' in begun.journal()[-1].payload
        for page in ("journal/", f"entries/{begun.journal()[-1].seq}/", "participants/001/whole/"):
            assert "recorded later, from paper of 2026-01-07" in words(begun.sees("monitor", page))

    def test_the_day_on_the_paper_has_come(self, begun):
        answer = begun.types("investigator", "participants/001/record/visit/", **VISIT, from_paper="2099-01-01")
        assert answer.status_code == 409


def test_item_16_access_to_identifying_data_is_separate_and_logged(begun):
    fields = {"name": "Zhang Wei", "reason": "Consent form.", "save": "1"}
    assert begun.types("coordinator", "participants/001/identity/", **fields).status_code == 302
    assert begun.types("monitor", "participants/001/identity/", reason="To see.").status_code == 403
    begun.types("investigator", "participants/001/identity/", reason="To call.")
    log = words(begun.sees("monitor", "identities/"))
    assert "To call." in log
    assert "Zhang Wei" not in log + words(begun.sees("monitor", "participants/001/whole/"))


class TestItem17TheLock:
    def test_stops_editing_and_is_an_entry(self, treated):
        number = treated.number(2)
        treated.types("statistician", "record/data_lock/", on=day(90).isoformat(), because="The last visit is in.")
        assert treated.journal()[-1].record == "data_lock/1"
        before = treated.journal()
        refused = [
            treated.types("investigator", "participants/001/record/visit/", on=day(80).isoformat(), name="Day 28"),
            corrects(treated, number, on=day(9).isoformat()),
            treated.types("coordinator", f"entries/{number}/void/", reason="no"),
        ]
        assert [answer.status_code for answer in refused] == [409, 409, 409]
        assert all("locked" in words(answer) for answer in refused)
        assert treated.journal() == before

"""What a process has read of a journal, it goes on from: others write to the same journal meanwhile."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from tests.builders import DAY_ONE
from tests.web.test_outages import FIELDS, VISIT, address_of

from earlyphase.journal.store import MemoryJournal
from earlyphase.store.journal import PostgresJournal
from earlyphase.study.commands import Correct, Record, Void
from earlyphase.study.desk import Author, Desk
from earlyphase.study.reconstruct import reconstruct
from earlyphase.study.roles import ADMINISTRATOR
from earlyphase.web.clock import moment_of
from earlyphase.web.computed import Latest

BY = Author("The Coordinator", "coordinator", "coordinator")


def a_visit(on="2026-01-07"):
    return Record(command="visit", participant="001", payload={**FIELDS, "on": on})


@pytest.fixture
def elsewhere(begun, django):
    """Give a desk of another process, on a connection of its own."""
    from earlyphase.web.studies import look

    with psycopg.connect(address_of(django), autocommit=True) as connection:
        yield Desk(PostgresJournal(connection, begun.name), look(begun.name).protocols)


def is_as_if_read_anew(study):
    from earlyphase.web.studies import journal_of, look

    seen, entries = look(study.name), journal_of(study.name).read()
    return seen.entries == entries and seen.state == reconstruct(seen.protocols, entries)


def do(desk, command):
    answer = desk.do(command, BY, moment_of(desk.study))
    assert hasattr(answer, "seq"), answer
    return answer


def test_what_another_process_records_corrects_and_voids_is_seen(begun, elsewhere):
    assert is_as_if_read_anew(begun)
    visit = do(elsewhere, a_visit())
    assert is_as_if_read_anew(begun)
    changed = do(elsewhere, Correct(command="correct", entry=visit.seq, payload={**FIELDS, "name": "x"}, reason="typo"))
    other = do(elsewhere, a_visit("2026-01-08"))
    assert is_as_if_read_anew(begun)
    assert begun.types("coordinator", VISIT, **FIELDS).status_code == 302
    assert is_as_if_read_anew(begun)
    with pytest.raises(AssertionError, match="look again"):
        do(elsewhere, Void(command="void", entry=other.seq, reason="twice"))
    again = Desk(elsewhere._journal, elsewhere.study.protocols)
    do(again, Void(command="void", entry=changed.seq, reason="twice"))
    assert is_as_if_read_anew(begun)


def test_a_process_that_has_read_goes_on_without_reading_all_again(begun, elsewhere, monkeypatch):
    from earlyphase.web.studies import look

    look(begun.name)
    visit = do(elsewhere, a_visit())
    monkeypatch.delattr(PostgresJournal, "read")
    assert look(begun.name).entries[-1] == visit


def test_what_was_seen_of_a_transaction_that_failed_is_forgotten(begun):
    from django.db import transaction

    from earlyphase.web.studies import act, look

    class FailedError(Exception):
        pass

    before = look(begun.name)
    with pytest.raises(FailedError), transaction.atomic():  # noqa: PT012 - what is in the transaction is the matter
        act(begun.name, [a_visit()], BY)
        assert len(look(begun.name).entries) == len(before.entries) + 1
        raise FailedError
    assert look(begun.name) is before
    assert begun.types("coordinator", VISIT, **FIELDS).status_code == 302
    assert is_as_if_read_anew(begun)


def test_a_journal_that_does_not_go_on_from_what_was_read_is_read_anew(begun, monkeypatch):
    from earlyphase.web import studies

    seen = studies.look(begun.name)
    desk = Desk(MemoryJournal(begun.name, seen.entries), seen.protocols)
    ahead = studies.replace(seen, entries=(*seen.entries, do(desk, a_visit("2026-01-05"))), state=desk.study)
    for entry in ahead.entries:
        ahead.read.add(entry)
    monkeypatch.setattr(studies._last_seen, "get", lambda _: ahead)
    assert is_as_if_read_anew(begun)
    for day in ("2026-01-07", "2026-01-08", "2026-01-09"):
        begun.types("coordinator", VISIT, **{**FIELDS, "on": day})
        assert is_as_if_read_anew(begun)


def test_an_entry_after_a_head_that_is_not_there_is_refused(begun, django):
    from earlyphase.faults import Broken

    with psycopg.connect(address_of(django), autocommit=True) as connection:
        journal = PostgresJournal(connection, begun.name)
        entries = journal.read()
        assert journal.after(entries[-3].head) == entries[-2:]
        assert journal.after(entries[-1].head) == ()
        with pytest.raises(Broken, match="does not follow"):
            journal.after(entries[-3].head._replace(hash="f" * 64))


def test_of_many_studies_a_process_keeps_those_that_were_asked_for_last():
    kept = Latest(2)
    for name in ("a", "b"):
        kept.put(name, name)
    assert kept.get("a") == "a"
    kept.put("c", "c")
    assert (kept.get("a"), kept.get("b"), kept.get("c")) == ("a", None, "c")


def test_of_those_who_ask_first_for_the_protocols_of_a_site_one_reads_them(begun, monkeypatch):
    from earlyphase.web import studies

    read, together = [], threading.Barrier(4)
    folders = studies._folders
    monkeypatch.setattr(studies, "_folders", lambda: read.append(time.sleep(0.05)) or folders())

    def asks(_):
        together.wait(timeout=60)
        return studies.site_studies()

    studies.site_protocols.cache_clear()
    with ThreadPoolExecutor(4) as pool:
        found = [*pool.map(asks, range(4))]
    assert len(read) == 1
    assert all(one is found[0] for one in found)


def test_the_studies_of_a_person_are_found_without_reading_those_of_others(a_study, monkeypatch):
    from earlyphase.web import studies

    ours, others = a_study(), a_study().opens()
    fields = {"person": "stranger", "printed_name": "The Stranger", "role": "monitor"}
    ours.before.says("role_granted", ADMINISTRATOR, on=DAY_ONE, **fields)
    ours.opens()
    monkeypatch.setattr(studies, "_last_seen", Latest(2))
    whole, read = PostgresJournal.read, []
    monkeypatch.setattr(PostgresJournal, "read", lambda journal: read.append(journal.study) or whole(journal))
    answer = ours.browser("stranger").get("/")
    assert (answer.status_code, answer["Location"]) == (302, ours.path())
    assert read == [ours.name]
    assert {ours.name, others.name} <= set(studies.studies_of("sponsor"))

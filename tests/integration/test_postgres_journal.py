"""The journal in a real PostgreSQL: the same lines as in a file, and nobody can change them."""

import threading
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from tests.spec.test_journal_file import a_draft

from earlyphase.faults import InvalidInput
from earlyphase.journal.entry import EMPTY
from earlyphase.journal.file import FileJournal
from earlyphase.journal.store import HeadMoved
from earlyphase.store.journal import PostgresJournal
from earlyphase.store.server import database, prepare


@pytest.fixture
def journal(address, request):
    with psycopg.connect(address, autocommit=True) as connection:
        yield PostgresJournal(connection, request.node.name)


def filled(journal, entries=3):
    head = EMPTY
    for number in range(1, entries + 1):
        (entry,) = journal.append([a_draft(number)], head)
        head = entry.head
    return journal


def test_a_database_keeps_the_lines_that_a_file_keeps(journal, tmp_path):
    file = filled(FileJournal(tmp_path / "journal.jsonl", journal.study))
    assert filled(journal).export() == file.path.read_bytes()
    assert journal.read() == file.read()


def test_a_journal_moves_from_file_to_database_with_its_hashes(journal, tmp_path):
    file = filled(FileJournal(tmp_path / "journal.jsonl", journal.study))
    assert journal.adopt(file.path.read_bytes()) == 3
    assert journal.export() == file.path.read_bytes()


def test_a_study_is_adopted_once(journal, tmp_path):
    file = filled(FileJournal(tmp_path / "journal.jsonl", journal.study))
    journal.adopt(file.path.read_bytes())
    with pytest.raises(HeadMoved):
        journal.adopt(file.path.read_bytes())


@pytest.mark.parametrize(
    "attack",
    [
        "update journal_entry set line = line",
        "delete from journal_entry",
        "truncate journal_entry",
        "update journal_entry set line = line where false",
    ],
)
def test_nobody_changes_or_removes_an_entry_even_as_the_owner(address, journal, attack):
    filled(journal)
    with psycopg.connect(address) as owner, pytest.raises(psycopg.DatabaseError, match="append-only"):
        owner.execute(attack)
    assert len(journal.read()) == 3


@pytest.mark.parametrize(
    "attack", ["update journal_entry set line = ''", "truncate journal_entry", "drop table journal_entry"]
)
def test_the_role_of_the_application_may_add_and_read_only(address, attack):
    with psycopg.connect(address) as connection:
        connection.execute("set role earlyphase_app")
        connection.execute("select count(*) from journal_entry")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(attack)


def test_the_database_itself_refuses_an_entry_that_does_not_match_its_hash(address, journal, tmp_path):
    file = filled(FileJournal(tmp_path / "journal.jsonl", journal.study), entries=1)
    forged = file.path.read_text().replace("day 1", "day 9").strip()
    with psycopg.connect(address) as connection, pytest.raises(psycopg.DatabaseError, match="does not match its hash"):
        connection.execute("insert into journal_entry (line) values (%s)", (forged,))


def test_of_fifty_writers_at_one_head_exactly_one_wins(address, journal):
    head = filled(journal).head()
    barrier = threading.Barrier(50)

    def append_once():
        with psycopg.connect(address, autocommit=True) as connection:
            barrier.wait()
            try:
                return len(PostgresJournal(connection, journal.study).append([a_draft(4)], head))
            except HeadMoved:
                return 0

    with ThreadPoolExecutor(50) as crowd:
        wins = [crowd.submit(append_once) for _ in range(50)]
    assert sum(won.result() for won in wins) == 1
    assert [entry.seq for entry in journal.read()] == [1, 2, 3, 4]


def test_preparing_a_database_twice_changes_nothing(address, journal):
    filled(journal)
    prepare(address)
    assert len(journal.read()) == 3


def test_an_address_without_a_database_is_named():
    with pytest.raises(InvalidInput, match="DATABASE_URL"):
        prepare("postgresql://127.0.0.1:1/none?connect_timeout=2")


def test_a_folder_with_a_long_path_holds_a_database_too(tmp_path):
    long = tmp_path / ("x" * 60) / ("y" * 60)
    with database(None, long) as address, psycopg.connect(address) as connection:
        assert connection.execute("select 1").fetchone() == (1,)

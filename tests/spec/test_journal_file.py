"""The file store keeps what it acknowledged, finds every change, and never drops a byte in silence."""

import datetime as dt
import hashlib
import json
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from earlyphase.faults import Broken, InvalidInput
from earlyphase.journal.entry import EMPTY, Draft, Head, Kind
from earlyphase.journal.file import FileJournal
from earlyphase.journal.store import HeadMoved, MemoryJournal

NOON = dt.datetime(2026, 5, 3, 12, tzinfo=dt.UTC)


def a_draft(number=1, **changes):
    fields = {
        "recorded_at": NOON,
        "recorded_by": "Li Wei",
        "role": "coordinator",
        "kind": Kind.RECORDED,
        "record": "visit/1",
        "participant": "001",
        "payload": json.dumps({"on": "2026-05-03", "name": f"day {number}"}),
    }
    return Draft(**(fields | changes))


def a_journal(tmp_path, entries=3):
    journal = FileJournal(tmp_path / "journal.jsonl", "S1")
    head = EMPTY
    for number in range(1, entries + 1):
        (entry,) = journal.append([a_draft(number)], head)
        head = entry.head
    return journal


def test_what_was_appended_is_read_back_in_order(tmp_path):
    journal = a_journal(tmp_path)
    assert [entry.seq for entry in journal.read()] == [1, 2, 3]
    assert journal.read()[1].payload == a_draft(2).payload


def test_a_journal_that_does_not_exist_yet_is_empty(tmp_path):
    assert FileJournal(tmp_path / "new.jsonl", "S1").read() == ()


def test_the_hash_can_be_checked_without_this_software(tmp_path):
    journal = a_journal(tmp_path)
    for line in journal.path.read_bytes().splitlines():
        covered, _, rest = line.rpartition(b',"hash":"')
        assert hashlib.sha256(covered).hexdigest() == rest[:-2].decode()


def test_memory_and_file_make_the_same_entries(tmp_path):
    memory, head = MemoryJournal("S1"), EMPTY
    for number in (1, 2, 3):
        (entry,) = memory.append([a_draft(number)], head)
        head = entry.head
    assert memory.read() == a_journal(tmp_path).read()


@pytest.mark.parametrize("where", range(0, 900, 7))
def test_a_changed_byte_anywhere_is_found(tmp_path, where):
    journal = a_journal(tmp_path)
    content = bytearray(journal.path.read_bytes())
    at = where % len(content)
    content[at] ^= 1
    journal.path.write_bytes(bytes(content))
    with pytest.raises(Broken):
        journal.read()


def test_the_message_names_the_entry_and_its_hash(tmp_path):
    journal = a_journal(tmp_path)
    second = journal.read()[1]
    journal.path.write_bytes(journal.path.read_bytes().replace(b"day 2", b"day 9"))
    with pytest.raises(Broken, match=rf"entry 2 does not match its hash {second.hash[:12]}"):
        journal.read()


def test_a_removed_entry_is_found(tmp_path):
    journal = a_journal(tmp_path)
    first, _, third = journal.path.read_bytes().splitlines(keepends=True)
    journal.path.write_bytes(first + third)
    with pytest.raises(Broken, match="entry 3 does not follow entry 1"):
        journal.read()


def test_exchanged_entries_are_found(tmp_path):
    journal = a_journal(tmp_path)
    first, second, third = journal.path.read_bytes().splitlines(keepends=True)
    journal.path.write_bytes(second + first + third)
    with pytest.raises(Broken, match="does not follow entry 0"):
        journal.read()


def test_a_torn_last_line_is_reported_with_what_is_sound(tmp_path):
    journal = a_journal(tmp_path)
    journal.path.write_bytes(journal.path.read_bytes()[:-40])
    with pytest.raises(Broken, match=r"torn: \d+ bytes after entry 2 .* Entries 1 to 2 are sound"):
        journal.read()


def test_nothing_is_appended_to_a_torn_journal(tmp_path):
    journal = a_journal(tmp_path)
    journal.path.write_bytes(journal.path.read_bytes()[:-40])
    torn = journal.path.read_bytes()
    with pytest.raises(Broken):
        journal.append([a_draft()], EMPTY)
    assert journal.path.read_bytes() == torn


def test_a_torn_line_is_set_aside_and_kept(tmp_path):
    journal = a_journal(tmp_path)
    whole = journal.path.read_bytes()
    journal.path.write_bytes(whole[:-40])
    aside = journal.set_aside_torn_line()
    assert journal.path.read_bytes() + aside.read_bytes() == whole[:-40]
    assert [entry.seq for entry in journal.read()] == [1, 2]


def test_a_whole_journal_has_no_torn_line(tmp_path):
    assert a_journal(tmp_path).set_aside_torn_line() is None


def test_of_two_writers_that_saw_the_same_head_one_wins(tmp_path):
    journal = a_journal(tmp_path)
    head = journal.read()[-1].head
    journal.append([a_draft(4)], head)
    with pytest.raises(HeadMoved, match="look again"):
        journal.append([a_draft(5)], head)
    assert [entry.seq for entry in journal.read()] == [1, 2, 3, 4]


def test_a_head_that_never_was_is_refused(tmp_path):
    with pytest.raises(HeadMoved):
        a_journal(tmp_path).append([a_draft()], Head(3, "f" * 64))


@pytest.mark.parametrize("attempt", range(10))
def test_of_six_writers_at_one_head_exactly_one_writes(tmp_path, attempt):
    path = a_journal(tmp_path / str(attempt)).path
    barrier = threading.Barrier(6)

    def append_once():
        journal = FileJournal(path, "S1")
        head = journal.read()[-1].head
        barrier.wait()
        try:
            return len(journal.append([a_draft(4)], head))
        except HeadMoved:
            return 0

    with ThreadPoolExecutor(6) as crowd:
        wins = [crowd.submit(append_once) for _ in range(6)]
    assert sum(won.result() for won in wins) == 1
    assert len(FileJournal(path, "S1").read()) == 4


def test_another_studys_journal_is_not_taken_for_this_one(tmp_path):
    journal = a_journal(tmp_path)
    with pytest.raises(InvalidInput, match="S1"):
        FileJournal(journal.path, "S2").read()


def test_a_folder_is_no_journal(tmp_path):
    with pytest.raises(InvalidInput, match="cannot be read"):
        FileJournal(tmp_path, "S1").read()


def test_a_full_disk_leaves_the_journal_as_it_was(tmp_path, monkeypatch):
    journal = a_journal(tmp_path)
    before, head = journal.path.read_bytes(), journal.read()[-1].head

    def no_space(_handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", no_space)
    with pytest.raises(InvalidInput, match="Nothing was added"):
        journal.append([a_draft(4)], head)
    assert journal.path.read_bytes() == before


def test_a_moment_without_a_time_zone_is_not_written(tmp_path):
    naive = dt.datetime(2026, 5, 3, 12)  # noqa: DTZ001 - the point of the test
    with pytest.raises(ValueError, match="no time zone"):
        a_journal(tmp_path, entries=0).append([a_draft(recorded_at=naive)], EMPTY)

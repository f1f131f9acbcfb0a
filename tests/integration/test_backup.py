"""The drill: a site is backed up, lost, and restored; a damaged backup is found; a full database is left alone."""

import json
import os
import subprocess
import sys
import zipfile
from functools import partial

import psycopg
import pytest
from tests.simulated import entries_of

from earlyphase.faults import Broken, InvalidInput
from earlyphase.journal.entry import EMPTY, seal
from earlyphase.protocol.library import known_studies
from earlyphase.simulation.writing import draft_of
from earlyphase.store.backup_manifest import MANIFEST
from earlyphase.store.backup_reading import check_backup, fill
from earlyphase.store.backup_writing import write_backup
from earlyphase.store.journal import PostgresJournal
from earlyphase.store.server import prepare

PASSWORD = "a long pass phrase"  # noqa: S105 - a test's
AT = "2026-05-03T10:00:00+00:00"


def run(folder, *arguments, **more):
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG", "TMPDIR")}
    return subprocess.run(
        [sys.executable, "-m", "earlyphase.cli.main", *arguments],
        env=kept | {"EARLYPHASE_DATA": str(folder), "EARLYPHASE_PASSWORD": PASSWORD} | more,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        stdin=subprocess.DEVNULL,
    )


@pytest.fixture(scope="module")
def new_database(address):
    """Give a function that makes an empty database."""
    made = []

    def make():
        name = f"backup{os.getpid()}x{len(made)}"
        made.append(name)
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(f"create database {name}".encode())
        return address.replace("/postgres?", f"/{name}?")

    return make


def lines_of(entries):
    head, lines = EMPTY, b""
    for entry in entries:
        sealed, line = seal(entry.study, head, draft_of(entry))
        head, lines = sealed.head, lines + line + b"\n"
    return lines


@pytest.fixture(scope="module")
def journals_only(new_database):
    """Give a database with one simulated journal and a registry record's tables."""
    place = new_database()
    prepare(place)
    entries = entries_of(3)
    with psycopg.connect(place, autocommit=True) as connection:
        PostgresJournal(connection, entries[0].study).adopt(lines_of(entries))
    return place


def test_a_site_that_was_lost_is_restored_with_people_journals_and_tokens(tmp_path, new_database):
    study, lost, found = next(iter(known_studies())), new_database(), new_database()
    site = partial(run, tmp_path / "site")
    file = tmp_path / "site.zip"
    first = ("init", "--user", "li.wei", "--name", "Li Wei", "--study", study)
    assert site(*first, DATABASE_URL=lost).returncode == 0
    token = ("token", "add", "li.wei", "--study", study, "--name", "laboratory", "--json")
    assert site(*token, DATABASE_URL=lost).returncode == 0
    made = site("backup", str(file), "--json", DATABASE_URL=lost)
    assert made.returncode == 0, made.stderr
    assert file.stat().st_mode & 0o077 == 0
    said = json.loads(made.stdout)
    restored = run(tmp_path / "new", "restore", str(file), "--json", DATABASE_URL=found)
    assert restored.returncode == 0, restored.stderr
    assert json.loads(restored.stdout) == said
    again = run(tmp_path / "new", "restore", str(file), DATABASE_URL=found)
    assert (again.returncode, "is not empty" in again.stderr) == (2, True)
    assert said["tables"]["people_person"]["rows"] == 1
    with psycopg.connect(found) as connection, pytest.raises(psycopg.Error, match="deactivate the person"):
        connection.execute("delete from people_person")
    listed = json.loads(site("token", "list", "--json", DATABASE_URL=found).stdout)
    assert [one["name"] for one in listed["tokens"]] == ["laboratory"]
    more = site(
        "person", "add", "ann.li", "--name", "Ann Li", "--study", study, "--role", "monitor", DATABASE_URL=found
    )
    assert more.returncode == 0, more.stderr
    second = tmp_path / "second.zip"
    assert site("backup", str(second), "--json", DATABASE_URL=found).returncode == 0
    assert check_backup(second).tables["people_person"].rows == 2


def test_a_journal_in_a_backup_is_a_journal_file(journals_only, tmp_path):
    file = tmp_path / "b.zip"
    manifest = write_backup(journals_only, file, AT)
    (journal,) = manifest.journals.values()
    entries = entries_of(3)
    with zipfile.ZipFile(file) as archive:
        assert archive.read(journal.file) == lines_of(entries)
    assert (journal.entries, journal.head) == (len(entries), lines_of(entries)[-67:-3].decode())
    assert check_backup(file) == manifest


def test_what_is_restored_is_the_same_to_the_byte(journals_only, new_database, tmp_path):
    place, first, second = new_database(), tmp_path / "1.zip", tmp_path / "2.zip"
    manifest = write_backup(journals_only, first, AT)
    prepare(place, manifest.steps)
    fill(place, first, manifest)
    assert write_backup(place, second, AT) == manifest


def rewritten(file, to, change):
    """Copy a backup with the content of its members changed by a function."""
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(to, "w") as new:
        for name in old.namelist():
            content = change(name, old.read(name))
            if content is not None:
                new.writestr(name, content)
    return to


DAMAGE = {
    "a journal with a changed byte": lambda name, it: (
        it.replace(b"consent", b"c0nsent", 1) if "journals" in name else it
    ),
    "a journal without its end": lambda name, it: it[: it.rstrip().rfind(b"\n") + 1] if "journals" in name else it,
    "a table with a row more": lambda name, it: it + b"x\n" if name == "tables/schema_step.copy" else it,
    "a table that is missing": lambda name, it: None if name == "tables/schema_step.copy" else it,
    "no manifest": lambda name, it: None if name == MANIFEST else it,
    "a manifest that is none": lambda name, it: b"{}" if name == MANIFEST else it,
}


@pytest.mark.parametrize("change", DAMAGE.values(), ids=DAMAGE)
def test_a_damaged_backup_is_found(journals_only, tmp_path, change):
    whole = tmp_path / "whole.zip"
    write_backup(journals_only, whole, AT)
    with pytest.raises(Broken):
        check_backup(rewritten(whole, tmp_path / "damaged.zip", change))


def test_a_torn_file_and_one_that_is_none_are_named(journals_only, tmp_path):
    whole = tmp_path / "whole.zip"
    write_backup(journals_only, whole, AT)
    torn = tmp_path / "torn.zip"
    torn.write_bytes(whole.read_bytes()[:-200])
    with pytest.raises(Broken, match="damaged, or no backup"):
        check_backup(torn)
    with pytest.raises(InvalidInput, match="cannot be read"):
        check_backup(tmp_path / "none.zip")
    with pytest.raises(InvalidInput, match="never written over"):
        write_backup(journals_only, whole, AT)


def test_a_backup_of_a_later_version_is_refused(journals_only, new_database, tmp_path):
    file = tmp_path / "b.zip"
    write_backup(journals_only, file, AT)
    later = rewritten(file, tmp_path / "later.zip", lambda _, it: it.replace(b'"steps": [', b'"steps": ["9999.sql",'))
    with pytest.raises(InvalidInput, match="does not know"):
        prepare(new_database(), check_backup(later).steps)


def test_a_damaged_journal_is_not_backed_up_as_if_it_were_sound(journals_only, tmp_path, monkeypatch):
    def damaged(*_):
        raise Broken("journal", None, "does not match.")

    monkeypatch.setattr("earlyphase.store.backup_writing.open_lines", damaged)
    with pytest.raises(Broken):
        write_backup(journals_only, tmp_path / "b.zip", AT)
    assert list(tmp_path.iterdir()) == []

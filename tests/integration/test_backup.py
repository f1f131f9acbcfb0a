"""The drill: a site is backed up, lost, and restored; a damaged backup is found; a full database is left alone."""

import json
import os
import re
import subprocess
import sys
import zipfile
from functools import partial

import psycopg
import pytest
from psycopg import sql
from tests.checkout import ROOT
from tests.simulated import entries_of
from tests.soak.running import a_database

from earlyphase.faults import Broken, InvalidInput
from earlyphase.journal.entry import EMPTY, seal
from earlyphase.protocol.library import known_studies
from earlyphase.simulation.writing import draft_of
from earlyphase.store.backup_manifest import MANIFEST
from earlyphase.store.backup_reading import check_backup, fill
from earlyphase.store.backup_tables import tables_in
from earlyphase.store.backup_writing import write_backup
from earlyphase.store.journal import PostgresJournal
from earlyphase.store.server import prepare

PASSWORD = "a long pass phrase"  # noqa: S105 - a test's
SCHEMA = ROOT / "src" / "earlyphase" / "store" / "schema"
AT = "2026-05-03T10:00:00+00:00"


def run(folder, *arguments, **more):
    kept = {
        name: value for name, value in os.environ.items() if name in ("PATH", "PYTHONPATH", "HOME", "LANG", "TMPDIR")
    }
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


def test_no_bit_that_is_turned_restores_something_else(journals_only, tmp_path):
    whole, damaged = tmp_path / "whole.zip", tmp_path / "damaged.zip"
    manifest = write_backup(journals_only, whole, AT)
    content, found = whole.read_bytes(), 0
    for place in range(0, len(content), len(content) // 300):
        changed = bytearray(content)
        changed[place] ^= 1 << place % 8
        damaged.write_bytes(changed)
        try:
            assert check_backup(damaged) == manifest  # a date of the archive, which nobody reads
        except Broken:
            found += 1
    assert found > 250


def text_of(change):
    return lambda _, it: change(it.decode()).encode() if it.startswith(b"{\n") else it


LATER = {
    "a step of the schema": (text_of(lambda it: it.replace('"steps": [', '"steps": ["9999.sql",')), "does not know"),
    "a step of the tables": (
        text_of(lambda it: it.replace('"migrations": [', '"migrations": [["people", "9999_later"]')),
        "does not know",
    ),
    "another format": (text_of(lambda it: it.replace('"format": 1', '"format": 2')), "was written by a later version"),
}


def everything_in(address):
    """Give the tables of a database with their rows."""
    with psycopg.connect(address) as connection:
        return {
            name: connection.execute(sql.SQL("select count(*) from {}").format(sql.Identifier(name))).fetchone()
            for name in tables_in(connection)
        }


@pytest.mark.parametrize(("change", "says"), LATER.values(), ids=LATER)
def test_a_backup_of_a_later_version_is_refused_and_nothing_is_made(
    journals_only, new_database, tmp_path, change, says
):
    file, empty = tmp_path / "b.zip", new_database()
    write_backup(journals_only, file, AT)
    later = rewritten(file, tmp_path / "later.zip", change)
    done = run(tmp_path, "restore", str(later), DATABASE_URL=empty)
    assert (done.returncode in {2, 4}, says in done.stderr, "Traceback" in done.stderr) == (True, True, False)
    assert everything_in(empty) == {}


OLDER = """
import os
from django.core.management import call_command
from earlyphase.web.start import OWNER, configure
configure({**os.environ, "EARLYPHASE_SECRET_KEY": "only-for-tests-" * 5, "EARLYPHASE_DEBUG": "1"})
for app in ("contenttypes", "auth", "sessions", "account", "axes", "mfa"):
    call_command("migrate", app, database=OWNER, verbosity=0)
call_command("migrate", "people", "0001", database=OWNER, verbosity=0)
"""
"""Makes the tables of the first version that had people: roles were a table then, and there were no tokens."""


@pytest.fixture(scope="module")
def older(new_database, tmp_path_factory):
    """Give the backup of a site as it was before identities, tokens and the log of accounts were there."""
    place, file = new_database(), tmp_path_factory.mktemp("older") / "older.zip"
    prepare(place, only=["0001_journal.sql", "0002_records.sql"])
    subprocess.run([sys.executable, "-c", OLDER], env={**os.environ, "DATABASE_URL": place}, check=True)
    entries = entries_of(3)
    with psycopg.connect(place, autocommit=True) as connection:
        PostgresJournal(connection, entries[0].study).adopt(lines_of(entries))
        person = "insert into people_person (id, password, username, full_name, is_active, sessions_of)"
        connection.execute(f"{person} values (7, 'x', 'li.wei', 'Li Wei', true, 's')".encode())
        connection.execute("insert into people_studyrole (study, role, person_id) values ('S', 'sponsor', 7)")
        record = "insert into record_version (nct_id, version, digest, shape, irregular, seen_at, source, content)"
        connection.execute(f"{record} values ('NCT1', 1, '\\x01', 'v2', 0, now(), 'a file', '{{}}')".encode())
    return file, write_backup(place, file, AT)


def test_a_backup_of_an_older_schema_is_restored_and_brought_up_to_date(older, new_database, tmp_path):
    file, manifest = older
    assert ("people", "0002_delegation_and_account_log") not in manifest.migrations
    assert set(manifest.steps) == {"0001_journal.sql", "0002_records.sql"}
    found, site = new_database(), partial(run, tmp_path)
    done = site("restore", str(file), DATABASE_URL=found)
    assert done.returncode == 0, done.stderr
    added = ("person", "add", "ann.li", "--name", "Ann Li", "--study", next(iter(known_studies())), "--role", "monitor")
    more = site(*added, DATABASE_URL=found, EARLYPHASE_SECRET_KEY="only-for-tests-" * 5, EARLYPHASE_DEBUG="1")
    assert more.returncode == 0, more.stderr
    now = write_backup(found, tmp_path / "now.zip", AT)
    assert set(now.steps) == {step.name for step in SCHEMA.glob("*.sql")}
    assert ("people", "0002_delegation_and_account_log") in now.migrations
    kept = entries_of(3)[0].study
    assert now.journals[kept] == manifest.journals[kept].model_copy(update={"file": now.journals[kept].file})
    with psycopg.connect(found) as connection:
        people = connection.execute("select id, username from people_person order by id").fetchall()
        said = connection.execute("select username, what from people_accountentry").fetchall()
        records = connection.execute("select nct_id from record_version").fetchall()
    assert people == [(7, "li.wei"), (8, "ann.li")]
    assert said == [("ann.li", "added")]
    assert records == [("NCT1",)]


def test_a_database_of_a_later_version_is_left_as_it_is(older, journals_only, new_database, tmp_path):
    file, _ = older
    later = new_database()
    prepare(later)
    for place, says in ((later, "was made by a later version"), (journals_only, "is not empty")):
        before = everything_in(place)
        done = run(tmp_path, "restore", str(file), DATABASE_URL=place)
        assert (done.returncode, says in done.stderr) == (2, True), done.stderr
        assert everything_in(place) == before


def test_a_database_of_other_software_is_left_as_it_is(older, new_database, tmp_path):
    file, _ = older
    place = new_database()
    with psycopg.connect(place) as connection:
        connection.execute("create table theirs (n int)")
    done = run(tmp_path, "restore", str(file), DATABASE_URL=place)
    assert (done.returncode, "has tables of other software" in done.stderr) == (2, True), done.stderr
    assert list(everything_in(place)) == ["theirs"]


def test_what_is_no_backup_is_named(tmp_path):
    text, empty, other = tmp_path / "notes.zip", tmp_path / "empty.zip", tmp_path / "other.zip"
    text.write_text("my notes", "utf-8")
    empty.write_bytes(b"")
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("a.txt", "a")
    for file, says in (
        (text, "is damaged, or no backup"),
        (empty, "is damaged, or no backup"),
        (other, "has no manifest"),
        (tmp_path, "cannot be read: Is a directory"),
        (tmp_path / "none.zip", "cannot be read: No such file"),
    ):
        with pytest.raises(InvalidInput, match=says):
            check_backup(file)


def test_a_database_that_refuses_is_told_in_a_sentence(older, tmp_path):
    """With a server that asks for a password: a wrong one, somebody who may make no tables, nobody there."""
    file, _ = older
    with a_database() as server:
        with psycopg.connect(server.address, autocommit=True) as connection:
            connection.execute("create role guest login password 'right'")
            connection.execute("create database fresh")
        rules = server.folder / "pg_hba.conf"
        rules.write_text("local all guest scram-sha-256\n" + rules.read_text("utf-8"), "utf-8")
        with psycopg.connect(server.address, autocommit=True) as connection:
            connection.execute("select pg_reload_conf()")
        host = f"/fresh?host={server.folder}"
        for address, says in (
            (f"postgresql://guest:wrong@{host}", "leads to no database: .*password authentication failed"),
            (f"postgresql://guest:right@{host}", "refuses: permission denied for schema public"),
            (f"postgresql://guest:right@/none?host={server.folder}", "leads to no database: .*does not exist"),
            (f"postgresql://postgres@/postgres?host={tmp_path}", "leads to no database: .*No such file"),
        ):
            for command in (("restore", str(file)), ("backup", str(tmp_path / "new.zip"))):
                done = run(tmp_path, *command, DATABASE_URL=address)
                assert (done.returncode, "Traceback" in done.stderr) == (2, False), done.stderr
                assert re.search(says, done.stderr), done.stderr
                assert "wrong@" not in done.stderr
        assert everything_in(server.address.replace("/postgres?", "/fresh?")) == {}
    assert not (tmp_path / "new.zip").exists()


def test_a_damaged_journal_is_not_backed_up_as_if_it_were_sound(journals_only, tmp_path, monkeypatch):
    def damaged(*_):
        raise Broken("journal", None, "does not match.")

    monkeypatch.setattr("earlyphase.store.backup_writing.open_lines", damaged)
    with pytest.raises(Broken):
        write_backup(journals_only, tmp_path / "b.zip", AT)
    assert list(tmp_path.iterdir()) == []

"""Importing, searching and comparing records, and moving journals, as a user types it."""

import json

import pytest
from tests.registry_records import OURS, a_record, our_record_with, the_record
from tests.spec.test_journal_file import a_draft

from earlyphase.cli.main import run
from earlyphase.journal.entry import EMPTY
from earlyphase.journal.file import FileJournal
from earlyphase.protocol.library import study_folder
from earlyphase.protocol.reading import read_protocols
from earlyphase.registry.part import as_json

RECORD = str(study_folder(OURS) / "record.json")


@pytest.fixture
def answer(records_address, capsys, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", records_address)
    monkeypatch.setenv("COLUMNS", "100")

    def type_in(*arguments):
        code = 0
        try:
            run([*map(str, arguments)])
        except SystemExit as left:
            code = left.code
        said = capsys.readouterr()
        return code, said.out, said.err

    return type_in


def as_lines(path, *records):
    path.write_text("\n".join(record if isinstance(record, str) else json.dumps(as_json(record)) for record in records))
    return path


def test_the_record_of_a_study_is_imported_found_and_compared(answer, tmp_path):
    code, out, _ = answer("record", "import", RECORD)
    assert (code, out.splitlines()[0].split(":")[0]) == (0, "1 read")
    changed = our_record_with(statusModule={"overallStatus": "COMPLETED"})
    assert answer("record", "import", as_lines(tmp_path / "later.jsonl", changed))[0] == 0

    code, out, _ = answer("record", "search", "CAR-T T-ALL", "--phase", "EARLY_PHASE1", "--near", "30.3,120.2,50km")
    assert code == 0
    assert OURS in out
    assert "Completed · Early Phase 1" in out
    assert "“T ALL” is searched as T-cell acute lymphoblastic leukemia" in out
    assert "1 record." in out

    code, out, _ = answer("record", "versions", OURS)
    assert code == 0
    assert "From version 1 to version 2: 1 changes." in out
    assert "RECRUITINGCOMPLETED" in out


def test_answers_can_be_had_as_json(answer):
    answer("record", "import", RECORD)
    code, out, _ = answer("record", "search", "T-ALL", "--json")
    found = json.loads(out)
    assert (code, found["hits"][0]["nct_id"], found["facets"]["countries"]) == (0, OURS, {"China": 1})
    code, out, _ = answer("record", "versions", OURS, "--json")
    assert json.loads(out)["versions"][0]["nct_id"] == OURS
    code, out, _ = answer("record", "import", RECORD, "--json")
    assert json.loads(out)["known"] == 1


def test_one_bad_line_is_told_and_the_rest_is_done(answer, tmp_path):
    good = a_record(identificationModule={"nctId": "NCT00000002", "briefTitle": "Sleep"})
    file = as_lines(tmp_path / "records.jsonl", "{", good)
    refusals = tmp_path / "refused.txt"
    code, out, err = answer("record", "import", file, "--refused", refusals)
    assert code == 2
    assert "1 new records" in out
    assert "records.jsonl:1" in err
    assert "records.jsonl:1" in refusals.read_text()
    assert "Sleep" in answer("record", "search", "NCT00000002")[1]


def test_the_next_page_can_be_asked_for(answer, tmp_path):
    records = [a_record(identificationModule={"nctId": f"NCT0001000{n}", "briefTitle": "Pages"}) for n in range(3)]
    answer("record", "import", as_lines(tmp_path / "records.jsonl", *records))
    out = answer("record", "search", "pages", "--size", "2")[1]
    page = out.split("--page ")[1].split()[0]
    assert "NCT00010000" in answer("record", "search", "pages", "--size", "2", "--page", page)[1]


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("import", "nowhere.json"), "is no file"),
        (("search", "x", "--near", "here"), "is no place"),
        (("search", "x", "--phase", "PHASE7"), "not in the registry's list"),
        (("search", "x", "--page", "%%"), "is no page"),
        (("search", "x", "--size", "0"), "from 1 to 200"),
        (("versions", "NCT99999999"), "is not in the database"),
    ],
)
def test_what_makes_no_sense_is_invalid(answer, arguments, why):
    code, out, err = answer("record", *arguments)
    assert (code, out) == (2, "")
    assert why in " ".join(err.split())


def test_an_empty_database_says_what_to_do(capsys, server_folder, monkeypatch):
    monkeypatch.delenv("DATABASE_URL", raising=False)
    with pytest.raises(SystemExit) as left:
        run(["record", "search", "x", "--data", str(server_folder / "empty")])
    assert left.value.code == 0
    assert "Import some" in capsys.readouterr().out
    assert (server_folder / "empty" / "database").is_dir()


def test_a_journal_moves_into_the_database_and_back_byte_for_byte(answer, tmp_path):
    name = next(iter(read_protocols(study_folder(OURS)).values())).protocol.study
    file, back = tmp_path / "journal.jsonl", tmp_path / "back.jsonl"
    FileJournal(file, name).append([a_draft(1), a_draft(2)], EMPTY)
    assert answer("journal", "export", OURS, "--journal", back)[0] == 2
    assert answer("journal", "import", OURS, "--journal", file)[:2] == (
        0,
        f"2 entries of {name} are in the database.\n",
    )
    code, out, _ = answer("journal", "export", OURS, "--journal", back, "--json")
    assert (code, json.loads(out)["entries"]) == (0, 2)
    assert back.read_bytes() == file.read_bytes()

    code, _, err = answer("journal", "import", OURS, "--journal", file)
    assert (code, "2 entries in the database already" in err) == (2, True)
    code, _, err = answer("journal", "export", OURS, "--journal", back)
    assert (code, "exists already" in err) == (2, True)


def test_a_damaged_journal_is_not_taken_in(answer, tmp_path):
    file = tmp_path / "journal.jsonl"
    FileJournal(file, the_record().nct_id or "").append([a_draft(1)], EMPTY)
    file.write_text(file.read_text().replace("day 1", "day 9"))
    assert answer("journal", "import", OURS, "--journal", file)[0] == 4

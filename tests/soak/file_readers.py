"""What reads files and folders that others wrote, each with one that it can read: more of what fuzzing begins with.

Nothing stands between these and who runs a command: they may refuse with our own sentence alone.
"""

import datetime as dt
import hashlib
import io
import json
import tempfile
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

from earlyphase.cli.follow_up_file import read_follow_up
from earlyphase.cli.grade_findings import rows
from earlyphase.eligibility.cases import CASES, read_cases
from earlyphase.eligibility.column_reading import read_columns
from earlyphase.eligibility.fhir_mapping import FILE, read_mapping
from earlyphase.eligibility.vocabulary import shared_terms
from earlyphase.faults import InvalidInput
from earlyphase.journal.entry import GENESIS
from earlyphase.journal.file import open_lines
from earlyphase.registry.checks.catalogue import check_record
from earlyphase.store.backup_manifest import MANIFEST, KeptJournal, KeptTable, Manifest
from earlyphase.store.backup_reading import check_backup
from earlyphase.store.records_reading import identify, read_stored
from earlyphase.store.records_source import Given, given_records
from earlyphase.toxicity.descriptions import read_sheet
from earlyphase.toxicity.meddra import read_meddra

Read = Callable[[bytes], object]

TODAY = dt.date(2026, 5, 3)

FLAT = json.dumps(
    {
        "nct_id": "NCT01234567",
        "brief_title": "A study",
        "conditions": "Leukemia|Lymphoma",
        "phase": "Phase 1/Phase 2",
        "rec_status": "Recruiting",
        "enrollment": 30,
        "minimum_age": "18 Years",
        "criteria": "Inclusion Criteria:\n\n1. Age 18 to 70\n\nExclusion Criteria:\n\n* pregnant",
        "interventions": "|intervention_type=Drug|name=Drug: X|description=a dose",
        "start_date": "2024-01-01",
    }
).encode()

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
SHEET = b"MedDRA Code,MedDRA SOC,CTCAE Term,Grade 1,Grade 2,Grade 3,Grade 4,Grade 5\n1,Blood,Anemia,a,b,c,d,e\n"
MEDDRA = b"llt_name,pt_code,pt_name,soc_name\nLow blood count,10002034,Anaemia,Blood\n"
FINDINGS = b"at,temperature,oxygen\n2026-05-08 06:00,38.6,none\n"
FOLLOW_UP = b"time,event,arm\n3.5,1,a\n2,0,b\n"


@cache
def folder() -> Path:
    """Give a folder that files are written into, to be read."""
    place = Path(tempfile.mkdtemp(prefix="ep-fuzz-"))
    (place / CASES).mkdir()
    return place


def as_file(name: str, read: Callable[[Path], object]) -> Read:
    """Let a reader of files read bytes."""

    def given(content: bytes) -> object:
        path = folder() / name
        path.write_bytes(content)
        return read(path)

    return given


def _records(path: Path) -> object:
    """Read what `record import` does of each record, and go on where one is refused."""
    return [_checked(one) for one in given_records(path) if isinstance(one, Given)]


def _checked(one: Given) -> object:
    try:
        known = identify(one.content, one.place)
        return check_record(read_stored(known.text, known.shape, one.place), TODAY)
    except InvalidInput as refused:
        return refused


def _findings(path: Path) -> object:
    return list(rows(path, ("temperature", "oxygen")))


def _follow_up(path: Path) -> object:
    return read_follow_up(path, "time", "event", "arm")


def a_backup(manifest: bytes, table: bytes, journal: bytes) -> bytes:
    """Pack a backup of one table and one journal."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in ((MANIFEST, manifest), ("people.copy", table), ("S1.jsonl", journal)):
            archive.writestr(name, content)
    return packed.getvalue()


def a_manifest(table: bytes, journal: bytes) -> bytes:
    """Write the manifest of such a backup."""
    entries = open_lines(journal, "fuzz", "S1")
    kept = KeptTable(file="people.copy", columns=("id",), rows=table.count(b"\n"), sha256=_digest(table))
    head = entries[-1].hash if entries else GENESIS
    ended = KeptJournal(file="S1.jsonl", entries=len(entries), head=head, sha256=_digest(journal))
    found = Manifest(
        software="0.1.0", made_at="2026-05-03T00:00:00Z", steps=("0001_journal.sql",), migrations=(("people", "0001"),),
        tables={"people": kept}, journals={"S1": ended},
    )  # fmt: skip
    return found.model_dump_json().encode()


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def file_readers(study: Path, journal: bytes) -> tuple[tuple[str, tuple[bytes, ...], Read, int], ...]:
    """Give every reader of files: its name, what it can read, how it reads, and how often it is asked.

    Args:
        study: the folder of a study.
        journal: the lines of a journal of the study S1.
    """
    people = b"1\n2\n"
    manifest = a_manifest(people, journal)
    whole = a_backup(manifest, people, journal)
    case = (study / CASES / "eligible-man.yaml").read_bytes()
    person = json.dumps({"id": "p1", "birth_date": "1980-03", "facts": []}).encode() + b"\n"
    record = json.dumps(json.loads((study / "record.json").read_bytes())).encode()
    members = (
        (b"manifest", manifest, lambda it: a_backup(it, people, journal)),
        (b"table", people, lambda it: a_backup(manifest, it, journal)),
        (b"journal", journal, lambda it: a_backup(manifest, people, it)),
    )
    read_backup = as_file("backup.zip", check_backup)
    return (
        ("records of a file", (FLAT, record), as_file("records.jsonl", _records), 24),
        ("population", (person,), read_columns, 48),
        ("worked patient", (case,), as_file(f"{CASES}/one.yaml", lambda _: read_cases(folder())), 12),
        ("FHIR mapping", ((study / FILE).read_bytes(),),
         as_file(FILE, lambda _: read_mapping(folder(), shared_terms())), 6),
        ("CTCAE sheet", (SHEET,), as_file("sheet.csv", lambda path: read_sheet(path, "9.9")), 32),
        ("CTCAE workbook", (_workbook(),), as_file("sheet.xlsx", lambda path: read_sheet(path, "9.9")), 24),
        ("MedDRA", (MEDDRA,), as_file("meddra.csv", lambda path: read_meddra(path, "27.0")), 32),
        ("findings", (FINDINGS,), as_file("findings.csv", _findings), 32),
        ("follow-up", (FOLLOW_UP,), as_file("times.csv", _follow_up), 32),
        ("backup", (whole,), read_backup, 24),
        *(
            (f"{name.decode()} of a backup", (seed,), lambda it, pack=pack: read_backup(pack(it)), 16)
            for name, seed, pack in members
        ),
    )  # fmt: skip


def _workbook() -> bytes:
    """Write the sheet as a workbook."""
    rows = (line.split(",") for line in SHEET.decode().splitlines())
    cells = ("".join(f'<c t="inlineStr"><is><t>{cell}</t></is></c>' for cell in row) for row in rows)
    made = "".join(f"<row>{row}</row>" for row in cells)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(
            "xl/worksheets/sheet1.xml", f'<worksheet xmlns="{MAIN}"><sheetData>{made}</sheetData></worksheet>'
        )
    return packed.getvalue()

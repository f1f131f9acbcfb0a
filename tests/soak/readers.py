"""Everything that reads what others wrote, with an input that it can read: what fuzzing begins with."""

import json
from collections.abc import Callable, Iterator
from functools import cache
from typing import NamedTuple

from pydantic import ValidationError
from tests.simulated import entries_of as simulated
from tests.soak.file_readers import TODAY, as_file, file_readers
from tests.soak.running import STUDY

from earlyphase.cli.csv_columns import read_sheet
from earlyphase.eligibility.facts import parse_patients
from earlyphase.eligibility.fhir import read_bundle
from earlyphase.eligibility.fhir_mapping import FhirMapping, read_mapping
from earlyphase.eligibility.parsing import parse
from earlyphase.eligibility.vocabulary import Vocabulary, shared_terms
from earlyphase.escalation.notation import parse_outcomes
from earlyphase.escalation.uploaded import read_table
from earlyphase.exchange.fhir_observations import entries_of, read_observations
from earlyphase.faults import InvalidInput
from earlyphase.journal.file import open_lines
from earlyphase.journal.payloads import TYPES
from earlyphase.protocol.library import study_folder
from earlyphase.protocol.reading import parse_protocol
from earlyphase.protocol.yaml_tree import parse_tree
from earlyphase.quantities import Quantity
from earlyphase.registry.checks.catalogue import check_record
from earlyphase.registry.criteria import parse_criteria
from earlyphase.registry.markup import parse_markup
from earlyphase.registry.reading import parse_record
from earlyphase.simulation.truth import default_text, parse_truth
from earlyphase.study.commands import read_command

FOLDER = study_folder(STUDY)


class Reader(NamedTuple):
    """Something that reads, and what it can read."""

    name: str
    seeds: tuple[bytes, ...]
    read: Callable[[bytes], object]
    share: int = 1
    """How often it is asked, beside the others."""
    refuses: tuple[type[Exception], ...] = (InvalidInput, ValidationError, ValueError)
    """What it may answer. A ValueError is one of JSON or of a text that is no text, before our reader is reached."""


def readers() -> tuple[Reader, ...]:
    """Give every reader."""
    record = (FOLDER / "record.json").read_bytes()
    protocol = (FOLDER / "protocol.yaml").read_bytes()
    ours = (InvalidInput,)
    criteria = json.loads(record)["protocolSection"]["eligibilityModule"]["eligibilityCriteria"].encode()
    return (
        Reader("registry record", (record,), lambda it: check_record(parse_record(it, "fuzz"), TODAY), 16),
        Reader("registry criteria", (criteria,), lambda it: parse_criteria(_text(it)), 48),
        Reader("registry markup", (criteria,), lambda it: parse_markup(_text(it)), 48),
        Reader("protocol", (protocol,), lambda it: parse_protocol(it, "fuzz"), 8),
        Reader("yaml", (b"a: 1\nb:\n  - {c: d, e: [1, 2]}\n",), lambda it: parse_tree(it, "fuzz"), 48),
        Reader("truth", (default_text().encode(),), lambda it: parse_truth(_text(it)), 2),
        Reader("journal", (_journal(),), lambda it: open_lines(it, "fuzz", "S1"), 48),
        Reader("command", tuple(_commands()), lambda it: read_command(it, "fuzz"), 80),
        Reader("payload", tuple(_commands()), _payload, 80),
        Reader("patients", (_PATIENT,), lambda it: list(parse_patients(it)), 64),
        Reader("FHIR bundle", (_BUNDLE,), _bundle, 64),
        Reader("FHIR observations", (_BUNDLE,), _observations, 64),
        Reader("criterion", (b"total_bilirubin <= 51 umol/L and not epilepsy",), _criterion, 40),
        Reader("outcomes", (b"1NNN 2NNT 2NNN", b"1N 2T"), lambda it: parse_outcomes(_text(it), 5), 80),
        Reader("quantity", (b"3.0 mg/dL", b"38.4 Cel"), lambda it: Quantity.read(_text(it)), 80),
        Reader("sheet", (b"id,time,event\n1,3.5,1\n2,4,0\n",), as_file("sheet", read_sheet), 48, ours),
        Reader("decision table", (b"n,dlts,decision\n1,0,E\n1,1,D\n",), as_file("rules", read_table), 48, ours),
        *(Reader(*one, ours) for one in file_readers(FOLDER, _journal())),
    )  # fmt: skip


def _text(given: bytes) -> str:
    return given.decode("utf-8", "replace")


def _journal() -> bytes:
    from earlyphase.journal.entry import EMPTY, seal  # noqa: PLC0415 - needed once
    from earlyphase.simulation.writing import draft_of  # noqa: PLC0415 - as above

    head, lines = EMPTY, b""
    for entry in simulated(3)[:20]:
        sealed, line = seal("S1", head, draft_of(entry))
        head, lines = sealed.head, lines + line + b"\n"
    return lines


def _commands() -> Iterator[bytes]:
    seen: set[str] = set()
    for entry in simulated(3):
        record = entry.record.partition("/")[0]
        if record not in seen and entry.kind == "recorded":
            seen.add(record)
            body = {"command": record, "participant": entry.participant, "payload": json.loads(entry.payload)}
            yield json.dumps(body).encode()


def _payload(given: bytes) -> object:
    """Read the payload of a command by the type that it names, whatever it holds."""
    found = json.loads(given)
    kinds = {kind.record: kind for kind in TYPES}
    kind = kinds.get(str(found.get("command"))) if isinstance(found, dict) else None
    return kind.model_validate_json(json.dumps(found.get("payload"))) if kind else None


@cache
def _terms() -> Vocabulary:
    return shared_terms()


@cache
def _mapping() -> FhirMapping:
    return read_mapping(FOLDER, _terms())


def _bundle(given: bytes) -> object:
    return read_bundle(given, _mapping(), _terms())


def _observations(given: bytes) -> object:
    return list(entries_of(read_observations(json.loads(given)).observed))


def _criterion(given: bytes) -> object:
    return parse(_text(given), _terms())


_PATIENT = json.dumps(
    {
        "id": "p1",
        "birth_date": "1980-03",
        "facts": [{"term": "total_bilirubin", "value": {"value": 12, "unit": "umol/L"}, "on": "2026-01-01"}],
    }
).encode() + b"\n"  # fmt: skip

_MEASURED = {"value": 4.1, "unit": "mmol/L", "code": "mmol/L", "system": "http://unitsofmeasure.org"}
_OBSERVATION = {
    "resourceType": "Observation",
    "identifier": [{"system": "urn:lab", "value": "1"}],
    "status": "final",
    "code": {"coding": [{"system": "http://loinc.org", "code": "2823-3"}]},
    "effectiveDateTime": "2026-01-07T08:30:00+08:00",
    "valueQuantity": _MEASURED,
    "referenceRange": [{"low": _MEASURED, "high": _MEASURED}],
}
_PERSON = {"resourceType": "Patient", "id": "p1", "gender": "female", "birthDate": "1980-03"}
_BUNDLE = json.dumps({"resourceType": "Bundle", "entry": [{"resource": _PERSON}, {"resource": _OBSERVATION}]}).encode()

"""How a record is read, and what is said of one that cannot be."""

import gzip
import json

import pytest
from tests.registry_records import OURS, a_record, the_record

from earlyphase.faults import InvalidInput
from earlyphase.protocol.library import study_folder
from earlyphase.registry.irregular import irregularities
from earlyphase.registry.reading import read_record, read_records, write_record


def test_the_packaged_record_is_written_byte_for_byte():
    path = study_folder(OURS) / "record.json"
    assert write_record(read_record(path)) == path.read_bytes()


def test_the_packaged_record_says_beside_it_where_it_comes_from():
    folder = study_folder(OURS)
    assert "_provenance" not in json.loads((folder / "record.json").read_text(encoding="utf-8"))
    assert "officialTitle" in json.loads((folder / "record.provenance.json").read_text(encoding="utf-8"))


def test_fields_have_their_names_in_snake_case():
    section = the_record().protocol_section
    assert section.identification_module.nct_id == OURS
    assert section.design_module.enrollment_info is not None
    assert section.design_module.enrollment_info.count == 30


def test_order_unknown_fields_and_empty_values_survive():
    text = '{"extra": [1.0, null], "protocolSection": {"statusModule": {"zeta": {}, "overallStatus": "OFF"}, "b": ""}}'
    record = read_record(text)
    assert json.dumps(json.loads(write_record(record))) == json.dumps(json.loads(text))
    assert [found.field for found in irregularities(record)] == [
        "protocolSection.statusModule.overallStatus",
        "protocolSection.statusModule.zeta",
        "protocolSection.b",
        "extra",
    ]


def test_an_edited_copy_is_written_with_its_new_field():
    section = a_record(designModule={"studyType": "INTERVENTIONAL"}).protocol_section
    design = section.design_module.model_copy(update={"phases": ("PHASE1",)})
    assert [name for name, _, _ in design.entries()] == ["studyType", "phases"]


def test_a_date_that_is_none_is_kept_and_told():
    record = a_record(statusModule={"startDateStruct": {"date": "2024-13"}})
    assert [found.why for found in irregularities(record)] == ["is not a date"]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (b'{"protocolSection": {"a": 1,}}', "line 1 column"),
        (b"[]", "has no protocolSection"),
        (b'"text"', "has no protocolSection"),
        (b'{"protocolSection": {}, "x": "\xff"}', "byte 31: is not UTF-8"),
        (b'{"protocolSection": {"designModule": {"enrollmentInfo": {"count": "30"}}}}', "enrollmentInfo.count: '30'"),
        (
            b'{"protocolSection": {"designModule": {"phases": ["PHASE1", 2]}}}',
            "designModule.phases[1]: 2",
        ),
        (b'{"protocolSection": {"conditionsModule": {"conditions": "ALL"}}}', "should be a list"),
        (b'{"protocolSection": {}, "protocolSection": {}}', "stands twice"),
        (b'{"protocolSection": {"a": NaN}}', "is no JSON number"),
        (b'{"protocolSection": {"a": 1e999}}', "too large"),
        (b'{"protocolSection": {"a": "\\ud800"}}', "half of a two-part character"),
        (b'{"protocolSection": ' + b'{"a":' * 5000 + b"1" + b"}" * 5001, "nested too deeply"),
        (b'{"protocolSection": {"a": ' + b"[" * 150 + b"]" * 150 + b"}}", "nested too deeply"),
        (b'{"protocolSection": {"a": ' + b"1" * 5000 + b"}}", "number"),
        (b"", "is not JSON"),
    ],
)
def test_a_record_that_cannot_be_read_is_refused_with_its_place(given, said):
    with pytest.raises(InvalidInput) as refused:
        read_record(given)
    assert said in str(refused.value)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(InvalidInput, match=r"nothing\.json: does not exist"):
        read_record(tmp_path / "nothing.json")


def test_one_bad_line_does_not_cost_the_others(tmp_path):
    path = tmp_path / "records.jsonl.gz"
    path.write_bytes(gzip.compress(b'{"protocolSection": {}}\n{oops\n\n{"protocolSection": {}}\n'))
    first, second, third = read_records(path)
    assert isinstance(second, InvalidInput)
    assert f"{path} line 2" in str(second)
    assert first == third

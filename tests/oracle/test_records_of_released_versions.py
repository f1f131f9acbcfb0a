"""A record of every type that a released version wrote is still read, in its barest form and in its fullest.

The files data/records/VERSION.jsonl are never changed: a line for each record, as it stands in a journal. A new release
adds a file. They hold what the frozen journals do not: every type, every field.
"""

import json
from types import SimpleNamespace

import pytest
from tests.checkout import ROOT

from earlyphase.faults import Broken
from earlyphase.journal.payloads import BY_NAME, TYPES, label, read_payload, write_payload

RELEASES = sorted((ROOT / "tests" / "oracle" / "data" / "records").glob("*.jsonl"))
RECORDS = [
    pytest.param(json.loads(line), id=f"{path.stem} {json.loads(line)['record']} {number}")
    for path in RELEASES
    for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1)
]


def entry(record, payload):
    return SimpleNamespace(seq=1, record=record, payload=payload)


@pytest.mark.parametrize("kept", RECORDS)
def test_a_record_of_a_released_version_is_read_and_says_the_same(kept):
    found = read_payload(entry(**kept))
    assert type(found) is BY_NAME[kept["record"].partition("/")[0]]
    if kept["record"] == label(type(found)):
        assert json.loads(write_payload(found)) == json.loads(kept["payload"])


def test_every_type_of_today_is_among_the_records_of_some_version():
    kept = {param.values[0]["record"] for param in RECORDS}
    assert {label(kind) for kind in TYPES} - kept == set()


def test_every_field_of_today_is_given_in_some_record():
    given = {}
    for param in RECORDS:
        one = param.values[0]
        given.setdefault(one["record"].partition("/")[0], set()).update(json.loads(one["payload"]))
    missing = [f"{kind.record}.{name}" for kind in TYPES for name in set(kind.model_fields) - given[kind.record]]
    assert missing == []


def test_a_record_that_this_version_cannot_read_is_told():
    with pytest.raises(Broken, match="cannot be read"):
        read_payload(entry("visit/1", '{"on": "2026-05-03", "gone": 1}'))
